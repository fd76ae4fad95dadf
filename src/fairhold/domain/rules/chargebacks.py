"""Chargebacks: the buyer's bank takes money back, at any time, and may give it back again (S21)."""

from fairhold.domain.actors import Actor
from fairhold.domain.bank_money import ORDER_OF_TAKING, Parts, of_either, of_the_seller, spans_of
from fairhold.domain.bank_reach import in_reach, payments
from fairhold.domain.commands import RecordChargeback, RecordChargebackOutcome
from fairhold.domain.conditions import takeable
from fairhold.domain.dispute import chargeback_id
from fairhold.domain.dispute_events import ChargebackLost, ChargebackReceived, ChargebackWon
from fairhold.domain.events import Event
from fairhold.domain.instants import Instant, after, days
from fairhold.domain.order import Order, Portion
from fairhold.domain.reasons import Reason, Refusal
from fairhold.domain.settlement import commission_on
from fairhold.domain.spans import Span

BANK_ANSWERS_WITHIN = days(180)
"""No bank takes longer; a chargeback on which nothing was heard by then is lost. It moves no money."""


def record_chargeback(
    order: Order, command: RecordChargeback, actor: Actor, now: Instant
) -> tuple[Event, ...] | Refusal:
    """The bank took it: first of what is in dispute, then of what else is held here, is settling, or the seller has.

    Whoever disputes goods with us and at their bank means the same goods: a refund then counts what the bank gave.
    What the buyer was given back is not there to be taken again: so much of it is the marketplace's loss, until the bank,
    told so, gives it back.
    """
    if command.reference and any(one.reference == command.reference for one in order.chargebacks):
        return ()
    if command.attempt not in payments(order):
        return Refusal(Reason.NOT_FOUND, "attempt") if command.attempt else Refusal(Reason.NOT_PAID)
    limit = in_reach(order, command.attempt)
    if command.amount > limit:
        return Refusal(Reason.CHARGEBACK_ABOVE_WHAT_IS_LEFT, "amount", limit)
    # Money of any other payment has gone back, all of it: of the order's own nothing is meant.
    takes = [] if command.attempt else _takes(order, command.amount)
    parts = Parts.of(takes)
    commission, fee = commission_on(order, [(portion.line, -amount) for portion, amount in parts.released])
    return (
        ChargebackReceived(
            at=now,
            by=str(actor),
            chargeback=chargeback_id(order.id, len(order.chargebacks) + 1),
            amount=command.amount,
            takes=spans_of(takes),
            from_held=parts.held,
            from_settling=parts.settling,
            gross=parts.gross,
            fee=-fee,
            commission=commission,
            due=after(now, BANK_ANSWERS_WITHIN),
            reason=command.reason,
            reference=command.reference,
            provider_fee=command.provider_fee,
            beyond=command.amount - sum(amount for _, amount in takes),
            attempt=command.attempt,
            answer_by=command.answer_by,
        ),
    )


def _takes(order: Order, amount: int) -> list[tuple[Portion, int]]:
    found: list[tuple[Portion, int]] = []
    for state in ORDER_OF_TAKING:
        for portion in order.portions:
            part = min(amount, takeable(portion)) if portion.state is state else 0
            if part:
                found.append((portion, part))
                amount -= part
    return found


def record_chargeback_outcome(
    order: Order, command: RecordChargebackOutcome, actor: Actor, now: Instant
) -> tuple[Event, ...] | Refusal:
    """Lost: it stays as it is. Won: the money goes where it belongs by now; said once more, it is refused.

    A bank that was silent until the deadline may still give the money back: it is there, whatever it counted as.
    """
    chargeback = next((one for one in order.chargebacks if one.id == command.chargeback), None)
    if chargeback is None:
        return Refusal(Reason.UNKNOWN_CHARGEBACK)
    if not chargeback.is_undecided:
        return Refusal(Reason.CHARGEBACK_ENDED)
    if not command.won:
        if chargeback.has_lapsed:
            return ()
        return (ChargebackLost(at=now, by=str(actor), chargeback=chargeback.id),)
    gives = _gives(order, chargeback.amount - chargeback.beyond)
    to_buyer = {portion.span: _owed_still(portion, amount) for portion, amount in gives}
    parts = Parts.of((portion, amount - to_buyer[portion.span]) for portion, amount in gives)
    commission, fee = commission_on(order, [(portion.line, amount) for portion, amount in parts.released])
    refund = sum(to_buyer.values())
    return (
        ChargebackWon(
            at=now,
            by=str(actor),
            chargeback=chargeback.id,
            gives=spans_of(gives),
            refunds=tuple(to_buyer.values()),
            to_held=parts.held,
            to_settling=parts.settling,
            gross=parts.gross,
            fee=fee,
            commission=commission,
            refund=refund,
            number=len(order.refunds) + 1 if refund else 0,
            provider_fee=command.provider_fee,
            beyond=chargeback.beyond,
        ),
    )


def _gives(order: Order, amount: int) -> list[tuple[Portion, int]]:
    """To the seller first, then to what is open, last to the buyer, who keeps what another of their chargebacks gave them."""
    given: dict[Span, int] = {}
    rest = [
        portion for state in reversed(ORDER_OF_TAKING) for portion in reversed(order.portions) if portion.state is state
    ]
    for capacity in (of_the_seller, of_either, lambda portion: portion.charged):
        for portion in rest:
            part = min(amount, capacity(portion) - given.get(portion.span, 0))
            if part > 0:
                given[portion.span] = given.get(portion.span, 0) + part
                amount -= part
    return [(portion, given[portion.span]) for portion in rest if portion.span in given]


def _owed_still(portion: Portion, given: int) -> int:
    """What of the money that the bank gives back is the buyer's: they were to have it, and had it from the bank."""
    return min(max(portion.owed - (portion.charged - given) - portion.returned, 0), given)
