"""What happens next to an order if nobody acts: derived from it, never stored.

The earliest deadline is the column that the sweeper reads. Firing one (`firing.py`) removes it, so time always moves on.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from fairhold.domain.accident import AccidentState
from fairhold.domain.actors import Role
from fairhold.domain.bank_money import foreseen
from fairhold.domain.coming import RULES, Because, Deadline, Effect, Kind, Rule
from fairhold.domain.conditions import awaiting_support, confirmable
from fairhold.domain.deciding import decided_by
from fairhold.domain.dispute import ChargebackState, Dispute, DisputeState
from fairhold.domain.instants import Instant, after
from fairhold.domain.order import Order, PaymentState, Portion, PortionState
from fairhold.domain.payment import GRACE, UNDER_WAY
from fairhold.domain.reviewing import closing
from fairhold.domain.settlement import disputed_sum, in_dispute
from fairhold.domain.spans import Span
from fairhold.domain.status import ceiling_of, is_sent

_RANK = {kind: rank for rank, kind in enumerate(Kind)}


class _Coming(NamedTuple):
    """What a deadline is told apart by: parts of an order that share it are decided together. In the order of firing."""

    at: Instant
    rank: int
    because: Because
    about: str
    """The dispute or the chargeback, or nothing."""


def deadlines(order: Order) -> tuple[Deadline, ...]:
    """Everything that will happen by itself, soonest first; of one instant in the order in which it is applied."""
    grouped: dict[_Coming, list[Portion]] = {}
    for coming, portion in _all_coming(order):
        grouped.setdefault(coming, []).extend(() if portion is None else (portion,))
    made = sorted(grouped.items(), key=_first) if len(grouped) > 1 else grouped.items()
    return tuple([_deadline(order, coming, portions) for coming, portions in made])


def _first(entry: tuple[_Coming, list[Portion]]) -> _Coming:
    return entry[0]


def soonest(order: Order) -> Deadline | None:
    """The first of `deadlines`, found without making the others: an order with many parts fires them one by one."""
    first: _Coming | None = None
    portions: list[Portion] = []
    for coming, portion in _all_coming(order):
        if first is None or coming < first:
            first, portions = coming, []
        if coming == first and portion is not None:
            portions.append(portion)
    return None if first is None else _deadline(order, first, portions)


def next_deadline(order: Order) -> Instant | None:
    """When the order next changes by itself; None for an order that has nothing open."""
    first: Instant | None = None
    for portion in order.portions:
        found = _of_portion(order, portion)
        if found is not None and (first is None or found[0] < first):
            first = found[0]
    if order.disputes or order.chargebacks or order.accident or order.extension_request:
        for coming in _beside_portions(order):
            if first is None or coming.at < first:
                first = coming.at
    closes = closing(order)
    return closes if first is None or (closes is not None and closes < first) else first


def _all_coming(order: Order) -> Iterator[tuple[_Coming, Portion | None]]:
    for portion in order.portions:
        found = _of_portion(order, portion)
        if found is not None:
            at, because = found
            yield _Coming(at, _RANK[RULES[because].kind], because, ""), portion
    for coming in _beside_portions(order):
        yield coming, None
    closes = closing(order)
    if closes is not None:
        yield _Coming(closes, _RANK[Kind.REVIEW], Because.REVIEWS_OPEN, ""), None


def _beside_portions(order: Order) -> Iterator[_Coming]:
    """What is to come in disputes, at support and at the buyer's bank."""
    accident, request = order.accident, order.extension_request
    if accident is not None and not accident.overdue:
        yield _Coming(accident.due, _RANK[Kind.ACCIDENT], Because.ACCIDENT_REPORTED, "")
    if request is not None and request.due is not None:
        asked = Because.EXTENSION_ASKED if request.owner is Role.SELLER else Because.EXTENSION_WITH_SUPPORT
        yield _Coming(request.due, _RANK[Kind.EXTENSION_ANSWER], asked, "")
    for dispute in order.disputes:
        if dispute.is_open:
            for at, because in _of_dispute(order, dispute):
                yield _Coming(at, _RANK[RULES[because].kind], because, dispute.id)
    for chargeback in order.chargebacks:
        if chargeback.state is ChargebackState.OPEN:
            rank = _RANK[Kind.CHARGEBACK]
            yield _Coming(chargeback.due, rank, Because.BANK_DECIDES, chargeback.id)


