"""The time left, at the head of a page: the deadline that matters most to the reader."""

from collections.abc import Iterable

from fairhold.domain.actors import Role
from fairhold.domain.coming import Because, Deadline
from fairhold.domain.deadlines import deadlines
from fairhold.domain.instants import MINUTE, Instant, between
from fairhold.domain.order import Portion
from fairhold.web.views.parts import Bar, Clock
from fairhold.web.views.sight import Sight
from fairhold.words import dates
from fairhold.words.catalog import N_

_IMPORTANCE = {
    Role.SELLER: (
        Because.NOT_SHIPPED,
        Because.RETURNED_TO_SENDER,
        Because.NOT_PAID,
        Because.CONFIRMED,
        Because.DELIVERED,
        Because.SHIPPED,
        Because.SHIPPED_LAPSE_EXTENDS,
        Because.PROVIDER_LIMIT,
    ),
    Role.BUYER: (
        Because.NOT_PAID,
        Because.DELIVERED,
        Because.SHIPPED,
        Because.SHIPPED_LAPSE_EXTENDS,
        Because.PROVIDER_LIMIT,
        Because.RETURNED_TO_SENDER,
        Because.NOT_SHIPPED,
        Because.CONFIRMED,
    ),
}

_RANKS = {role: {because: rank for rank, because in enumerate(order)} for role, order in _IMPORTANCE.items()}

_BUYER_LABELS = {
    **dict.fromkeys(Because, N_("The next step comes in")),
    Because.NOT_PAID: N_("Time left to pay"),
    Because.DELIVERED: N_("Time left to check"),
    Because.SHIPPED: N_("Protection runs for another"),
    Because.SHIPPED_LAPSE_EXTENDS: N_("Protection runs for another"),
    Because.PROVIDER_LIMIT: N_("We can hold the money for another"),
    Because.RETURNED_TO_SENDER: N_("The seller has left to ship it again"),
    Because.NOT_SHIPPED: N_("The seller has left to ship"),
    Because.CONFIRMED: N_("The money goes to the seller in"),
}
_SELLER_LABELS = {
    **_BUYER_LABELS,
    Because.NOT_PAID: N_("The buyer has left to pay"),
    Because.DELIVERED: N_("The buyer has left to check"),
    Because.RETURNED_TO_SENDER: N_("Time left to ship it again"),
    Because.NOT_SHIPPED: N_("Time left to ship"),
    Because.CONFIRMED: N_("The money comes in"),
}
_TURNS = {
    Role.BUYER: {Because.NOT_PAID, Because.DELIVERED},
    Role.SELLER: {Because.NOT_SHIPPED, Because.RETURNED_TO_SENDER},
}

_FEET = {
    Because.NOT_PAID: N_("%(until)s %(zone)s. No money has been taken yet."),
    Because.CONFIRMED: N_("%(until)s %(zone)s. Until then support can undo the confirmation of %(sum)s."),
}
_FOOT = N_("%(until)s %(zone)s. Until then we hold %(sum)s.")


def leading(sight: Sight, found: Iterable[Deadline]) -> Deadline | None:
    """The deadline that the reader's page begins with."""
    ranks = _RANKS.get(sight.actor.role, _RANKS[Role.BUYER])
    return min(found, key=lambda deadline: (ranks.get(deadline.because, len(ranks)), deadline.at), default=None)


def clock_of(sight: Sight) -> Clock | None:
    """The clock of the whole order; none where nothing happens by itself any more."""
    deadline = leading(sight, deadlines(sight.order))
    return clock_for(sight, deadline) if deadline else None


def clock_for(sight: Sight, deadline: Deadline) -> Clock:
    """A clock that runs to this deadline."""
    left = between(sight.now, deadline.at)
    labels = _SELLER_LABELS if sight.actor.role is Role.SELLER else _BUYER_LABELS
    label = sight.say(labels[deadline.because])
    shown = dates.length(sight.reader, left)
    until = dates.to_the_second(deadline.at)
    began = _began(sight, deadline)
    top = max(1, between(began, deadline.at) // MINUTE) if began is not None else 0
    bar = None
    if top:
        value = min(top, left // MINUTE)
        whole = dates.length(sight.reader, between(began or sight.now, deadline.at))
        bar = Bar(value, top, sight.say(N_("%(left)s of %(whole)s"), left=shown, whole=whole), until)
    foot = sight.say(
        _FEET.get(deadline.because, _FOOT),
        until=dates.until(sight.reader, deadline.at, sight.now),
        zone=dates.zone_name(sight.reader),
        sum=sight.sum(deadline.amount),
    )
    turn = deadline.because in _TURNS.get(sight.actor.role, ())
    return Clock(label, shown, until, foot, bar, turn)


def _began(sight: Sight, deadline: Deadline) -> Instant | None:
    """When the time that runs to the deadline began; None where that is not worth a bar."""
    order = sight.order
    portions = [found for found in order.portions if found.span in deadline.spans]
    match deadline.because:
        case Because.NOT_PAID:
            return order.placed_at
        case Because.NOT_SHIPPED | Because.PROVIDER_LIMIT:
            return order.paid_at
        case Because.CONFIRMED:
            return min((found.confirmed_at for found in portions if found.confirmed_at is not None), default=None)
        case Because.DELIVERED:
            return Instant(deadline.at - _window(sight, portions))
        case Because.RETURNED_TO_SENDER:
            return Instant(deadline.at - order.terms.returned_parcel)
        case Because.SHIPPED | Because.SHIPPED_LAPSE_EXTENDS:
            shipped = [order.shipment(found.shipment) for found in portions]
            return min((found.shipped_at for found in shipped if found is not None), default=None)
        case _:
            return None


def _window(sight: Sight, portions: list[Portion]) -> int:
    lines = [sight.order.line(portion.line) for portion in portions]
    return max(sight.order.terms.window_for(line.category if line else None) for line in lines)
