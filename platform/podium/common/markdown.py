"""Markdown as people write it on Podium, turned into HTML that cannot do harm."""

import re
from functools import lru_cache

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from pygments import highlight as pygments_highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from podium.common import mathematics

_FORMATTER = HtmlFormatter(nowrap=True)
REMEMBERED = 20_000  # characters; longer texts would fill the memory of a process
# The address of a picture of this site ends with its size, such as -800x600.webp.
_SIZE = re.compile(r"-([1-9]\d{0,4})x([1-9]\d{0,4})\.webp\Z")
_TAGS = {
    *("a", "b", "blockquote", "br", "code", "div", "em", "h2", "h3", "h4", "h5", "h6"),
    *("hr", "img", "li", "ol", "p", "pre", "s", "span", "strong", "ul"),
    *("table", "tbody", "td", "th", "thead", "tr"),
    *mathematics.TAGS,
}
_ATTRIBUTES = {
    "a": {"href", "title"},
    "code": {"class"},
    "div": {"class", "tabindex", "role", "aria-label"},
    "img": {"src", "alt", "title", "loading", "width", "height"},
    "ol": {"start"},
    "pre": {"tabindex", "role", "aria-label"},
    "span": {"class"},
    "table": {"class"},
    "td": {"class"},
    "th": {"class"},
    **dict.fromkeys(mathematics.TAGS, mathematics.ATTRIBUTES),
}


def render(text: str) -> SafeString:
    """HTML of a Markdown text: no raw HTML, headings from h2 on, links unfollowed."""
    return _remembered(text) if len(text) <= REMEMBERED else _rendered(text)


@lru_cache(maxsize=512)
def _remembered(text: str) -> SafeString:
    return _rendered(text)


def _rendered(text: str) -> SafeString:
    tokens = _parser.parse(text)
    _order_headings(tokens)
    html = _parser.renderer.render(tokens, _parser.options, {})
    return mark_safe(
        nh3.clean(
            html,
            tags=_TAGS,
            attributes=_ATTRIBUTES,
            url_schemes={"http", "https", "mailto"},
            link_rel="nofollow ugc noopener",
        )
    )


def _order_headings(tokens) -> None:
    """Headings from h2 on, no level left out: the page's title is its h1."""
    used = sorted({token.tag for token in tokens if token.type == "heading_open"})
    level, levels = 1, {tag: rank for rank, tag in enumerate(used, start=2)}
    for token in tokens:
        if token.type == "heading_open":
            level = min(levels[token.tag], level + 1, 6)
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{level}"


def highlight(code: str, language: str) -> SafeString:
    """Code with a span of class for each kind of token; plain if it is unknown."""
    try:
        lexer = get_lexer_by_name(language)
    except ClassNotFound:
        return escape(code)
    return mark_safe(pygments_highlight(code, lexer, _FORMATTER))


def _named(env: dict, name: str) -> str:
    """The name of a region; the second one of a text is told from the first."""
    names = env.setdefault("regions", {})
    names[name] = count = names.get(name, 0) + 1
    return escape(name if count == 1 else f"{name} {count}")


def _code_block(code: str, language: str, env: dict) -> str:
    name = _named(env, language or "Code")
    return (
        '<pre tabindex="0" role="region" '
        f'aria-label="{name}"><code>{highlight(code, language)}</code></pre>'
    )


def _fence(self, tokens, index, options, env):
    token = tokens[index]
    language = token.info.strip().split(" ")[0]
    return f'<div class="code">{_code_block(token.content, language, env)}</div>\n'


def _table_open(self, tokens, index, options, env):
    return (
        '<div class="scroll" tabindex="0" role="region" '
        f'aria-label="{_named(env, "Table")}"><table class="tbl">'
    )


def _table_close(self, tokens, index, options, env):
    return "</table></div>"


def _cell_open(self, tokens, index, options, env):
    """Alignment by class: a style attribute would break the page's policy."""
    token = tokens[index]
    ends = token.attrGet("style") == "text-align:right"
    return f"<{token.tag}{' class=num' if ends else ''}>"


def _image(self, tokens, index, options, env):
    """Pictures of this site are shown; any other is a link, and nothing is fetched."""
    token = tokens[index]
    source, words = token.attrGet("src") or "", token.content
    if source.startswith("/") and not source.startswith("//"):
        found = _SIZE.search(source)
        size = f' width="{found[1]}" height="{found[2]}"' if found else ""
        return (
            f'<img src="{escape(source)}" alt="{escape(words)}" loading="lazy"{size}>'
        )
    return f'<a href="{escape(source)}">{escape(words or source)}</a>'


def _formula(self, tokens, index, options, env):
    return mathematics.mathml(tokens[index].content)


def _formula_block(self, tokens, index, options, env):
    return (
        '<div class="math scroll" tabindex="0" role="region" '
        f'aria-label="{_named(env, "Formula")}">'
        f"{mathematics.mathml(tokens[index].content, is_block=True)}</div>\n"
    )


def _formula_in_line(self, tokens, index, options, env):
    return mathematics.mathml(tokens[index].content, is_block=True)


def _make_parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False})
    parser.enable(["table", "strikethrough"])
    # Strict, so that prices stay prices: no blank inside, no digit beside a dollar.
    parser.use(
        dollarmath_plugin,
        allow_space=False,
        allow_digits=False,
        allow_labels=False,
        double_inline=True,
    )
    for name, rule in (
        ("fence", _fence),
        ("code_block", _fence),
        ("image", _image),
        ("table_open", _table_open),
        ("table_close", _table_close),
        ("th_open", _cell_open),
        ("td_open", _cell_open),
        ("math_inline", _formula),
        ("math_inline_double", _formula_in_line),
        ("math_block", _formula_block),
    ):
        parser.add_render_rule(name, rule)
    return parser


_parser = _make_parser()
