"""Pictures that the demo's people send: drawn, so that no photo of anybody's has to come with the product.

What has gone wrong stands here, what buyers are glad of in `pictures_of_goods.py`.
"""

import io
import random
from collections.abc import Callable

from PIL import Image, ImageDraw, ImageFilter

from fairhold.cli.demo.pictures_of_goods import GOOD_SHADOWS, GOODS_DRAWN, kettle

_SIZE = (1200, 900)
_SENT = (800, 600)
"""Drawn larger than it is sent: scaling down makes the edges smooth."""
_TABLE, _SHADOW = (186, 140, 99), (120, 84, 55)
_CARD, _CARD_INSIDE, _TAPE = (201, 163, 116), (148, 113, 74), (226, 200, 158)
_WHITE, _GREY, _INK = (238, 236, 230), (176, 178, 182), (52, 50, 48)
_GREEN, _DARK_GREEN, _BARE = (92, 128, 104), (66, 98, 78), (190, 172, 150)
Draw = ImageDraw.ImageDraw


def picture(name: str) -> io.BytesIO:
    """The picture of that name, as a camera would hand it over."""
    image = _table(name)
    _shade(image, _SHADOWS[name])
    _DRAWN[name](ImageDraw.Draw(image))
    image = _lit(image.resize(_SENT, Image.Resampling.BOX))
    file = io.BytesIO()
    image.save(file, "JPEG", quality=88)
    file.seek(0)
    return file


def _table(name: str) -> Image.Image:
    """Planks, each a little different."""
    chance = random.Random(name)  # noqa: S311 - decoration
    image = Image.new("RGB", _SIZE, _TABLE)
    draw = ImageDraw.Draw(image)
    for top in range(0, _SIZE[1], 150):
        shift = chance.randint(-10, 10)
        draw.rectangle((0, top, _SIZE[0], top + 148), fill=(_TABLE[0] + shift, _TABLE[1] + shift, _TABLE[2] + shift))
        for _ in range(14):
            y, x = top + chance.randint(6, 142), chance.randint(-200, _SIZE[0])
            draw.line((x, y, x + chance.randint(150, 600), y + chance.randint(-5, 5)), fill=(168, 124, 86), width=2)
        draw.line((0, top + 149, _SIZE[0], top + 149), fill=_SHADOW, width=3)
    return image