_OF_STATE = {
    DisputeState.AWAITING_ANSWER: Because.DEMANDED,
    DisputeState.NEGOTIATING: Because.NEGOTIATED,
    DisputeState.CLAIMED: Because.CLAIMED,
    DisputeState.RULED: Because.RULED,
    DisputeState.APPEALED: Because.CLAIMED,
    DisputeState.RETURN_DUE: Because.RETURN_AGREED,
    DisputeState.RETURNING: Because.SENT_BACK,
    DisputeState.RESEND_DUE: Because.RESEND_AGREED,
}
"""Why each open state of a dispute has its deadline."""


def _of_dispute(order: Order, dispute: Dispute) -> Iterator[tuple[Instant, Because]]:
    assert dispute.due is not None, "an open dispute has a deadline"
    because = Because.CLAIM_OVERDUE if dispute.overdue else _OF_STATE[dispute.state]
    ceiling = ceiling_of(order)
    if dispute.state is DisputeState.RULED:
        # The provider waits for nobody; what was ruled is known.
        yield dispute.due if ceiling is None else min(dispute.due, ceiling), because
        return
    last = _last_of(dispute, ceiling)
    if last is None or dispute.due < last[0]:
        yield dispute.due, because
    if last is not None:
        yield last
    offer = dispute.offer
    if offer is not None and offer.expires is not None and dispute.state in BARGAINING:
        yield offer.expires, Because.OFFERED


BARGAINING = frozenset({DisputeState.NEGOTIATING, DisputeState.CLAIMED})
"""States in which an offer lives by a time of its own; before the first answer it lives as long as the demand."""


def _last_of(dispute: Dispute, ceiling: Instant | None) -> tuple[Instant, Because] | None:
    """When the buyer is refunded whatever was said: by the policy where nothing is decided, by the provider in any case."""
    found: list[tuple[Instant, Because]] = []
    if dispute.undecided_after is not None and dispute.state in UNDECIDED:
        found.append((dispute.undecided_after, Because.UNDECIDED))
    if ceiling is not None:
        found.append((ceiling, Because.DISPUTE_PROVIDER_LIMIT))
    return min(found, default=None)


UNDECIDED = frozenset(
    {DisputeState.AWAITING_ANSWER, DisputeState.NEGOTIATING, DisputeState.CLAIMED, DisputeState.APPEALED}
)
"""States in which nobody has agreed or ruled, or the ruling does not stand."""


def _deadline(order: Order, coming: _Coming, portions: Iterable[Portion]) -> Deadline:
    rule = RULES[coming.because]
    dispute = order.dispute(coming.about) if coming.about else None
    concerned = (
        list(_concerned(order, coming.because, portions)) if dispute is None else list(in_dispute(order, dispute))
    )
    return Deadline(
        kind=rule.kind,
        at=coming.at,
        spans=tuple([Span(portion.line, portion.start, portion.quantity) for portion in concerned]),
        amount=sum([portion.left for portion in concerned])
        if dispute is None
        else _amount(order, dispute, coming.because),
        owner=rule.owner if dispute is None else _owner(dispute, coming.because, rule),
        effect=rule.effect if dispute is None else _effect(dispute, coming.because, rule),
        because=coming.because,
        stopped_by=_stopped_by(order, coming.because, rule)
        if dispute is None
        else _stops(dispute, coming.because, rule),
        dispute=None if dispute is None else dispute.id,
        chargeback=coming.about if coming.because is Because.BANK_DECIDES else None,
    )


def _concerned(order: Order, because: Because, portions: Iterable[Portion]) -> Iterable[Portion]:
    match because:
        case Because.ACCIDENT_REPORTED:
            return filter(awaiting_support, order.portions)
        case Because.EXTENSION_ASKED | Because.EXTENSION_WITH_SUPPORT:
            return (portion for portion in order.portions if confirmable(order, portion))
        case _:
            return portions


def _amount(order: Order, dispute: Dispute, because: Because) -> int:
    """What the deadline is about: where it refunds the buyer, what they get then, else the disputed sum."""
    if _effect(dispute, because, RULES[because]) in (Effect.REFUND, Effect.GRANT):
        return foreseen(order, dispute, decided_by(dispute, because) or 0).refund
    return disputed_sum(order, dispute)


