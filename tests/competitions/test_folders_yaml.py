"""YAML 1.2 core, with lines, texts and faults."""

import pytest

from competitions.folders.yaml import MAX_BYTES, read_yaml


def read(text):
    return read_yaml(text.encode() if isinstance(text, str) else text, "c.yaml")


class TestReadYaml:
    @pytest.mark.parametrize(
        ("written", "value"),
        [
            ("true", True),
            ("false", False),
            ("True", "True"),
            ("yes", "yes"),
            ("on", "on"),
            ("null", None),
            ("~", None),
            ("", None),
            ("12", 12),
            ("-3", -3),
            ("010", 10),
            ("0o10", 8),
            ("0x1F", 31),
            ("1_000", "1_000"),
            ("1:30", "1:30"),
            ("0.4", 0.4),
            (".5", 0.5),
            ("1e3", 1000.0),
            (".inf", float("inf")),
            ("2026-01-01", "2026-01-01"),
            ("'12'", "12"),
            ('"true"', "true"),
            ("!!str 12", "12"),
            ("[1, a]", [1, "a"]),
            ("{b: 1}", {"b": 1}),
            ("|\n  text", "text"),
        ],
    )
    def test_follows_the_core_schema(self, written, value):
        read_back = read(f"a: {written}")

        assert read_back.data == {"a": value}
        assert type(read_back.data["a"]) is type(value)
        assert not read_back.faults

    def test_follows_it_whatever_version_a_file_claims(self):
        assert read("%YAML 1.1\n---\na: yes\n").data == {"a": "yes"}

    def test_knows_line_and_text_of_each_value(self):
        written = read("a: 1\nb:\n  - x\n  - {c: 0.40}\n")

        assert written.lines == {
            "": 1,
            "a": 1,
            "b": 2,
            "b[0]": 3,
            "b[1]": 4,
            "b[1].c": 4,
        }
        assert written.texts["b[1].c"] == "0.40"
        assert written.where("b[1].d") == "b[1].d (line 4)"
        assert written.where("z") == "z"

    def test_anchors_and_aliases_stand_for_their_values(self):
        assert read("a: &x [1, 2]\nb: *x\n").data == {"a": [1, 2], "b": [1, 2]}

    def test_a_merge_key_is_a_key_like_any_other(self):
        assert read("a: &x {b: 1}\nc: {<<: *x}\n").data["c"] == {"<<": {"b": 1}}

    def test_tells_every_doubled_key_with_both_lines(self):
        faults = read("a: 1\nb: {c: 1, c: 2}\na: 2\n").faults

        assert [fault.where for fault in faults] == ["b.c (line 2)", "a (line 3)"]
        assert "stands in line 1 already" in faults[1].message

    @pytest.mark.parametrize(
        ("text", "where", "message"),
        [
            pytest.param("a: [1", "line 1", "expected ','", id="an open list"),
            pytest.param("a: b: c", "line 1", "mapping values", id="two colons"),
            pytest.param("a: 1\n\tb: 2", "line 2", "cannot start", id="a tab"),
            pytest.param(b"a: \xff", "", "line 1 is not UTF-8", id="Latin-1"),
            pytest.param("a: 1\n---\nb: 2", "", "more than one document", id="two"),
            pytest.param("a: *x", "", "no anchor before it", id="alias without anchor"),
            pytest.param("a: &x [*x]", "", "no anchor before it", id="endless alias"),
            pytest.param("a: \x01", "", "not allowed", id="a control character"),
            pytest.param(
                "a: !!python/name:os.system x", "a (line 1)", "leave", id="tag"
            ),
            pytest.param("a: !!int x", "a (line 1)", "leave it out", id="a wrong tag"),
            pytest.param("? [a]\n: 1", "line 1", "must be a word", id="a list as key"),
            pytest.param("[" * 60 + "]" * 60, "", "levels deep", id="deep nesting"),
            pytest.param("a" * (MAX_BYTES + 1), "", "more than 1,000,000", id="large"),
        ],
    )
    def test_tells_what_is_no_yaml(self, text, where, message):
        [fault] = read(text).faults

        assert fault.where == where and message in fault.message

    def test_an_alias_bomb_is_told_and_not_unfolded(self):
        lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
        for number in range(1, 9):
            aliases = ", ".join([f"*a{number - 1}"] * 10)
            lines.append(f"a{number}: &a{number} [{aliases}]")

        [fault] = read("\n".join(lines)).faults

        assert "more than 50,000 values" in fault.message
