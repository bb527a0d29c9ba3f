"""Users with all that an account can hold, and pictures to try."""

from io import BytesIO

from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from tests.factories import make_user

PASSWORD = "a-long-password"


def make_confirmed(username=None, **values):
    """A user whose address is known to be theirs."""
    user = make_user(username, **values)
    EmailAddress.objects.create(
        user=user, email=user.email, verified=True, primary=True
    )
    return user


def signed_in(user) -> Client:
    """A client that went through the sign-in page, so that its session is listed."""
    client = Client()
    response = client.post(
        "/accounts/login/", {"login": user.username, "password": PASSWORD}
    )
    assert response.status_code == 302, response.content
    return client


def prove(client: Client, to: str):
    """Show the password once more, as the page that asks for it wants it."""
    return client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": to})


def picture_bytes(width=400, height=300, form="PNG", **options) -> bytes:
    out = BytesIO()
    image = Image.new("RGB", (width, height), (10, 90, 60))
    image.save(out, form, **options)
    return out.getvalue()


def upload_of(content: bytes, name="me.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)
