"""Users' pictures: what comes in, what is kept, and who gets it."""

import struct
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.storage import storages
from PIL import Image

from podium.accounts import pictures
from podium.common.models import StoredFile
from tests.factories import make_user
from tests.pages import browser_of, html_of, words_of
from tests.podium.accounts.people import picture_bytes, upload_of

pytestmark = pytest.mark.django_db

CHANGE = "/settings/picture/"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def send(user, content, name="me.png"):
    return browser_of(user).post(CHANGE, {"picture": upload_of(content, name)})


def png_head(width: int, height: int) -> bytes:
    """A PNG that says how large it is, and holds next to nothing."""

    def chunk(kind, data):
        crc = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + crc

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = (
        chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    )
    return b"\x89PNG\r\n\x1a\n" + body


def kept_image(stored) -> Image.Image:
    with stored.open() as handle:
        return Image.open(BytesIO(handle.read()))


class TestSetPicture:
    @pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF"])
    def test_keeps_two_squares(self, form):
        user = make_user()

        response = send(user, picture_bytes(form=form))

        assert response.status_code == 303
        user.refresh_from_db()
        large, small = kept_image(user.picture), kept_image(user.picture_small)
        assert (large.format, large.size) == ("WEBP", (300, 300))
        assert small.size == (64, 64)

    def test_scales_a_large_one_down(self):
        user = make_user()

        send(user, picture_bytes(3000, 2000, "JPEG"))

        user.refresh_from_db()
        assert kept_image(user.picture).size == (320, 320)

    def test_keeps_nothing_of_the_metadata(self):
        exif = Image.Exif()
        exif[0x010E] = "taken at home"
        user = make_user()

        send(user, picture_bytes(form="JPEG", exif=exif, comment=b"a secret"))

        user.refresh_from_db()
        for stored in (user.picture, user.picture_small):
            content = Path(stored.local_path()).read_bytes()
            assert b"home" not in content
            assert b"secret" not in content
            assert not kept_image(stored).getexif()

    @pytest.mark.parametrize(
        ("content", "name", "status", "sentence"),
        [
            (png_head(8000, 6250), "big.png", 413, "8000 × 6250 points"),
            (picture_bytes()[:200], "me.png", 400, "not a picture that can be read"),
            (SVG, "me.svg", 400, "not a picture that can be read"),
            (SVG, "me.png", 400, "not a picture that can be read"),
            (b"MZ\x90\x00 a program", "me.jpg", 400, "not a picture that can be read"),
            (b"\xff" * 5_000_001, "me.jpg", 413, "at most 5 MB"),
            (b"", "me.png", 400, "The file is empty"),
        ],
        ids=["50 megapixels", "cut off", "svg", "svg as png", "exe", "bytes", "empty"],
    )
    def test_refuses_in_one_sentence(self, content, name, status, sentence):
        user = make_user()

        response = send(user, content, name)

        assert sentence in words_of(response, status)
        user.refresh_from_db()
        assert user.picture is None
        assert not StoredFile.objects.filter(store="public").exists()

    def test_takes_a_picture_with_the_ending_of_another_kind(self):
        user = make_user()

        assert send(user, picture_bytes(form="JPEG"), "me.png").status_code == 303

    def test_asks_for_a_file_where_none_came(self):
        response = browser_of(make_user()).post(CHANGE)

        assert "Choose a picture first." in words_of(response, 400)

    def test_deletes_the_one_before(self, django_capture_on_commit_callbacks):
        user = make_user()
        pictures.set_picture(user=user, file=upload_of(picture_bytes(500, 500)))
        before = user.picture

        with django_capture_on_commit_callbacks(execute=True):
            pictures.set_picture(user=user, file=upload_of(picture_bytes(90, 90)))

        assert not StoredFile.objects.filter(pk=before.pk).exists()
        assert not storages["public"].exists(before.name)

    def test_leaves_a_picture_that_somebody_else_has_too(
        self, django_capture_on_commit_callbacks
    ):
        mine, theirs = make_user(), make_user()
        for user in (mine, theirs):
            pictures.set_picture(user=user, file=upload_of(picture_bytes()))

        with django_capture_on_commit_callbacks(execute=True):
            pictures.remove_picture(user=mine)

        theirs.refresh_from_db()
        assert kept_image(theirs.picture).size == (300, 300)


class TestPictureAddress:
    def test_answers_everybody_for_ever(self, client):
        user = make_user()
        send(user, picture_bytes())
        user.refresh_from_db()

        response = client.get(f"/pictures/{user.picture_small_id}.webp")

        assert response.headers["Content-Type"] == "image/webp"
        assert "immutable" in response.headers["Cache-Control"]
        assert "Cookie" not in response.headers.get("Vary", "")
        assert Image.open(BytesIO(b"".join(response))).size == (64, 64)

    def test_hands_out_nothing_else_of_the_store(self, client):
        from podium.common.files import store_bytes

        other = store_bytes(b"of a project", "public")

        assert client.get(f"/pictures/{other.pk}.webp").status_code == 404

    def test_hides_what_staff_hid(self, client):
        user = make_user(hidden_at="2026-01-01T00:00Z")
        pictures.set_picture(user=user, file=upload_of(picture_bytes()))

        assert client.get(f"/pictures/{user.picture_id}.webp").status_code == 404

    def test_stands_in_the_masthead_else_the_initials(self):
        user = make_user("mira-k")
        assert ">mk</span>" in html_of(browser_of(user).get("/settings/account/"))

        send(user, picture_bytes())

        user.refresh_from_db()
        address = f"/pictures/{user.picture_small_id}.webp"
        assert address in html_of(browser_of(user).get("/settings/account/"))

    def test_is_removed_on_demand(self):
        user = make_user()
        send(user, picture_bytes())

        response = browser_of(user).post("/settings/picture/remove/")

        assert response.status_code == 303
        user.refresh_from_db()
        assert user.picture is None
        assert user.picture_small is None
