"""Lines and tags as people type them."""

import pytest

from podium.common.errors import BadRequest
from podium.common.tags import clean_tags
from podium.common.text import one_line


class TestOneLine:
    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            ("  two\n lines\t", "two lines"),
            ("a\x00b\x1bc", "a b c"),
            ("photo\u202egpj.exe", "photogpj.exe"),
            ("\u2066isolated\u2069", "isolated"),
            ("שלום\u200f", "שלום\u200f"),
            ("👩\u200d🔬", "👩\u200d🔬"),
            ("e\u0301", "é"),
        ],
    )
    def test_keeps_the_words_and_nothing_that_turns_the_page(self, typed, kept):
        assert one_line(typed) == kept


class TestCleanTags:
    def test_reads_words_between_commas_once_each(self):
        assert clean_tags("Keras, tabular ,, keras") == ["keras", "tabular"]

    def test_refuses_too_many(self):
        with pytest.raises(BadRequest, match="9 tags: give at most 8"):
            clean_tags("a,b,c,d,e,f,g,h,i")

    def test_refuses_a_long_one(self):
        with pytest.raises(BadRequest, match="at most 40 characters"):
            clean_tags(["x" * 41])
