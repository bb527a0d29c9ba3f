"""Template tags of the whole site."""

from datetime import UTC

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from podium.common import icons, markdown, words
from podium.common.text import is_web_address

register = template.Library()

register.simple_tag(icons.icon, name="icon")
register.filter("markdown", lambda text: markdown.render(text or ""))
register.filter("is_web_address", is_web_address)
register.filter("thousands", words.thousands)
register.filter("size", words.size_text)


@register.filter
def code(text, language):
    """Highlighted code, for a `pre`."""
    return markdown.highlight(text, language)


@register.filter
def plural(number, word):
    """A number with its word: 1 team, 2 teams."""
    return words.plural(number, word)


@register.simple_tag
def moment(value, form="moment"):
    """A `time` as its reader's clock has it: moment, day, clock, or how long ago."""
    texts = {
        "moment": words.moment_text,
        "day": words.day_text,
        "clock": words.clock_text,
        "ago": _ago,
    }
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        _machine(value),
        words.moment_text(value),
        texts[form](value),
    )


@register.simple_tag
def countdown(value):
    """How long until a moment; a script keeps the words fresh."""
    return format_html(
        '<time datetime="{}" title="{}" data-countdown>{}</time>',
        _machine(value),
        words.moment_text(value),
        words.left_text(value - timezone.now()),
    )


@register.inclusion_tag("_partials/field.html")
def field(bound, **attributes):
    """A form's field with its label, hint and error, tied together for readers."""
    described = [f"{bound.auto_id}-hint"] if bound.help_text else []
    described += [f"{bound.auto_id}-error"] if bound.errors else []
    attributes = {name.replace("_", "-"): text for name, text in attributes.items()}
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if bound.errors:
        attributes["aria-invalid"] = "true"
    kind = bound.widget_type
    if kind not in ("checkbox", "file", "radioselect"):
        attributes["class"] = "in"
    return {
        "bound": bound,
        "is_checkbox": kind == "checkbox",
        "widget": bound.as_widget(attrs=attributes),
    }


@register.simple_tag(takes_context=True)
def current(context, *prefixes):
    """`aria-current` for a link to the part of the site that this page is in."""
    path = context["request"].path
    if any(path.startswith(prefix) for prefix in prefixes):
        return format_html(' aria-current="{}"', "page" if path in prefixes else "true")
    return ""


@register.simple_tag(takes_context=True)
def current_page(context, name):
    """`aria-current` for a link to the very page that this one is."""
    here = context["request"].path == reverse(name)
    return format_html(' aria-current="{}"', "page") if here else ""


@register.simple_tag
def avatar(user, size="small"):
    """A user's picture, else their initials: decoration beside the name.

    The picture is named by its row, so a list of people joins nothing.
    """
    classes = "av av-l" if size == "large" else "av"
    pk = user.picture_id if size == "large" else user.picture_small_id
    if pk is None or user.hidden_at:
        return format_html(
            '<span class="{}" aria-hidden="true">{}</span>',
            classes,
            initials(user.username),
        )
    side = 80 if size == "large" else 28
    return format_html(
        '<img class="{0}" src="{1}" width="{2}" height="{2}" alt="">',
        classes,
        reverse("picture", args=[pk]),
        side,
    )


@register.filter
def initials(name):
    """Two letters for a user's avatar: mira-k as mk."""
    parts = [
        part for part in name.replace("_", "-").replace(" ", "-").split("-") if part
    ]
    letters = [part[0] for part in parts[:2]] if len(parts) > 1 else list(name[:2])
    return "".join(letters).lower()


def _ago(value):
    seconds = (timezone.now() - value).total_seconds()
    return "now" if seconds < 10 else words.span_text(timezone.now() - value)


def _machine(value):
    return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
