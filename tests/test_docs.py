"""The documentation holds together: links lead somewhere, and a site comes out."""

import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = [
    *sorted((ROOT / "docs").rglob("*.md")),
    *(ROOT / name for name in ("README.md", "CHANGELOG.md")),
]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def prose_of(page: Path) -> str:
    """A page's text without its code, in which brackets are no links."""
    text = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.S | re.M)
    return re.sub(r"`[^`\n]*`", "", text)


def anchors_of(page: Path) -> set[str]:
    """The anchors of a page's headings, as code hosts and MyST make them."""
    found = set()
    for line in re.sub(r"^```.*?^```", "", page.read_text(), flags=re.S | re.M).split(
        "\n"
    ):
        if heading := re.match(r"#+ (.*)", line):
            words = re.sub(r"[^\w\- ]", "", heading[1].lower())
            found.add(words.replace(" ", "-"))
    return found


def dead_links_of(page: Path) -> list[str]:
    dead = []
    for link in LINK.findall(prose_of(page)):
        if re.match(r"[a-z]+:", link) or link.startswith("/"):
            continue  # another site, or an address of an installation
        name, _, anchor = unquote(link).partition("#")
        target = (page.parent / name).resolve() if name else page
        missing = not target.exists()
        if missing or (anchor and anchor not in anchors_of(target)):
            dead.append(link)
    return dead


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page):
    assert dead_links_of(page) == []


def test_a_dead_link_is_found(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# A b\n[a](gone.md) [b](#a-b) [c](#a-c) `[d](no.md)`\n")

    assert dead_links_of(page) == ["gone.md", "#a-c"]


def test_a_site_comes_out_without_a_warning(tmp_path):
    done = subprocess.run(
        [
            *(sys.executable, "-m", "sphinx", "--fail-on-warning", "--keep-going"),
            *("--quiet", "-d", str(tmp_path / "kept")),
            *(str(ROOT / "docs"), str(tmp_path / "site")),
        ],
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr
    first = (tmp_path / "site/index.html").read_text()
    assert "honest leaderboard" in first
    outside = re.findall(r'(?:src|<link[^>]*href)="(https?:[^"]+)"', first)
    assert outside == []


def test_the_picture_of_the_readme_is_there_and_small():
    picture = ROOT / "docs/images/leaderboard.png"

    assert 20_000 < picture.stat().st_size < 200_000
    assert str(picture.relative_to(ROOT)) in (ROOT / "README.md").read_text()
