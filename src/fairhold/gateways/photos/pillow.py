"""Pictures made anew with Pillow: nothing of what was sent survives except its pixels.

The file is a stranger's. Its type is what its first bytes say, never its name; its size is known before anything is
decoded; only the three decoders that are wanted ever see it.
"""

import io
from contextlib import suppress

import structlog
from PIL import Image, ImageCms, ImageFile, ImageOps

from fairhold.engine.ports.photos import (
    LEAST_SIDE,
    LONGEST_SIDE,
    LONGEST_SIDE_OF_THUMB,
    MOST_PIXELS,
    MOST_PIXELS_UNSCALED,
    Picture,
    Unfit,
)
from fairhold.gateways.photos.sniffing import Kind, canvas_of_webp, kind_of

_log = structlog.get_logger("fairhold.photos")

QUALITY = 85
QUALITY_OF_THUMB = 80
MOST_SCANS = 64
"""Scans of a progressive JPEG: each takes a pass over all of its pixels. Cameras write ten."""
_START_OF_SCAN = b"\xff\xda"
_WHITE = (255, 255, 255)
_ORIENTATION = 0x0112

# Pillow's own limit warns and then raises at sizes of its choosing; ours is checked right after the header is read.
Image.MAX_IMAGE_PIXELS = None
# With these off, half a picture is an error and not a picture that is half grey.
ImageFile.LOAD_TRUNCATED_IMAGES = False


class PillowReencoder:
    """Makes a JPEG of at most 2400 pixels a side, and a small one, out of a JPEG, PNG or WebP file."""

    def reencode(self, sent: bytes) -> Picture | Unfit:
        """The picture, upright and free of metadata, or why there is none; never raises for what was sent."""
        kind = kind_of(sent)
        if kind is None:
            return Unfit.UNSUPPORTED_TYPE
        if kind is Kind.WEBP and _pixels(canvas_of_webp(sent)) > MOST_PIXELS_UNSCALED:
            # Pillow makes room for the whole canvas as soon as it opens the file.
            return Unfit.TOO_MANY_PIXELS
        if kind is Kind.JPEG and sent.count(_START_OF_SCAN) > MOST_SCANS:
            return Unfit.UNREADABLE
        try:
            with Image.open(io.BytesIO(sent), formats=(kind.value,)) as image:
                unfit = _unfit(image)
                return unfit if unfit is not None else _picture(image)
        except Exception as error:  # noqa: BLE001 - decoders raise whatever they like for files made to break them
            _log.info("a photo cannot be read", kind=kind.value, error=f"{type(error).__name__}: {error}"[:200])
            return Unfit.UNREADABLE


def _pixels(sides: tuple[int, int]) -> int:
    return sides[0] * sides[1]


def _unfit(image: Image.Image) -> Unfit | None:
    """What the file's header says against it. Nothing is decoded yet."""
    if _pixels(image.size) > (MOST_PIXELS if image.format in ("JPEG", "MPO") else MOST_PIXELS_UNSCALED):
        return Unfit.TOO_MANY_PIXELS
    if min(image.size) < LEAST_SIDE:
        return Unfit.TOO_SMALL
    # Which moment of a moving picture counts is not ours to choose. Several pictures in a JPEG (MPO) are what telephones
    # write beside the photo: depth, brightness, a preview; the first is the photo.
    if image.format != "MPO" and getattr(image, "is_animated", False):
        return Unfit.UNSUPPORTED_TYPE
    return None


def _picture(image: Image.Image) -> Picture:
    # A JPEG is decoded at a half, a quarter or an eighth where that is still large enough: less time and memory.
    image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    image.load()
    profile, orientation = image.info.get("icc_profile"), _orientation(image)
    full = _upright(_in_srgb(_fitted(image, LONGEST_SIDE), profile), orientation)
    thumb = _fitted(full, LONGEST_SIDE_OF_THUMB)
    return Picture(_jpeg(full, QUALITY), _jpeg(thumb, QUALITY_OF_THUMB), full.width, full.height)


def _fitted(image: Image.Image, longest: int) -> Image.Image:
    """A picture of at most `longest` pixels a side, in a mode that can be averaged."""
    if image.mode == "1":
        image = image.convert("L")
    elif image.mode in ("P", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
    elif image.mode.startswith("I"):
        # 16 bits of grey; only their upper half fits a JPEG.
        image = image.point(lambda value: value / 256).convert("L")
    scale = longest / max(image.size)
    if scale >= 1:
        return image
    sides = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(sides, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _in_srgb(image: Image.Image, profile: object) -> Image.Image:
    """The picture in the colours that every screen understands, on white where one could see through."""
    if image.mode in ("RGBA", "LA", "La", "RGBa"):
        image = image.convert("RGBA")
        ground = Image.new("RGBA", image.size, (*_WHITE, 255))
        image = Image.alpha_composite(ground, image).convert("RGB")
    if isinstance(profile, bytes) and image.mode in ("RGB", "CMYK"):
        # A profile that cannot be read, or is for other colours, is left aside: the pixels are there all the same.
        with suppress(Exception):
            own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(image, own, ImageCms.createProfile("sRGB"), outputMode="RGB")
            image = converted or image
    image = image.convert("RGB")
    # Everything that Pillow remembers of the file hangs on the old object: only pixels go into the new one.
    bare = Image.new("RGB", image.size)
    bare.paste(image)
    return bare


def _orientation(image: Image.Image) -> object:
    """How the camera was held, as EXIF says; None where it says nothing that can be read."""
    try:
        return image.getexif().get(_ORIENTATION)
    except Exception:  # noqa: BLE001 - a broken note about the camera is no reason against the picture
        return None


def _upright(image: Image.Image, orientation: object) -> Image.Image:
    if orientation not in range(2, 9):
        return image
    exif = Image.Exif()
    exif[_ORIENTATION] = orientation
    image.info["exif"] = exif.tobytes()
    turned = ImageOps.exif_transpose(image)
    turned.info.clear()
    return turned


def _jpeg(image: Image.Image, quality: int) -> bytes:
    written = io.BytesIO()
    image.save(written, "JPEG", quality=quality, progressive=True, optimize=True)
    return written.getvalue()
