"""Whether the books are whole after a case: the whole audit where that is quick, otherwise a sample and all the sums.

A sample plays the histories of random orders and of those changed last. Whatever the size, balances are compared with all
transfers and figures with all reviews, and rows without an order are looked for.
"""

from collections.abc import Iterable
from typing import Any

import psycopg

from benchmarks.figures import wrong_figures
from fairhold.engine.audit.auditing import audit
from fairhold.engine.audit.orders import check_order
from fairhold.engine.audit.reviews import ReviewAudit
from fairhold.engine.ports.disputes import StoredDispute
from fairhold.engine.ports.movements import StoredTransfer
from fairhold.engine.ports.reviews import ReviewReader
from fairhold.engine.ports.store import StoredEvent, StoredOrder
from fairhold.store import open_store
from fairhold.store.dispute_asking import dispute_of

WHOLE = 5_000
"""Databases of so many orders are audited whole; larger ones by so many chosen orders."""
_PAGE = 1000


class NotClean(Exception):
    """The audit found something: no figure of this run is worth anything."""


def assert_clean(url: str) -> str:
    """How the database at `url` was audited. Raises NotClean."""
    store = open_store(url)
    try:
        with psycopg.connect(url) as connection:
            [(count,)] = connection.execute("SELECT count(*) FROM orders").fetchall()
            if count <= WHOLE:
                found: list[Any] = list(audit(store))
                how = f"all {count:,} orders audited"
            else:
                chosen = sample(connection, count)
                found = [*check(connection, chosen, store.reader()), *sums(connection), *wrong_figures(connection)]
                found += store.reader().strays(10) if count <= 100 * WHOLE else []
                how = f"{len(chosen):,} of {count:,} orders audited, and all sums"
    finally:
        store.close()
    if found:
        raise NotClean(f"{len(found)} findings: {', '.join(map(str, found[:3]))}")
    return how


def sample(connection: "psycopg.Connection[Any]", count: int) -> list[str]:
    """Half of them chosen at random, half those changed last of a large part of the table."""
    share = min(100.0, 100 * WHOLE / count)
    chosen = connection.execute(
        "SELECT id FROM orders TABLESAMPLE SYSTEM (%s) LIMIT %s", (share, WHOLE // 2)
    ).fetchall()
    last = connection.execute(
        "SELECT id FROM orders TABLESAMPLE SYSTEM (%s) ORDER BY updated_at DESC LIMIT %s",
        (min(100.0, 20 * share), WHOLE // 2),
    ).fetchall()
    return sorted({order for (order,) in (*chosen, *last)})


def check(connection: "psycopg.Connection[Any]", ids: list[str], reader: ReviewReader) -> Iterable[Any]:
    """The findings of the audit about these orders."""
    reviews = ReviewAudit(reader).check
    for start in range(0, len(ids), _PAGE):
        page = ids[start : start + _PAGE]
        events: dict[str, list[StoredEvent]] = {}
        transfers: dict[str, list[StoredTransfer]] = {}
        for row in rows(connection, "events", StoredEvent._fields, "order_id", page):
            events.setdefault(row[1], []).append(StoredEvent(*row))
        for row in rows(connection, "transfers", StoredTransfer._fields, "order_id", page):
            transfers.setdefault(row[1], []).append(StoredTransfer(*row))
        disputes: dict[str, list[StoredDispute]] = {}
        for row in rows(connection, "disputes", StoredDispute._fields, "order_id", page):
            disputes.setdefault(row[2], []).append(dispute_of(row))
        for row in rows(connection, "orders", StoredOrder._fields, "id", page):
            order = StoredOrder(*row)
            history = sorted(events.get(order.id, []), key=lambda event: event.seq)
            order = order._replace(parked=bool(order.parked))
            yield from check_order(order, history, transfers.get(order.id, []), disputes.get(order.id, []), reviews)


def rows(
    connection: "psycopg.Connection[Any]", table: str, names: tuple[str, ...], key: str, ids: list[str]
) -> list[tuple[Any, ...]]:
    """The rows of these orders."""
    listed = ", ".join(f'"{name}"' for name in names)
    lanes = "lane IN (SELECT DISTINCT lane FROM balances)"
    statement = f"SELECT {listed} FROM {table} WHERE {lanes} AND {key} = ANY(%s)"  # noqa: S608 - constants
    return connection.execute(statement.encode(), (ids,), binary=True).fetchall()


def sums(connection: "psycopg.Connection[Any]") -> list[Any]:
    """Accounts whose balance is not what their transfers add up to."""
    return connection.execute(
        "WITH moved AS ("
        " SELECT lane, account, sum(change)::bigint AS balance FROM ("
        "  SELECT lane, debit, -sum(amount) FROM transfers GROUP BY lane, debit UNION ALL"
        "  SELECT lane, credit, sum(amount) FROM transfers GROUP BY lane, credit) AS part (lane, account, change)"
        " GROUP BY lane, account)"
        " SELECT lane, account, balances.balance, moved.balance FROM balances FULL JOIN moved USING (lane, account)"
        " WHERE coalesce(balances.balance, 0) <> coalesce(moved.balance, 0) LIMIT 10"
    ).fetchall()
