"""The world outside as processes reach it: clients of a payment provider and of a carrier, with everything that goes wrong."""

import random
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from functools import partial

import msgspec

from fairhold.domain.commands import Command, RecordCheckpoint
from fairhold.domain.instants import Duration, days
from fairhold.domain.order import ParcelStatus
from fairhold.domain.payment import ProviderNames
from fairhold.domain.payment_commands import RecordPaymentPage
from fairhold.domain.reasons import Reason
from fairhold.engine.installation.clock import Clock
from fairhold.engine.kernel.envelope import Envelope
from fairhold.engine.kernel.messages import PageDue, PageOver, PageWatched, RefundDue, TakingBackDue, TransferDue
from fairhold.engine.outside.destinations import PAYMENTS, Announcer, Letter, NotNow, Outside, TryLater, message_key
from fairhold.engine.outside.payment_seen import AccountSeen, Paid, PayoutSeen
from fairhold.engine.outside.payments import PLAIN_TERMS, Answer, PayoutAsked, TakingBackAsked, TransferAsked
from fairhold.engine.ports.store import OutboxMessage, Store
from fairhold.gateways.payments.passing import take_back, transfer
from fairhold.gateways.sandbox_carrier import SandboxCarrier
from fairhold.gateways.sandbox_payments import SandboxPayments
from fairhold.simulation.auditor import Operation
from fairhold.simulation.mishaps import Fault, Mishaps, Point
from fairhold.simulation.provider import AT_ONCE, IN_STEPS, CameBack, Provider
from fairhold.wiring import Application

_NOBODYS = 1000
"""So far from any refund's number, and from that of any part of a payout, that it is none."""

_AT_ONCE = PLAIN_TERMS._replace(takes_back=True, in_parts=False, needs_account=False)
_TERMS = {AT_ONCE: _AT_ONCE, IN_STEPS: _AT_ONCE._replace(pays_seller="in_two_steps", in_parts=True, needs_account=True)}

_refund = msgspec.json.Decoder(RefundDue).decode
_due = msgspec.json.Decoder(PageDue | PageOver | PageWatched | RefundDue | TransferDue | TakingBackDue).decode


class Payer:
    """The client of a payment provider as whoever pays sellers asks it, with everything that can go wrong on the way."""

    def __init__(self, name: str, provider: Provider, mishaps: Mishaps) -> None:
        self.name = name
        self.terms = _TERMS[name]
        self._provider = provider
        self._mishaps = mishaps

    def transfer(self, asked: TransferAsked, key: str) -> Answer:
        """As the port says."""
        return self._told(lambda: self._provider.pass_on(self.name, key, asked))

    def take_back(self, asked: TakingBackAsked, key: str) -> Answer:
        """As the port says."""
        return self._told(lambda: self._provider.take_back(key, asked))

    def pay_out(self, asked: PayoutAsked, key: str) -> Answer:  # noqa: ARG002 - a payout's name is its key
        """As the port says."""
        return self._told(lambda: self._provider.pay_out(asked))

    def account(self, account: str) -> AccountSeen:
        """As the port says."""
        return AccountSeen(account, may_be_paid=True)

    def _told(self, does: Callable[[], Answer]) -> Answer:
        mishaps = self._mishaps
        mishaps.reach(Point.BEFORE_PROVIDER_ACTS)
        if mishaps.strikes(Fault.PROVIDER_LATE):
            raise TryLater("simulated: the provider is busy")
        answer = does()
        mishaps.reach(Point.AFTER_PROVIDER_ACTED)
        if mishaps.strikes(Fault.PROVIDER_TIMED_OUT_AFTER_ACTING):
            raise TryLater("simulated: the provider's answer was lost")
        if mishaps.strikes(Fault.PROVIDER_GARBLED):
            raise TryLater("simulated: the provider answered a page of HTML")
        return answer


