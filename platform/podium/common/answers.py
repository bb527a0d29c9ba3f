"""Answers that several apps give."""

from django.http import HttpResponseRedirect
from django.shortcuts import resolve_url


class SeeOther(HttpResponseRedirect):
    """303: what was sent is done, and the page to look at now is another one."""

    status_code = 303


def see_other(to, *arguments) -> SeeOther:
    """Lead on after a form was taken, so that loading again sends nothing again."""
    return SeeOther(resolve_url(to, *arguments))
