"""Hostile graphs: SavedModels whose operations reach out, never end or never fit."""

import io
import tarfile
import zipfile

import numpy as np
import tensorflow as tf
from tensorflow.core.protobuf.saved_model_pb2 import SavedModel

from tests.scoring.sandbox.build_models import constant, packed, saved


def build(folder, secret):
    probabilities = lambda x: tf.nn.softmax(x[:, :3])  # noqa: E731
    graphs = {
        "reads_a_file": lambda x: constant(x, tf.io.read_file(secret)),
        "reads_the_environment": lambda x: constant(
            x, tf.io.read_file("/proc/self/environ")
        ),
        "writes_a_file": writes(folder / "marker"),
        "lists_files": lambda x: constant(x, tf.io.matching_files("/etc/*")[0]),
        "reads_lines": lambda x: constant(x, first_line(secret)),
        "prints_to_a_file": prints_to(folder / "marker"),
        "restores_another_model": lambda x: (
            probabilities(x)
            + tf.raw_ops.RestoreV2(
                prefix=secret,
                tensor_names=["w"],
                shape_and_slices=[""],
                dtypes=[tf.float32],
            )[0]
        ),
        "calls_python": lambda x: tf.ensure_shape(
            tf.py_function(lambda y: y[:, :3], [x], tf.float32), [None, 3]
        ),
        "calls_numpy": lambda x: tf.ensure_shape(
            tf.numpy_function(lambda y: y[:, :3], [x], tf.float32), [None, 3]
        ),
        "dials_a_server": dials,
        "waits_for_ever": waits,
        "takes_100_gigabytes": lambda x: (
            probabilities(x) + tf.zeros([25 * 10**9])[tf.cast(x[0, 0], tf.int32)]
        ),
        "prints_without_end": prints_without_end,
        "asks_for_threads": asks_for_threads,
        "answers_3_million_a_row": lambda x: tf.tile(x[:, :3], [1, 10**6]),
        "answers_logits": lambda x: x[:, :3] * 9.0,
        "answers_infinity": lambda x: x[:, :3] / 0.0,
        "answers_twice_the_rows": lambda x: tf.tile(probabilities(x), [2, 1]),
        "answers_text": lambda x: tf.strings.as_string(x[:, :3]),
        "tells_rows_in_an_error": tells_rows,
        "divides_whole_numbers_by_zero": lambda x: (
            probabilities(x)
            + tf.cast(tf.cast(x, tf.int32)[0, 0] // tf.size(x[:0]), tf.float32)
        ),
        "makes_a_huge_string": huge_string,
        "aborts": ends_by(exit_without_error=False),
        "leaves_in_silence": ends_by(exit_without_error=True),
        "breaks_an_operation": breaks_an_operation,
    }
    for name, function in graphs.items():
        saved(folder, name, function)
    honest = folder / "answers_logits"
    names_an_asset(folder, honest)
    pack_badly(folder, honest)


def restores(path):
    def function(x):
        read = tf.raw_ops.RestoreV2(
            prefix=path,
            tensor_names=["w"],
            shape_and_slices=[""],
            dtypes=[tf.float32],
        )
        return tf.nn.softmax(x[:, :3]) + read[0]

    return function


def writes(marker):
    def function(x):
        with tf.control_dependencies([tf.io.write_file(str(marker), "here")]):
            return tf.nn.softmax(x[:, :3])

    return function


def first_line(path):
    return next(iter_once(tf.data.TextLineDataset([path])))


def iter_once(dataset):
    yield dataset.reduce(tf.constant(""), lambda _, line: line)


def prints_to(marker):
    def function(x):
        tf.print(x, output_stream=f"file://{marker}")
        return tf.nn.softmax(x[:, :3])

    return function


def dials(x):
    """Asks a data service at an address of ours for its rows."""
    dataset = tf.data.Dataset.range(1).apply(
        tf.data.experimental.service.distribute("parallel_epochs", "grpc://127.0.0.1:9")
    )
    total = dataset.reduce(tf.constant(0, tf.int64), lambda a, b: a + b)
    return tf.nn.softmax(x[:, :3]) + tf.cast(total, tf.float32)


def waits(x):
    """Takes from a queue that nobody fills: no work, and no end."""
    queue = tf.raw_ops.FIFOQueueV2(component_types=[tf.float32], shapes=[[]])
    got = tf.raw_ops.QueueDequeueV2(handle=queue, component_types=[tf.float32])
    return tf.nn.softmax(x[:, :3]) + got[0]


def prints_without_end(x):
    def body(step):
        tf.print("x" * 1000)
        return step + 1

    step = tf.while_loop(lambda step: step >= 0, body, [tf.constant(0, tf.int64)])
    return tf.nn.softmax(x[:, :3]) + tf.cast(step[0], tf.float32)


def asks_for_threads(x):
    options = tf.data.Options()
    options.threading.private_threadpool_size = 5000
    dataset = tf.data.Dataset.range(9).map(lambda each: each, num_parallel_calls=5000)
    total = dataset.with_options(options).reduce(np.int64(0), lambda a, b: a + b)
    return tf.nn.softmax(x[:, :3]) + tf.cast(total, tf.float32)


def tells_rows(x):
    with tf.control_dependencies([tf.debugging.Assert(x[0, 0] > 1e9, [x], 9999)]):
        return tf.nn.softmax(x[:, :3])


def huge_string(x):
    def body(step, text):
        return step + 1, tf.strings.join([text, text])

    start = (tf.constant(0), tf.constant("abcdefgh"))
    text = tf.while_loop(lambda step, text: step < 40, body, start)[1]
    length = tf.cast(tf.strings.length(text), tf.float32)
    return tf.nn.softmax(x[:, :3]) + length


def ends_by(**how):
    """An operation that ends the whole process, by SIGABRT or as if all were done."""

    def function(x):
        with tf.control_dependencies([tf.raw_ops.Abort(error_msg="over", **how)]):
            return tf.nn.softmax(x[:, :3])

    return function


def breaks_an_operation(x):
    """Sizes of too few axes: a check inside TensorFlow 2.21 ends the process."""
    sizes = tf.raw_ops.PlaceholderWithDefault(input=tf.shape(x)[1:], shape=None)
    gradient = tf.raw_ops.Conv3DBackpropInputV2(
        input_sizes=sizes,
        filter=tf.ones([7, 6, 9, 2, 3]),
        out_backprop=tf.ones([1, 1, 1, 1, 1]),
        strides=[1, 1, 1, 1, 1],
        padding="VALID",
        data_format="NCDHW",
        dilations=[1, 1, 1, 1, 1],
    )
    return tf.nn.softmax(x[:, :3]) + tf.reduce_sum(gradient)


def names_an_asset(folder, honest):
    """A graph whose list of assets leads out of its folder."""
    target = folder / "names_an_asset_outside"
    target.mkdir()
    for path in honest.rglob("*"):
        if path.is_file():
            copy = target / path.relative_to(honest)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    graph = SavedModel.FromString((honest / "saved_model.pb").read_bytes())
    graph.meta_graphs[0].asset_file_def.add().filename = "../../../etc/passwd"
    (target / "saved_model.pb").write_bytes(graph.SerializeToString())
    packed(target)


def pack_badly(folder, honest):
    """The same honest graph in archives that are none."""
    graph = (honest / "saved_model.pb").read_bytes()
    with tarfile.open(folder / "tar_climbs_out.tar.gz", "w:gz") as archive:
        add(archive, "saved_model.pb", graph)
        add(archive, "../climbed", b"here")
    with tarfile.open(folder / "tar_links.tar.gz", "w:gz") as archive:
        add(archive, "saved_model.pb", graph)
        link = tarfile.TarInfo("variables")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc"
        archive.addfile(link)
    with tarfile.open(folder / "tar_device.tar.gz", "w:gz") as archive:
        add(archive, "saved_model.pb", graph)
        device = tarfile.TarInfo("zero")
        device.type, device.devmajor, device.devminor = tarfile.CHRTYPE, 1, 5
        archive.addfile(device)
    with zipfile.ZipFile(
        folder / "zip_bomb.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9
    ) as archive:
        archive.writestr("saved_model.pb", graph)
        archive.writestr("variables/variables.data", np.zeros(10**9, np.uint8).data)
    sparse = tarfile.TarInfo("variables/holes")
    sparse.pax_headers = {
        "GNU.sparse.major": "1",
        "GNU.sparse.minor": "0",
        "GNU.sparse.name": "variables/holes",
        "GNU.sparse.realsize": str(10**18),
    }
    holes = f"1\n{10**18}\n0\n".encode().ljust(512, b"\0")
    sparse.size = len(holes)
    with tarfile.open(
        folder / "tar_sparse.tar.gz", "w:gz", format=tarfile.PAX_FORMAT
    ) as archive:
        add(archive, "saved_model.pb", graph)
        archive.addfile(sparse, io.BytesIO(holes))
    with tarfile.open(folder / "tar_bomb.tar.gz", "w:gz", compresslevel=1) as archive:
        add(archive, "saved_model.pb", graph)
        add(archive, "variables/variables.data", bytes(6 * 10**8))


def add(archive, name, data):
    member = tarfile.TarInfo(name)
    member.size = len(data)
    archive.addfile(member, io.BytesIO(data))
