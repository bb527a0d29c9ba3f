"""TensorFlow and Keras, imported so that this process still has one thread.

A process can be confined only while it has one thread, and a warm parent may fork only
then. NumPy's OpenBLAS is told by the environment; pandas would bring pyarrow, which
starts a thread of its own, and Keras does without both. What the first use would look
up once in every process is looked up here, for all children at once.
"""

import encodings.cp437  # noqa: F401  (of zip archives' names)
import os
import sys

sys.modules["pandas"] = sys.modules["pyarrow"] = None  # type: ignore[assignment]

import keras  # noqa: E402
import tensorflow as tf  # noqa: E402
from keras.src.initializers import random_initializers  # noqa: E402
from tensorflow.core.protobuf.saved_model_pb2 import SavedModel  # noqa: E402
from tensorflow.python.framework import kernels, op_def_registry  # noqa: E402

from scoring.sandbox import gpu  # noqa: E402

__all__ = ["SavedModel", "keras", "start_runtime", "tf"]

# Both registries are built at their first question, without starting the runtime.
kernels.get_registered_kernels_for_op("MatMul")
op_def_registry.get("MatMul")


def start_runtime() -> None:
    """Let one operation use every core of this worker, and run one at a time.

    Said in the child, behind the walls: from the first tensor on it has threads.
    """
    _draw_no_weights()
    tf.config.threading.set_intra_op_parallelism_threads(len(os.sched_getaffinity(0)))
    tf.config.threading.set_inter_op_parallelism_threads(1)
    if os.environ.get("CUDA_VISIBLE_DEVICES") != "-1":
        gpu.start(tf.config, gpu.most_bytes)


def _draw_no_weights() -> None:
    """Let Keras begin with zeros where it would draw weights for the file to replace.

    A weight that the file lacks is an error of Keras's, whatever it began with.
    """
    for kind in vars(random_initializers).values():
        if isinstance(kind, type) and issubclass(
            kind, random_initializers.RandomInitializer
        ):
            kind.__call__ = _zeros


def _zeros(self, shape, dtype=None, **layout):
    return keras.ops.zeros(shape, dtype=keras.backend.standardize_dtype(dtype))
