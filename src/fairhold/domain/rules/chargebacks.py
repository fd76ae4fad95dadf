"""Chargebacks: the buyer's bank takes money back, at any time, and may give it back again (S21)."""

from collections.abc import Iterable

from fairhold.domain.actors import Actor
from fairhold.domain.commands import RecordChargeback, RecordChargebackOutcome
from fairhold.domain.conditions import takeable
from fairhold.domain.dispute import ChargebackState, chargeback_id
from fairhold.domain.dispute_events import ChargebackLost, ChargebackReceived, ChargebackWon
from fairhold.domain.events import Event
from fairhold.domain.instants import Instant, after, days
from fairhold.domain.order import Order, Portion, PortionState
from fairhold.domain.reasons import Reason, Refusal
from fairhold.domain.settlement import commission_on
from fairhold.domain.spans import Span

BANK_ANSWERS_WITHIN = days(180)
"""No bank takes longer; a chargeback on which nothing was heard by then is lost. It moves no money."""

_HELD = (PortionState.HELD, PortionState.DISPUTED)
_DECIDED = (PortionState.SETTLED, PortionState.REFUNDED)
_ORDER_OF_TAKING = (
    PortionState.DISPUTED,
    PortionState.HELD,
    PortionState.CONFIRMED,
    PortionState.SETTLED,
    PortionState.REFUNDED,
)


def record_chargeback(
    order: Order, command: RecordChargeback, actor: Actor, now: Instant
) -> tuple[Event, ...] | Refusal:
    """The bank took it: first of what is in dispute, then of what else is held here, is settling, or the seller has.

    Whoever disputes goods with us and at their bank means the same goods: a refund then counts what the bank gave.
    What the buyer was given back is not taken again: there the bank is told so, and nothing is booked.
    """
    limit = sum(takeable(portion) for portion in order.portions)
    if command.amount > limit:
        return Refusal(Reason.CHARGEBACK_ABOVE_WHAT_IS_LEFT, "amount", limit)
    takes = _takes(order, command.amount)
    parts = _by_state(takes)
    commission, fee = commission_on(order, [(portion.line, -amount) for portion, amount in parts.released])
    return (
        ChargebackReceived(
            at=now,
            by=str(actor),
            chargeback=chargeback_id(order.id, len(order.chargebacks) + 1),
            amount=command.amount,
            takes=_spans(takes),
            from_held=parts.held,
            from_settling=parts.settling,
            gross=parts.gross,
            fee=-fee,
            commission=commission,
            due=after(now, BANK_ANSWERS_WITHIN),
            reason=command.reason,
        ),
    )


class _Parts:
    """Amounts of portions, by what became of those."""

    def __init__(self, amounts: Iterable[tuple[Portion, int]]) -> None:
        self.released: list[tuple[Portion, int]] = []
        self.held = self.settling = 0
        for portion, amount in amounts:
            if portion.state in _HELD:
                self.held += amount
            elif portion.state is PortionState.CONFIRMED:
                self.settling += amount
            else:
                self.released.append((portion, amount))
        self.gross = sum(amount for _, amount in self.released)


_by_state = _Parts


def _spans(amounts: Iterable[tuple[Portion, int]]) -> tuple[tuple[Span, int], ...]:
    return tuple((portion.span, amount) for portion, amount in amounts)


def _takes(order: Order, amount: int) -> list[tuple[Portion, int]]:
    found: list[tuple[Portion, int]] = []
    for state in _ORDER_OF_TAKING:
        for portion in order.portions:
            part = min(amount, takeable(portion)) if portion.state is state else 0
            if part:
                found.append((portion, part))
                amount -= part
    return found


def record_chargeback_outcome(
    order: Order, command: RecordChargebackOutcome, actor: Actor, now: Instant
) -> tuple[Event, ...] | Refusal:
    """Lost: it stays as it is. Won: the money goes where it belongs by now; said once more, it is refused."""
    chargeback = next((one for one in order.chargebacks if one.id == command.chargeback), None)
    if chargeback is None:
        return Refusal(Reason.UNKNOWN_CHARGEBACK)
    if chargeback.state is not ChargebackState.OPEN:
        return Refusal(Reason.CHARGEBACK_ENDED)
    if not command.won:
        return (ChargebackLost(at=now, by=str(actor), chargeback=chargeback.id),)
    gives = _gives(order, chargeback.amount)
    to_buyer = {portion.span: _owed_still(portion, amount) for portion, amount in gives}
    parts = _by_state((portion, amount - to_buyer[portion.span]) for portion, amount in gives)
    commission, fee = commission_on(order, [(portion.line, amount) for portion, amount in parts.released])
    refund = sum(to_buyer.values())
    return (
        ChargebackWon(
            at=now,
            by=str(actor),
            chargeback=chargeback.id,
            gives=_spans(gives),
            refunds=tuple(to_buyer.values()),
            to_held=parts.held,
            to_settling=parts.settling,
            gross=parts.gross,
            fee=fee,
            commission=commission,
            refund=refund,
            number=len(order.refunds) + 1 if refund else 0,
        ),
    )


def _gives(order: Order, amount: int) -> list[tuple[Portion, int]]:
    """To the seller first, then to what is open, last to the buyer, who keeps what another of their chargebacks gave them."""
    given: dict[Span, int] = {}
    rest = [
        portion
        for state in reversed(_ORDER_OF_TAKING)
        for portion in reversed(order.portions)
        if portion.state is state
    ]
    for capacity in (_of_the_seller, _of_either, lambda portion: portion.charged):
        for portion in rest:
            part = min(amount, capacity(portion) - given.get(portion.span, 0))
            if part > 0:
                given[portion.span] = given.get(portion.span, 0) + part
                amount -= part
    return [(portion, given[portion.span]) for portion in rest if portion.span in given]


def _of_the_seller(portion: Portion) -> int:
    """What of the money that the bank has of these units was decided to be the seller's."""
    if portion.state not in _DECIDED:
        return 0
    return portion.charged - max(0, min(portion.charged, portion.owed - portion.returned))


def _of_either(portion: Portion) -> int:
    return _of_the_seller(portion) if portion.state in _DECIDED else portion.charged


def _owed_still(portion: Portion, given: int) -> int:
    """What of the money that the bank gives back is the buyer's: they were to have it, and had it from the bank."""
    return min(max(portion.owed - (portion.charged - given) - portion.returned, 0), given)
