"""The time left, at the head of a page: the deadline that matters most to the reader."""

from collections.abc import Iterable

from fairhold.domain.actors import Role
from fairhold.domain.coming import SETTLING, Because, Deadline
from fairhold.domain.deadlines import deadlines
from fairhold.domain.instants import MINUTE, Instant, between
from fairhold.domain.order import Order, Portion
from fairhold.domain.settlement import disputed_sum
from fairhold.web.views.parts import Bar, Clock
from fairhold.web.views.sight import Sight
from fairhold.words import dates
from fairhold.words.catalog import N_

_SHARED_LAST = (
    Because.RULED,
    Because.UNDECIDED,
    Because.DISPUTE_PROVIDER_LIMIT,
    Because.CLAIM_OVERDUE,
    Because.CLAIMED,
    Because.BANK_DECIDES,
)
_IMPORTANCE = {
    Role.SELLER: (
        Because.NOT_SHIPPED,
        Because.DEMANDED,
        Because.RESEND_AGREED,
        Because.SENT_BACK,
        Because.OFFERED,
        Because.NEGOTIATED,
        Because.RETURNED_TO_SENDER,
        Because.RETURN_AGREED,
        Because.NOT_PAID,
        *SETTLING,
        Because.DELIVERED,
        Because.SHIPPED,
        Because.SHIPPED_LAPSE_EXTENDS,
        Because.SHIPPED_LAPSE_DISPUTES,
        Because.PROVIDER_LIMIT,
        *_SHARED_LAST,
    ),
    Role.BUYER: (
        Because.NOT_PAID,
        Because.RETURN_AGREED,
        Because.DELIVERED,
        Because.OFFERED,
        Because.NEGOTIATED,
        Because.DEMANDED,
        Because.RESEND_AGREED,
        Because.SENT_BACK,
        Because.SHIPPED,
        Because.SHIPPED_LAPSE_EXTENDS,
        Because.SHIPPED_LAPSE_DISPUTES,
        Because.PROVIDER_LIMIT,
        Because.RETURNED_TO_SENDER,
        Because.NOT_SHIPPED,
        *SETTLING,
        *_SHARED_LAST,
    ),
}

_RANKS = {role: {because: rank for rank, because in enumerate(order)} for role, order in _IMPORTANCE.items()}

_EITHER = frozenset({Because.OFFERED, Because.NEGOTIATED, Because.RULED})
"""What can be either side's turn: it comes first where it is the reader's."""

_BUYER_LABELS = {
    Because.NOT_PAID: N_("Time left to pay"),
    Because.DELIVERED: N_("Time left to check"),
    Because.SHIPPED: N_("Protection runs for another"),
    Because.SHIPPED_LAPSE_EXTENDS: N_("Protection runs for another"),
    Because.SHIPPED_LAPSE_DISPUTES: N_("Protection runs for another"),
    Because.PROVIDER_LIMIT: N_("We can hold the money for another"),
    Because.RETURNED_TO_SENDER: N_("The seller has left to ship it again"),
    Because.NOT_SHIPPED: N_("The seller has left to ship"),
    **dict.fromkeys(SETTLING, N_("The money goes to the seller in")),
    Because.DEMANDED: N_("The seller has left to answer your dispute"),
    Because.OFFERED: N_("Time left to answer the offer"),
    Because.NEGOTIATED: N_("Time left to agree"),
    Because.CLAIMED: N_("Time left until the ruling"),
    Because.CLAIM_OVERDUE: N_("The ruling is late; the operator sees to it within"),
    Because.RULED: N_("Time left to appeal"),
    Because.RETURN_AGREED: N_("Time left to send the goods back"),
    Because.SENT_BACK: N_("The seller has left to look at the goods"),
    Because.RESEND_AGREED: N_("The seller has left to send the goods again"),
    Because.UNDECIDED: N_("Time left to decide the dispute"),
    Because.DISPUTE_PROVIDER_LIMIT: N_("We can hold the money for another"),
    Because.BANK_DECIDES: N_("The bank has left to decide"),
}
_SELLER_LABELS = {
    **_BUYER_LABELS,
    Because.NOT_PAID: N_("The buyer has left to pay"),
    Because.DELIVERED: N_("The buyer has left to check"),
    Because.RETURNED_TO_SENDER: N_("Time left to ship it again"),
    Because.NOT_SHIPPED: N_("Time left to ship"),
    **dict.fromkeys(SETTLING, N_("The money comes in")),
    Because.DEMANDED: N_("Time left to answer the dispute"),
    Because.RETURN_AGREED: N_("The buyer has left to send the goods back"),
    Because.SENT_BACK: N_("Time left to look at the goods"),
    Because.RESEND_AGREED: N_("Time left to send the goods again"),
}
_OTHERS_LABELS = {
    Because.OFFERED: N_("The other side has left to answer your offer"),
    Because.NEGOTIATED: N_("Time left to agree"),
}
"""Where it is the other side's turn."""

_TURNS = {
    Role.BUYER: {Because.NOT_PAID, Because.DELIVERED},
    Role.SELLER: {Because.NOT_SHIPPED, Because.RETURNED_TO_SENDER},
}