class Till:
    """The client of the payment provider: the sandbox's, with everything that can go wrong on the way."""

    name = SandboxPayments.name
    pages = far = False
    ceiling: Duration | None = None

    def __init__(self, provider: Provider, mishaps: Mishaps) -> None:
        self._inner = SandboxPayments()
        self._provider = provider
        self._mishaps = mishaps
        self._payer = Payer(self.name.removeprefix(PAYMENTS), provider, mishaps)

    def judge(self, method: str, amount: int, currency: str) -> Reason | None:
        """As the port says."""
        declined = self._inner.judge(method, amount, currency)
        if declined is None:
            self._provider.tells(Operation("accepted", method, amount, currency))
        return declined

    def deliver(self, message: OutboxMessage) -> tuple[Command, ...]:
        """As the port says."""
        due, key = _due(message.payload), message_key(message)
        match due:
            case TransferDue():
                told = transfer(self._payer, message.order_id, due, Paid(due.method), key)  # type: ignore[arg-type]  # asked for this alone
            case TakingBackDue():
                told = take_back(self._payer, message.order_id, due, key)  # type: ignore[arg-type]  # as above
            case _:
                return self._refund(message, key)
        return self._repeated(told)

    def _refund(self, message: OutboxMessage, key: str) -> tuple[Command, ...]:
        mishaps = self._mishaps
        mishaps.reach(Point.BEFORE_PROVIDER_ACTS)
        if mishaps.strikes(Fault.PROVIDER_LATE):
            raise NotNow("simulated: the provider is busy")
        [answer] = self._inner.deliver(message)
        self._provider.refund(key, message.order_id, _refund(message.payload))
        mishaps.reach(Point.AFTER_PROVIDER_ACTED)
        if mishaps.strikes(Fault.PROVIDER_TIMED_OUT_AFTER_ACTING):
            raise TimeoutError("simulated: the provider's answer was lost")
        if mishaps.strikes(Fault.PROVIDER_GARBLED):
            raise ValueError("simulated: the provider answered a page of HTML")
        return self._repeated(answer)

    def _repeated(self, answer: Command) -> tuple[Command, ...]:
        """What it says, or that twice, or beside it something about what nobody asked for."""
        if self._mishaps.strikes(Fault.PROVIDER_ANSWERED_TWICE):
            return (copy(answer), answer)
        if self._mishaps.strikes(Fault.PROVIDER_ANSWERED_OTHER):
            other = msgspec.structs.replace(answer, number=answer.number + _NOBODYS)  # type: ignore[attr-defined]  # all of them have one
            return (other, answer)
        return (answer,)


class Cashdesk(Till):
    """The client of a provider on whose pages people pay. Whether and when they do is told later, by what it reports."""

    name = "payments:elsewhere"
    pages = True
    ceiling = days(75)

    def judge(self, method: str, amount: int, currency: str) -> Reason | None:  # noqa: ARG002 - the port's shape
        """As the port says."""
        return None

    def deliver(self, message: OutboxMessage) -> tuple[Command, ...]:
        """As the port says."""
        due = _due(message.payload)
        if isinstance(due, RefundDue | TransferDue | TakingBackDue):
            return super().deliver(message)
        if isinstance(due, PageWatched):
            # Whoever pays here is told of by what the provider reports.
            return ()
        mishaps = self._mishaps
        mishaps.reach(Point.BEFORE_PROVIDER_ACTS)
        if mishaps.strikes(Fault.PROVIDER_LATE):
            raise NotNow("simulated: the provider is busy")
        mishaps.reach(Point.AFTER_PROVIDER_ACTED)
        if mishaps.strikes(Fault.PROVIDER_TIMED_OUT_AFTER_ACTING):
            raise TimeoutError("simulated: the provider's answer was lost")
        if isinstance(due, PageOver):
            return ()
        key = message_key(message)
        return (
            RecordPaymentPage(attempt=due.attempt, names=ProviderNames(payment=key), page=f"https://pay.example/{key}"),
        )


