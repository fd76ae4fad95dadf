"""Which orders of a history make sense. Nothing is repaired: what contradicts itself is told and left out.

Moments may coincide, yet never run backwards: bought, paid, handed to the carrier, delivered. A later stage needs the one
before it. What a status says about the moments stands in one table, `STATUSES`.
"""

from collections.abc import Mapping
from typing import NamedTuple

from fairhold.domain.instants import Instant, after
from fairhold.domain.rules.checkout import LONGEST_PROMISE

MOMENTS = ("purchased", "paid", "shipped", "delivered", "promised")
CANCELED = ("canceled", "cancelled")


class Moments(NamedTuple):
    """What history tells of an order; None where it tells nothing."""

    purchased: Instant
    paid: Instant | None
    shipped: Instant | None
    delivered: Instant | None
    promised: Instant | None


class Stage(NamedTuple):
    """What a status says: stages that must have been reached, and stages that cannot have been."""

    needs: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()


_NOT_SENT = ("shipped", "delivered")

STATUSES: dict[str, Stage] = {
    "created": Stage(excludes=("paid", *_NOT_SENT)),
    "approved": Stage(needs=("paid",), excludes=_NOT_SENT),
    "invoiced": Stage(excludes=_NOT_SENT),
    "processing": Stage(excludes=_NOT_SENT),
    "unavailable": Stage(excludes=_NOT_SENT),
    "shipped": Stage(needs=("paid", "shipped"), excludes=("delivered",)),
    "delivered": Stage(needs=("paid", "shipped", "delivered")),
    "canceled": Stage(excludes=_NOT_SENT),
    "cancelled": Stage(excludes=_NOT_SENT),
}
"""`created` is an order that nobody has paid; `unavailable` one whose goods the seller did not have, paid for or not."""

_HAPPENED = {
    "purchased": "it was bought",
    "paid": "its payment was approved",
    "shipped": "it reached the carrier",
    "delivered": "it was delivered",
}
_WAY = tuple(_HAPPENED)


def why_senseless(moments: Moments, status: str | None, texts: Mapping[str, str]) -> str | None:
    """Why an order makes no sense, in one sentence; None where it does.

    `status` is None where the file has none; `texts` are the moments as the file writes them, for the sentence.
    """
    told = _Told(moments, texts)
    return _backwards(told) or _gap(told) or _promise(told) or (None if status is None else _status(told, status))


class _Told(NamedTuple):
    moments: Moments
    texts: Mapping[str, str]

    def at(self, stage: str) -> Instant | None:
        return self.moments[MOMENTS.index(stage)]

    def happened(self, stage: str) -> str:
        """«it was bought (2018-08-16 13:50:48)»."""
        return f"{_HAPPENED[stage]} ({self.texts[stage]})"


def _backwards(told: _Told) -> str | None:
    """The first stage that came before an earlier one, with every stage that it came before."""
    reached = [(stage, at) for stage in _WAY if (at := told.at(stage)) is not None]
    for place, (stage, at) in enumerate(reached):
        overtaken = [told.happened(before) for before, then in reached[:place] if at < then]
        if overtaken:
            return f"{told.happened(stage)} before {' and before '.join(overtaken)}"
    return None


def _gap(told: _Told) -> str | None:
    """A stage without the one that has to come before it."""
    if told.at("shipped") is not None and told.at("paid") is None:
        return f"{told.happened('shipped')}, yet its payment was never approved"
    if told.at("delivered") is not None and told.at("shipped") is None:
        return f"{told.happened('delivered')}, yet it never reached the carrier"
    return None


def _promise(told: _Told) -> str | None:
    promised, purchased = told.moments.promised, told.moments.purchased
    if promised is not None and promised < purchased:
        return f"it was promised for {told.texts['promised']}, before {told.happened('purchased')}"
    if promised is not None and promised > after(purchased, LONGEST_PROMISE):
        return f"it was promised for {told.texts['promised']}, more than 400 days after {told.happened('purchased')}"
    return None


def _status(told: _Told, status: str) -> str | None:
    """What the status says and the moments deny."""
    if not status:
        return "it has no status"
    stage = STATUSES.get(status)
    if stage is None:
        return f"its status {shortened(status)} is none of {', '.join(STATUSES)}"
    for needed in stage.needs:
        if told.at(needed) is None:
            return f"its status is {status}, yet nothing says when {_HAPPENED[needed]}"
    for excluded in stage.excludes:
        if told.at(excluded) is not None:
            return f"its status is {status}, yet {told.happened(excluded)}"
    return None


def shortened(text: str) -> str:
    """A field in quotation marks, cut where it is too long for a report."""
    return repr(text if len(text) <= 40 else f"{text[:39]}…")
