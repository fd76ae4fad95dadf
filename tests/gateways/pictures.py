"""Pictures for tests: good ones, and ones made to break whoever opens them."""

import io
import struct
import zlib

from PIL import Image

ORIENTATION, MAKE, GPS = 0x0112, 0x010F, 0x8825


def drawn(width: int = 600, height: int = 400, mode: str = "RGB") -> Image.Image:
    """Red in the upper left quarter, blue elsewhere: one sees which way up it is."""
    image = Image.new("RGB", (width, height), (20, 40, 200))
    image.paste((220, 30, 30), (0, 0, width // 2, height // 2))
    return image.convert(mode)


def encoded(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    written = io.BytesIO()
    image.save(written, kind, **options)
    return written.getvalue()


def jpeg(width: int = 600, height: int = 400) -> bytes:
    return encoded(drawn(width, height))


def telling(kind: str = "JPEG", orientation: int = 1) -> bytes:
    """A photo that says where and with what it was taken, in every way its type has."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[MAKE] = "SecretCamera"
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = (55.0, 45.0, 7.0)
    more: dict[str, object] = {"exif": exif.tobytes(), "xmp": b"<x:xmpmeta>SecretPlace</x:xmpmeta>"}
    if kind == "JPEG":
        more |= {"comment": b"SecretComment", "dpi": (301, 301)}
    return encoded(drawn(), kind, **more)


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, data: bytes = b"", *, before: bytes = b"", depth: int = 8, color: int = 2) -> bytes:
    """A PNG whose header says so; what its data says is another matter."""
    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + before
        + chunk(b"IDAT", zlib.compress(data))
        + chunk(b"IEND", b"")
    )


def webp_canvas(width: int, height: int) -> bytes:
    """A WebP of a huge canvas with nothing on it."""
    body = bytes([0x02, 0, 0, 0]) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    inner = b"WEBP" + b"VP8X" + struct.pack("<I", len(body)) + body
    return b"RIFF" + struct.pack("<I", len(inner)) + inner


def many_scans(count: int) -> bytes:
    """A progressive JPEG that repeats its last scan."""
    good = encoded(drawn(2000, 2000), progressive=True)
    last = good.rindex(b"\xff\xda")
    return good[:-2] + good[last:-2] * count + b"\xff\xd9"


def moving(kind: str) -> bytes:
    frames = [Image.new("RGB", (64, 64), shade) for shade in ("red", "green", "blue")]
    return encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)
