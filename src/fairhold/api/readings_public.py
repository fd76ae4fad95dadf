"""What everybody may read without a key: reviews of sellers and products, and what sellers and buyers are known for (S34, S35).

A field stands here because it may be public, one by one: nothing of an order gets in by being added to it.
"""

import msgspec

from fairhold.api import places
from fairhold.api.eyes import day_of
from fairhold.api.parameters import ON_A_PAGE
from fairhold.api.parts import Call, Parts
from fairhold.api.path_names import is_a, person
from fairhold.api.problems import Problem
from fairhold.api.readings import Reading
from fairhold.api.reviews import name_of
from fairhold.api.wire_reviews import (
    CriterionOut,
    PublicReply,
    PublicReview,
    PublicReviews,
    ReputationOut,
    ShippingOut,
    StandingOut,
    TallyOut,
)
from fairhold.domain.actors import Role
from fairhold.domain.commands import Short
from fairhold.domain.instants import SECOND, Duration, Instant
from fairhold.domain.reasons import Reason, Refusal
from fairhold.domain.reputation import Tally
from fairhold.domain.review import ReviewStatus
from fairhold.engine.ports.reviews import LANGUAGES, ProductReview, ReviewSort, StoredReview
from fairhold.engine.reading.reviews import Filter
from fairhold.words.dates import rfc3339
from fairhold.words.faults import Fault

_NOBODY = Refusal(Reason.NOT_FOUND)
_BAD_CURSOR = Problem(Fault.INVALID_CURSOR, "cursor")


def seller_reviews(parts: Parts, call: Call) -> Reading:
    """Reviews about a seller."""
    seller = person(call.names["seller"])
    if seller is None:
        return _NOBODY
    wanted, sort = _wanted(call), call.query.get("sort", ReviewSort.NEWEST)
    kind = f"reviews/seller:{seller}/{sort.name}"
    position = _position(parts, call, kind)
    if isinstance(position, Problem):
        return position
    limit = call.query.get("limit", ON_A_PAGE)
    page = parts.queries.reviews.about(Role.SELLER, seller, wanted=wanted, sort=sort, behind=position, limit=limit)
    return PublicReviews(
        items=[_public(row) for row in page.items],
        next=_next(parts, kind, page.further),
        summary=_tally(parts.queries.reputation.tally(Role.SELLER, seller)),
    )


def product_reviews(parts: Parts, call: Call) -> Reading:
    """Reviews about a product: its own stars, and its own words and photos, or, where it has none, those of the deal."""
    seller, sku = person(call.names["seller"]), call.names["sku"]
    if seller is None or not is_a(Short, sku):
        return _NOBODY
    wanted, sort = _wanted(call), call.query.get("sort", ReviewSort.NEWEST)
    kind = f"reviews/product:{seller}/{sku}/{sort.name}"
    position = _position(parts, call, kind)
    if isinstance(position, Problem):
        return position
    limit = call.query.get("limit", ON_A_PAGE)
    page = parts.queries.reviews.about_product(seller, sku, wanted=wanted, sort=sort, behind=position, limit=limit)
    return PublicReviews(
        items=[_of_product(found) for found in page.items],
        next=_next(parts, kind, page.further),
        summary=_tally(parts.queries.reputation.product_tally(seller, sku)),
    )


def _wanted(call: Call) -> Filter:
    query = call.query
    return Filter(query.get("rating", ()), query.get("photo", False), query.get("language", ""))


def _position(parts: Parts, call: Call, kind: str) -> str | Problem | None:
    if "cursor" not in call.query:
        return None
    text = parts.cursors.read(kind, call.query["cursor"])
    return _BAD_CURSOR if text is None else places.read(parts.queries.reviews, text) or _BAD_CURSOR


def _next(parts: Parts, kind: str, further: str | None) -> str | None:
    place = places.written(further)
    return None if place is None else parts.cursors.write(kind, place)


def _public(row: StoredReview) -> PublicReview:
    status = ReviewStatus(row.status)
    signed = not row.anonymous and not row.automatic
    shown = status is ReviewStatus.PUBLISHED
    return PublicReview(
        id=row.id,
        rating=row.rating if shown else None,
        status=status,
        automatic=bool(row.automatic),
        revised=row.revised_at is not None,
        left_at=_when(row.left_at, exact=signed),
        reply=_reply(row) if shown else None,
        author=name_of(row.author.partition(":")[2]) if signed and shown else None,
        description_accuracy=row.accuracy if shown else None,
        communication=row.communication if shown else None,
        shipping_speed=row.speed if shown else None,
        text=(row.text or None) if shown else None,
        language=(row.language or None) if shown else None,
        photos=row.pictures.split() if shown else [],
        revised_at=None if row.revised_at is None or not shown else _when(row.revised_at, exact=signed),
    )


def _of_product(found: ProductReview) -> PublicReview:
    own, whole = found.own, _public(found.review)
    if whole.status is not ReviewStatus.PUBLISHED:
        return whole
    pictures = own.pictures.split()
    if not own.text and not pictures:
        return msgspec.structs.replace(whole, rating=own.rating)
    language = LANGUAGES[own.facet % 10] or None
    return msgspec.structs.replace(whole, rating=own.rating, text=own.text or None, photos=pictures, language=language)


def _when(at: int, *, exact: bool) -> str:
    return rfc3339(Instant(at) if exact else day_of(Instant(at)))


def _reply(row: StoredReview) -> PublicReply | None:
    if row.reply_status != ReviewStatus.PUBLISHED or row.reply_at is None or row.reply_version is None:
        return None
    return PublicReply(row.reply_version, rfc3339(Instant(row.reply_at)), row.reply or "")


def reputation(parts: Parts, call: Call) -> Reading:
    """What a seller is known for."""
    seller = person(call.names["seller"])
    if seller is None:
        return _NOBODY
    found = parts.queries.reputation.reputation(seller)
    shipping = found.shipping
    return ReputationOut(
        seller=seller,
        summary=_tally(found.whole),
        months={str(months): _tally(tally) for months, tally in found.months.items()},
        shipping=ShippingOut(shipping.parcels, _seconds(shipping.dispatch), _seconds(shipping.delivery)),
        score=round(found.score, 4),
        disputes_lost=found.whole.lost,
    )


def standing(parts: Parts, call: Call) -> Reading:
    """What a buyer is known for."""
    buyer = person(call.names["buyer"])
    if buyer is None:
        return _NOBODY
    found = parts.queries.reputation.standing(buyer)
    return StandingOut(buyer, found.level, found.completed, found.given, _tally(found.received))


def _seconds(length: Duration | None) -> int | None:
    return None if length is None else length // SECOND


def _tally(tally: Tally) -> TallyOut:
    criteria = {
        "description_accuracy": (tally.accuracy_stars, tally.accuracy_n),
        "communication": (tally.communication_stars, tally.communication_n),
        "shipping_speed": (tally.speed_stars, tally.speed_n),
    }
    return TallyOut(
        rating=_average(tally.stars, tally.people),
        reviews=tally.people,
        stars={str(number): count for number, count in enumerate(tally.by_stars, 1)},
        positive_percent=None if not tally.people else round(100 * tally.positive / tally.people, 1),
        criteria={name: CriterionOut(round(stars / n, 2), n) for name, (stars, n) in criteria.items() if n},
        with_photo=tally.with_photo,
        languages={"ru": tally.in_ru, "en": tally.in_en},
        automatic=tally.automatic,
    )


def _average(stars: int, people: int) -> float | None:
    """Two digits behind the point."""
    return round(stars / people, 2) if people else None