_FEET = {
    Because.NOT_PAID: N_("%(until)s %(zone)s. No money has been taken yet."),
    **dict.fromkeys(SETTLING, N_("%(until)s %(zone)s. Until then support can undo the confirmation of %(sum)s.")),
    Because.BANK_DECIDES: N_("%(until)s %(zone)s. %(sum)s is with the bank meanwhile."),
}
_FOOT = N_("%(until)s %(zone)s. Until then we hold %(sum)s.")


_SAID_ELSEWHERE = frozenset(
    {
        Because.REVIEWS_OPEN,
        Because.ACCIDENT_REPORTED,
        Because.EXTENSION_ASKED,
        Because.EXTENSION_WITH_SUPPORT,
    }
)


def leading(sight: Sight, found: Iterable[Deadline]) -> Deadline | None:
    """The deadline that the reader's page begins with."""
    ranks = _RANKS.get(sight.actor.role, _RANKS[Role.BUYER])

    def rank(deadline: Deadline) -> tuple[int, Instant]:
        waits = deadline.because in _EITHER and deadline.owner is not sight.actor.role
        return ranks[deadline.because] + (len(ranks) if waits else 0), deadline.at

    return min(found, key=rank, default=None)


def ahead_of(order: Order) -> tuple[Deadline, ...]:
    """The deadlines that the two sides are told of; the end of the time for reviews, and answers owed, are said elsewhere."""
    return tuple(found for found in deadlines(order) if found.because not in _SAID_ELSEWHERE)


def clock_of(sight: Sight) -> Clock | None:
    """The clock of the whole order; none where nothing happens by itself any more."""
    # What the buyer's bank decides has a notice of its own.
    deadline = leading(sight, [found for found in ahead_of(sight.order) if found.chargeback is None])
    return clock_for(sight, deadline) if deadline else None


def clock_for(sight: Sight, deadline: Deadline) -> Clock:
    """A clock that runs to this deadline."""
    left = between(sight.now, deadline.at)
    label = sight.say(_label(sight, deadline))
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
        sum=sight.sum(_at_stake(sight, deadline)),
    )
    turn = deadline.because in _TURNS.get(sight.actor.role, ())
    turn = turn or (deadline.dispute is not None and deadline.owner is sight.actor.role)
    return Clock(label, shown, until, foot, bar, turn)


def _label(sight: Sight, deadline: Deadline) -> str:
    if deadline.owner is not sight.actor.role and deadline.because in _OTHERS_LABELS:
        return _OTHERS_LABELS[deadline.because]
    labels = _SELLER_LABELS if sight.actor.role is Role.SELLER else _BUYER_LABELS
    return labels[deadline.because]


def _at_stake(sight: Sight, deadline: Deadline) -> int:
    """The money that the deadline is about (minor units)."""
    dispute = sight.order.dispute(deadline.dispute)
    if dispute is not None:
        return disputed_sum(sight.order, dispute)
    charged = [one.amount for one in sight.order.chargebacks if one.id == deadline.chargeback]
    return sum(charged) if charged else deadline.amount


def _began(sight: Sight, deadline: Deadline) -> Instant | None:
    """When the time that runs to the deadline began; None where that is not worth a bar."""
    order = sight.order
    portions = [found for found in order.portions if found.span in deadline.spans]
    match deadline.because:
        case Because.NOT_PAID:
            return order.placed_at
        case Because.NOT_SHIPPED | Because.PROVIDER_LIMIT:
            return order.paid_at
        case Because.CONFIRMED | Because.ACCIDENT_SETTLES | Because.ACCIDENT_OVERDUE:
            return min((found.confirmed_at for found in portions if found.confirmed_at is not None), default=None)
        case Because.DELIVERED:
            return Instant(deadline.at - _window(sight, portions))
        case Because.RETURNED_TO_SENDER:
            return Instant(deadline.at - order.terms.returned_parcel)
        case Because.SHIPPED | Because.SHIPPED_LAPSE_EXTENDS | Because.SHIPPED_LAPSE_DISPUTES:
            shipped = [order.shipment(found.shipment) for found in portions]
            return min((found.shipped_at for found in shipped if found is not None), default=None)
        case Because.BANK_DECIDES:
            return next((one.at for one in order.chargebacks if one.id == deadline.chargeback), None)
        case _:
            return _began_in_dispute(sight, deadline)


def _began_in_dispute(sight: Sight, deadline: Deadline) -> Instant | None:
    terms, dispute = sight.order.terms, sight.order.dispute(deadline.dispute)
    if dispute is None:
        return None
    match deadline.because:
        case Because.DEMANDED | Because.NEGOTIATED:
            return dispute.opened_at
        case Because.OFFERED:
            return Instant(deadline.at - terms.disputes.offer)
        case Because.CLAIMED:
            return Instant(deadline.at - terms.disputes.ruling)
        case Because.RULED:
            return dispute.rulings[-1].at
        case Because.RETURN_AGREED:
            return Instant(deadline.at - terms.disputes.return_shipping)
        case Because.RESEND_AGREED:
            return Instant(deadline.at - terms.shipping_deadline)
        case _:
            return None


def _window(sight: Sight, portions: list[Portion]) -> int:
    lines = [sight.order.line(portion.line) for portion in portions]
    return max(sight.order.terms.window_for(line.category if line else None) for line in lines)
