"""Tells orders what payment providers tell: it may come twice, late, in any order, and be of orders that are not ours."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, Protocol

import structlog

from fairhold.domain.actors import SYSTEM
from fairhold.domain.commands import Command, RecordChargeback, RecordChargebackOutcome, RecordRefundPaid
from fairhold.domain.ids import OrderId, is_order_id
from fairhold.domain.instants import Instant
from fairhold.domain.money import Currency
from fairhold.domain.order import Order
from fairhold.domain.payment import TOOK_MONEY, Attempt, AttemptState, ProviderNames
from fairhold.domain.payment_commands import RecordPayment, RecordPaymentFailure
from fairhold.domain.payout_commands import RecordPayoutFailed, RecordPayoutSent
from fairhold.domain.reasons import Reason, Refusal
from fairhold.domain.refund_commands import RecordRefundReturned
from fairhold.engine.installation.clock import Clock
from fairhold.engine.kernel.core import Engine
from fairhold.engine.kernel.envelope import Envelope, Faulty, Unavailable
from fairhold.engine.kernel.sweeper import submit_patiently
from fairhold.engine.outside.destinations import PAYMENTS, TryLater
from fairhold.engine.outside.payment_seen import (
    AccountSeen,
    Bank,
    ChargebackSeen,
    No,
    Paid,
    PaymentSeen,
    PayoutSeen,
    RefundSeen,
    Seen,
    State,
    TransferSeen,
)
from fairhold.engine.outside.payments import Provider, Refused

_log = structlog.get_logger("fairhold.payments")

_NOTHING_NEW = (Refusal(Reason.NOT_FOUND), Refusal(Reason.CHARGEBACK_ENDED))
"""Refusals that nobody has to look at: an order of somebody else's, and what has ended already."""


class PayoutNews(Protocol):
    """Whoever sees payouts through."""

    def take_payout(self, provider: str, seen: PayoutSeen, now: Instant) -> bool:
        """What is told of a way to a seller's bank; whether it was news."""
        ...

    def take_account(self, provider: str, seen: AccountSeen, now: Instant) -> None:
        """What is told of a seller's account."""
        ...


class Taken(NamedTuple):
    """How many orders a message was about, and how many of its news were news to them."""

    orders: int
    news: int


