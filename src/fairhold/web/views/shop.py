"""The sandbox's shop: shelves of goods with a number to write beside each, and the review before an order is placed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from fairhold.domain.actors import Role
from fairhold.domain.instants import days
from fairhold.domain.policy import Policy
from fairhold.domain.reputation import NOTHING, Tally
from fairhold.engine.reading.reputation import lower_bound
from fairhold.web.people import Directory
from fairhold.web.shelves import Shelf
from fairhold.web.views.parts import Sum, Tab
from fairhold.web.views.public import Rating, product_url, rating_of, seller_url
from fairhold.words import dates
from fairhold.words.catalog import N_
from fairhold.words.money import money
from fairhold.words.names import pieces
from fairhold.words.reader import Reader
from fairhold.words.typography import keep_numbers

MOST = 20
"""So many of one thing in one order. Enough to try everything out."""


@dataclass(frozen=True)
class Counter:
    """What the shop is shown with: the reader, the names, and where pictures are."""

    reader: Reader
    names: Directory
    picture: Callable[[str], str]

    def name(self, shelf: Shelf) -> str:
        """What the seller is called."""
        return self.names.name(Role.SELLER, shelf.seller, self.reader.language)


class Known(NamedTuple):
    """What buyers say of a seller, and of the goods by SKU."""

    seller: Tally = NOTHING
    products: Mapping[str, Tally] = MappingProxyType({})


@dataclass(frozen=True)
class WareView:
    """Something to buy, with what was written beside it, and what buyers say of it."""

    field: str
    title: str
    thumb: str
    price: str
    quantity: str
    error: str
    url: str
    rating: Rating | None


@dataclass(frozen=True)
class ShelfView:
    """One seller's goods; `own` where the reader is that seller, who cannot buy there."""

    seller: str
    name: str
    shipping: str
    wares: tuple[WareView, ...]
    own: bool
    url: str
    rating: Rating | None
    error: str = ""


def field_of(sku: str) -> str:
    """The name of the field that says how many."""
    return f"quantity-{sku}"


def shelf_view(
    counter: Counter,
    shelf: Shelf,
    known: Known,
    *,
    own: bool,
    written: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    error: str = "",
) -> ShelfView:
    """A shelf as it is shown: `written` and `errors` by SKU, `known` is what buyers say."""
    reader = counter.reader
    words = reader.words
    cost = money(reader, shelf.shipping, shelf.currency)
    wares = tuple(
        WareView(
            field=field_of(ware.sku),
            title=keep_numbers(ware.title),
            thumb=counter.picture(ware.image or ""),
            price=money(reader, ware.price, shelf.currency),
            quantity=(written or {}).get(ware.sku) or "0",
            error=(errors or {}).get(ware.sku, ""),
            url=product_url(shelf.seller, ware.sku),
            rating=rating_of(reader, known.products[ware.sku]) if ware.sku in known.products else None,
        )
        for ware in shelf.wares
    )
    shipping = words.gettext(N_("Delivery %(sum)s"), sum=cost) if shelf.shipping else words.gettext(N_("Free delivery"))
    url, rating = seller_url(shelf.seller), rating_of(reader, known.seller)
    return ShelfView(shelf.seller, counter.name(shelf), shipping, wares, own, url, rating, error)


def best_first(shelves: Mapping[Shelf, Known]) -> list[Shelf]:
    """The shelves by what share of good reviews is at least to be expected of the seller; new ones keep their order, last."""
    return sorted(shelves, key=lambda shelf: -lower_bound(shelves[shelf].seller.positive, shelves[shelf].seller.people))


def ways(counter: Counter, shelves: Sequence[Shelf]) -> tuple[Tab, ...]:
    """The links to each seller's goods further down the page."""
    return tuple(Tab(counter.name(shelf), f"#{shelf.seller}", len(shelf.wares), current=False) for shelf in shelves)


@dataclass(frozen=True)
class Picked:
    """An item about to be ordered."""

    field: str
    number: int
    title: str
    thumb: str
    quantity: str
    total: str


@dataclass(frozen=True)
class Review:
    """What would be ordered: items, sums, and what becomes of the money."""

    seller: str
    name: str
    picked: tuple[Picked, ...]
    sums: tuple[Sum, ...]
    total: str
    protection: str


def review_of(counter: Counter, shelf: Shelf, quantities: Mapping[str, int], policy: Policy) -> Review:
    """The order to be placed, as sums and a sentence."""
    reader, currency = counter.reader, shelf.currency
    chosen = [(ware, quantities[ware.sku]) for ware in shelf.wares if quantities.get(ware.sku)]
    goods = sum(ware.price * quantity for ware, quantity in chosen)
    picked = tuple(
        Picked(
            field=field_of(ware.sku),
            number=quantity,
            title=keep_numbers(ware.title),
            thumb=counter.picture(ware.image or ""),
            quantity=_how_many(reader, quantity, money(reader, ware.price, currency)),
            total=money(reader, ware.price * quantity, currency),
        )
        for ware, quantity in chosen
    )
    words = reader.words
    sums = (
        Sum(words.gettext(N_("Items")), money(reader, goods, currency)),
        Sum(words.gettext(N_("Delivery")), money(reader, shelf.shipping, currency)),
    )
    window = dates.whole_days(reader, days(policy.receipt.window_days))
    protection = words.gettext(
        N_(
            "The money will stay with us until the goods are in your hands; after delivery you have %(length)s to check."
        ),
        length=window,
    )
    total = money(reader, goods + shelf.shipping, currency)
    return Review(shelf.seller, counter.name(shelf), picked, sums, total, protection)


def _how_many(reader: Reader, quantity: int, price: str) -> str:
    number = pieces(reader.words, quantity)
    if quantity == 1:
        return number
    return reader.words.gettext(N_("%(pieces)s at %(price)s"), pieces=number, price=price)
