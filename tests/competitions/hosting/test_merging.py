"""What two people changed, brought together."""

from competitions.hosting.merging import merge

BEFORE = {"title": "Birds", "tags": ["a"]}


def saved(by, **fields):
    return {"by": by, "fields": fields}


class TestMerge:
    def test_keeps_theirs_where_one_changed_nothing(self):
        since = [saved("mira", title=["Birds", "Gulls"])]

        merged = merge({"title": "Birds"}, {"title": "Gulls"}, since)

        assert merged.values == {"title": "Gulls"}
        assert merged.taken == {"title": ("mira", "Gulls")}
        assert not merged.clashes

    def test_tells_where_both_changed_the_same(self):
        since = [saved("mira", title=["Birds", "Gulls"])]

        merged = merge({"title": "Terns"}, {"title": "Gulls"}, since)

        assert merged.clashes == {"title": ("mira", "Gulls")}

    def test_is_no_clash_where_both_wrote_the_same(self):
        since = [saved("mira", title=["Birds", "Gulls"])]

        merged = merge({"title": "Gulls"}, {"title": "Gulls"}, since)

        assert not merged.clashes and not merged.taken

    def test_counts_from_the_first_save_that_one_did_not_see(self):
        since = [
            saved("mira", title=["Birds", "Gulls"]),
            saved("joao", title=["Gulls", "Terns"]),
        ]

        merged = merge({"title": "Birds"}, {"title": "Terns"}, since)

        assert merged.values == {"title": "Terns"}
        assert merged.taken == {"title": ("joao", "Terns")}
