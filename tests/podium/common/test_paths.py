"""Which names may stand in an address."""

import pytest

from podium.common.paths import path_problem, slug_problem


class TestSlugs:
    @pytest.mark.parametrize("slug", ["a", "which-penguin", "fashion_2", "9"])
    def test_that_may_stand_in_an_address(self, slug):
        assert slug_problem(slug) == ""

    @pytest.mark.parametrize("slug", ["settings", "download-all", "new", "drafts"])
    def test_that_pages_need(self, slug):
        assert "a word of Podium's own" in slug_problem(slug)

    @pytest.mark.parametrize("slug", ["", "-a", "a-", "A", "a b", "ä", "a" * 81])
    def test_that_are_none(self, slug):
        assert "must have lower-case letters" in slug_problem(slug)


class TestPaths:
    @pytest.mark.parametrize("path", ["a.csv", "deep/er/a b.csv", "new", "drafts/a"])
    def test_inside_a_folder(self, path):
        assert path_problem(path) == ""

    @pytest.mark.parametrize(
        ("path", "told"),
        [
            ("../a", "empty parts, . or .."),
            ("a//b", "empty parts, . or .."),
            ("/a", "must be relative"),
            ("a\\b", "must be relative"),
            ("a\nb", "without control characters"),
            ("Metadata", "a word of Podium's own"),
            ("a" * 401, "more than 400"),
        ],
    )
    def test_that_cannot_be_taken(self, path, told):
        assert told in path_problem(path)