_LAST = frozenset({Because.UNDECIDED, Because.DISPUTE_PROVIDER_LIMIT})
"""What comes whatever was said: until then the turn, and what would stop it, are those of the state."""


def _stops(dispute: Dispute, because: Because, rule: Rule) -> tuple[str, ...]:
    return RULES[_OF_STATE[dispute.state]].stopped_by if because in _LAST else rule.stopped_by


def _owner(dispute: Dispute, because: Because, rule: Rule) -> Role:
    """Whose turn it is: while they bargain, the side that did not speak last; after a ruling, the side that lost more."""
    match because:
        case Because.OFFERED | Because.NEGOTIATED:
            return Role.SELLER if dispute.offers[-1].by is Role.BUYER else Role.BUYER
        case Because.RULED:
            return Role.SELLER if dispute.rulings[-1].refund * 2 > dispute.amount else Role.BUYER
        case Because.UNDECIDED | Because.DISPUTE_PROVIDER_LIMIT if not dispute.overdue:
            of_state = _OF_STATE[dispute.state]
            return _owner(dispute, of_state, RULES[of_state])
        case _:
            return rule.owner


def _effect(dispute: Dispute, because: Because, rule: Rule) -> Effect:
    """Silence on a demand gives what was demanded: money at once, or where goods have to travel first, the right to that."""
    if because is Because.DEMANDED and not dispute.offers[-1].return_goods:
        return Effect.REFUND
    if because in _LAST and dispute.state is DisputeState.APPEALED:
        return Effect.CARRY_OUT
    return rule.effect


def _stopped_by(order: Order, because: Because, rule: Rule) -> tuple[str, ...]:
    """What would stop it: nobody cancels once a parcel is on its way, or extends when the extensions are used up."""
    if because is Because.NOT_SHIPPED and order.shipments:
        return tuple(name for name in rule.stopped_by if name != "cancel")
    if order.extensions_granted >= order.terms.extensions:
        return tuple(name for name in rule.stopped_by if name != "extend_protection")
    return rule.stopped_by


def _of_portion(order: Order, portion: Portion) -> tuple[Instant, Because] | None:
    """When and why this portion next changes by itself."""
    if portion.state is PortionState.CONFIRMED and portion.settles_at is not None:
        return portion.settles_at, _of_confirmed(order, portion)
    if portion.state is not PortionState.HELD:
        return None
    if order.payment is PaymentState.AWAITED:
        due = pay_by(order)
        return (due, Because.NOT_PAID) if due is not None else None
    found = _of_held(order, portion)
    ceiling = ceiling_of(order)
    if ceiling is not None and (found is None or ceiling < found[0]):
        return ceiling, Because.PROVIDER_LIMIT
    return found


def pay_by(order: Order) -> Instant | None:
    """Until when money is waited for: somewhat longer where it may be on its way from a provider's page."""
    if order.payment_due is None or not any(attempt.state in UNDER_WAY for attempt in order.attempts):
        return order.payment_due
    return after(order.payment_due, GRACE)


def _of_confirmed(order: Order, portion: Portion) -> Because:
    if portion.accident is not AccidentState.REPORTED or order.accident is None:
        return Because.CONFIRMED
    return Because.ACCIDENT_OVERDUE if order.accident.overdue else Because.ACCIDENT_SETTLES


def _of_held(order: Order, portion: Portion) -> tuple[Instant, Because] | None:
    if portion.ship_again_by is not None:
        return portion.ship_again_by, Because.RETURNED_TO_SENDER
    if not is_sent(order, portion) or portion.protection_ends is None:
        return (order.shipping_due, Because.NOT_SHIPPED) if order.shipping_due is not None else None
    if portion.window_ends is not None and portion.window_ends <= portion.protection_ends:
        return portion.window_ends, Because.DELIVERED
    if portion.window_ends is None and order.terms.on_lapse == "extend_once" and not portion.lapse_extended:
        return portion.protection_ends, Because.SHIPPED_LAPSE_EXTENDS
    if portion.window_ends is None and order.terms.on_lapse == "dispute" and not portion.disputed and portion.left:
        return portion.protection_ends, Because.SHIPPED_LAPSE_DISPUTES
    return portion.protection_ends, Because.SHIPPED
