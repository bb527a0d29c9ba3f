"""Credentials inside pictures, and out of them again: Open Badges 3.0, §5.3.

What is read was sent by anybody: nothing is inflated, and no XML entity is read.
"""

import struct
import zlib
from xml.parsers import expat

KEYWORD = b"openbadgecredential"
NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
PNG = b"\x89PNG\r\n\x1a\n"
SVG_ELEMENT = f"{NAMESPACE} credential"
CUT = "The picture ends too early: send the whole file."
_ENDS_EARLY = (
    expat.errors.XML_ERROR_NO_ELEMENTS,
    expat.errors.XML_ERROR_UNCLOSED_TOKEN,
    expat.errors.XML_ERROR_PARTIAL_CHAR,
)


class NoCredential(Exception):
    """There is none in the file; the message says why, in a sentence."""


class CutShort(NoCredential):
    """The file ends before it should."""


def bake_png(picture: bytes, token: str) -> bytes:
    """The picture with the credential in a text chunk behind its header."""
    body = KEYWORD + b"\0\0\0\0\0" + token.encode()
    chunk = b"iTXt" + body
    baked = struct.pack(">I", len(body)) + chunk + struct.pack(">I", zlib.crc32(chunk))
    after_header = len(PNG) + 25
    return picture[:after_header] + baked + picture[after_header:]


def bake_svg(picture: str, token: str) -> str:
    """The picture with the credential as the first child of its root."""
    head, _, rest = picture.partition(">")
    return (
        f'{head} xmlns:openbadges="{NAMESPACE}">'
        f'<openbadges:credential verify="{token}"></openbadges:credential>{rest}'
    )


def token_in(content: bytes) -> str:
    """The compact JSON Web Signature in a text file, a PNG or an SVG.

    Raises
    ------
    NoCredential
        If there is none; CutShort if the picture ends too early.
    """
    if content.startswith(PNG):
        return _in_png(content)
    start = content[:512].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"<"):
        return _in_svg(content)
    try:
        text = content.decode("ascii").strip()
    except UnicodeDecodeError:
        text = ""
    if not text:
        raise NoCredential("This is no credential: not its text, and no PNG or SVG.")
    return text


def _in_png(content: bytes) -> str:
    at, found = len(PNG), []
    while at + 12 <= len(content):
        length, kind = struct.unpack_from(">I4s", content, at)
        if at + 12 + length > len(content):
            break
        body = content[at + 8 : at + 8 + length]
        if kind == b"iTXt" and body.startswith(KEYWORD + b"\0"):
            found.append(_text_of(body))
        if kind == b"IEND":
            return _only(found)
        at += 12 + length
    raise CutShort(CUT)


def _text_of(body: bytes) -> str:
    """The text of a chunk: behind two flags, a language and a translated keyword."""
    rest = body[len(KEYWORD) + 1 :]
    parts = rest[2:].split(b"\0", 2)
    if rest[:1] != b"\0" or len(parts) != 3:
        raise NoCredential("The credential in this picture is compressed or damaged.")
    return parts[2].decode("ascii", "replace")


def _in_svg(content: bytes) -> str:
    parser = expat.ParserCreate(namespace_separator=" ")
    found = []

    def start(name, attributes):
        if name == SVG_ELEMENT:
            found.append(attributes.get("verify", ""))

    def refuse(*_):
        raise NoCredential("The picture declares a document type, which is refused.")

    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        if expat.ErrorString(error.code) in _ENDS_EARLY:
            raise CutShort(CUT) from None
        raise NoCredential("The picture is no readable SVG.") from None
    return _only(found)


def _only(found: list[str]) -> str:
    if len(found) > 1:
        raise NoCredential("There are several credentials in this picture, not one.")
    if not found or not found[0]:
        raise NoCredential("There is no signed credential in this picture.")
    return found[0]
