"""Hostile TFLite, ONNX and predictions files, and files that are something else."""

import gzip
import io
import pickle
import zipfile

import numpy as np
from onnx import TensorProto, helper


def build(folder, tflite):
    build_tflite(folder, tflite.read_bytes())
    build_onnx(folder)
    build_predictions(folder)
    (folder / "pickle.pkl").write_bytes(pickle.dumps({"model": [1, 2]}))
    (folder / "text_file.keras").write_bytes(b"\0\1\2 not a model at all" * 50)


def build_tflite(folder, honest):
    flipped = bytearray(honest)
    for place in range(16, len(flipped), 37):
        flipped[place] ^= 0xFF
    (folder / "tflite_flipped.tflite").write_bytes(flipped)
    (folder / "tflite_header_only.tflite").write_bytes(honest[:8] + bytes(64))


def build_onnx(folder):
    """An endless loop, terabytes of answer, weights elsewhere, a foreign operator."""
    endless = helper.make_graph(
        [helper.make_node("Identity", ["go"], ["again"]),
         helper.make_node("Mul", ["y_in", "y_in"], ["y_out"])],
        "body",
        [helper.make_tensor_value_info("i", TensorProto.INT64, []),
         helper.make_tensor_value_info("go", TensorProto.BOOL, []),
         helper.make_tensor_value_info("y_in", TensorProto.FLOAT, None)],
        [helper.make_tensor_value_info("again", TensorProto.BOOL, []),
         helper.make_tensor_value_info("y_out", TensorProto.FLOAT, None)],
    )  # fmt: skip
    loop = helper.make_node("Loop", ["", "true", "x"], ["y"], body=endless)
    true = helper.make_tensor("true", TensorProto.BOOL, [], [True])
    write_onnx(folder / "onnx_loops.onnx", [loop], [true])
    huge = helper.make_tensor("shape", TensorProto.INT64, [2], [10**7, 10**6])
    expand = [
        helper.make_node("ReduceSum", ["x"], ["s"]),
        helper.make_node("Expand", ["s", "shape"], ["y"]),
    ]
    write_onnx(folder / "onnx_expands.onnx", expand, [huge])
    zeros = [
        helper.make_node("ConstantOfShape", ["many"], ["zeros"]),
        helper.make_node("ReduceSum", ["zeros"], ["none"]),
        helper.make_node("MatMul", ["x", "ones"], ["three"]),
        helper.make_node("Add", ["three", "none"], ["y"]),
    ]
    many = helper.make_tensor("many", TensorProto.INT64, [1], [5 * 10**10])
    ones = helper.make_tensor("ones", TensorProto.FLOAT, [4, 3], [1.0] * 12)
    write_onnx(folder / "fills_memory.onnx", zeros, [many, ones])
    outside = helper.make_tensor("w", TensorProto.FLOAT, [4, 3], np.ones(12).tolist())
    outside.ClearField("float_data")
    outside.data_location = TensorProto.EXTERNAL
    outside.external_data.add(key="location", value="../../../etc/passwd")
    multiply = helper.make_node("MatMul", ["x", "w"], ["y"])
    write_onnx(folder / "onnx_weights_elsewhere.onnx", [multiply], [outside])
    foreign = helper.make_node("Shell", ["x"], ["y"], domain="com.evil")
    write_onnx(folder / "onnx_foreign_operator.onnx", [foreign], [])


def write_onnx(path, nodes, weights):
    graph = helper.make_graph(
        nodes,
        "hostile",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 4])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", None])],
        weights,
    )
    opset = [helper.make_opsetid("", 17), helper.make_opsetid("com.evil", 1)]
    model = helper.make_model(graph, opset_imports=opset, ir_version=8)
    path.write_bytes(model.SerializeToString())


def write_npz(path, member):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("p.npy", member)


def build_predictions(folder):
    header = b"id,a,b,c\n"
    rows = b"".join(b"%d,inf,0,0\n" % row for row in range(300))
    (folder / "csv_infinity.csv").write_bytes(header + rows)
    (folder / "csv_huge_cell.csv").write_bytes(header + b"0," + b"9" * 20_000_000)
    bomb = gzip.compress(header + b"1,2,3,4\n" * 20_000_000, 1)
    (folder / "csv_bomb.csv.gz").write_bytes(bomb)
    (folder / "csv_million_columns.csv").write_bytes(b"a" + b",a" * 10**6 + b"\n")
    (folder / "csv_cut.csv.gz").write_bytes(gzip.compress(header + rows)[:-100])
    np.savez(folder / "npz_complex.npz", p=np.full((300, 3), 1 / 3 + 9j))
    huge = "{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000, 3)}"
    code = huge.replace("1000000000000", "__import__('os').abort()")
    for name, text in (("declares_terabytes", huge), ("header_of_code", code)):
        told = f"{text:<117}\n".encode()
        array = b"\x93NUMPY\x01\0" + len(told).to_bytes(2, "little") + told
        write_npz(folder / f"npz_{name}.npz", array)
    write_npz(folder / "npz_no_array.npz", b"no array at all")
    pickled = io.BytesIO()
    np.savez(pickled, p=np.array([{"a": 1}], dtype=object))
    (folder / "npz_pickle.npz").write_bytes(pickled.getvalue())
    grown = io.BytesIO()
    np.savez_compressed(grown, p=np.zeros((300, 500_000)))
    (folder / "npz_bomb.npz").write_bytes(grown.getvalue())
    (folder / "parquet_damaged.parquet").write_bytes(b"PAR1" + b"\xff" * 500 + b"PAR1")
