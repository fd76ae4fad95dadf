"""The audit of one order: its events, played again, against its row and its transfers."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from fairhold.domain.deadlines import next_deadline
from fairhold.domain.evolve import evolve
from fairhold.domain.ids import lane_of
from fairhold.domain.instants import Instant
from fairhold.domain.order import Order
from fairhold.engine.audit.findings import Finding, Kind
from fairhold.engine.audit.reviews import ReviewRows
from fairhold.engine.installation.policies import Today
from fairhold.engine.kernel.codec import decode_event, decode_order
from fairhold.engine.kernel.rows import changed_disputes, event_row, order_row, transfer_rows
from fairhold.engine.ports.disputes import StoredDispute
from fairhold.engine.ports.movements import StoredTransfer
from fairhold.engine.ports.store import StoredEvent, StoredOrder
from fairhold.ledger.balances import check_order as check_books
from fairhold.ledger.posting import post
from fairhold.ledger.transfers import Transfer
from fairhold.proof.chain import HASH_BYTES, SALT_BYTES, commitment

_COLUMNS = ("buyer", "seller", "currency", "status", "tabs", "total", "placed_at", "updated_at", "search", "closed_at")


class _Played(NamedTuple):
    """What an order's events make of it, and of what is stored beside it."""

    order: Order
    transfers: list[StoredTransfer]
    disputes: dict[str, StoredDispute]
    reviews: ReviewRows
    found: list[Finding]


def check_order(
    row: StoredOrder,
    events: Sequence[StoredEvent],
    transfers: Sequence[StoredTransfer],
    disputes: Sequence[StoredDispute],
    reviews: Callable[[ReviewRows], Iterator[Finding]],
    today: Today = lambda order: order,
) -> Iterator[Finding]:
    """Everything that does not fit about one order. `reviews` is given the rows that its events make, to look for them."""
    if row.lane != lane_of(row.id):
        yield Finding(Kind.LANE, row.id, f"lies in lane {row.lane}, its id says {lane_of(row.id)}")
    if row.parked:
        yield Finding(Kind.PARKED, row.id, "taken out of the sweep: a person must look at it")
    numbers = [event.seq for event in events]
    if numbers != list(range(1, len(events) + 1)):
        yield Finding(Kind.SEQUENCE, row.id, f"events are numbered {_short(numbers)}")
        return
    if row.version != len(events):
        yield Finding(Kind.VERSION, row.id, f"version is {row.version}, there are {len(events)} events")
    yield from _check_commitments(events)
    try:
        played = _play(events)
        stored = decode_order(row.snapshot)
    except Exception as error:  # noqa: BLE001 - whatever is in the database, the audit goes on
        yield Finding(Kind.UNREADABLE, row.id, f"{type(error).__name__}: {error}")
        return
    yield from played.found
    yield from _check_row(row, played.order, stored, Instant(events[-1].at), today)
    yield from _check_transfers(row.id, played.transfers, transfers)
    yield from _check_disputes(row.id, played.disputes, disputes)
    for finding in reviews(played.reviews):
        yield finding._replace(order=row.id)
    yield from _check_sums(played.order, transfers)


def _check_commitments(events: Sequence[StoredEvent]) -> Iterator[Finding]:
    """Each event is what was committed to when it was written, unless it was forgotten since, or is older than that.

    Of an old one that is forgotten, its commitment without a salt is kept, so that the chain stays as it was.
    """
    for event in events:
        old = event.written_at is None and event.salt is None
        if old and event.commitment is None:
            continue
        dated = old or event.written_at is not None
        if event.commitment is None or len(event.commitment) != HASH_BYTES or not dated:
            yield Finding(Kind.COMMITMENT, event.order_id, f"event {event.seq}: its commitment is incomplete")
        elif event.salt is not None and (
            len(event.salt) != SALT_BYTES or commitment(event.salt, event.data) != event.commitment
        ):
            yield Finding(Kind.COMMITMENT, event.order_id, f"event {event.seq} is not what was committed to")


