"""Configurations of Keras 1, in the words of Keras 2, as far as predicting needs them.

What only training asks for (initialisers, regularisers, constraints) is left out. The
weights need no change here: Keras 2 knows how Keras 1 laid them out.
Source: the names that Keras 2.0 still took, keras/legacy/interfaces.py there.
"""

from __future__ import annotations

CLASSES = {
    "Convolution1D": "Conv1D",
    "Convolution2D": "Conv2D",
    "Convolution3D": "Conv3D",
    "AtrousConvolution2D": "Conv2D",
    "SeparableConvolution2D": "SeparableConv2D",
}
NAMES = {
    "inner_activation": "recurrent_activation",
    "bias": "use_bias",
    "p": "rate",
    "nb_filter": "filters",
    "filter_length": "kernel_size",
    "atrous_rate": "dilation_rate",
    "subsample": "strides",
    "subsample_length": "strides",
    "stride": "strides",
    "border_mode": "padding",
    "dim_ordering": "data_format",
    "pool_length": "pool_size",
    "dropout_W": "dropout",
    "dropout_U": "recurrent_dropout",
    "input_dtype": "dtype",
}
NEEDLESS = ("init", "weights", "mode", "consume_less", "input_dim", "input_length")
NEEDLESS_ENDINGS = ("_init", "_regularizer", "_constraint")
ORDERS = {"tf": "channels_last", "th": "channels_first"}
SIDES = ("nb_row", "nb_col"), ("kernel_dim1", "kernel_dim2", "kernel_dim3")
MERGED = {
    "sum": "Add",
    "mul": "Multiply",
    "ave": "Average",
    "max": "Maximum",
    "concat": "Concatenate",
}


def translated(model: dict) -> dict:
    """A model's configuration, and those of all models and layers inside it."""
    config = model["config"]
    if isinstance(config, list):
        return {**model, "config": [_layer(each) for each in config]}
    if "layers" in config:
        layers = [_layer(each) for each in config["layers"]]
        return {**model, "config": {**config, "layers": layers}}
    return _layer(model)


def _layer(layer: dict) -> dict:
    kind, config = layer["class_name"], layer["config"]
    if isinstance(config, list) or "layers" in config:
        return translated(layer)
    if kind == "Merge":
        return {**layer, **_merge(config)}
    if isinstance(config.get("layer"), dict):  # a wrapper, such as TimeDistributed
        return {**layer, "config": {**config, "layer": _layer(config["layer"])}}
    return {
        **layer,
        "class_name": CLASSES.get(kind, kind),
        "config": _config(kind, config),
    }


def _config(kind: str, config: dict) -> dict:
    found = {NAMES.get(name, name): each for name, each in config.items()}
    for sides in SIDES:
        if sides[0] in found:
            found["kernel_size"] = [found.pop(side) for side in sides]
    if "data_format" in found:
        found["data_format"] = ORDERS.get(found["data_format"], found["data_format"])
    if kind == "GRU":
        found["reset_after"] = False
    if kind == "Embedding":
        return {
            name: each
            for name, each in found.items()
            if not name.endswith(NEEDLESS_ENDINGS) and name not in ("init", "dropout")
        }
    if "output_dim" in found:
        found["units"] = found.pop("output_dim")
    return {
        name: each
        for name, each in found.items()
        if name not in NEEDLESS and not name.endswith(NEEDLESS_ENDINGS)
    }


def _merge(config: dict) -> dict:
    mode = config.get("mode")
    kept = {"name": config["name"]}
    if mode == "concat":
        kept["axis"] = config.get("concat_axis", -1)
    return {"class_name": MERGED.get(mode, "Merge"), "config": kept}
