"""Who may see what. What a person may not see does not exist for them: the face answers 404, as for what does not."""

from collections.abc import Iterable
from typing import NamedTuple

from fairhold.domain.actors import STAFF, Actor, Role
from fairhold.domain.events import Event, PaymentReceived
from fairhold.domain.evidence import PhotoId
from fairhold.domain.ids import PersonId
from fairhold.domain.order import Order
from fairhold.domain.payment_events import PaymentFailed, PaymentPageOpened, PaymentReturned, PaymentStarted
from fairhold.domain.payout_events import (
    PayoutAskedBack,
    PayoutFailed,
    PayoutNotTakenBack,
    PayoutReturned,
    PayoutSent,
    PayoutStarted,
    PayoutTakenBack,
)
from fairhold.domain.review import ReviewStatus, photos_of
from fairhold.domain.review_events import ReviewsClosed
from fairhold.domain.review_guards import is_named, may_see_review
from fairhold.domain.support_events import AccidentReported

_ALL_SEEING = STAFF | {Role.SYSTEM}


def may_see_order(actor: Actor, order: Order) -> bool:
    """The order, its parcels and its history: its buyer, its seller and the staff (S9)."""
    if actor.role is Role.BUYER:
        return order.buyer == actor.id
    if actor.role is Role.SELLER:
        return order.seller == actor.id
    return actor.role in _ALL_SEEING


SUPPORTING = frozenset({Role.SUPPORT, Role.OPERATOR})
"""Who answers for the marketplace where people turn to support."""


def may_see_chat(actor: Actor, order: Order, person: str) -> bool:
    """A conversation with support: whose it is, and those who answer, unless the deal is their own. Never the other side."""
    if actor.role in SUPPORTING:
        return actor.id not in (order.buyer, order.seller)
    return may_see_order(actor, order) and str(actor) == person


def may_see_photo(actor: Actor, owner: str, photo: PhotoId, orders: Iterable[Order]) -> bool:
    """A photo: whoever sent it and the staff; others where an order that they may see shows it. `orders` are candidates."""
    if str(actor) == owner or actor.role in _ALL_SEEING:
        return True
    return any(may_see_order(actor, order) and photo in photos_shown(order) for order in orders)


def photos_shown(order: Order) -> frozenset[PhotoId]:
    """The photos that an order shows to both of its parties: those on file in its disputes."""
    return frozenset(photo.id for dispute in order.disputes for photo in dispute.evidence)


def is_public_photo(photo: PhotoId, orders: Iterable[Order]) -> bool:
    """Whether everybody may see a photo: a published review shows it. `orders` are those that may come to show it."""
    return any(
        review.status is ReviewStatus.PUBLISHED and photo in photos_of(review)
        for order in orders
        for review in order.reviews
    )


_BUYERS_ALONE = (
    PaymentStarted,
    PaymentPageOpened,
    PaymentFailed,
    PaymentReceived,
    PaymentReturned,
    AccidentReported,
)


_SELLERS_ALONE = (
    PayoutStarted,
    PayoutSent,
    PayoutFailed,
    PayoutReturned,
    PayoutAskedBack,
    PayoutTakenBack,
    PayoutNotTakenBack,
)
"""What the seller has of it, and when, is no buyer's business."""


def may_have_event(actor: Actor, event: Event) -> bool:
    """An event as it is stored, in a bundle: all but what names the means of payment or was written to support alone.

    Of what somebody may not have, a bundle has the commitment, and the timeline the sentence that pages show as well.
    """
    if isinstance(event, _SELLERS_ALONE):
        return actor.role is not Role.BUYER
    return actor.role is not Role.SELLER or not isinstance(event, _BUYERS_ALONE)


def may_know_of(actor: Actor, order: Order, event: Event) -> bool:
    """Whether this actor, who sees the order, may know that this happened at all.

    S32 keeps an anonymous review's order from the other side, and a blind one is nobody's but its author's.
    """
    if isinstance(event, _SELLERS_ALONE):
        return actor.role is not Role.BUYER
    if isinstance(event, ReviewsClosed):
        # Silence is rated, and what was blind is shown, only where the other side has written.
        return all(is_named(review, actor) for review in order.reviews)
    review = order.review(getattr(event, "review", None))
    return review is None or (is_named(review, actor) and may_see_review(review, actor))


class Whose(NamedTuple):
    """Of which buyer or seller a list is; of everybody where neither is named."""

    buyer: PersonId | None
    seller: PersonId | None


def whose(actor: Actor) -> Whose:
    """Lists of orders and of disputes: one's own in one's own role, everybody's for the staff."""
    if actor.role is Role.BUYER:
        return Whose(actor.id, None)
    if actor.role is Role.SELLER:
        return Whose(None, actor.id)
    assert actor.role in _ALL_SEEING, "no other role sees what is not its own"
    return Whose(None, None)


def may_see_ledger(actor: Actor) -> bool:
    """All accounts and transfers: the operator."""
    return actor.role in (Role.OPERATOR, Role.SYSTEM)


def may_see_account(actor: Actor, account: str) -> bool:
    """One account: the operator, and a seller their own (`seller:shop-7:RUB`)."""
    if actor.role is Role.SELLER:
        kind, _, rest = account.partition(":")
        return kind == "seller" and rest.rpartition(":")[0] == actor.id
    return may_see_ledger(actor)


def may_move_clock(actor: Actor) -> bool:
    """The sandbox's clock: the operator alone."""
    return actor.role is Role.OPERATOR
