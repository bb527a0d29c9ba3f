"""Markdown becomes HTML that can do no harm and fits the page's policy."""

import re

import pytest

from podium.common.markdown import highlight, render


class TestRender:
    @pytest.mark.parametrize(
        "text",
        [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "[x](javascript:alert(1))",
            "[x](JaVaScRiPt&colon;alert(1))",
            "[x](data:text/html;base64,PHNjcmlwdD4=)",
            "![x](javascript:alert(1))",
            "<svg/onload=alert(1)>",
            '[x](https://a.b/"onmouseover="alert(1))',
            "```<script>\nalert(1)\n```",
            "<style>*{display:none}</style>",
            "| a |\n|:-:|\n| <b onclick=x> |",
        ],
    )
    def test_lets_no_script_or_style_through(self, text):
        tags = re.findall(r"<[^>]*>", render(text))

        for tag in tags:
            assert not re.match(r"</?(script|style|svg|iframe|object)", tag)
            assert not re.search(r"\s(on\w+|style)\s*=", tag)
            assert not re.search(r"""=["']?\s*(javascript|data):""", tag, re.I)

    def test_begins_headings_at_the_second_level(self):
        assert render("# A\n\n###### B") == "<h2>A</h2>\n<h3>B</h3>\n"
        assert render("### A\n\n# B") == "<h2>A</h2>\n<h2>B</h2>\n"

    def test_asks_crawlers_not_to_follow_links(self):
        html = render("[x](https://example.org/)")

        assert 'rel="nofollow ugc noopener"' in html

    def test_shows_pictures_of_this_site_and_links_to_others(self):
        assert '<img src="/a.png" alt="own"' in render("![own](/a.png)")
        for elsewhere in ("https://e.x/p.png", "//e.x/p.png", "p.png"):
            html = render(f"![theirs]({elsewhere})")
            assert "<img" not in html
            assert f'href="{elsewhere}"' in html

    def test_makes_tables_and_strikes_out(self):
        html = render("| a | b |\n|---|--:|\n| 1 | ~~2~~ |")

        assert '<th class="num">b</th>' in html
        assert "<s>2</s>" in html

    def test_colours_code_by_classes(self):
        assert '<span class="kn">import</span>' in render("```python\nimport os\n```")

    def test_names_each_region_of_a_text_differently(self):
        code = "```python\n1\n```\n\n"
        html = render(code * 2 + "```references\n1\n```\n\n| a |\n|---|\n\nand $$x$$")

        names = re.findall(r'aria-label="([^"]+)"', html)
        assert names[:4] == ["python", "python 2", "references", "Table"]
        assert len(set(names)) == len(names)


class TestHighlight:
    def test_escapes_what_it_does_not_know(self):
        assert highlight("<b>", "no-such-language") == "&lt;b&gt;"
        assert "&lt;b&gt;" in highlight("x = '<b>'", "python")
