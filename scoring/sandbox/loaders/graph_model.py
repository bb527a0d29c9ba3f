"""SavedModels as bare graphs, for those whose objects can no longer be restored.

The way of TensorFlow 1: a graph, its variables and tables, and tensors by name. It asks
nothing of optimiser state or of classes that have changed since.
"""

from __future__ import annotations

from pathlib import Path

from scoring.sandbox.loaders import Model
from scoring.sandbox.loaders.libraries import tf
from scoring.sandbox.signature import Signature, Tensor


def load(folder: Path, signature_name: str) -> Model | None:
    """Load a SavedModel's serving graph; None where it has no such signature."""
    session = tf.compat.v1.Session(graph=tf.Graph(), config=_config())
    loader = tf.compat.v1.saved_model
    with session.graph.as_default():
        graph = loader.load(session, [loader.tag_constants.SERVING], str(folder))
    if signature_name not in graph.signature_def:
        return None
    chosen = graph.signature_def[signature_name]
    inputs = {name: each.name for name, each in sorted(chosen.inputs.items())}
    outputs = {name: each.name for name, each in sorted(chosen.outputs.items())}

    def runner(output):
        wanted = session.graph.get_tensor_by_name(outputs[output])

        def run(batch):
            fed = {place: batch[name] for name, place in inputs.items()}
            return session.run(wanted, fed)

        return run

    signature = Signature(
        tuple(_tensor(session, name, place) for name, place in inputs.items()),
        tuple(_tensor(session, name, place) for name, place in outputs.items()),
    )
    return Model(signature, runner)


def _config():
    return tf.compat.v1.ConfigProto(
        intra_op_parallelism_threads=tf.config.threading.get_intra_op_parallelism_threads(),
        inter_op_parallelism_threads=1,
    )


def _tensor(session, name: str, place: str) -> Tensor:
    tensor = session.graph.get_tensor_by_name(place)
    shape = None if tensor.shape.rank is None else tuple(tensor.shape.as_list())
    return Tensor(name, tensor.dtype.name, shape)
