"""Orders with reviews, brought about by commands, for the tests of pages about reviews."""

from __future__ import annotations

from typing import Any

from fairhold.domain.actors import Actor
from fairhold.domain.commands import ConfirmReceipt, NewLine, Pay, PlaceOrder, RecordCheckpoint, ShipParcel
from fairhold.domain.money import Currency
from fairhold.domain.order import Order, ParcelStatus
from fairhold.domain.review import Review, Verdict
from fairhold.domain.review_commands import ModerateReview, ReplyToReview, ReviseReview, WriteReview
from fairhold.domain.reviewing import review_by
from fairhold.engine.intake.screened import screened
from tests.web.conftest import ANN, LAMP, MIA, OPS, SHOP, Market


def completed(market: Market, *lines: NewLine, policy: str = "aliexpress") -> Order:
    """An order of which every line was confirmed."""
    rules = market.application.policies.get(policy)
    assert rules is not None
    placing = PlaceOrder(
        buyer=ANN.id, seller=SHOP.id, currency=Currency("RUB"), lines=lines or (LAMP,), shipping=30_000, policy=rules
    )
    order = market.do(None, placing, ANN)
    market.do(order.id, Pay(method="sandbox:ok"), ANN)
    order = market.do(order.id, ShipParcel(carrier="cdek", tracking_number="10241783306"), SHOP)
    scan = RecordCheckpoint(
        shipment=order.shipments[0].id,
        status=ParcelStatus.DELIVERED,
        at=market.application.clock.now(),
        place="Москва",
    )
    market.do(order.id, scan, OPS)
    return market.do(order.id, ConfirmReceipt(lines=tuple(line.id for line in order.lines), acknowledged=True), ANN)


def reviewed(
    market: Market, order: Order, who: Actor = ANN, rating: int = 2, text: str | None = None, **more: Any
) -> Review:
    """The review that this side leaves of the order."""
    command = WriteReview(rating=rating, text=text, screened=screened(text), **more)
    review = review_by(market.do(order.id, command, who), who.role)
    assert review is not None
    return review


def revised(market: Market, order: Order, review: Review, rating: int, text: str | None = None, **more: Any) -> None:
    """The author says it anew."""
    command = ReviseReview(review=review.id, rating=rating, text=text, screened=screened(text), **more)
    market.do(order.id, command, ANN)


def replied(market: Market, order: Order, review: Review, text: str, who: Actor = SHOP) -> None:
    """The other side answers."""
    market.do(order.id, ReplyToReview(review=review.id, text=text, screened=screened(text)), who)


def moderated(market: Market, order: Order, review: Review, decision: Verdict, reasons: str, **more: Any) -> None:
    """A mediator decides on it."""
    market.do(order.id, ModerateReview(review=review.id, decision=decision, reasons=reasons, **more), MIA)


def review_of(market: Market, order: Order, who: Actor = ANN) -> Review | None:
    """What this side has left of the order, as it is now."""
    return review_by(market.order(order.id), who.role)


def plain(text: str) -> str:
    """A page with every kind of space made an ordinary one."""
    return " ".join(text.split())
