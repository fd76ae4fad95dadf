"""What was booked on providers' clearing accounts in a span of time, with the provider's own names for it.

The sums are the transfers'. What kind of line the provider states for an event, and under which names, is a table.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from itertools import groupby
from typing import NamedTuple, Protocol

from fairhold.domain.dispute_events import ChargebackReceived, ChargebackWon
from fairhold.domain.event_shape import EventBase
from fairhold.domain.events import Event, PaymentReceived, RefundPaid
from fairhold.domain.ids import OrderId
from fairhold.domain.instants import Instant
from fairhold.domain.order import Order
from fairhold.domain.payment_events import PaymentReturned
from fairhold.domain.payout_events import PayoutReturned, PayoutSent, PayoutTakenBack
from fairhold.domain.refund_events import RefundReturned
from fairhold.engine.kernel.codec import decode_event, decode_order
from fairhold.engine.outside.payment_seen import LineKind
from fairhold.engine.ports.movements import StoredTransfer
from fairhold.engine.ports.store import StoredEvent
from fairhold.ledger import accounts
from fairhold.ledger.reconciling import Entry

PORTION = 1000
"""Transfers that are read at once."""

Look = Callable[[], Order]
"""Reads the order: most events say the names themselves, and there are many of those."""
Names = Callable[[EventBase, Look], tuple[str | None, ...]]


class Kind(NamedTuple):
    """How the provider states what an event booked: in a line of which kind, and by which names, the likeliest first."""

    line: LineKind
    names: Names


def _payment(event: EventBase, look: Look) -> tuple[str | None, ...]:
    assert isinstance(event, PaymentReceived | PaymentReturned)
    return event.names.charge, event.names.payment


def _reference(event: EventBase, look: Look) -> tuple[str | None, ...]:
    return (getattr(event, "reference", None),)


def _chargeback(event: EventBase, look: Look) -> tuple[str | None, ...]:
    assert isinstance(event, ChargebackWon)
    return tuple(one.reference for one in look().chargebacks if one.id == event.chargeback)


def _returned(event: EventBase, look: Look) -> tuple[str | None, ...]:
    number = getattr(event, "number", 0)
    return tuple(part.reference for part in look().payouts if part.number == number)


def _taken_back(event: EventBase, look: Look) -> tuple[str | None, ...]:
    """Providers name the reversal, or the transfer that it reverses."""
    return (*_reference(event, look), *_returned(event, look))


KINDS: dict[type[EventBase], Kind] = {
    PaymentReceived: Kind(LineKind.PAYMENT, _payment),
    PaymentReturned: Kind(LineKind.PAYMENT, _payment),
    RefundPaid: Kind(LineKind.REFUND, _reference),
    RefundReturned: Kind(LineKind.REFUND_FAILED, _reference),
    ChargebackReceived: Kind(LineKind.CHARGEBACK, _reference),
    ChargebackWon: Kind(LineKind.GIVEN_BACK, _chargeback),
    PayoutSent: Kind(LineKind.TRANSFER, _reference),
    PayoutReturned: Kind(LineKind.PAYOUT_RETURNED, _returned),
    PayoutTakenBack: Kind(LineKind.TAKEN_BACK, _taken_back),
}
"""By the type of the event that booked it. What is not here is stated by no provider, and stands out as only booked."""


class Books(Protocol):
    """Where the movements lie."""

    def provider_transfers(
        self, first: Instant, last: Instant, after: tuple[int, int, str, int, int] | None, limit: int
    ) -> list[StoredTransfer]:
        """Transfers from and to providers' accounts, by (at, lane, order, seq, n)."""
        ...

    def events(self, order: OrderId, up_to: int | None = None, first: int = 1) -> list[StoredEvent]:
        """The order's history."""
        ...

    def order(self, order: OrderId) -> tuple[int, bytes] | None:
        """Version and snapshot."""
        ...


class Movement(NamedTuple):
    """What one event booked on a provider's account."""

    currency: str
    order: str
    entry: Entry


def movements(books: Books, provider: str, first: Instant, last: Instant) -> Iterator[Movement]:
    """What was booked on this provider's accounts from `first` to before `last`, oldest first. Raises StoreUnavailable."""
    prefix = accounts.provider(provider, "")
    for (order, seq), transfers in groupby(_transfers(books, first, last), lambda one: (one.order_id, one.seq)):
        by_account: dict[str, list[StoredTransfer]] = defaultdict(list)
        for one in transfers:
            for account in (one.debit, one.credit):
                if account.startswith(prefix):
                    by_account[account].append(one)
        for account, of_account in by_account.items():
            yield Movement(accounts.currency_of(account), order, _entry(books, account, of_account, seq))


def first_movement(books: Books, provider: str, until: Instant) -> Instant | None:
    """When something was first booked on this provider's accounts. Raises StoreUnavailable."""
    prefix = accounts.provider(provider, "")
    found = _transfers(books, Instant(0), until)
    return next(
        (Instant(one.at) for one in found if prefix in (one.debit[: len(prefix)], one.credit[: len(prefix)])), None
    )


def _transfers(books: Books, first: Instant, last: Instant) -> Iterator[StoredTransfer]:
    after: tuple[int, int, str, int, int] | None = None
    while page := books.provider_transfers(first, last, after, PORTION):
        yield from page
        newest = page[-1]
        after = (newest.at, newest.lane, newest.order_id, newest.seq, newest.n)


def _entry(books: Books, account: str, transfers: list[StoredTransfer], seq: int) -> Entry:
    net = fee = 0
    for one in transfers:
        came = one.amount if one.debit == account else -one.amount
        net += came
        if accounts.is_costs(one.credit if one.debit == account else one.debit):
            fee -= came
    order, at = transfers[0].order_id, Instant(transfers[0].at)
    mark = f"{order}/{seq}"
    kind, names = _told(books, OrderId(order), seq)
    return Entry(kind, names or (mark,), net + fee, fee, at, mark)


def _told(books: Books, order: OrderId, seq: int) -> tuple[str, tuple[str, ...]]:
    stored = books.events(order, seq, seq)
    if not stored:
        return LineKind.OTHER.value, ()
    event: Event = decode_event(stored[0].data)
    row = KINDS.get(type(event))
    if row is None:
        return LineKind.OTHER.value, ()
    return row.line.value, tuple(name for name in row.names(event, partial(order_in, books, order)) if name)


def order_in(books: Books, order: OrderId) -> Order:
    """The order as it is now."""
    snapshot = books.order(order)
    assert snapshot is not None, "whoever has a history is an order"
    return decode_order(snapshot[1])


def kind_of(event: EventBase) -> Kind | None:
    """How the provider states what this event booked; None where it states nothing."""
    return KINDS.get(type(event))
