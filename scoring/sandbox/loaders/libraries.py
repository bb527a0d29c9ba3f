"""TensorFlow and Keras, imported so that this process still has one thread.

A process can be confined only while it has one thread, and a warm parent may fork only
then. NumPy's OpenBLAS is told by the environment; pandas would bring pyarrow, which
starts a thread of its own, and Keras does without both.
"""

import os
import sys

sys.modules["pandas"] = sys.modules["pyarrow"] = None  # type: ignore[assignment]

import keras  # noqa: E402
import tensorflow as tf  # noqa: E402
from tensorflow.core.protobuf.saved_model_pb2 import SavedModel  # noqa: E402

from scoring.sandbox import gpu  # noqa: E402

__all__ = ["SavedModel", "keras", "start_runtime", "tf"]


def start_runtime() -> None:
    """Let one operation use every core of this worker, and run one at a time.

    Said in the child, behind the walls: from the first tensor on it has threads.
    """
    tf.config.threading.set_intra_op_parallelism_threads(len(os.sched_getaffinity(0)))
    tf.config.threading.set_inter_op_parallelism_threads(1)
    if os.environ.get("CUDA_VISIBLE_DEVICES") != "-1":
        gpu.start(tf.config, gpu.most_bytes)
