"""Credentials out of pictures: Open Badges 3.0, §5.3.

The file may come from anybody: nothing is inflated, and no XML entity is read.
"""

import struct
from xml.parsers import expat

KEYWORD = b"openbadgecredential\0"
ELEMENT = "https://purl.imsglobal.org/ob/v3p0 credential"
PNG = b"\x89PNG\r\n\x1a\n"
ENDS_EARLY = (
    expat.errors.XML_ERROR_NO_ELEMENTS,
    expat.errors.XML_ERROR_UNCLOSED_TOKEN,
    expat.errors.XML_ERROR_PARTIAL_CHAR,
)


class Unreadable(Exception):
    """There is no credential in the file; the message says why."""


class Truncated(Exception):
    """The file ends before it should."""


def token_in(content: bytes) -> str:
    """The compact JSON Web Signature in a text, a PNG or an SVG.

    Raises
    ------
    Unreadable
        If there is none.
    Truncated
        If the picture ends too early.
    """
    if content.startswith(PNG):
        return _only(list(_in_png(content)))
    if content[:512].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _only(_in_svg(content))
    try:
        return content.decode("ascii").strip()
    except UnicodeDecodeError:
        raise Unreadable("it is neither a credential's text nor a PNG or SVG") from None


def _in_png(content: bytes):
    at = len(PNG)
    while at + 12 <= len(content):
        length, kind = struct.unpack_from(">I4s", content, at)
        if at + 12 + length > len(content):
            break
        body = content[at + 8 : at + 8 + length]
        if kind == b"iTXt" and body.startswith(KEYWORD):
            flags, rest = body[len(KEYWORD) :][:2], body[len(KEYWORD) + 2 :]
            parts = rest.split(b"\0", 2)  # language, translated keyword, text
            if flags[:1] != b"\0" or len(parts) != 3:
                raise Unreadable("the credential in the picture is damaged")
            yield parts[2].decode("ascii", "replace")
        if kind == b"IEND":
            return
        at += 12 + length
    raise Truncated("the picture ends too early")


def _in_svg(content: bytes) -> list[str]:
    parser = expat.ParserCreate(namespace_separator=" ")
    found = []

    def start(name, attributes):
        if name == ELEMENT:
            found.append(attributes.get("verify", ""))

    def refuse(*_):
        raise Unreadable("the picture declares a document type, which is refused")

    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        if expat.ErrorString(error.code) in ENDS_EARLY:
            raise Truncated("the picture ends too early") from None
        raise Unreadable("the picture is no readable SVG") from None
    return found


def _only(found: list[str]) -> str:
    if len(found) > 1:
        raise Unreadable("there are several credentials in the picture")
    if not found or not found[0]:
        raise Unreadable("there is no signed credential in the picture")
    return found[0]
