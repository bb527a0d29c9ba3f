"""Words of Keras 1 become those of Keras 2."""

import pytest

from scoring.sandbox.loaders import keras_1


def layer(kind, **config):
    return {"class_name": kind, "config": {"name": "a", **config}}


class TestTranslated:
    @pytest.mark.parametrize(
        ("old", "new"),
        [
            (
                layer("Convolution2D", nb_filter=8, nb_row=3, nb_col=5,
                      border_mode="same", subsample=[2, 2], dim_ordering="th",
                      bias=False),
                layer("Conv2D", filters=8, kernel_size=[3, 5], padding="same",
                      strides=[2, 2], data_format="channels_first", use_bias=False),
            ),
            (
                layer("Dense", output_dim=3, input_dim=4, init="uniform",
                      W_regularizer={"l2": 1}, activation="tanh"),
                layer("Dense", units=3, activation="tanh"),
            ),
            (layer("Dropout", p=0.3), layer("Dropout", rate=0.3)),
            (layer("BatchNormalization", mode=0, axis=-1, gamma_init="one"),
             layer("BatchNormalization", axis=-1)),
            (layer("Embedding", input_dim=9, output_dim=2, input_length=7, init="one"),
             layer("Embedding", input_dim=9, output_dim=2, input_length=7)),
            (layer("GRU", output_dim=2, inner_activation="sigmoid", dropout_U=0.1),
             layer("GRU", units=2, recurrent_activation="sigmoid",
                   recurrent_dropout=0.1, reset_after=False)),
            (layer("Merge", mode="concat", concat_axis=1),
             layer("Concatenate", axis=1)),
            (layer("Merge", mode="sum", concat_axis=-1), layer("Add")),
            (layer("TimeDistributed", layer=layer("Dense", output_dim=3)),
             layer("TimeDistributed", layer=layer("Dense", units=3))),
        ],
    )  # fmt: skip
    def test_reaches_every_layer_of_both_kinds_of_model(self, old, new):
        row = {"class_name": "Sequential", "config": [old]}
        graph = {"class_name": "Model", "config": {"layers": [row, old]}}

        found = keras_1.translated(graph)

        inner = {"class_name": "Sequential", "config": [new]}
        assert found["config"]["layers"] == [inner, new]
