"""Reading: orders as they are at this moment, lists, histories, balances. Plain calls, safe from any thread."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import structlog

from fairhold.domain.actors import Role
from fairhold.domain.decide import as_of, due
from fairhold.domain.events import Event
from fairhold.domain.evolve import fold
from fairhold.domain.ids import OrderId, PersonId, is_order_id
from fairhold.domain.instants import Instant
from fairhold.domain.order import Order
from fairhold.domain.status import TAB_BITS, Tab, tabs
from fairhold.engine.installation.clock import Clock
from fairhold.engine.installation.policies import Today
from fairhold.engine.kernel.codec import decode_event, decode_order
from fairhold.engine.ports.list_query import ListQuery
from fairhold.engine.ports.movements import StoredTransfer
from fairhold.engine.ports.store import OutboxMessage, Reader
from fairhold.engine.reading.disputes import DisputeQueries
from fairhold.engine.reading.reputation import ReputationQueries
from fairhold.engine.reading.reviews import ReviewQueries

_log = structlog.get_logger("fairhold.queries")

LONGEST_PAGE = 200
COUNTED = 1000
"""How far a tab's orders are counted for a page: beyond it, the number says «or more»."""
SEARCHED = 1000
"""How many orders, the newest of a person and tab, are looked through for a text."""
_NUMBER = re.compile(r"\d{4}-?\d{4}", re.ASCII)
_SWATH = 1000
"""Transfers read at once when all of them are looked through."""


class Page(NamedTuple):
    """Orders, newest first; `older` and `newer` are the cursors of the neighbouring pages, where there are any."""

    items: tuple[Order, ...]
    older: str | None
    newer: str | None


class TabCounts(NamedTuple):
    """How many orders stand in each tab; under None, how many there are. Of tabs in `at_least` there may be more."""

    numbers: Mapping[Tab | None, int]
    at_least: frozenset[Tab | None]


class Overdue(NamedTuple):
    """How far behind the sweep is: orders past their next deadline, and the oldest such deadline."""

    orders: int
    oldest: Instant | None