def _shade(image: Image.Image, where: tuple[int, int, int, int]) -> None:
    """What stands on the table throws a shadow: soft, so that an eighth of the size will do to blur it."""
    mask = Image.new("L", (_SIZE[0] // 8, _SIZE[1] // 8), 0)
    ImageDraw.Draw(mask).ellipse([edge // 8 for edge in where], fill=170)
    image.paste(_SHADOW, (0, 0), mask.filter(ImageFilter.GaussianBlur(3.5)).resize(_SIZE))


def _lit(image: Image.Image) -> Image.Image:
    """Light from a window at the left, and the noise of a phone's camera."""
    light = Image.linear_gradient("L").rotate(90).resize(_SENT)
    dark = Image.blend(image, Image.new("RGB", _SENT, (20, 16, 12)), 0.34)
    noise = Image.effect_noise(_SENT, 22).convert("RGB")
    return Image.blend(Image.composite(image, dark, light), noise, 0.05)


def _mug(draw: Draw) -> None:
    draw.ellipse((740, 330, 960, 590), outline=_GREEN, width=44)
    draw.rectangle((380, 260, 800, 640), fill=_GREEN)
    draw.ellipse((380, 560, 800, 720), fill=_GREEN)
    draw.rectangle((380, 400, 800, 470), fill=_DARK_GREEN)
    draw.ellipse((380, 190, 800, 330), fill=_GREY)
    draw.ellipse((410, 208, 770, 312), fill=(112, 112, 114))


def _cracked_mug(draw: Draw) -> None:
    _mug(draw)
    crack = [(716, 318), (698, 372), (724, 420), (690, 486), (716, 540), (684, 606), (700, 660)]
    draw.line(crack, fill=_INK, width=8, joint="curve")
    draw.line([(690, 486), (640, 520), (618, 574)], fill=_INK, width=5, joint="curve")


def _chipped_mug(draw: Draw) -> None:
    _mug(draw)
    draw.polygon([(520, 690), (560, 644), (612, 668), (640, 716), (576, 726)], fill=_BARE)
    draw.line([(520, 690), (560, 644), (612, 668), (640, 716)], fill=_INK, width=5, joint="curve")


def _dead_headlamp(draw: Draw) -> None:
    draw.arc((220, 180, 980, 860), 170, 370, fill=_INK, width=70)
    draw.rounded_rectangle((450, 380, 760, 640), 48, fill=(64, 66, 70))
    draw.ellipse((500, 408, 710, 618), fill=(112, 116, 120))
    draw.ellipse((534, 442, 676, 584), fill=(34, 34, 38))
    draw.ellipse((580, 486, 632, 538), fill=(196, 190, 150))
    draw.rounded_rectangle((700, 352, 752, 384), 10, fill=(190, 60, 50))


def _label(draw: Draw) -> None:
    draw.rectangle((120, 90, 1080, 860), fill=(104, 128, 150))
    for x in range(120, 1080, 16):
        draw.line((x, 90, x, 860), fill=(98, 121, 143), width=3)
    draw.rectangle((380, 240, 820, 660), fill=_WHITE)
    draw.line((380, 268, 820, 268), fill=_GREY, width=4)
    draw.text((600, 330), "100 %", fill=_INK, font_size=88, anchor="mm")
    draw.text((600, 420), "POLYESTER", fill=_INK, font_size=60, anchor="mm")
    for place, x in enumerate(range(430, 800, 96)):
        draw.rectangle((x, 520, x + 60, 580), outline=_INK, width=5)
        draw.line((x, 520, x + 60, 580) if place % 2 else (x, 580, x + 60, 520), fill=_INK, width=4)


def _empty_box(draw: Draw) -> None:
    draw.polygon([(260, 330), (940, 330), (860, 180), (340, 180)], fill=_CARD_INSIDE)
    draw.polygon([(260, 330), (120, 250), (250, 120), (340, 180)], fill=_CARD)
    draw.polygon([(940, 330), (1080, 250), (950, 120), (860, 180)], fill=_CARD)
    draw.rectangle((260, 330, 940, 760), fill=_CARD)
    draw.rectangle((260, 500, 940, 570), fill=_TAPE)
    draw.polygon([(340, 180), (860, 180), (826, 250), (374, 250)], fill=(112, 84, 54))
    draw.rectangle((300, 620, 520, 730), fill=_WHITE)
    for n, x in enumerate(range(318, 500, 14)):
        draw.line((x, 636, x, 690), fill=_INK, width=3 + n % 3 * 2)


def _kettle(draw: Draw) -> None:
    kettle(draw)
    draw.rectangle((640, 500, 800, 640), fill=_WHITE)
    draw.text((720, 570), "1.2 L", fill=_INK, font_size=58, anchor="mm")


_DRAWN: dict[str, Callable[[Draw], None]] = {
    "cracked-mug": _cracked_mug,
    "chipped-mug": _chipped_mug,
    "dead-headlamp": _dead_headlamp,
    "label": _label,
    "empty-box": _empty_box,
    "kettle": _kettle,
    **GOODS_DRAWN,
}
_SHADOWS = {
    "cracked-mug": (340, 600, 960, 780),
    "chipped-mug": (340, 600, 960, 780),
    "dead-headlamp": (300, 500, 920, 800),
    "label": (100, 700, 1120, 890),
    "empty-box": (220, 640, 1020, 840),
    "kettle": (280, 600, 940, 790),
    **GOOD_SHADOWS,
}
