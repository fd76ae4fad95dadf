"""The public pages of sellers and products: what buyers say, for everybody, signed in or not."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec
from starlette.exceptions import HTTPException
from starlette.responses import Response

from fairhold.domain.actors import Role
from fairhold.domain.commands import Person, Short
from fairhold.domain.ids import PersonId
from fairhold.domain.instants import Instant
from fairhold.domain.reputation import Tally
from fairhold.domain.status import Tab
from fairhold.engine.ports.reviews import ProductReview, StoredReview
from fairhold.engine.reading.reviews import Filter, ProductPage, ReviewPage
from fairhold.web.handlers.public_caching import cached
from fairhold.web.rendering import picture
from fairhold.web.views.public import (
    deals_in_words,
    deals_of,
    number,
    periods_of,
    product_url,
    rating_of,
    score_of,
    seller_url,
)
from fairhold.web.views.public_data import product_data, seller_data
from fairhold.web.views.public_filters import SORTS, Wish, choices_of, neighbours, reset_of, sorts_of, wish_of
from fairhold.web.views.public_lists import Listed, ProductRow, about_of, listed, nothing, product_row, shots_of
from fairhold.web.views.review_cards import ReviewCard, author_name, review_card
from fairhold.web.visits import Visit
from fairhold.words import dates
from fairhold.words.typography import keep_numbers

PER_PAGE = 10
_PHOTOS = 12
_PRODUCTS = 8
_LOOKED_THROUGH = 20
"""In so many of a seller's newest orders, goods are looked for that nobody has reviewed."""


def seller(visit: Visit) -> Response:
    """What buyers say of a seller."""
    who = seller_of(visit)
    queries, reader, url = visit.site.queries, visit.reader, seller_url(who)
    wish = wish_of(visit.request.query_params)
    reputation, counts = queries.reputation.reputation(who), queries.tab_counts(seller=who)
    page = queries.reviews.about(
        Role.SELLER,
        who,
        wanted=wish.filter(),
        sort=SORTS[wish.sort],
        behind=_cursor(visit, wish.further),
        ahead=_cursor(visit, wish.back),
        limit=PER_PAGE,
    )
    name = visit.site.directory.name(Role.SELLER, who, reader.language)
    known = name != who or counts.numbers[None] or reputation.whole.people or page.items
    if not known and all(shelf.seller != who for shelf in visit.site.shop):
        raise HTTPException(404)
    rows = [_listed(visit, row) for row in page.items]
    completed = counts.numbers.get(Tab.COMPLETED, 0)
    with_photo = queries.reviews.about(Role.SELLER, who, wanted=Filter(with_photo=True), limit=_PHOTOS).items
    return cached(
        visit,
        "public_reviews.html",
        name=name,
        lead=deals_in_words(reader, completed, or_more=Tab.COMPLETED in counts.at_least),
        thumb="",
        shop=f"/shop/{who}" if _sold_here(visit, who) else "",
        seller=None,
        periods=periods_of(reader, reputation),
        deals=deals_of(reader, reputation, completed, or_more=Tab.COMPLETED in counts.at_least),
        products=_products(visit, who),
        data=seller_data(name, reputation.whole, [row.card for row in rows if row.said]),
        **_listing(visit, url, wish, reputation.whole, page, rows),
        shots=shots_of(reader, with_photo, _PHOTOS),
    )


def product(visit: Visit) -> Response:
    """What buyers say of a product."""
    who, sku = seller_of(visit), sku_of(visit)
    queries, reader, url = visit.site.queries, visit.reader, product_url(who, sku)
    wish = wish_of(visit.request.query_params)
    page = queries.reviews.about_product(
        who,
        sku,
        wanted=wish.filter(),
        sort=SORTS[wish.sort],
        behind=_cursor(visit, wish.further),
        ahead=_cursor(visit, wish.back),
        limit=PER_PAGE,
    )
    goods = goods_of(visit, who, sku, page.items)
    if goods is None:
        raise HTTPException(404)
    tally = queries.reputation.product_tally(who, sku)
    rows = [_listed(visit, row.review, row) for row in page.items]
    with_photo = queries.reviews.about_product(who, sku, wanted=Filter(with_photo=True), limit=_PHOTOS).items
    name = visit.site.directory.name(Role.SELLER, who, reader.language)
    of_seller = queries.reputation.tally(Role.SELLER, who)
    title = keep_numbers(goods.title)
    return cached(
        visit,
        "public_reviews.html",
        name=title,
        lead="",
        shop="",
        thumb=picture(visit.desk.assets, goods.image or ""),
        seller={"name": name, "url": seller_url(who), "rating": rating_of(reader, of_seller)},
        periods=(),
        deals=(),
        products=(),
        data=product_data(title, sku, name, tally, [row.card for row in rows if row.said]),
        **_listing(visit, url, wish, tally, page, rows),
        shots=shots_of(reader, with_photo, _PHOTOS),
    )


