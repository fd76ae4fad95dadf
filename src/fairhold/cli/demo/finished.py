"""Orders of the past months, all over: what fills pages and accounts."""

from collections.abc import Iterator

from fairhold.cli.demo.review_steps import Saying, replied, wrote, wrote_of_buyer
from fairhold.cli.demo.sayings import SAYINGS
from fairhold.cli.demo.steps import Deal, Step, confirmed, paid, scan, shipped
from fairhold.domain.instants import DAY, HOUR, Duration
from fairhold.domain.order import ParcelStatus

_SHELVES = {
    "shop-7": ("headlamp", "mug", "organizer", "lights", "desk-lamp"),
    "shop-12": ("headphones", "watch", "drill", "lens"),
    "shop-24": ("tea", "kettle", "bear"),
    "shop-18": ("bag", "shirt", "plaid"),
    "shop-21": ("books", "atlas"),
}
_BUYERS = ("ann", "ivan", "ann", "boris", "ann")
_MOST = 90
_FIRST_DAYS_AGO = 24
_STRIDE_HOURS = 57


def finished() -> Iterator[Deal]:
    """Ninety orders over seven months; every third was confirmed by its buyer, the others completed by themselves."""
    sellers = tuple(_SHELVES)
    taken: dict[str, int] = {}
    for count in range(_MOST):
        shelf = _SHELVES[sellers[count % len(sellers)]]
        buyer = _BUYERS[count // len(sellers) % len(_BUYERS)]
        if buyer == "boris" and sellers[count % len(sellers)] == "shop-21":
            buyer = "ivan"  # nobody buys from themselves
        goods = tuple((shelf[(count + place) % len(shelf)], 1 + (count + place) % 2) for place in range(1 + count % 2))
        placed = _FIRST_DAYS_AGO * DAY + count * _STRIDE_HOURS * HOUR + count % 11 * (HOUR // 6)
        yield Deal(
            buyer,
            sellers[count % len(sellers)],
            goods,
            Duration(placed),
            (*_life(placed, count), *_opinion(placed, count, sellers[count % len(sellers)], goods[0][0], taken)),
            shipping=count % 4 * 9_500,
            discount=count % 7 // 6 * 20_000,
        )


def _life(placed: int, count: int) -> tuple[Step, ...]:
    """Paid within the hour, shipped within days, delivered within two weeks."""
    shipping = placed - (20 + count % 40) * HOUR
    delivered = _delivered(placed, count)
    steps = [
        paid(_text(placed - (5 + count % 50) * HOUR // 60)),
        shipped(_text(shipping), f"800837930{10_000 + count * 37}"),
        scan(_text(shipping - 8 * HOUR), ParcelStatus.IN_TRANSIT, "Новосибирск", "Принята к перевозке"),
        scan(_text(delivered), ParcelStatus.DELIVERED, "Москва, отделение 125195", "Вручено адресату"),
    ]
    if count % 3 == 0:
        steps.append(confirmed(_text(delivered - (6 + count % 60) * HOUR), *range(1, 2 + count % 2)))
    return tuple(steps)


_REVIEWED = {"shop-7": 15, "shop-12": 11, "shop-24": 9, "shop-18": 5, "shop-21": 5}
"""How many of each shop's newest orders were reviewed; of every fifth one, the seller reviewed the buyer, too."""


def _opinion(placed: int, count: int, seller: str, good: str, taken: dict[str, int]) -> tuple[Step, ...]:
    """What the buyer said within a day or two of the end of the time to check."""
    if taken.setdefault(seller, 0) >= _REVIEWED[seller]:
        return ()
    taken[seller] += 1
    said, place = SAYINGS[good], taken.setdefault(good, 0)
    taken[good] += 1
    written = _delivered(placed, count) - 7 * DAY - (3 + count * 7 % 40) * HOUR
    steps = [wrote(_text(written), said[place] if place < len(said) else Saying(said[place % len(said)].rating))]
    if count % 15 == 2:
        steps.append(replied(_text(written - 20 * HOUR), "Жаль, что так вышло. Напишите нам, поменяем."))
    if count % 25 == 0:
        steps.append(wrote_of_buyer(_text(written - 30 * HOUR), 5))
    return tuple(steps)


def _delivered(placed: int, count: int) -> int:
    return placed - (20 + count % 40) * HOUR - (4 + count % 8) * DAY - count % 13 * HOUR


def _text(length: int) -> str:
    return f"{length // (HOUR // 60)}m"
