"""Reading, as far as it is the same in every store: which statement answers what, and how its rows become records."""

from collections.abc import Callable, Mapping, Sequence
from heapq import merge
from itertools import islice
from typing import Any, Protocol

from fairhold.domain.ids import Lane, OrderId, lane_of
from fairhold.domain.instants import Instant
from fairhold.engine.ports.list_query import ListQuery
from fairhold.engine.ports.movements import StoredTransfer
from fairhold.engine.ports.store import OutboxMessage, StoredEvent, StoredKey, StoredOrder
from fairhold.proof.chain import NO_SALT, commitment
from fairhold.store.asking import EVERY, Kind, Whose, asked, balances_asked, person
from fairhold.store.dispute_reading import DisputeRecords, Disputes
from fairhold.store.review_reading import ReviewRecords, Reviews

Values = Sequence[Any] | Mapping[str, Any]
"""What a statement is asked with: by place or by name."""

_HIGHEST = 2**31 - 1


class Statements(Protocol):
    """A store's statements, by name; those of `in_lane` are asked with a lane and the values behind it."""

    LOAD_ORDER: str
    EVENTS: str
    COMMITMENTS: str
    FIRST_WRITTEN: str
    WRITTEN: str
    BALANCES: str
    BALANCE: str
    LANE_BALANCES: str
    USED_LANES: str
    TRANSFERS: str
    TRANSFERS_OF_ORDER: str
    PROVIDER_TRANSFERS: str
    OVERDUE: str
    SCAN_ORDERS: str
    PARKED_ORDERS: str
    SCAN_KEYS: str
    STRAYS: str
    MESSAGES: dict[str, str]


class Lists(Protocol):
    """A store's statements of lists."""

    def list_orders(self, kind: Kind, whose: Whose, tab: int, order: str) -> str:
        """The statement of such a list."""
        ...

    def count_tabs(self, whose: Whose) -> str:
        """The statement that counts by mask of tabs."""
        ...


