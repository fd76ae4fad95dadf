"""Small markets about reviews: each begins with a deal that is over, or as good as over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from fairhold.domain.commands import Command, ConfirmReceipt, UndoReceipt
from fairhold.domain.review_commands import (
    ContestModeration,
    ModerateReview,
    ReplyToReview,
    ReviseReview,
    WriteReview,
)
from tests.builders import BUYER, MEDIATOR, SELLER, Deal, at
from tests.search.models import Model

_TERMS: dict[str, dict[str, object]] = {
    "receipt": {"settlement_delay_hours": 24},
    "reviews": {"window_days": 2, "revision_days": 2},
}


def _confirmed(deal: Deal) -> Deal:
    return deal.confirm(deal.order.lines[0].id)


def _released(deal: Deal) -> Deal:
    return _confirmed(deal).until(at(days=1))


def _over(deal: Deal) -> Deal:
    """The buyer's five stars, and the seller's silence answered."""
    return _released(deal).review(BUYER, 5).until(at(days=4))


def _ruled(deal: Deal) -> Deal:
    return deal.dispute(deal.order.lines[0].id).escalate().rule(1, by=MEDIATOR).until(at(days=2))


def _all_refunded(deal: Deal) -> Deal:
    return deal.dispute(deal.order.lines[0].id).accept(SELLER)


def _withdrawn(deal: Deal) -> Deal:
    return _confirmed(deal.dispute(deal.order.lines[0].id).withdraw())


@dataclass(frozen=True)
class Reviewed(Model):
    """A market in which only reviews are left to be asked about."""

    begins: Callable[[Deal], Deal] = _released
    rules: dict[str, object] = field(default_factory=dict)

    def policy_sections(self) -> dict[str, dict[str, object]]:
        """What this market changes."""
        return {**_TERMS, "reviews": {**_TERMS["reviews"], **self.rules}}

    def start(self) -> Deal:
        """The deal when it is over."""
        return self.begins(super().start())


def _of(*kinds: type[Command]) -> frozenset[type[Command]]:
    return frozenset(kinds)


_SAY = _of(WriteReview, ReviseReview)

REVIEWS = (
    Reviewed("reviews, revised and answered", kinds=_SAY | _of(ReplyToReview)),
    Reviewed(
        "reviews with a moderator",
        kinds=_of(ModerateReview, ContestModeration, ReplyToReview),
        begins=_over,
    ),
    Reviewed("everybody asks everything about reviews", kinds=_of(WriteReview), odd=True),
    Reviewed(
        "blind reviews of a receipt that can be taken back",
        kinds=_SAY | _of(ConfirmReceipt, UndoReceipt),
        begins=_confirmed,
        rules={"publication": "blind", "automatic": "five_for_silent_buyer", "revision": "any"},
    ),
    Reviewed("reviews after a claim", kinds=_SAY, begins=_ruled, rules={"revision": "none"}),
    Reviewed("reviews after a full refund", kinds=_SAY, begins=_all_refunded, rules={"automatic": "same_for_five"}),
    Reviewed("reviews after any dispute", kinds=_SAY, begins=_withdrawn, rules={"bar": "any_dispute_unless_refunded"}),
)
"""Of each rule that decides something, some value; every value is for the unit tests."""
