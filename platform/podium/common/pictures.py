"""Pictures that people send: decoded within limits, and written anew.

Nothing of what came in is kept but the colours of its points: no metadata, no second
format hidden behind the first one, no animation.
"""

from io import BytesIO

from django.core.files.base import ContentFile, File
from PIL import Image, ImageOps

from podium.common.errors import BadRequest, Refused, TooLarge

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
_LOSSLESS = ("PNG", "GIF")  # drawings and plots, which blocks of JPEG would spoil


class Picture(ContentFile):
    """A picture written by us, as WebP."""

    def __init__(self, content: bytes, width: int, height: int):
        super().__init__(content, name="picture.webp")
        self.width, self.height = width, height


def reencode(
    file: File,
    *,
    max_side: int,
    max_bytes: int = 10_000_000,
    max_pixels: int = 40_000_000,
) -> Picture:
    """A picture as WebP, its longer side at most `max_side`; Refused if it is none."""
    if file.size > max_bytes:
        raise TooLarge(
            f"The picture has {file.size / 1e6:.1f} MB: send one of at most "
            f"{max_bytes // 1_000_000} MB."
        )
    try:
        return _written(_decoded(file, max_pixels), max_side)
    except Refused:
        raise
    except Exception as error:  # of a decoder, over bytes that anybody may have made
        raise BadRequest(
            "The file is not a picture that can be read: send a whole PNG, JPEG, WebP "
            "or GIF."
        ) from error


def _decoded(file: File, max_pixels: int) -> Image.Image:
    """The picture, its size checked before a point of it is decoded."""
    file.seek(0)
    image = Image.open(file, formats=FORMATS)
    width, height = image.size
    if width * height > max_pixels:
        raise TooLarge(
            f"The picture has {width} × {height} points: send one of at most "
            f"{max_pixels // 1_000_000} million."
        )
    image.load()
    return image


def _written(image: Image.Image, max_side: int) -> Picture:
    lossless = image.format in _LOSSLESS
    has_alpha = image.has_transparency_data
    image = ImageOps.exif_transpose(image)  # what its metadata says of its position
    image = image.convert("RGBA" if has_alpha else "RGB")
    image.thumbnail((max_side, max_side), Image.Resampling.LANCZOS)
    out = BytesIO()
    image.info.clear()
    image.save(out, "WEBP", lossless=lossless, quality=80 if lossless else 85)
    return Picture(out.getvalue(), image.width, image.height)
