"""The best fresh process: python -m benchmarks.cold LIBRARY MODEL ROWS ANSWER.

A plain script with no isolation: import, load, predict on all rows, save, and leave
without the interpreter's slow goodbye. LIBRARY is keras, savedmodel, tensorflow-lite
(by the TensorFlow that was imported for it) or litert (which imports nothing else).
Each predicts in the way that was found fastest: compiled, in batches.
"""

import os
import sys

import numpy as np

BATCH_ROWS, MANY_ROWS, SMALL_ROW = 256, 4096, 64


def main(library, model, rows, answer):
    x = np.load(rows)
    run = {"keras": keras, "savedmodel": saved_model}.get(library, lite)(library, model)
    size = MANY_ROWS if x[0].size <= SMALL_ROW else BATCH_ROWS
    starts = range(0, len(x), size)
    np.save(answer, np.concatenate([run(x[at : at + size]) for at in starts]))
    os._exit(0)


def keras(library, path):
    import keras
    import tensorflow as tf

    model = keras.saving.load_model(path, compile=False)
    spec = tf.TensorSpec(model.inputs[0].shape, model.inputs[0].dtype)
    forward = tf.function(
        lambda x: model(x, training=False), autograph=False
    ).get_concrete_function(spec)
    return lambda x: forward(tf.constant(x)).numpy()


def saved_model(library, path):
    import tensorflow as tf

    loaded = tf.saved_model.load(path)
    serve = loaded.signatures["serving_default"]
    name = next(iter(serve.structured_input_signature[1]))
    return lambda x: next(iter(serve(**{name: tf.constant(x)}).values())).numpy()


def lite(library, path):
    if library == "litert":
        from ai_edge_litert.interpreter import Interpreter
    else:
        import tensorflow as tf

        Interpreter = tf.lite.Interpreter  # noqa: N806
    interpreter = Interpreter(model_path=path, num_threads=os.cpu_count())
    serve = interpreter.get_signature_runner("serving_default")
    name = next(iter(serve.get_input_details()))
    return lambda x: next(iter(serve(**{name: x}).values()))


if __name__ == "__main__":
    main(*sys.argv[1:])