class Records(DisputeRecords, ReviewRecords):
    """What a store answers, by its statements. How they are put is said by `rows`, and by `in_lane` for those of a lane."""

    def __init__(
        self,
        statements: Statements,
        lists: Lists,
        disputes: Disputes,
        reviews: Reviews,
        rows: Callable[[str, Values], list[Any]],
        in_lane: Callable[[Lane, str, tuple[Any, ...]], list[Any]],
    ) -> None:
        DisputeRecords.__init__(self, disputes, rows, in_lane)
        ReviewRecords.__init__(self, reviews, rows, in_lane)
        self._sql = statements
        self._lists = lists

    def order(self, order: OrderId) -> tuple[int, bytes] | None:
        """Version and snapshot."""
        found: list[tuple[int, bytes]] = self._in_lane(lane_of(order), self._sql.LOAD_ORDER, (order,))
        return found[0] if found else None

    def events(self, order: OrderId, up_to: int | None = None, first: int = 1) -> list[StoredEvent]:
        """The order's history from its first event, or from a later one, up to a version."""
        last = _HIGHEST if up_to is None else up_to
        return [StoredEvent(*row) for row in self._in_lane(lane_of(order), self._sql.EVENTS, (order, first, last))]

    def commitments(self, order: OrderId, up_to: int) -> list[bytes]:
        """What the order's chain is made of, up to a version."""
        found = self._in_lane(lane_of(order), self._sql.COMMITMENTS, (order, up_to))
        return [commitment(NO_SALT, data) if committed is None else committed for committed, data in found]

    def first_written(self, lane: Lane, since: Instant) -> Instant | None:
        """When the first of the lane's events that were written from then on was written."""
        found: list[tuple[Instant]] = self._in_lane(lane, self._sql.FIRST_WRITTEN, (since,))
        return found[0][0] if found else None

    def written(self, lane: Lane, since: Instant, until: Instant, limit: int) -> list[tuple[int, str, int]]:
        """(written_at, order id, seq) of the lane's events written in that time, by `written_at`."""
        return self._in_lane(lane, self._sql.WRITTEN, (since, until, limit))

    def list_orders(self, query: ListQuery) -> list[bytes]:
        """Snapshots, newest first."""
        return [snapshot for _, snapshot in self.list_by_id(query)]

    def list_by_id(self, query: ListQuery) -> list[tuple[str, bytes]]:
        """Ids and snapshots, newest first."""
        kind, whose, values = asked(query)
        statement = self._lists.list_orders(kind, whose, query.tab, "DESC" if query.after is None else "ASC")
        found = self._rows(statement, values)
        return found if query.after is None else found[::-1]

    def tab_counts(self, buyer: str | None, seller: str | None, most: int | None = None) -> dict[int, int]:
        """How many orders have each tab's bit, under key 0 how many there are; `most` means that many or more."""
        whose, values = person(buyer, seller)
        limit = EVERY if most is None else most
        counts = {0: 0}
        for mask, count in self._rows(self._lists.count_tabs(whose), values | {"most": limit}):
            counts[0] += count
            left = mask
            while left:
                bit = left & -left
                counts[bit] = counts.get(bit, 0) + count
                left ^= bit
        return {bit: min(count, limit) for bit, count in counts.items()}

    def balances(self, prefix: str = "", after: str = "", limit: int | None = None) -> dict[str, int]:
        """Balances, added up over lanes, of the accounts whose names begin so; with `limit`, so many behind `after`."""
        return dict(self._rows(self._sql.BALANCES, balances_asked(prefix, after, limit)))

    def balance(self, account: str) -> int | None:
        """One account's balance; None where nothing was ever booked on it."""
        found: int | None = self._rows(self._sql.BALANCE, (account,))[0][0]
        return found

    def lane_balances(self, lane: Lane) -> dict[str, int]:
        """One lane's sub-balances."""
        return dict(self._in_lane(lane, self._sql.LANE_BALANCES, ()))

    def used_lanes(self) -> list[Lane]:
        """Every lane in which an order or a balance lies, ascending."""
        return [Lane(lane) for (lane,) in self._rows(self._sql.USED_LANES, ())]

    def transfers(
        self, order: OrderId | None, after: tuple[int, str, int, int] | None, limit: int
    ) -> list[StoredTransfer]:
        """Transfers by (lane, order, seq, n), of one order or of all."""
        start = after or (-1, "", -1, -1)
        if order is None:
            found = self._rows(self._sql.TRANSFERS, (*start, limit))
        else:
            place = (lane_of(order), order)
            if start[:2] > place:
                return []
            seq, n = start[2:] if start[:2] == place else (-1, -1)
            found = self._in_lane(place[0], self._sql.TRANSFERS_OF_ORDER, (order, seq, n, limit))
        return [StoredTransfer(*row) for row in found]

    def provider_transfers(
        self, first: Instant, last: Instant, after: tuple[int, int, str, int, int] | None, limit: int
    ) -> list[StoredTransfer]:
        """Transfers from and to providers, from `first` to before `last`, by (at, lane, order, seq, n)."""
        start = after or (first, -1, "", -1, -1)
        return [StoredTransfer(*row) for row in self._rows(self._sql.PROVIDER_TRANSFERS, (*start, last, limit))]

    def outbox(self, states: Sequence[str], limit: int) -> list[OutboxMessage]:
        """Messages in these states, by `not_before`, the earliest first."""
        found = [
            [OutboxMessage(*row) for row in self._rows(self._sql.MESSAGES[state], (state, limit))]
            for state in set(states)
        ]
        by_time = merge(*found, key=lambda message: (message.not_before, message.order_id, message.seq, message.n))
        return list(islice(by_time, limit))

    def overdue(self, now: Instant) -> tuple[int, Instant | None]:
        """How many orders are past their next deadline, and the oldest such deadline; parked ones are left out."""
        found: tuple[int, Instant | None] = self._rows(self._sql.OVERDUE, (now,))[0]
        return found

    def scan_orders(self, after: str | None, limit: int) -> list[StoredOrder]:
        """All orders by id."""
        found = self._rows(self._sql.SCAN_ORDERS, {"after": after or "", "limit": limit})
        return [stored._replace(parked=bool(stored.parked)) for stored in (StoredOrder(*row) for row in found)]

    def parked_orders(self, limit: int) -> list[str]:
        """Orders that wait for a person, by id."""
        return [order for (order,) in self._rows(self._sql.PARKED_ORDERS, (limit,))]

    def strays(self, limit: int) -> list[tuple[str, str]]:
        """(table, order id) of rows whose order does not exist."""
        return self._rows(self._sql.STRAYS, (limit,))

    def scan_keys(self, after: tuple[int, str, str] | None, limit: int) -> list[StoredKey]:
        """All idempotency keys by (lane, order id, key)."""
        return [StoredKey(*row) for row in self._rows(self._sql.SCAN_KEYS, (*(after or (-1, "", "")), limit))]