class Queries:
    """What the faces ask. Deadlines that are due are applied in memory, so nothing shown depends on the sweep."""

    def __init__(self, reader: Reader, clock: Clock, today: Today = lambda order: order) -> None:
        self._today = today
        self._reader = reader
        self._clock = clock
        self.disputes = DisputeQueries(reader, clock)
        """What is asked about disputes."""
        self.reviews = ReviewQueries(reader, clock, self.order, self.history, self._of_person)
        """What is asked about reviews."""
        self.reputation = ReputationQueries(reader, clock, self._completed, self._deals)
        """What is asked about whom they are about."""

    def now(self) -> Instant:
        """This moment on the engine's clock."""
        return self._clock.now()

    def order(self, order: OrderId) -> Order | None:
        """The order as it is now; None where there is none of that id."""
        found = self._reader.order(order) if is_order_id(order) else None
        return as_of(self._today(decode_order(found[1])), self._clock.now()) if found else None

    def history(self, order: OrderId) -> list[tuple[int, Event]]:
        """Everything that happened to the order so far, written down or only due: each event with its number, from 1."""
        if not is_order_id(order):
            return []
        written = [decode_event(stored.data) for stored in self._reader.events(order)]
        overdue = due(self._today(fold(written)), self._clock.now()) if written else ()
        return list(enumerate((*written, *overdue), 1))

    def order_at(self, order: OrderId, version: int) -> Order | None:
        """The order as it was after its first `version` events."""
        events = [decode_event(stored.data) for stored in self._reader.events(order, version)]
        return self._today(fold(events)) if events else None

    def list_orders(
        self,
        *,
        buyer: str | None = None,
        seller: str | None = None,
        tab: Tab | None = None,
        search: str = "",
        older_than: str | None = None,
        newer_than: str | None = None,
        limit: int = 50,
    ) -> Page:
        """A page of orders, newest first. `older_than` and `newer_than` are cursors out of another page.

        `search` is looked up as an order's id or number, and where everybody's orders are listed as a buyer or a seller,
        among all orders there are; anything else as a text within the newest `SEARCHED` of the list.
        """
        limit = max(1, min(limit, LONGEST_PAGE))
        query = ListQuery(
            buyer, seller, TAB_BITS[tab] if tab else 0, before=older_than, after=newer_than, limit=limit + 1
        )
        stored = self._found(query, search.strip()) if search.strip() else self._reader.list_orders(query)
        more = len(stored) > limit
        if newer_than is not None:
            page = self._readable(stored[-limit:])
            older, newer = page[-1].id if page else None, page[0].id if page and more else None
        else:
            page = self._readable(stored[:limit])
            older = page[-1].id if page and more else None
            newer = page[0].id if page and older_than is not None else None
        if tab is not None:
            page = [order for order in page if tab in tabs(order)]
        return Page(tuple(page), older, newer)

    def _of_person(self, role: Role, person: str, behind: str | None, limit: int) -> tuple[Order, ...]:
        buyer, seller = (person, None) if role is Role.BUYER else (None, person)
        return self.list_orders(buyer=buyer, seller=seller, older_than=behind, limit=limit).items

    def _completed(self, seller: PersonId, limit: int) -> tuple[Order, ...]:
        return self.list_orders(seller=seller, tab=Tab.COMPLETED, limit=limit).items

    def _deals(self, buyer: PersonId, most: int) -> int:
        return self._reader.tab_counts(buyer, None, most).get(TAB_BITS[Tab.COMPLETED], 0)

    def _found(self, query: ListQuery, text: str) -> list[bytes]:
        """The snapshots of what a person who types `text` means; the first kind that finds any."""
        if is_order_id(text.lower()) and (named := self._named(query, OrderId(text.lower()))):
            return named
        meant = [query._replace(search=text.casefold(), among=SEARCHED)]
        if query.buyer is None and query.seller is None:
            meant = [query._replace(buyer=text), query._replace(seller=text), *meant]
        if _NUMBER.fullmatch(text):
            meant = [query._replace(number=int(text.replace("-", ""))), *meant]
        return next((found for one in meant if (found := self._reader.list_orders(one))), [])

    def _named(self, query: ListQuery, id: OrderId) -> list[bytes]:
        """The snapshot of the order of that id, if it stands in the list."""
        found = self._reader.order(id)
        order = self._readable([found[1]])[:1] if found else []
        own = [one for one in order if query.buyer in (None, one.buyer) and query.seller in (None, one.seller)]
        return [found[1]] if found and own else []

    def _readable(self, snapshots: Sequence[bytes]) -> list[Order]:
        """These orders as they are now. A damaged one is missing here and cried about: it must not take the others with it."""
        now = self._clock.now()
        found = []
        for snapshot in snapshots:
            try:
                found.append(as_of(self._today(decode_order(snapshot)), now))
            except Exception as error:  # noqa: BLE001 - whatever lies in the database, the list goes on
                _log.critical("order cannot be read: run the audit", snapshot=snapshot[:80], error=str(error))
        return found

    def tab_counts(self, *, buyer: str | None = None, seller: str | None = None) -> TabCounts:
        """How many orders of that person stand in each tab, counted up to `COUNTED`."""
        counts = self._reader.tab_counts(buyer, seller, COUNTED + 1)
        by_tab: dict[Tab | None, int] = {tab: counts.get(TAB_BITS[tab], 0) for tab in Tab}
        by_tab[None] = counts.get(0, 0)
        at_least = frozenset(tab for tab, count in by_tab.items() if count > COUNTED)
        return TabCounts({tab: min(count, COUNTED) for tab, count in by_tab.items()}, at_least)

    def count_orders(self) -> int:
        """How many orders there are, all of them counted: for reports, not for pages."""
        return self._reader.tab_counts(None, None)[0]

    def balances(self, prefix: str = "", after: str = "", limit: int | None = None) -> dict[str, int]:
        """Accounts and their balances (credits minus debits, minor units), by name: all, or those that begin with `prefix`.

        With `limit`, no more than so many behind the one named `after`.
        """
        return dict(sorted(self._reader.balances(prefix, after, limit).items()))

    def balance(self, account: str) -> int | None:
        """One account's balance; None where nothing was ever booked on it."""
        return self._reader.balance(account)

    def transfers(
        self, *, order: OrderId | None = None, after: tuple[int, str, int, int] | None = None, limit: int = 200
    ) -> list[StoredTransfer]:
        """Transfers of one order or of all, from the one behind `after` = (lane, order, seq, n) on."""
        if order is not None and not is_order_id(order):
            return []
        return self._reader.transfers(order, after, max(1, min(limit, LONGEST_PAGE)))

    def moved_through(
        self, account: str, *, newest: int = 200, among: int = 20_000
    ) -> tuple[list[StoredTransfer], bool]:
        """The `newest` transfers of an account, the last first, and whether these are all it ever had.

        Looks through the first `among` transfers of the books: there is no index by account, which every batch would pay
        for. Beyond that a list comes from the orders of a seller, or from an export.
        """
        found: list[StoredTransfer] = []
        after: tuple[int, str, int, int] | None = None
        for _ in range(0, among, _SWATH):
            rows = self._reader.transfers(None, after, _SWATH)
            found.extend(row for row in rows if account in (row.debit, row.credit))
            if len(rows) < _SWATH:
                found.sort(key=lambda row: row.at, reverse=True)
                return found[:newest], len(found) <= newest
            last = rows[-1]
            after = (last.lane, last.order_id, last.seq, last.n)
        found.sort(key=lambda row: row.at, reverse=True)
        return found[:newest], False

    def outbox(self, *states: str, limit: int = 200) -> list[OutboxMessage]:
        """Messages in these states (`waiting`, `parked`, `done`), oldest first."""
        return self._reader.outbox(states or ("waiting", "parked"), limit)

    def overdue(self) -> Overdue:
        """How far behind the sweep is."""
        return Overdue(*self._reader.overdue(self._clock.now()))

    def every_order(self) -> Iterator[Order]:
        """All orders by id, as they were last written: for reports, not for pages."""
        after = None
        while stored := self._reader.scan_orders(after, 500):
            for row in stored:
                yield decode_order(row.snapshot)
            after = stored[-1].id
