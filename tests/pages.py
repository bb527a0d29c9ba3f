"""Reading pages in tests as a browser's user does: from outside, signed in or not."""

import re
from html import unescape

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"


def browser_of(user=None) -> Client:
    """A client that is signed in as a user, or not at all."""
    client = Client()
    if user:
        client.force_login(user, MODEL_BACKEND)
    return client


def html_of(response, status: int = 200) -> str:
    """The page that was answered, which must be one of this status."""
    assert response.status_code == status, response.content[:2000]
    assert response.headers["Content-Type"].startswith("text/html")
    return response.content.decode()


def words_of(response, status: int = 200) -> str:
    """What the page says: its text without tags, spaces made equal."""
    text = re.sub(r"<[^>]+>", " ", html_of(response, status))
    return re.sub(r"\s+", " ", unescape(text)).replace("\u202f", " ")


def a_file(content: bytes = b"\x00\x01 no model", name: str = "model.keras"):
    return SimpleUploadedFile(name, content)


def queries_of(client: Client, address: str) -> int:
    """How many queries a page takes, the second time it is asked for."""
    html_of(client.get(address))
    with CaptureQueriesContext(connection) as captured:
        html_of(client.get(address))
    return len(captured)
