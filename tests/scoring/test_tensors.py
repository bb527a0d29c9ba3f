import os

import numpy as np
import pytest
from safetensors.numpy import load_file

from scoring.tensors import open_tensors, read_meta, tensor_shapes, write_tensors

ARRAYS = {
    "f4": np.arange(6, dtype=np.float32).reshape(2, 3),
    "f8": np.array([[np.nan], [np.inf]]),
    "i8": np.array([-(2**62), 2**62]),
    "i4": np.array([[1], [2]], dtype=np.int32),
    "u1": np.array([[[0, 255]]] * 2, dtype=np.uint8),
    "flag": np.array([True, False]),
    "text": np.array([["", "ü"], ["a\0b", "😀"]], dtype=object),
}


class TestWriteTensors:
    @pytest.mark.parametrize("name", ARRAYS)
    def test_gives_back_what_was_written(self, tmp_path, name):
        write_tensors(tmp_path / "t", ARRAYS)

        array = open_tensors(tmp_path / "t")[name]

        assert array.shape == ARRAYS[name].shape
        assert array.dtype == ARRAYS[name].dtype
        assert np.array_equal(array, ARRAYS[name], equal_nan=name == "f8")

    def test_writes_safetensors_that_others_can_read(self, tmp_path):
        write_tensors(tmp_path / "t", ARRAYS)

        assert np.array_equal(load_file(tmp_path / "t")["f4"], ARRAYS["f4"])

    def test_keeps_texts_beside_the_arrays(self, tmp_path):
        write_tensors(tmp_path / "t", ARRAYS, {"version": "1"})

        assert read_meta(tmp_path / "t") == {"version": "1"}

    def test_writes_arrays_that_do_not_lie_in_a_row(self, tmp_path):
        turned = np.arange(6.0).reshape(2, 3).T[::-1]
        write_tensors(tmp_path / "t", {"x": turned})

        assert np.array_equal(open_tensors(tmp_path / "t")["x"], turned)

    def test_leaves_nothing_behind_when_it_fails(self, tmp_path):
        with pytest.raises(Exception, match="complex"):
            write_tensors(tmp_path / "t", {"x": np.zeros(2, dtype=complex)})

        assert list(tmp_path.iterdir()) == []


class TestOpenTensors:
    def test_maps_numbers_read_only(self, tmp_path):
        write_tensors(tmp_path / "t", ARRAYS)

        array = open_tensors(tmp_path / "t")["f4"]

        with pytest.raises(ValueError, match="read-only"):
            array[0, 0] = 1

    def test_opens_a_descriptor(self, tmp_path):
        write_tensors(tmp_path / "t", ARRAYS)
        descriptor = os.open(tmp_path / "t", os.O_RDONLY)

        arrays = open_tensors(descriptor)
        os.close(descriptor)

        assert arrays["text"][1, 1] == "😀"


class TestTensorShapes:
    def test_tells_shapes_from_the_header_alone(self, tmp_path):
        write_tensors(tmp_path / "t", ARRAYS)

        shapes = tensor_shapes(tmp_path / "t")

        assert shapes == {name: array.shape for name, array in ARRAYS.items()}
