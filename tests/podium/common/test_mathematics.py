"""Formulas become MathML, and nothing else that a browser would act on."""

import pytest

from podium.common.markdown import render
from podium.common.mathematics import LONGEST, mathml


class TestMathml:
    def test_draws_a_formula(self):
        assert mathml("x^2") == (
            '<math display="inline"><mrow><msup><mi>x</mi><mn>2</mn></msup></mrow>'
            "</math>"
        )

    @pytest.mark.parametrize(
        "source",
        [
            r"\frac{a}{b} \sqrt{x} \sum_{i=1}^n \hat y_i",
            r"\begin{pmatrix}a&b\\c&d\end{pmatrix}",
            r"\begin{cases} 1 & x>0 \\ 0 & \text{else}\end{cases}",
            r"\begin{align} a&=b \\ c&=d \end{align}",
            r"\mathbb{E}[X] \leq \lVert w \rVert_2^2",
        ],
    )
    def test_draws_what_people_write(self, source):
        assert mathml(source, is_block=True).startswith('<math display="block">')

    @pytest.mark.parametrize(
        "source",
        [
            r"\text{<script>alert(1)</script>}",
            r"\href{javascript:alert(1)}{x}",
            r"\style{position:fixed}{x}",
            r"\class{toast}{x}",
            r"\mbox{</math><img src=x onerror=alert(1)>}",
            r"\color{red;background:url(//evil)}x",
            r"\text{&lt;script&gt;alert(1)&lt;/script&gt;}",
            r'\hspace{1em" onload="alert(1)}x',
        ],
    )
    def test_lets_nothing_act(self, source):
        html = render(f"$${source}$$")

        for word in ("<script", "<img", "href", " style=", 'class="toast', 'onload="'):
            assert word not in html, html

    @pytest.mark.parametrize("source", [r"\frac{", r"\left(", "{" * 2000, "x^x^x"])
    def test_leaves_what_it_cannot_read_as_it_was_typed(self, source):
        assert mathml(source) == f"<code>${source}$</code>"

    def test_leaves_what_is_too_long(self):
        source = "a" * (LONGEST + 1)

        assert mathml(source) == f"<code>${source}$</code>"


class TestInMarkdown:
    def test_takes_no_price_for_a_formula(self):
        assert "<math" not in render("It costs $5 or $10, and $ 3 at most $ 4.")

    def test_puts_blocks_where_they_can_be_scrolled(self):
        html = render("$$\nx + 1\n$$")

        assert '<div class="math scroll" tabindex="0" role="region"' in html
        assert '<math display="block">' in html

    def test_says_how_large_a_picture_of_ours_is(self):
        html = render("![A plot](/people/a/b/pictures/0f-640x480.webp)")

        assert 'width="640" height="480"' in html