class Carrier:
    """The sandbox's carrier, whose scans may come late, twice, or in another order."""

    name = SandboxCarrier.name

    def __init__(self, mishaps: Mishaps) -> None:
        self._inner = SandboxCarrier()
        self._mishaps = mishaps

    def letters(self, shipment: str, tracking_number: str, shipped_at: int) -> tuple[Letter, ...]:
        """As the port says."""
        return self._inner.letters(shipment, tracking_number, shipped_at)  # type: ignore[arg-type]  # an instant

    def deliver(self, message: OutboxMessage) -> tuple[Command, ...]:
        """As the port says."""
        mishaps = self._mishaps
        mishaps.reach(Point.BEFORE_CARRIER_ANSWERS)
        if mishaps.strikes(Fault.CARRIER_LATE):
            raise NotNow("simulated: no news yet")
        if mishaps.strikes(Fault.CARRIER_GARBLED):
            raise ValueError("simulated: the carrier answered a page of HTML")
        answer = self._inner.deliver(message)
        mishaps.reach(Point.AFTER_CARRIER_ANSWERED)
        if mishaps.strikes(Fault.CARRIER_REPEATED):
            return (*map(copy, answer), *answer)
        if mishaps.strikes(Fault.CARRIER_REORDERED):
            return (*_earlier(answer), *answer)
        return answer


def _earlier(scans: tuple[Command, ...]) -> list[Command]:
    """Scans of an hour before, told only now."""
    return [
        msgspec.structs.replace(scan, status=ParcelStatus.IN_TRANSIT, at=scan.at - 3_600_000_000)
        for scan in scans
        if isinstance(scan, RecordCheckpoint)
    ]


class Town:
    """Whoever in the house passes news on, and may not get it noted down."""

    def __init__(self, news: Announcer, mishaps: Mishaps) -> None:
        self._news = news
        self._mishaps = mishaps

    def deliver(self, messages: list[OutboxMessage]) -> None:
        """As the port says."""
        self._mishaps.reach(Point.BEFORE_NEWS)
        if self._mishaps.strikes(Fault.NEWS_NOT_NOTED):
            raise RuntimeError("simulated: a listener failed")
        self._news.deliver(messages)


def surrounded(outside: Outside, provider: Provider, mishaps: Mishaps) -> Outside:
    """The same with a provider and a carrier that meet the mishaps of one process."""
    news = None if outside.news is None else Town(outside.news, mishaps)
    tills = (Till(provider, mishaps), Cashdesk(provider, mishaps))
    return Outside(tills, (Carrier(mishaps),), news)  # type: ignore[arg-type]  # ports


def payers(provider: Provider, mishaps: Mishaps) -> dict[str, Payer]:
    """By name, whoever pays sellers."""
    return {name: Payer(name, provider, mishaps) for name in _TERMS}


Tell = Callable[[Application], object]
"""Something that is told to a process."""


class World:
    """Everybody outside, for all processes: the simple provider, sellers' banks, a carrier. Others may take its place."""

    def __init__(self, clock: Clock, store: Store) -> None:  # noqa: ARG002 - others want to know
        self.provider = Provider()

    def state_to(self, hears: Callable[[Operation], None]) -> None:
        """Who is told of each line of the provider's statement."""
        self.provider.tells = hears

    def outside(self, outside: Outside, mishaps: Mishaps) -> Outside:
        """Whom the outbox of one process reaches."""
        return surrounded(outside, self.provider, mishaps)

    def payers(self, mishaps: Mishaps) -> Mapping[str, object]:
        """By name, whoever pays sellers for one process."""
        return payers(self.provider, mishaps)

    def does(self, envelope: Envelope) -> bool:  # noqa: ARG002 - as above
        """Whether it does itself what somebody is about to report, and tells of it in its own time."""
        return False

    def news(self, chance: random.Random) -> Sequence[Tell]:
        """A bank sends money back; the provider tells of that, or of something that came back before."""
        self.provider.send_back(chance)
        known = self.all_news()
        return [chance.choice((known[-1], known[-1], chance.choice(known)))] if known else []

    def all_news(self) -> Sequence[Tell]:
        """Everything that was ever to be told, once more."""
        return [partial(_told_of, seen) for seen in self.provider.came_back()]


def _told_of(seen: CameBack, app: Application) -> None:
    if isinstance(seen, PayoutSeen):
        app.payouts.progress.take_payout(IN_STEPS, seen, app.clock.now())
    else:
        app.payments.tell(app.payouts.balances.provider(AT_ONCE), seen)  # type: ignore[arg-type]  # it is there
