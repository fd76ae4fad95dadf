"""The goods as their buyers show them in reviews, on the table of `pictures.py`."""

import math
from collections.abc import Callable

from PIL import ImageDraw

Draw = ImageDraw.ImageDraw

_INK, _STEEL, _WHITE = (52, 50, 48), (176, 178, 182), (238, 236, 230)
_GREEN, _DARK_GREEN = (92, 128, 104), (66, 98, 78)
_WOOL, _WOOL_SHADE = (222, 206, 178), (190, 170, 138)


def _glow(draw: Draw, x: int, y: int, radius: int, inner: tuple[int, int, int], outer: tuple[int, int, int]) -> None:
    """Light that falls off from its middle."""
    for step in range(radius, 0, -6):
        share = step / radius
        colour = tuple(round(near + (far - near) * share) for near, far in zip(inner, outer, strict=True))
        draw.ellipse((x - step, y - step, x + step, y + step), fill=colour)


def _headlamp(draw: Draw) -> None:
    _glow(draw, 600, 520, 380, (255, 246, 214), (186, 140, 99))
    draw.arc((220, 180, 980, 860), 170, 370, fill=_INK, width=70)
    draw.rounded_rectangle((450, 380, 760, 640), 48, fill=(64, 66, 70))
    draw.ellipse((500, 408, 710, 618), fill=(150, 154, 158))
    _glow(draw, 605, 513, 84, (255, 255, 250), (255, 226, 150))
    draw.rounded_rectangle((700, 352, 752, 384), 10, fill=(190, 60, 50))


def _thermos(draw: Draw) -> None:
    draw.rounded_rectangle((470, 150, 730, 260), 26, fill=_INK)
    draw.rounded_rectangle((440, 240, 760, 760), 40, fill=_GREEN)
    draw.rectangle((440, 320, 500, 720), fill=(112, 150, 126))
    draw.rectangle((440, 560, 760, 620), fill=_DARK_GREEN)
    draw.rounded_rectangle((460, 744, 740, 776), 12, fill=_STEEL)


def _lights(draw: Draw) -> None:
    points = [(x, round(300 + 150 * math.sin((x - 60) / 240) + x / 8)) for x in range(60, 1150, 20)]
    draw.line(points, fill=_INK, width=12, joint="curve")
    for x, y in points[3::7]:
        _glow(draw, x, y + 66, 92, (255, 236, 170), (186, 140, 99))
        draw.rectangle((x - 16, y - 4, x + 16, y + 34), fill=_INK)
        draw.ellipse((x - 34, y + 28, x + 34, y + 106), fill=(255, 232, 160))
        draw.ellipse((x - 14, y + 46, x + 14, y + 88), fill=(255, 252, 236))


def _plaid(draw: Draw) -> None:
    draw.rounded_rectangle((170, 250, 1030, 780), 60, fill=_WOOL)
    for y in range(270, 770, 50):
        for x in range(190, 1010, 60):
            draw.line((x, y, x + 28, y + 34), fill=_WOOL_SHADE, width=12)
            draw.line((x + 56, y, x + 28, y + 34), fill=_WOOL_SHADE, width=12)
    draw.rounded_rectangle((170, 480, 1030, 540), 30, fill=(206, 188, 158))
    for x in range(190, 1030, 34):
        draw.line((x, 776, x - 6, 850), fill=_WOOL, width=12)


def _books(draw: Draw) -> None:
    for top, colour, left in ((560, (122, 52, 46), 250), (420, (44, 74, 104), 300)):
        draw.rectangle((left, top, left + 640, top + 140), fill=colour)
        draw.rectangle((left + 20, top + 18, left + 640, top + 122), fill=_WHITE)
        for y in range(top + 30, top + 120, 14):
            draw.line((left + 20, y, left + 640, y), fill=(214, 210, 200), width=3)
        draw.rectangle((left, top, left + 60, top + 140), fill=colour)
        draw.line((left + 30, top + 20, left + 30, top + 120), fill=(214, 184, 120), width=6)


def _watch(draw: Draw) -> None:
    draw.rounded_rectangle((490, 60, 710, 840), 50, fill=_INK)
    for y in range(660, 800, 40):
        draw.ellipse((584, y, 616, y + 20), fill=(92, 90, 88))
    draw.ellipse((370, 220, 830, 680), fill=_STEEL)
    draw.ellipse((404, 254, 796, 646), fill=(28, 34, 44))
    for hour in range(12):
        right, down = math.sin(hour * math.pi / 6), -math.cos(hour * math.pi / 6)
        draw.line((600 + 160 * right, 450 + 160 * down, 600 + 182 * right, 450 + 182 * down), fill=_WHITE, width=10)
    draw.line((600, 450, 600 - 70, 450 - 74), fill=_WHITE, width=16)
    draw.line((600, 450, 600 + 110, 450 - 84), fill=_WHITE, width=10)
    draw.ellipse((586, 436, 614, 464), fill=(214, 120, 60))


def kettle(draw: Draw) -> None:
    """A kettle of steel, as it was sold."""
    draw.arc((380, 60, 820, 520), 190, 350, fill=_INK, width=34)
    draw.polygon([(350, 400), (220, 300), (196, 336), (330, 520)], fill=_STEEL)
    draw.pieslice((330, 220, 870, 760), 180, 360, fill=(206, 208, 212))
    draw.rounded_rectangle((330, 480, 870, 720), 60, fill=(190, 193, 198))
    draw.ellipse((560, 186, 640, 250), fill=_INK)


def _rusty_kettle(draw: Draw) -> None:
    kettle(draw)
    for x, y, size in ((420, 560, 60), (520, 640, 44), (640, 590, 76), (760, 640, 52), (470, 470, 30), (720, 500, 34)):
        draw.ellipse((x - size, y - size // 2, x + size, y + size // 2), fill=(150, 92, 52))
        draw.ellipse((x - size // 2, y - size // 4, x + size // 2, y + size // 4), fill=(118, 66, 36))


GOODS_DRAWN: dict[str, Callable[[Draw], None]] = {
    "headlamp": _headlamp,
    "thermos": _thermos,
    "lights": _lights,
    "plaid": _plaid,
    "books": _books,
    "watch": _watch,
    "rusty-kettle": _rusty_kettle,
}
GOOD_SHADOWS = {
    "headlamp": (300, 500, 920, 800),
    "thermos": (380, 680, 880, 820),
    "lights": (100, 500, 1100, 760),
    "plaid": (140, 660, 1080, 870),
    "books": (220, 620, 1000, 780),
    "watch": (420, 700, 860, 880),
    "rusty-kettle": (280, 600, 940, 790),
}
