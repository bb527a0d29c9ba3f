"""Models that tf_keras has loaded: Keras 2, with its own kinds of tensors."""

from __future__ import annotations

from scoring.sandbox.loaders import Model
from scoring.sandbox.loaders.libraries import tf
from scoring.sandbox.signature import Signature, Tensor


def wrapped(model) -> Model:
    """What a Keras 2 model declares, and a compiled way to run it."""
    inputs = dict(zip(model.input_names, model.inputs, strict=True))
    outputs = dict(zip(model.output_names, model.outputs, strict=True))
    signature = Signature(
        tuple(_tensor(name, each) for name, each in inputs.items()),
        tuple(_tensor(name, each) for name, each in outputs.items()),
    )
    specs = [
        tf.TensorSpec(each.shape, each.dtype, name=f"input_{position}")
        for position, each in enumerate(inputs.values())
    ]

    def runner(output):
        position = list(outputs).index(output)

        def forward(*fed):
            answer = model(list(fed) if len(fed) > 1 else fed[0], training=False)
            return tf.nest.flatten(answer)[position]

        traced = tf.function(forward, autograph=False).get_concrete_function(*specs)

        def run(batch):
            fed = [
                tf.convert_to_tensor(batch[name], dtype=spec.dtype)
                for name, spec in zip(inputs, specs, strict=True)
            ]
            return traced(*fed).numpy()

        return run

    return Model(signature, runner)


def _tensor(name: str, symbolic) -> Tensor:
    return Tensor(name, symbolic.dtype.name, tuple(symbolic.shape))
