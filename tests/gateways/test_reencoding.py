"""Photos made anew: what comes out is a plain upright JPEG, whatever went in; what cannot become one is refused."""

import io
import threading
import time
import tracemalloc
import zlib

import pytest
from PIL import Image, ImageCms

from fairhold.engine.ports.photos import MOST_BYTES, MOST_PIXELS, Picture, Unfit
from fairhold.gateways.photos.pillow import PillowReencoder
from tests.gateways import pictures
from tests.gateways.pictures import drawn, encoded, jpeg, png, telling

REENCODE = PillowReencoder().reencode
SECRETS = (b"Secret", b"Exif", b"http://ns.adobe.com", b"ICC_PROFILE", b"GPS")


def made(sent: bytes) -> Picture:
    picture = REENCODE(sent)
    assert isinstance(picture, Picture), picture
    return picture


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def corners(image: Image.Image) -> list[bool]:
    """Where it is red: upper left, upper right, lower right, lower left."""
    right, bottom = image.width - 5, image.height - 5
    spots = ((5, 5), (right, 5), (right, bottom), (5, bottom))
    shades = [image.getpixel(spot) for spot in spots]
    return [isinstance(shade, tuple) and shade[0] > 150 for shade in shades]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_whatever_is_taken_comes_out_as_a_jpeg_of_the_same_picture(kind: str) -> None:
    picture = made(encoded(drawn(), kind))
    full, thumb = opened(picture.full), opened(picture.thumb)
    assert (full.format, full.mode, full.size) == ("JPEG", "RGB", (600, 400))
    assert (thumb.format, thumb.mode, thumb.size) == ("JPEG", "RGB", (400, 267))
    assert (picture.width, picture.height) == full.size
    assert corners(full) == corners(thumb) == [True, False, False, False]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_nothing_of_what_was_written_beside_the_pixels_is_left(kind: str) -> None:
    sent = telling(kind)
    assert b"SecretCamera" in sent
    picture = made(sent)
    for content in (picture.full, picture.thumb):
        image = opened(content)
        assert dict(image.getexif()) == {}
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"}
        assert [secret for secret in SECRETS if secret in content] == []


def brightness(image: Image.Image, spot: tuple[int, int]) -> int:
    shade = image.convert("L").getpixel(spot)
    assert isinstance(shade, float | int)
    return int(shade)


RED = {1: 0, 2: 1, 3: 2, 4: 3, 5: 0, 6: 1, 7: 2, 8: 3}
"""In which corner red is to be seen, by the orientation that the camera noted."""


@pytest.mark.parametrize("orientation", RED)
def test_pictures_are_turned_upright_first(orientation: int) -> None:
    picture = made(telling(orientation=orientation))
    assert (picture.width, picture.height) == ((600, 400) if orientation < 5 else (400, 600))
    for content in (picture.full, picture.thumb):
        assert corners(opened(content)).index(True) == RED[orientation]


@pytest.mark.parametrize(
    ("sides", "kept", "thumb"),
    [
        ((2400, 1000), (2400, 1000), (400, 167)),
        ((4800, 3600), (2400, 1800), (400, 300)),
        ((3000, 7000), (1029, 2400), (172, 400)),
        ((6000, 8), (2400, 3), (400, 1)),
        ((8, 8), (8, 8), (8, 8)),
    ],
)
def test_the_longest_side_is_limited(sides: tuple[int, int], kept: tuple[int, int], thumb: tuple[int, int]) -> None:
    picture = made(encoded(drawn(*sides)))
    assert opened(picture.full).size == (picture.width, picture.height) == kept
    assert opened(picture.thumb).size in {thumb, (171, 400)}


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
def test_every_kind_of_pixels_becomes_plain_colours(mode: str) -> None:
    grey = drawn().convert("L")
    images = {"I;16": lambda: grey.convert("I").point(lambda value: value * 256).convert("I;16")}
    image = images.get(mode, lambda: drawn(mode=mode))()
    picture = opened(made(encoded(image, "JPEG" if mode == "CMYK" else "PNG")).full)
    assert picture.mode == "RGB"
    left, right = brightness(picture, (5, 5)), brightness(picture, (590, 390))
    assert mode == "1" or (abs(left - 86) < 20 and abs(right - 52) < 20)


def test_what_one_can_see_through_lies_on_white() -> None:
    image = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    assert opened(made(encoded(image, "PNG")).full).getpixel((3, 3)) == (255, 255, 255)


def test_other_colour_spaces_are_translated_and_broken_profiles_left_aside() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    plain = opened(made(encoded(drawn())).full).getpixel((5, 5))
    for profile in (lab, srgb, b"no profile at all"):
        picture = opened(made(encoded(drawn(), icc_profile=profile)).full)
        assert "icc_profile" not in picture.info
        assert picture.getpixel((5, 5)) == plain


def test_a_telephone_s_photo_with_another_picture_behind_it_is_its_first() -> None:
    sent = encoded(drawn(), "MPO", save_all=True, append_images=[Image.new("RGB", (600, 400), "green")])
    assert corners(opened(made(sent).full)) == [True, False, False, False]


