"""What a batch writes, as statements with one array a column."""

from collections.abc import Sequence
from typing import Any

from fairhold.engine.ports.disputes import StoredDispute
from fairhold.engine.ports.store import Batch, OutboxMessage, StoredEvent, StoredOrder
from fairhold.store.dispute_asking import dispute_columns
from fairhold.store.postgres import statements as sql
from fairhold.store.postgres.arrays import blobs, ints, nullable_blobs, nullable_ints, nullable_texts, texts
from fairhold.store.postgres.disputes import WRITE_DISPUTES
from fairhold.store.postgres.pipeline import Statement
from fairhold.store.postgres.review_batches import reviewed


def inserted(batch: Batch) -> list[Statement]:
    """Everything of the batch; orders first, so that a stale one ends it before anything else is written."""
    must_be_of_one_lane(batch)
    pairs = sorted(zip(batch.orders, batch.expected, strict=True), key=lambda pair: pair[0].id)
    changed = [(order, expected) for order, expected in pairs if expected]
    new = [order for order, expected in pairs if not expected]
    statements: list[Statement] = []
    if changed:
        statements.append(_changed([order for order, _ in changed], [expected for _, expected in changed]))
    if new:
        statements.append(_placed(new))
    if batch.events:
        statements.append(_happened(batch.events))
    if batch.transfers:
        _, orders, seqs, ns, debits, credits_, amounts, ats = zip(*batch.transfers, strict=True)
        values = (texts(orders), ints(seqs), ints(ns), texts(debits), texts(credits_), ints(amounts), ints(ats))
        statements.append((sql.INSERT_TRANSFERS, values))
    if batch.outbox:
        statements.append(_put(batch.outbox))
    if batch.outbox_done:
        statements.append(finished(batch.outbox_done))
    if batch.keys:
        _, orders, words, prints, mades, versions, ats = zip(*batch.keys, strict=True)
        statements.append(
            (sql.INSERT_KEYS, (texts(orders), texts(words), blobs(prints), texts(mades), ints(versions), ints(ats)))
        )
    if batch.disputes:
        statements.append(_disputed(batch.disputes))
    statements += reviewed(batch)
    if batch.balances:
        accounts, changes = zip(*batch.balances, strict=True)
        statements.append((sql.CHANGE_BALANCES, (texts(accounts), ints(changes))))
    return statements


def _happened(events: Sequence[StoredEvent]) -> Statement:
    _, orders, seqs, ats, bys, types, datas, salts, commitments, written = zip(*events, strict=True)
    values = (
        texts(orders),
        ints(seqs),
        ints(ats),
        texts(bys),
        texts(types),
        blobs(datas),
        nullable_blobs(salts),
        nullable_blobs(commitments),
        nullable_ints(written) if None in written else ints(written),
    )
    return sql.INSERT_EVENTS, values


def _changed(orders: Sequence[StoredOrder], expected: Sequence[int]) -> Statement:
    columns = Columns(orders)
    values = (
        columns.ids,
        ints(expected),
        columns.versions,
        columns.snapshots,
        columns.statuses,
        columns.tabs,
        columns.totals,
        columns.updated_ats,
        columns.deadlines,
        columns.searches,
        columns.parked,
        columns.closed_ats,
        columns.ids,
        len(orders),
    )
    return sql.UPDATE_ORDERS, values


def _placed(orders: Sequence[StoredOrder]) -> Statement:
    columns = Columns(orders)
    values = (
        columns.ids,
        columns.versions,
        columns.snapshots,
        texts([order.buyer for order in orders]),
        texts([order.seller for order in orders]),
        texts([order.currency for order in orders]),
        columns.statuses,
        columns.tabs,
        columns.totals,
        ints([order.placed_at for order in orders]),
        columns.updated_ats,
        columns.deadlines,
        columns.searches,
        columns.parked,
        columns.closed_ats,
    )
    return sql.INSERT_ORDERS, values


