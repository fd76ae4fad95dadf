"""Reading from several databases: one order where it lies, lists merged from all by what they are sorted by.

Each database is asked for as many rows as the page has, so a page costs a page a database however far down it lies.
Where one does not answer, a list is refused: rows that are silently missing would be taken for orders that do not exist.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from fairhold.domain.ids import Lane, OrderId, lane_of
from fairhold.domain.instants import Instant
from fairhold.engine.ports.list_query import ListQuery
from fairhold.engine.ports.movements import StoredTransfer
from fairhold.engine.ports.store import OutboxMessage, Reader, StoredEvent, StoredKey, StoredOrder
from fairhold.store.routed.disputes import RoutedDisputes
from fairhold.store.routed.reviews import RoutedReviews


class RoutedReader(RoutedDisputes, RoutedReviews):
    """Answers from any thread."""

    def order(self, order: OrderId) -> tuple[int, bytes] | None:
        """Version and snapshot."""
        return self._of(lane_of(order), lambda reader: reader.order(order), None)

    def events(self, order: OrderId, up_to: int | None = None, first: int = 1) -> list[StoredEvent]:
        """The order's history from its first event, or from a later one, up to a version."""
        return self._of(lane_of(order), lambda reader: reader.events(order, up_to, first), [])

    def commitments(self, order: OrderId, up_to: int) -> list[bytes]:
        """What the order's chain is made of, up to a version."""
        return self._of(lane_of(order), lambda reader: reader.commitments(order, up_to), [])

    def first_written(self, lane: Lane, since: Instant) -> Instant | None:
        """When the first of the lane's events that were written from then on was written."""
        return self._of(lane, lambda reader: reader.first_written(lane, since), None)

    def written(self, lane: Lane, since: Instant, until: Instant, limit: int) -> list[tuple[int, str, int]]:
        """(written_at, order id, seq) of the lane's events written in that time, by `written_at`."""
        return self._of(lane, lambda reader: reader.written(lane, since, until, limit), [])

    def list_orders(self, query: ListQuery) -> list[bytes]:
        """Snapshots, newest first."""
        if query.after is None:
            found = self._merged(lambda reader: reader.list_by_id(query), query.limit, _id, down=True)
        else:
            nearest = self._merged(lambda reader: reader.list_by_id(query)[::-1], query.limit, _id)
            found = nearest[::-1]
        return [snapshot for _, snapshot in found]

    def tab_counts(self, buyer: str | None, seller: str | None, most: int | None = None) -> dict[int, int]:
        """How many orders have each tab's bit, under key 0 how many there are; `most` means that many or more."""
        counts = _added(self._each(lambda reader: reader.tab_counts(buyer, seller, most)))
        return counts if most is None else {bit: min(count, most) for bit, count in counts.items()}

    def balances(self, prefix: str = "", after: str = "", limit: int | None = None) -> dict[str, int]:
        """Balances, added up over lanes and databases, of the accounts whose names begin so.

        What stands among the first so many of all stands among the first so many of each database that has it.
        """
        found = _added(self._each(lambda reader: reader.balances(prefix, after, limit)))
        return {account: found[account] for account in sorted(found)[:limit]}

    def balance(self, account: str) -> int | None:
        """One account's balance; None where nothing was ever booked on it."""
        found = [balance for balance in self._each(lambda reader: reader.balance(account)) if balance is not None]
        return sum(found) if found else None

    def transfers(
        self, order: OrderId | None, after: tuple[int, str, int, int] | None, limit: int
    ) -> list[StoredTransfer]:
        """Transfers by (lane, order, seq, n), of one order or of all."""
        if order is not None:
            return self._of(lane_of(order), lambda reader: reader.transfers(order, after, limit), [])
        return self._merged(lambda reader: reader.transfers(None, after, limit), limit, lambda row: row[:4])

    def provider_transfers(
        self, first: Instant, last: Instant, after: tuple[int, int, str, int, int] | None, limit: int
    ) -> list[StoredTransfer]:
        """Transfers from and to providers, from `first` to before `last`, by (at, lane, order, seq, n)."""
        return self._merged(
            lambda reader: reader.provider_transfers(first, last, after, limit), limit, lambda row: (row.at, *row[:4])
        )

    def outbox(self, states: Sequence[str], limit: int) -> list[OutboxMessage]:
        """Messages in these states, by `not_before`, the earliest first."""
        return self._merged(
            lambda reader: reader.outbox(states, limit),
            limit,
            lambda message: (message.not_before, message.order_id, message.seq, message.n),
        )

    def overdue(self, now: Instant) -> tuple[int, Instant | None]:
        """How many orders are past their next deadline, and the oldest such deadline."""
        found = self._each(lambda reader: reader.overdue(now))
        return sum(count for count, _ in found), min((at for _, at in found if at is not None), default=None)

    def scan_orders(self, after: str | None, limit: int) -> list[StoredOrder]:
        """All orders by id."""
        return self._merged(lambda reader: reader.scan_orders(after, limit), limit, lambda row: row.id)

    def parked_orders(self, limit: int) -> list[str]:
        """Orders that wait for a person, by id."""
        return self._merged(lambda reader: reader.parked_orders(limit), limit, str)

    def lane_balances(self, lane: Lane) -> dict[str, int]:
        """One lane's sub-balances."""
        return self._of(lane, lambda reader: reader.lane_balances(lane), {})

    def used_lanes(self) -> list[Lane]:
        """Every lane in which an order or a balance lies, ascending."""
        return sorted({lane for lanes in self._each(lambda reader: reader.used_lanes()) for lane in lanes})

    def strays(self, limit: int) -> list[tuple[str, str]]:
        """(table, order id) of rows whose order does not exist: nothing of an order lies in another database."""
        return self._merged(lambda reader: reader.strays(limit), limit, lambda row: row)

    def scan_keys(self, after: tuple[int, str, str] | None, limit: int) -> list[StoredKey]:
        """All idempotency keys by (lane, order id, key)."""
        return self._merged(lambda reader: reader.scan_keys(after, limit), limit, lambda row: row[:3])

    def placing_keys(self, lane: Lane, keys: Sequence[str]) -> list[StoredKey]:
        """What was placed in that lane under these keys."""
        return self._of(lane, lambda reader: reader.placing_keys(lane, keys), [])

    @contextmanager
    def moment(self) -> Iterator[Reader]:
        """A reader that shows each database as it was at one moment for as long as the `with` lasts.

        The databases' moments lie some milliseconds apart, and nothing can be seen in between that was never true: an
        order, its transfers, its lane's balances and its keys lie in one database, and no transaction spans two.
        """
        with ExitStack() as stack:
            then = {}
            for database, reader in self._readers.items():
                with database.asked():
                    then[database] = stack.enter_context(reader.moment())
            yield RoutedReader(then, self._owner)

    def close(self) -> None:
        """Close all connections."""
        for reader in self._readers.values():
            reader.close()


def _id(row: tuple[str, bytes]) -> str:
    return row[0]


def _added(parts: Iterable[dict[Any, int]]) -> dict[Any, int]:
    total: Counter[Any] = Counter()
    for part in parts:
        for name, amount in part.items():
            total[name] += amount
    return dict(total)
