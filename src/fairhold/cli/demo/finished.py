"""Orders of the past months, all over: what fills pages and accounts."""

from collections.abc import Iterator

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
            _life(placed, count),
            shipping=count % 4 * 9_500,
            discount=count % 7 // 6 * 20_000,
        )


def _life(placed: int, count: int) -> tuple[Step, ...]:
    """Paid within the hour, shipped within days, delivered within two weeks."""
    shipping = placed - (20 + count % 40) * HOUR
    delivered = shipping - (4 + count % 8) * DAY - count % 13 * HOUR
    steps = [
        paid(_text(placed - (5 + count % 50) * HOUR // 60)),
        shipped(_text(shipping), f"800837930{10_000 + count * 37}"),
        scan(_text(shipping - 8 * HOUR), ParcelStatus.IN_TRANSIT, "Новосибирск", "Принята к перевозке"),
        scan(_text(delivered), ParcelStatus.DELIVERED, "Москва, отделение 125195", "Вручено адресату"),
    ]
    if count % 3 == 0:
        steps.append(confirmed(_text(delivered - (6 + count % 60) * HOUR), *range(1, 2 + count % 2)))
    return tuple(steps)


def _text(length: int) -> str:
    return f"{length // (HOUR // 60)}m"
