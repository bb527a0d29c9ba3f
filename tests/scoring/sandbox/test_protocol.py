import os

import ml_dtypes
import numpy as np
import pytest

from scoring.errors import BadPredictions
from scoring.sandbox import protocol

ROWS = 4


def received(array):
    header, body = protocol.pack_array(array)
    size = protocol.check_header(header, len(array), array.size)
    assert size == len(body)
    return protocol.unpack_array(header, body)


class TestFrames:
    def test_arrive_one_by_one_however_they_are_cut(self):
        sent = protocol.frame("stage", stage="load") + protocol.frame("fed")
        buffer, heard = bytearray(), []
        for byte in sent:
            buffer.append(byte)
            if (message := protocol.take_frame(buffer)) is not None:
                heard.append(message)

        assert heard == [{"kind": "stage", "stage": "load"}, {"kind": "fed"}]
        assert not buffer

    @pytest.mark.parametrize(
        "data",
        [
            b"\xff\xff\xff\xff",
            b"\x02\0\0\0{]",
            b"\x02\0\0\0[]",
            b"\x02\0\0\0{}",
            protocol.LENGTH.pack(60_000) + b"[" * 60_000,
        ],
        ids=["too long", "no JSON", "a list", "no kind", "nested"],
    )
    def test_are_refused_when_they_are_not_ours(self, data):
        with pytest.raises(protocol.Garbled):
            protocol.take_frame(bytearray(data))

    def test_pass_through_a_pipe(self):
        source, target = os.pipe()
        protocol.write_all(target, protocol.frame("job", rows=7))
        os.close(target)

        assert protocol.read_frame(source) == {"kind": "job", "rows": 7}
        with pytest.raises(EOFError):
            protocol.read_frame(source)
        os.close(source)


class TestArrays:
    @pytest.mark.parametrize(
        "array",
        [
            np.array([[1.5, np.nan], [np.inf, -0.0]], np.float32),
            np.array([1e300, 2.0]),
            np.array([2**62, -1]),
            np.array([["ü", ""], ["a\0", "😀"]], dtype=object),
        ],
        ids=["float32", "float64", "int64", "text"],
    )
    def test_arrive_bit_by_bit(self, array):
        result = received(array)

        assert result.shape == array.shape
        assert result.dtype == array.dtype
        assert np.array_equal(result, array, equal_nan=array.dtype.kind == "f")

    @pytest.mark.parametrize(
        ("array", "dtype"),
        [
            (np.array([1.5], np.float16), "float32"),
            (np.array([1.5], ml_dtypes.bfloat16), "float32"),
            (np.array([0.1], np.float64).astype(np.longdouble), "float64"),
            (np.array([True]), "int64"),
            (np.array([7], np.uint8), "int64"),
            (np.array([2**63], np.uint64), "float64"),
        ],
        ids=lambda value: str(getattr(value, "dtype", value)),
    )
    def test_are_widened_without_a_change(self, array, dtype):
        result = received(array)

        assert str(result.dtype) == dtype
        assert float(result[0]) == float(array[0])

    @pytest.mark.parametrize("dtype", ["complex128", "M8[s]", "m8[s]", "V4", "f8,f8"])
    def test_that_are_no_numbers_are_not_made_into_some(self, dtype):
        with pytest.raises(BadPredictions, match="must be numbers"):
            protocol.pack_array(np.zeros(3, dtype))

    def test_of_bytes_arrive_as_text(self):
        assert received(np.array([b"a\xff"], dtype=object)).tolist() == ["a\ufffd"]

    @pytest.mark.parametrize(
        "header",
        [
            {"dtype": "float32", "shape": [ROWS, 3], "bytes": 47},
            {"dtype": "float32", "shape": [ROWS, 4], "bytes": 64},
            {"dtype": "object", "shape": [ROWS, 3], "bytes": 48},
            {"dtype": "float32", "shape": [ROWS, -3], "bytes": 48},
            {"dtype": "float32", "shape": [ROWS, True], "bytes": 16},
            {"dtype": "float32", "shape": [2**40, 2**40, 0], "bytes": 8},
            {"dtype": "float32", "shape": "no", "bytes": 48},
            {"dtype": "float32", "shape": [], "bytes": 4},
            {"dtype": "text", "shape": [ROWS], "bytes": 10**9},
            {"dtype": "text", "shape": [ROWS], "bytes": 8},
            {"dtype": ["text"], "shape": [ROWS], "bytes": 8},
            {"shape": [ROWS], "bytes": 1.5, "dtype": "float32"},
        ],
        ids=range(12),
    )
    def test_that_cannot_come_are_refused_by_their_header(self, header):
        with pytest.raises(protocol.Garbled):
            protocol.check_header(header, ROWS, ROWS * 3)

    @pytest.mark.parametrize("lengths", [[-1, 3], [3, 3], [2**62, 2**62]])
    def test_of_text_must_add_up(self, lengths):
        body = np.array(lengths, "<i8").tobytes() + b"ab"

        with pytest.raises(protocol.Garbled):
            protocol.unpack_array({"dtype": "text", "shape": [2]}, body)
