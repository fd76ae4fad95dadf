"""The demo's shop: whose goods are whose, and what sending them costs."""

from fairhold.cli.demo.goods import GOODS
from fairhold.domain.ids import PersonId
from fairhold.domain.money import Currency
from fairhold.web.shelves import Shelf, Ware


def _shelf(seller: str, currency: str, shipping: int, *goods: str) -> Shelf:
    wares = tuple(
        Ware(good.sku, good.title, good.price, good.category, f"goods:{good.picture}")
        for good in (GOODS[name] for name in goods)
    )
    return Shelf(PersonId(seller), Currency(currency), shipping, wares)


SHELVES = (
    _shelf("shop-7", "RUB", 30_000, "headlamp", "mug", "organizer", "lights", "desk-lamp"),
    _shelf("shop-12", "RUB", 39_000, "headphones", "lens", "phone", "watch", "drill"),
    _shelf("shop-15", "RUB", 89_000, "chair"),
    _shelf("shop-18", "RUB", 25_000, "plaid", "shirt", "boots", "bag"),
    _shelf("shop-21", "RUB", 19_900, "books", "atlas"),
    _shelf("shop-24", "RUB", 19_900, "kettle", "tea", "bear"),
    _shelf("shop-31", "EUR", 990, "lamp-eur", "notebook-eur"),
    _shelf("shop-32", "USD", 1_200, "boots-usd", "watch-usd", "mug-usd"),
    _shelf("shop-33", "JPY", 880, "tea-jpy", "box-jpy"),
    _shelf("shop-34", "KWD", 2_500, "oud-kwd", "picks-kwd"),
)
"""What can be bought in the sandbox."""
