"""What each event means for the books. Nothing else creates a transfer."""

from typing import get_args

from fairhold.domain.dispute_events import ChargebackMoved, ChargebackReceived, ChargebackWon, DisputeSettled
from fairhold.domain.events import (
    Event,
    PaymentReceived,
    PortionsRefunded,
    PortionsReleased,
    ReceiptConfirmed,
    ReceiptUndone,
    RefundPaid,
)
from fairhold.domain.order import Order
from fairhold.domain.payment_events import PaymentReturned
from fairhold.domain.payout_events import (
    PayoutFailed,
    PayoutReturned,
    PayoutSent,
    PayoutStarted,
    PayoutTakenBack,
)
from fairhold.domain.refund_events import RefundPaidElsewhere, RefundReturned
from fairhold.ledger import accounts
from fairhold.ledger.transfers import Transfer


def moves_money(event: Event) -> bool:
    """Whether events of this kind may move money."""
    return isinstance(event, _MOVING)


def post(before: Order | None, event: Event, after: Order) -> tuple[Transfer, ...]:
    """The transfers of `event`, which turned `before` into `after`; none where no money moved."""
    if before is None or not isinstance(event, _MOVING):
        return ()
    found = _paid_out(event, after) if isinstance(event, _PAYING) else _moves(before, event, after)
    moves = [move for move in found if move[2]]
    return tuple([Transfer(debit, credit, amount, event.at, n) for n, (debit, credit, amount) in enumerate(moves)])


_Moving = (
    PaymentReceived
    | PaymentReturned
    | ReceiptConfirmed
    | ReceiptUndone
    | PortionsReleased
    | PortionsRefunded
    | RefundPaid
    | RefundReturned
    | RefundPaidElsewhere
    | DisputeSettled
    | ChargebackReceived
    | ChargebackMoved
    | ChargebackWon
)
_Paying = PayoutStarted | PayoutSent | PayoutFailed | PayoutReturned | PayoutTakenBack
_PAYING = get_args(_Paying)
_MOVING = (*get_args(_Moving), *_PAYING)


def _moves(before: Order, event: _Moving, after: Order) -> tuple[tuple[str, str, int], ...]:
    currency = after.currency
    held, settling, refunds = accounts.held(currency), accounts.settling(currency), accounts.refunds(currency)
    if isinstance(event, RefundPaid | RefundReturned | RefundPaidElsewhere):
        return _given_to_buyer(before, event, after)
    match event:
        case PaymentReceived():
            return ((_provider(after), held, event.amount), _kept(_provider(after), currency, event.provider_fee))
        case PaymentReturned():
            provider = _provider(after, event.attempt)
            return ((provider, refunds, event.amount), _kept(provider, currency, event.provider_fee))
        case ReceiptConfirmed():
            return ((held, settling, event.amount),)
        case ReceiptUndone():
            return ((settling, held, event.amount),)
        case PortionsReleased():
            return _released(before, event, after)
        case PortionsRefunded():
            from_held = before.money.held - after.money.held
            return ((held, refunds, from_held), (settling, refunds, event.amount - from_held))
        case DisputeSettled():
            seller, fees = accounts.seller(after.seller, currency), accounts.fees(currency)
            net = event.gross - event.fee
            return ((held, refunds, event.refund), (held, seller, net), (held, fees, event.fee))
        case ChargebackReceived():
            return _charged_back(event, after)
        case ChargebackMoved():
            seller, fees = accounts.seller(after.seller, currency), accounts.fees(currency)
            net = event.gross - event.fee
            return ((held, settling, event.to_settling), (held, seller, net), (held, fees, event.fee))
        case ChargebackWon():
            return _given_back(event, after)


def _released(before: Order, event: PortionsReleased, after: Order) -> tuple[tuple[str, str, int], ...]:
    """Out of what was held and what was settling, the seller's net first, then the commission."""
    seller, fees = accounts.seller(after.seller, after.currency), accounts.fees(after.currency)
    from_held = before.money.held - after.money.held
    from_settling = event.gross - from_held
    net = event.gross - event.fee
    net_from_held = min(net, from_held)
    return (
        (accounts.held(after.currency), seller, net_from_held),
        (accounts.settling(after.currency), seller, net - net_from_held),
        (accounts.held(after.currency), fees, from_held - net_from_held),
        (accounts.settling(after.currency), fees, from_settling - (net - net_from_held)),
    )


def _paid_out(event: _Paying, after: Order) -> tuple[tuple[str, str, int], ...]:
    """Between the seller and the provider; while it is asked for, on `payouts`."""
    currency, provider = after.currency, _provider(after)
    seller, payouts = accounts.seller(after.seller, currency), accounts.payouts(currency)
    match event:
        case PayoutStarted():
            return ((seller, payouts, event.amount),)
        case PayoutSent():
            return ((payouts, provider, event.amount), _kept(provider, currency, event.provider_fee))
        case PayoutFailed():
            return ((payouts, seller, event.amount),)
        case PayoutReturned() | PayoutTakenBack():
            return ((provider, seller, event.amount),)


def _kept(provider: str, currency: str, fee: int) -> tuple[str, str, int]:
    """What the provider kept is no longer there for us."""
    return accounts.costs(currency), provider, fee


def _provider(order: Order, number: int = 0) -> str:
    """Who took the payment that paid the order, or that of attempt `number`."""
    attempt = order.attempt(number)
    method = (order.payment_method if attempt is None else attempt.method) or ""
    return accounts.provider(method.partition(":")[0], order.currency)


def _given_to_buyer(
    before: Order, event: RefundPaid | RefundReturned | RefundPaidElsewhere, after: Order
) -> tuple[tuple[str, str, int], ...]:
    """A refund leaves, or comes back; one that had never left is owed as before."""
    refund, refunds = before.refund(event.number), accounts.refunds(after.currency)
    provider = _provider(after, 0 if refund is None else refund.attempt)
    match event:
        case RefundPaid():
            return ((refunds, provider, event.amount),)
        case RefundReturned():
            had_left = refund is not None and refund.paid_at is not None
            return ((provider, refunds, event.amount if had_left else 0),)
        case RefundPaidElsewhere():
            return ((refunds, accounts.own(after.currency), event.amount),)


def _charged_back(event: ChargebackReceived, after: Order) -> tuple[tuple[str, str, int], ...]:
    """The bank takes it from the provider; the seller, whose balance may then be below zero, owes their part."""
    currency, provider = after.currency, _provider(after, event.attempt)
    return (
        (accounts.held(currency), provider, event.from_held),
        (accounts.settling(currency), provider, event.from_settling),
        (accounts.seller(after.seller, currency), provider, event.gross - event.fee),
        (accounts.fees(currency), provider, event.fee),
        (accounts.losses(currency), provider, event.beyond),
        _kept(provider, currency, event.provider_fee),
    )


def _given_back(event: ChargebackWon, after: Order) -> tuple[tuple[str, str, int], ...]:
    of = next(one.attempt for one in after.chargebacks if one.id == event.chargeback)
    currency, provider = after.currency, _provider(after, of)
    return (
        (provider, accounts.held(currency), event.to_held),
        (provider, accounts.settling(currency), event.to_settling),
        (provider, accounts.seller(after.seller, currency), event.gross - event.fee),
        (provider, accounts.fees(currency), event.fee),
        (provider, accounts.refunds(currency), event.refund),
        (provider, accounts.losses(currency), event.beyond),
        (provider, accounts.costs(currency), event.provider_fee),
    )
