"""Pictures are decoded within limits, and nothing but their points is kept."""

import struct
import zlib
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from PIL import Image

from podium.common.errors import BadRequest, Refused, TooLarge
from podium.common.pictures import reencode
from tests.factories import make_picture


def png_that_says(width: int, height: int) -> bytes:
    """A PNG that says to be of this size, with hardly a point behind it."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    points = b"IDAT" + zlib.compress(b"\x00" * 9)
    chunks = (
        struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
        for chunk in (head, points)
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def opened(picture) -> Image.Image:
    picture.seek(0)
    return Image.open(picture)


class TestReencode:
    @pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
    def test_writes_webp_whatever_came(self, kind):
        picture = reencode(make_picture(30, 20, kind), max_side=100)

        assert opened(picture).format == "WEBP"
        assert (picture.width, picture.height) == (30, 20)

    def test_makes_large_ones_smaller_and_keeps_their_shape(self):
        picture = reencode(make_picture(300, 150), max_side=100)

        assert opened(picture).size == (100, 50) == (picture.width, picture.height)

    def test_keeps_transparency(self):
        out = BytesIO()
        Image.new("RGBA", (4, 4), (255, 0, 0, 0)).save(out, "PNG")

        picture = reencode(ContentFile(out.getvalue(), name="x.png"), max_side=10)

        assert opened(picture).convert("RGBA").getpixel((0, 0))[3] == 0

    def test_keeps_no_metadata_but_turns_as_it_says(self):
        image = Image.new("RGB", (8, 4))
        exif = image.getexif()
        exif[0x0112], exif[0x010E] = 6, "where I live"
        out = BytesIO()
        image.save(out, "JPEG", exif=exif, comment=b"secret words")

        picture = reencode(ContentFile(out.getvalue(), name="x.jpg"), max_side=10)

        assert opened(picture).size == (4, 8)
        assert not opened(picture).getexif()
        assert b"where I live" not in picture.read()

    def test_keeps_nothing_that_hides_behind_the_points(self):
        file = make_picture()
        polyglot = ContentFile(file.read() + b"<script>alert(1)</script>", name="x.png")

        picture = reencode(polyglot, max_side=10)

        picture.seek(0)
        assert b"<script>" not in picture.read()

    def test_refuses_too_many_points_before_it_decodes_one(self):
        huge = ContentFile(png_that_says(10_000, 5_000), name="x.png")

        with pytest.raises(TooLarge, match="10000 × 5000 points"):
            reencode(huge, max_side=100)

    def test_refuses_too_many_bytes(self):
        file = ContentFile(b"x" * 2_000_001, name="x.png")

        with pytest.raises(TooLarge, match="at most 2 MB"):
            reencode(file, max_side=100, max_bytes=2_000_000)

    @pytest.mark.parametrize(
        "content",
        [
            pytest.param(b"", id="empty"),
            pytest.param(b"hello", id="text"),
            pytest.param(
                b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
                id="svg",
            ),
            pytest.param(b"%PDF-1.7 x", id="pdf"),
            pytest.param(b"%!PS-Adobe-3.0 EPSF-3.0\n", id="postscript"),
            pytest.param(png_that_says(10, 10), id="head alone"),
        ],
    )
    def test_refuses_what_is_no_picture_in_a_sentence(self, content):
        with pytest.raises(BadRequest, match="send a whole PNG, JPEG, WebP or GIF"):
            reencode(ContentFile(content, name="picture.png"), max_side=100)

    @pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
    def test_refuses_a_truncated_picture(self, kind):
        out = BytesIO()
        Image.effect_noise((200, 200), 80).convert("RGB").save(out, kind)
        half = out.getvalue()[: len(out.getvalue()) // 2]

        with pytest.raises(Refused):
            reencode(ContentFile(half, name="x"), max_side=100)