class PaymentNews:
    """Tells orders. `providers` by name are those that may call."""

    def __init__(
        self,
        providers: Mapping[str, Provider],
        engine: Engine,
        order: Callable[[OrderId], Order | None],
        clock: Clock,
        payouts: PayoutNews,
    ) -> None:
        self.providers = providers
        self._engine = engine
        self._order = order
        self._clock = clock
        self._payouts = payouts

    def take(self, name: str, headers: Mapping[str, str], body: bytes, address: str) -> Taken:
        """Take in what the provider of that name sent. Blocks.

        Raises KeyError where there is none, Unreadable where it did not send that, TryLater where it could not be asked or
        something has to be known first, and Unavailable.
        """
        provider = self.providers[name]
        try:
            seen = provider.read(headers, body, address, self._clock.now())
            told = [(OrderId(order), command) for one in seen for order, command in self._commands(provider, one)]
            others = sum(self._of_no_order(provider, one) for one in seen)
        except Refused as refused:
            # Sent again it would be refused again: what it is about is not there, or not ours to ask for.
            _log.critical("a provider tells of what it does not show", provider=name, why=str(refused))
            return Taken(0, 0)
        taken = self._tell(name, told)
        return Taken(taken.orders, taken.news + others)

    def _of_no_order(self, provider: Provider, seen: Seen) -> int:
        """What is told of sellers' accounts and of ways to their banks; how much of it was news."""
        match seen:
            case PayoutSeen():
                return int(self._payouts.take_payout(provider.name, seen, self._clock.now()))
            case AccountSeen():
                self._payouts.take_account(provider.name, seen, self._clock.now())
        return 0

    def tell(self, provider: Provider, seen: Seen) -> None:
        """Tell the order what people saw in the provider's place. Blocks; raises Unavailable."""
        told = [(OrderId(order), command) for order, command in self._commands(provider, seen)]
        self._tell(provider.name, told)

    def tell_all(self, provider: Provider, seen: Seen) -> None:
        """Tell whom it concerns, orders or payouts, of what the provider has no way to notify. Blocks; raises Unavailable."""
        self.tell(provider, seen)
        self._of_no_order(provider, seen)

    def hang_up(self) -> None:
        """Nobody asks the providers any more."""
        for provider in self.providers.values():
            provider.hang_up()

    def _tell(self, name: str, told: Sequence[tuple[OrderId, Command]]) -> Taken:
        envelopes = [Envelope(order, command, SYSTEM, source=PAYMENTS + name) for order, command in told]
        news = 0
        for envelope, outcome in zip(envelopes, submit_patiently(self._engine, envelopes), strict=True):
            if isinstance(outcome, Unavailable):
                raise outcome
            if isinstance(outcome, Faulty):
                # Not answered as heard, it is sent again: what could not be written now may be written then.
                _log.critical("news of money could not be written", order=envelope.order, why=str(outcome))
                raise Unavailable(str(outcome))
            if isinstance(outcome, Refusal) and outcome not in _NOTHING_NEW:
                _log.critical("news of money that an order does not take", order=envelope.order, why=str(outcome))
            elif not isinstance(outcome, Refusal):
                news += bool(outcome.events)
        return Taken(len({order for order, _ in told}), news)

    def _commands(self, provider: Provider, seen: Seen) -> Sequence[tuple[str, Command]]:
        order = getattr(seen, "order", "")
        if not is_order_id(order):
            return ()
        match seen:
            case PaymentSeen():
                command = of_payment(provider, seen)
            case RefundSeen():
                command = _of_refund(seen)
            case ChargebackSeen():
                command = self._of_bank(seen)
            case TransferSeen():
                command = self._of_transfer(seen)
            case _:
                command = None
        return () if command is None else ((order, command),)

    def _of_transfer(self, seen: TransferSeen) -> Command | None:
        """A transfer that a seller's bank sends back; or one of which somebody took back more in the provider's own office."""
        order = self._order(OrderId(seen.order))
        part = None if order is None else order.payout(seen.number)
        if part is None:
            return None
        if seen.taken_back > part.taken_back + part.asked_back:
            _log.critical("a transfer was taken back by others", order=seen.order, number=seen.number)
        match seen.state:
            case State.DONE:
                return RecordPayoutSent(number=seen.number, reference=seen.reference[:64])
            case State.FAILED | State.RETURNED:
                why = seen.why.value if seen.why else seen.state.value
                return RecordPayoutFailed(number=seen.number, why=why)
        return None

    def _of_bank(self, seen: ChargebackSeen) -> Command | None:
        if seen.bank is Bank.ASKS:
            return None
        order, reference = self._order(OrderId(seen.order)), seen.chargeback[:64]
        if order is None:
            return None
        attempt = _taken_by(order, seen.paid)
        if attempt is None:
            raise TryLater(f"a chargeback of a payment that {seen.order} has not heard of yet")
        found = next((one for one in order.chargebacks if one.reference == reference), None)
        if seen.bank is Bank.TOOK:
            if found is not None:
                return None
            return RecordChargeback(
                amount=seen.amount,
                reason=seen.reason[:64] or None,
                reference=reference,
                provider_fee=max(0, seen.fee),
                attempt=attempt.number if attempt.state is AttemptState.RETURNED else 0,
                answer_by=seen.answer_by,
            )
        if found is None or not found.is_undecided:
            return None
        won = seen.bank in (Bank.WON, Bank.GAVE_BACK)
        return RecordChargebackOutcome(chargeback=found.id, won=won, provider_fee=max(0, -seen.fee) if won else 0)


def _taken_by(order: Order, told: Paid) -> Attempt | None:
    """The attempt by which this payment came."""
    for attempt in order.attempts:
        names = attempt.names
        same = told.payment == names.payment or (bool(told.charge) and told.charge == names.charge)
        if same and attempt.state in TOOK_MONEY:
            return attempt
    return None


def _of_refund(seen: RefundSeen) -> Command | None:
    if seen.state is State.DONE and seen.number > 0:
        return RecordRefundPaid(number=seen.number, reference=seen.reference[:64])
    if seen.state is State.FAILED and seen.number > 0:
        return refund_returned(seen.number, seen.reference, seen.why)
    if not seen.number:
        # It was not asked for by us: the provider's statement and the books differ.
        _log.critical("a refund that a person has to look at", order=seen.order, number=seen.number, why=str(seen.why))
    return None


def refund_returned(number: int, reference: str, why: No | None) -> RecordRefundReturned:
    """What the order learns of a refund that is not with the buyer."""
    return RecordRefundReturned(number=number, reference=reference[:64], why=(why or No.DECLINED).value)


def of_payment(provider: Provider, seen: PaymentSeen) -> Command | None:
    """What the order learns of how it stands with a payment; None where nothing has come of it yet."""
    if seen.state is State.AUTHORIZED:
        provider.capture(seen.paid, seen.amount, seen.currency, f"{seen.order}-{seen.attempt}-capture")
        seen = provider.payment(seen.paid.payment)
    if seen.state is State.FAILED:
        return RecordPaymentFailure(attempt=seen.attempt, why=seen.why.value if seen.why else "declined")
    if seen.state is not State.DONE:
        return None
    paid = seen.paid
    return RecordPayment(
        provider=provider.name,
        attempt=seen.attempt,
        amount=seen.amount,
        currency=Currency(seen.currency),
        names=ProviderNames(payment=paid.payment, charge=paid.charge, deal=paid.deal),
        fee=seen.fee,
    )
