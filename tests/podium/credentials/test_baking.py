"""Credentials into pictures and out again, also by a library that is not ours."""

import struct
from io import BytesIO

import pytest
from openbadgeslib.ob3 import OB3Verifier
from PIL import Image

from podium.credentials import baking, picture, services
from tests.podium.credentials.scene import make_credential, make_holder

pytestmark = pytest.mark.django_db


@pytest.fixture
def baked():
    """A token, and the two pictures that hold it."""
    credential = make_credential(username="mira", display_name="<Mira & Søn>")
    svg = picture.svg_of(credential)
    return (
        credential.jwt,
        baking.bake_png(picture.png_of(svg), credential.jwt),
        baking.bake_svg(svg, credential.jwt).encode(),
    )


def test_pictures_hold_what_was_signed(baked):
    token, png, svg = baked

    assert baking.token_in(png) == baking.token_in(svg) == token
    assert baking.token_in(f"\n{token}\n".encode()) == token
    assert OB3Verifier.extract_token_from_png(png) == token
    assert OB3Verifier.extract_token_from_svg(svg) == token


def test_png_is_a_picture_with_letters_in_it(baked):
    opened = Image.open(BytesIO(baked[1]))

    opened.load()
    assert opened.size == (600, 600)
    assert opened.text["openbadgecredential"] == baked[0]
    # The line of the holder's name: ink on paper, whatever fonts the machine has.
    row = opened.convert("L").crop((150, 436, 450, 474))
    assert row.getextrema()[0] < 60


@pytest.mark.parametrize("kind", [1, 2], ids=["png", "svg"])
def test_cut_picture_is_cut_short(baked, kind):
    content = baked[kind]

    for end in (len(content) - 1, len(content) // 2, 400):
        with pytest.raises(baking.CutShort):
            baking.token_in(content[:end])


def test_hostile_files_get_a_sentence(baked):
    token, png, svg = baked
    entity = b'<!DOCTYPE svg [<!ENTITY a "b">]>' + svg
    twice = baking.bake_png(png, token)
    after_header = 33
    long = png[:after_header] + struct.pack(">I", 2**31) + png[after_header + 4 :]
    plain = BytesIO()
    Image.new("RGB", (2, 2)).save(plain, "PNG")

    for content, words in (
        (entity, "document type"),
        (twice, "several"),
        (long, "ends too early"),
        (plain.getvalue(), "no signed"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no signed"),
        (b"<svg><a></svg>", "no readable"),
        (b"\x00\xff\xfe", "no credential"),
        (b"", "no credential"),
    ):
        with pytest.raises(baking.NoCredential, match=words):
            baking.token_in(content)


def test_long_names_stay_inside():
    holder, competition = make_holder()
    holder.display_name = "Wilhelmina\x01\uffff " * 12
    holder.save()
    competition.title = "A competition about very long words and " * 3
    competition.save()
    credential, _ = services.issue(competition=competition, user=holder)

    for line in picture._wrapped(competition.title, 132, 34, 2):
        assert picture._width(line.text, picture.SERIF, line.size) <= 520
    svg = picture.svg_of(credential)
    assert "…" in svg
    assert picture.png_of(svg).startswith(baking.PNG)
