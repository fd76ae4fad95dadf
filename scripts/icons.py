"""Draw the icons of the installed app out of the logo: `python -m scripts.icons`.

The mark of `favicon.svg`, in light on the accent colour, as PNG files beside it: with round corners for desktops, to the
edges and with the mark in the middle for systems that cut their own shape ("maskable"; the W3C's manifest promises four
fifths of the width), and for Apple's home screen. Each file carries the SHA-256 of the drawing that it was made from, so
that a test notices a logo that changed without them.
"""

import hashlib
import re
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from PIL import Image
from PIL.PngImagePlugin import PngInfo
from playwright.sync_api import Page, sync_playwright

from scripts.chromium import find

STATIC = Path(__file__).parent.parent / "src" / "fairhold" / "web" / "static"
LOGO = STATIC / "favicon.svg"
MADE_FROM = "Made-From"
"""The name of the text in which a file says what it was made from."""
GROUND, CUP, COIN = "#234b9b", "#ffffff", "#a3c0ff"
VIEW = "0 1.2 24 24"
"""The mark lies a little below the middle of its own drawing: here it is centred."""


class Icon(NamedTuple):
    """A file of `size` pixels: the mark takes `share` of its width, the corners are round by `radius` of it."""

    name: str
    size: int
    share: float
    radius: float


ICONS = (
    Icon("icon-192.png", 192, 0.66, 0.22),
    Icon("icon-512.png", 512, 0.66, 0.22),
    Icon("icon-maskable-192.png", 192, 0.58, 0),
    Icon("icon-maskable-512.png", 512, 0.58, 0),
    Icon("apple-touch-icon.png", 180, 0.64, 0),
)


def drawing(icon: Icon) -> str:
    """The icon as SVG."""
    mark = re.sub(r"<style>.*?</style>", "", LOGO.read_text(encoding="utf-8"))
    mark = re.sub(r"^<svg[^>]*>|</svg>\s*$", "", mark.strip())
    mark = mark.replace('class="u"', f'stroke="{CUP}"').replace('class="c"', f'fill="{COIN}"')
    size, width = icon.size, icon.size * icon.share
    edge, radius = (size - width) / 2, size * icon.radius
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}">'
        f'<rect width="{size}" height="{size}" rx="{radius}" fill="{GROUND}"/>'
        f'<svg x="{edge}" y="{edge}" width="{width}" height="{width}" viewBox="{VIEW}">{mark}</svg></svg>'
    )


def made_from(icon: Icon) -> str:
    """What tells one drawing from another."""
    return hashlib.sha256(drawing(icon).encode()).hexdigest()


def _draw(page: Page, icon: Icon) -> None:
    page.set_viewport_size({"width": icon.size, "height": icon.size})
    page.set_content(f"<style>body {{ margin: 0 }} svg {{ display: block }}</style>{drawing(icon)}")
    with Image.open(BytesIO(page.screenshot(omit_background=True))) as picture:
        said = PngInfo()
        said.add_text(MADE_FROM, made_from(icon))
        picture.quantize(256, method=Image.Quantize.FASTOCTREE).save(STATIC / icon.name, optimize=True, pnginfo=said)
    print(icon.name, (STATIC / icon.name).stat().st_size, "bytes")


def main() -> None:
    """Write every icon anew."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        for icon in ICONS:
            _draw(page, icon)
        browser.close()


if __name__ == "__main__":
    main()