def seller_of(visit: Visit) -> PersonId:
    """The seller whom the path names. Raises 404 where nobody can be called that."""
    return PersonId(_as(Person, visit.request.path_params["seller"]))


def sku_of(visit: Visit) -> str:
    """The SKU that the path names. Raises 404 where nothing can be called that."""
    return _as(Short, visit.request.path_params["sku"])


def _as(kind: object, text: str) -> str:
    try:
        found: str = msgspec.convert(text, kind)
    except msgspec.ValidationError:
        raise HTTPException(404) from None
    return found


def _sold_here(visit: Visit, seller: PersonId) -> bool:
    """Whether the sandbox's shop has goods of the seller's that this reader may come to buy."""
    buys = visit.person is None or visit.person.actor(Role.BUYER) is not None
    return visit.site.has_shop and buys and any(shelf.seller == seller for shelf in visit.site.shop)


@dataclass(frozen=True)
class Goods:
    """What a SKU stands for."""

    title: str
    image: str | None


def goods_of(visit: Visit, seller: PersonId, sku: str, rows: Sequence[ProductReview]) -> Goods | None:
    """What the seller calls it: on the shelf, where it was last reviewed, or in a newest order; None where it is nowhere."""
    for shelf in visit.site.shop:
        for ware in shelf.wares:
            if (shelf.seller, ware.sku) == (seller, sku):
                return Goods(ware.title, ware.image)
    queries = visit.site.queries
    rows = rows or queries.reviews.about_product(seller, sku, limit=1).items
    orders = [queries.reviews.order_of(row.review) for row in rows[:1]]
    for order in orders or queries.list_orders(seller=seller, limit=_LOOKED_THROUGH).items:
        line = next((line for line in order.lines if line.sku == sku), None) if order is not None else None
        if line is not None:
            return Goods(line.title, line.image)
    return None


def _listed(visit: Visit, row: StoredReview, own: ProductReview | None = None) -> Listed:
    """A review as it stands in the list; on the seller's page it says about what it is."""
    queries, reader = visit.site.queries, visit.reader
    line = about_of(queries.reviews.order_of(row), row) if own is None else None
    card = review_card(
        reader,
        visit.now,
        row,
        who=author_name(visit.site.directory, reader, row),
        about=keep_numbers(line.title) if line else "",
        about_url=product_url(row.subject.partition(":")[2], line.sku) if line else "",
        own=own.own if own else None,
        versions=queries.reviews.public_versions(row) if row.version > 1 else (),
    )
    return listed(reader, row, _dated(visit, row, card), visit.person, sandbox=visit.site.sandbox)


def _dated(visit: Visit, row: StoredReview, card: ReviewCard) -> ReviewCard:
    """The card with days in place of moments: to the second, they would lead a seller to an anonymous review's order (S32)."""
    earlier = tuple(replace(one, at=one.at[:10]) for one in card.earlier)
    left = dates.local(visit.reader, Instant(row.left_at)).date().isoformat()
    return replace(card, at=left, earlier=earlier)


def _listing(
    visit: Visit, url: str, wish: Wish, tally: Tally, page: ReviewPage | ProductPage, rows: list[Listed]
) -> dict[str, object]:
    """The score, the list, and the ways through it."""
    reader, reset = visit.reader, reset_of(url, wish)
    return {
        "url": url,
        # Views of a page are no pages of their own to those who index; nor is one that nothing is written on.
        "indexed": wish.plain and bool(tally.people),
        "score": score_of(reader, url, wish, tally),
        "total": number(reader, tally.people) if tally.people and not wish.filtered else "",
        "choices": choices_of(reader, url, wish, tally),
        "sorts": sorts_of(reader, url, wish) if tally.people + tally.automatic > 1 else (),
        "reset": reset,
        "rows": rows,
        "newest": wish.sort == "newest",
        "ways": neighbours(url, wish, _told(page.further), _told(page.back)),
        "nothing": None if rows else nothing(reader, wish, reset),
    }


def _told(cursor: str | None) -> str:
    """A cursor as the address has it: without the moment, which would lead to an anonymous review's order (S32)."""
    stars, _, rest = (cursor or "").partition("~")
    return f"{stars}~{rest.partition('~')[2]}" if rest else ""


def _cursor(visit: Visit, told: str) -> str | None:
    """The cursor whole again; None where there is no such review, which is the list's beginning."""
    stars, _, name = told.partition("~")
    row = visit.site.queries.reviews.review(name)
    return f"{stars}~{row.left_at}~{row.id}" if row is not None else None


def _products(visit: Visit, seller: PersonId) -> list[ProductRow]:
    """The seller's reviewed products, those with the most reviews first."""
    queries, found = visit.site.queries, []
    for sku in queries.reviews.products(seller, _PRODUCTS):
        tally = queries.reputation.product_tally(seller, sku)
        goods = goods_of(visit, seller, sku, ()) if tally.people else None
        row = product_row(visit.reader, seller, sku, goods.title, tally) if goods else None
        if row is not None:
            found.append((tally.people, row))
    return [row for _, row in sorted(found, key=lambda one: -one[0])]
