"""What a file is by its first bytes, before any decoder is asked."""

from enum import Enum


class Kind(Enum):
    """The types that are taken, by Pillow's names for them."""

    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WEBP"


def kind_of(sent: bytes) -> Kind | None:
    """The type that the file begins like; its name and what the sender calls it are no evidence."""
    if sent.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if sent.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if sent.startswith(b"RIFF") and sent[8:12] == b"WEBP":
        return Kind.WEBP
    return None


def canvas_of_webp(sent: bytes) -> tuple[int, int]:
    """Width and height in pixels that a WebP file declares (RFC 9649); nothing where it declares none."""
    chunk, body = sent[12:16], sent[20:30]
    if len(body) < 10:
        return 0, 0
    if chunk == b"VP8X":
        return 1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little")
    if chunk == b"VP8L":
        sides = int.from_bytes(body[1:5], "little")
        return 1 + (sides & 0x3FFF), 1 + (sides >> 14 & 0x3FFF)
    if chunk == b"VP8 ":
        return int.from_bytes(body[6:8], "little") & 0x3FFF, int.from_bytes(body[8:10], "little") & 0x3FFF
    return 0, 0