class Columns:
    """The columns that are written with every version of an order."""

    def __init__(self, orders: Sequence[StoredOrder]) -> None:
        self.ids = texts([order.id for order in orders])
        self.versions = ints([order.version for order in orders])
        self.snapshots = blobs([order.snapshot for order in orders])
        self.statuses = texts([order.status for order in orders])
        self.tabs = ints([order.tabs for order in orders])
        self.totals = ints([order.total for order in orders])
        self.updated_ats = ints([order.updated_at for order in orders])
        self.deadlines = nullable_ints([order.next_deadline_at for order in orders])
        self.searches = texts([order.search for order in orders])
        self.parked = ints([order.parked for order in orders])
        self.closed_ats = nullable_ints([order.closed_at for order in orders])


def _put(messages: Sequence[OutboxMessage]) -> Statement:
    _, orders, seqs, ns, destinations, payloads, not_befores, states, attempts, errors = zip(*messages, strict=True)
    values = (
        texts(orders),
        ints(seqs),
        ints(ns),
        texts(destinations),
        blobs(payloads),
        ints(not_befores),
        texts(states),
        ints(attempts),
        nullable_texts(errors),
    )
    return sql.INSERT_MESSAGES, values


def _disputed(disputes: Sequence[StoredDispute]) -> Statement:
    rows = [dispute_columns(row) for row in disputes]
    return WRITE_DISPUTES, (
        texts([row.id for row in rows]),
        texts([row.order_id for row in rows]),
        texts([row.buyer for row in rows]),
        texts([row.seller for row in rows]),
        texts([row.currency for row in rows]),
        texts([row.reason for row in rows]),
        texts([row.state for row in rows]),
        ints([row.tabs for row in rows]),
        texts([row.turn for row in rows]),
        nullable_ints([row.deadline_at for row in rows]),
        ints([row.amount for row in rows]),
        nullable_ints([row.refund for row in rows]),
        nullable_texts([row.mediator for row in rows]),
        ints([row.claimed for row in rows]),
        ints([row.opened_at for row in rows]),
        ints([row.updated_at for row in rows]),
        nullable_ints([row.closed_at for row in rows]),
        nullable_texts([row.outcome for row in rows]),
        nullable_ints([row.seller_answered_at for row in rows]),
    )


def finished(messages: Sequence[OutboxMessage]) -> Statement:
    """These messages become `done`."""
    return sql.FINISH_MESSAGES, (
        *_places(messages),
        ints([message.attempts for message in messages]),
        nullable_texts([message.error for message in messages]),
        texts([message.order_id for message in messages]),
    )


def marked(messages: Sequence[OutboxMessage]) -> Statement:
    """What became of these messages."""
    return sql.MARK_MESSAGES, (
        *_places(messages),
        texts([message.state for message in messages]),
        ints([message.attempts for message in messages]),
        ints([message.not_before for message in messages]),
        nullable_texts([message.error for message in messages]),
        texts([message.order_id for message in messages]),
    )


def forgotten(messages: Sequence[OutboxMessage]) -> Statement:
    """These messages go."""
    return sql.FORGET_MESSAGES, (*_places(messages), texts([message.order_id for message in messages]))


def _places(messages: Sequence[OutboxMessage]) -> tuple[Any, ...]:
    return (
        texts([message.order_id for message in messages]),
        ints([message.seq for message in messages]),
        ints([message.n for message in messages]),
    )


def must_be_of_one_lane(batch: Batch) -> None:
    """A batch of two lanes is a bug."""
    lane = batch.lane
    for rows in (
        batch.orders,
        batch.events,
        batch.transfers,
        batch.outbox,
        batch.outbox_done,
        batch.keys,
        batch.disputes,
        batch.reviews,
        batch.product_reviews,
    ):
        assert all(row.lane == lane for row in rows), f"a batch of lane {lane} holds rows of another"