REFUSED = {
    "nothing": (b"", Unfit.UNSUPPORTED_TYPE),
    "a text": (b"hello", Unfit.UNSUPPORTED_TYPE),
    "SVG": (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', Unfit.UNSUPPORTED_TYPE),
    "HTML": (b"<!doctype html><script>alert(1)</script>", Unfit.UNSUPPORTED_TYPE),
    "a PDF": (b"%PDF-1.7\n", Unfit.UNSUPPORTED_TYPE),
    "a GIF": (encoded(drawn(), "GIF"), Unfit.UNSUPPORTED_TYPE),
    "a TIFF": (encoded(drawn(), "TIFF"), Unfit.UNSUPPORTED_TYPE),
    "a BMP": (encoded(drawn(), "BMP"), Unfit.UNSUPPORTED_TYPE),
    "PostScript behind a JPEG's first bytes": (b"\xff\xd8\xff%!PS-Adobe-3.0 EPSF-3.0\n", Unfit.UNREADABLE),
    "a JPEG's first bytes": (jpeg()[:20], Unfit.UNREADABLE),
    "half a JPEG": (jpeg()[:-2000], Unfit.UNREADABLE),
    "half a PNG": (encoded(drawn(), "PNG")[:-300], Unfit.UNREADABLE),
    "half a WebP": (encoded(drawn(), "WEBP")[:-200], Unfit.UNREADABLE),
    "a PNG without pixels": (png(600, 400), Unfit.UNREADABLE),
    "a PNG of 50 000 by 50 000": (png(50_000, 50_000, b"\0" * 100_000), Unfit.TOO_MANY_PIXELS),
    "a PNG of the largest sides": (png(0x7FFFFFFF, 0x7FFFFFFF), Unfit.TOO_MANY_PIXELS),
    "a WebP of a huge canvas": (pictures.webp_canvas(16_000_000, 16_000_000), Unfit.TOO_MANY_PIXELS),
    "a WebP of nothing": (b"RIFF\x04\0\0\0WEBP", Unfit.UNREADABLE),
    "a PNG of more than 25 million pixels": (png(5001, 5000), Unfit.TOO_MANY_PIXELS),
    "one pixel": (encoded(drawn(1, 1), "PNG"), Unfit.TOO_SMALL),
    "a line": (encoded(drawn(600, 7), "PNG"), Unfit.TOO_SMALL),
    "a moving PNG": (pictures.moving("PNG"), Unfit.UNSUPPORTED_TYPE),
    "a moving WebP": (pictures.moving("WEBP"), Unfit.UNSUPPORTED_TYPE),
    "a JPEG of very many scans": (pictures.many_scans(3000), Unfit.UNREADABLE),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_photo_is_refused_at_once(name: str) -> None:
    sent, why = REFUSED[name]
    begun = time.thread_time()
    assert REENCODE(sent) is why
    assert time.thread_time() - begun < 2


def test_a_picture_that_unpacks_to_much_more_than_it_says_costs_what_it_says() -> None:
    bomb = png(64, 64, b"\0" * 100_000_000)
    assert len(bomb) < 150_000
    tracemalloc.start()
    begun = time.thread_time()
    REENCODE(bomb)
    assert time.thread_time() - begun < 2
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


@pytest.mark.parametrize("kind", [b"zTXt", b"iTXt", b"iCCP"])
def test_texts_that_unpack_to_gigabytes_are_not_unpacked(kind: bytes) -> None:
    packed = zlib.compress(b"a" * 100_000_000)
    heads = {b"zTXt": b"a\0\0", b"iTXt": b"a\0\1\0\0\0", b"iCCP": b"a\0\0"}
    sent = png(64, 64, (b"\0" + b"\x7f" * 192) * 64, before=pictures.chunk(kind, heads[kind] + packed))
    tracemalloc.start()
    begun = time.thread_time()
    assert isinstance(REENCODE(sent), Picture | Unfit)
    assert time.thread_time() - begun < 2
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()


def test_the_largest_picture_that_is_taken_is_taken() -> None:
    sent = encoded(Image.new("L", (8160, 6120), 128), "JPEG")
    assert MOST_PIXELS >= 8160 * 6120
    assert len(sent) < MOST_BYTES
    assert (made(sent).width, made(sent).height) == (2400, 1800)


@pytest.mark.parametrize(
    "tail",
    [b"<script>alert(1)</script>", b"PK\x03\x04" + b"\0" * 100, b"%PDF-1.7\n1 0 obj", b"<?php system($_GET[0]); ?>"],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_hides_behind_or_inside_a_picture_does_not_come_out(kind: str, tail: bytes) -> None:
    plain = encoded(drawn(), kind)
    hidden = [plain + tail]
    if kind == "JPEG":
        hidden.append(encoded(drawn(), comment=tail))
    for sent in hidden:
        picture = made(sent)
        assert picture == made(plain)
        assert tail not in picture.full + picture.thumb


def test_bytes_changed_anywhere_never_raise() -> None:
    for kind in ("JPEG", "PNG", "WEBP"):
        good = telling(kind)
        for place in range(0, len(good), max(1, len(good) // 150)):
            broken = good[:place] + bytes([good[place] ^ 0xFF]) + good[place + 1 :]
            assert isinstance(REENCODE(broken), Picture | Unfit)


def test_the_same_picture_comes_out_the_same_from_several_threads() -> None:
    sent, found = telling("WEBP"), []
    threads = [threading.Thread(target=lambda: found.append(REENCODE(sent))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