def _play(events: Sequence[StoredEvent]) -> _Played:
    order: Order | None = None
    expected: list[StoredTransfer] = []
    disputes: dict[str, StoredDispute] = {}
    reviews = ReviewRows()
    found: list[Finding] = []
    for stored in events:
        event = decode_event(stored.data)
        after = evolve(order, event)
        expected.extend(transfer_rows(after, post(order, event, after)))
        disputes.update((row.id, row) for row in changed_disputes(order, after, event.at))
        reviews.take(order, after, event)
        row = event_row(after, event)
        for column in ("lane", "order_id", "seq", "at", "by", "type"):
            if getattr(row, column) != getattr(stored, column):
                what = f"event {stored.seq}: {column} is {getattr(stored, column)!r}, the event says {getattr(row, column)!r}"
                found.append(Finding(Kind.EVENT_COLUMN, stored.order_id, what))
        order = after
    if order is None:
        raise ValueError("an order without events")
    return _Played(order, expected, disputes, reviews, found)


def _check_row(row: StoredOrder, order: Order, stored: Order, updated_at: Instant, today: Today) -> Iterator[Finding]:
    right = order_row(order, updated_at)
    if stored != order:
        changed = [name for name in Order.__struct_fields__ if getattr(stored, name) != getattr(order, name)]
        yield Finding(Kind.SNAPSHOT, row.id, f"differs from its events in {', '.join(changed)}")
    if row.next_deadline_at not in (right.next_deadline_at, next_deadline(today(order))):
        what = f"next deadline is {row.next_deadline_at}, the order says {right.next_deadline_at}"
        yield Finding(Kind.DEADLINE, row.id, what)
    for column in _COLUMNS:
        said, expected = getattr(row, column), getattr(right, column)
        if said != expected:
            yield Finding(Kind.COLUMN, row.id, f"{column} is {said!r}, the order says {expected!r}")


def _check_transfers(
    order: str, expected: Sequence[StoredTransfer], found: Sequence[StoredTransfer]
) -> Iterator[Finding]:
    right = {(transfer.seq, transfer.n): transfer for transfer in expected}
    there = {(transfer.seq, transfer.n): transfer for transfer in found}
    for place in sorted(right.keys() | there.keys()):
        wanted, stored = right.get(place), there.get(place)
        if stored is None:
            yield Finding(Kind.TRANSFER_MISSING, order, f"event {place[0]}: {_moved(wanted)}")
        elif wanted is None:
            yield Finding(Kind.TRANSFER_EXTRA, order, f"event {place[0]}: {_moved(stored)}")
        elif wanted != stored:
            yield Finding(
                Kind.TRANSFER_CHANGED, order, f"event {place[0]}: {_moved(stored)}, should be {_moved(wanted)}"
            )


def _check_disputes(
    order: str, expected: Mapping[str, StoredDispute], found: Sequence[StoredDispute]
) -> Iterator[Finding]:
    there = {row.id: row for row in found}
    for name in sorted(expected.keys() | there.keys()):
        right, stored = expected.get(name), there.get(name)
        if stored is None:
            yield Finding(Kind.DISPUTE, order, f"dispute {name} has no row")
        elif right is None:
            yield Finding(Kind.DISPUTE, order, f"dispute {name} has a row, and the order has no such dispute")
        else:
            for column, said, wanted in zip(StoredDispute._fields, stored, right, strict=True):
                if said != wanted:
                    what = f"dispute {name}: {column} is {said!r}, the order says {wanted!r}"
                    yield Finding(Kind.DISPUTE, order, what)


def _check_sums(order: Order, transfers: Sequence[StoredTransfer]) -> Iterator[Finding]:
    money = order.money
    parts = money.held + money.settling + money.released + money.fee + money.refunded + money.charged_back
    if money.paid != parts:
        yield Finding(Kind.SUMS, order.id, f"paid {money.paid}, the parts add up to {parts}")
    try:
        check_books(order, [Transfer(row.debit, row.credit, row.amount, order.placed_at) for row in transfers])
    except AssertionError as error:
        yield Finding(Kind.SUMS, order.id, str(error))


def _moved(transfer: StoredTransfer | None) -> str:
    assert transfer is not None
    return f"{transfer.amount} from {transfer.debit} to {transfer.credit}"


def _short(numbers: Sequence[int]) -> str:
    text = ", ".join(map(str, numbers[:12]))
    return f"{text}, …" if len(numbers) > 12 else text or "not at all"
