"""What the engine asks of a store. `tests/contract/` holds every store to it.

A store keeps bytes and columns; it knows neither rules nor money. Everything of one order lies in one lane, every
write of a batch is one transaction of one lane, and after `write` returns the batch is durable.
"""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol

from fairhold.domain.ids import Lane, OrderId
from fairhold.domain.instants import Instant
from fairhold.domain.reputation import Tally
from fairhold.engine.ports.admission import Access
from fairhold.engine.ports.disputes import DisputeReader, StoredDispute
from fairhold.engine.ports.heads import Chains, Heads
from fairhold.engine.ports.list_query import ListQuery
from fairhold.engine.ports.movements import MovementReader, StoredTransfer
from fairhold.engine.ports.photos import PhotoRows
from fairhold.engine.ports.reviews import Reports, ReviewReader, StoredProductReview, StoredReview
from fairhold.engine.ports.small_tables import Tables
from fairhold.proof.chain import NO_SALT, commitment


class StoredOrder(NamedTuple):
    """A row of `orders`: the snapshot (JSON of the order) and the columns that lists and the sweeper read.

    `buyer`, `seller`, `currency` and `placed_at` are stored with the first version and never change. `search` is
    case-folded by whoever writes it. `closed_at` says since when nothing is open any more; until it is set, the
    order's idempotency keys are kept. Writing an order also takes it out of `parked`, unless the row says otherwise.
    """

    lane: int
    id: str
    version: int
    snapshot: bytes
    buyer: str
    seller: str
    currency: str
    status: str
    tabs: int
    total: int
    placed_at: int
    updated_at: int
    next_deadline_at: int | None
    search: str
    parked: bool = False
    closed_at: int | None = None


class StoredEvent(NamedTuple):
    """A row of `events`, `seq` from 1; `data` is the event's JSON, `commitment` the hash of `salt` and `data`.

    All of the last three are None for events of before there were commitments. A commitment without its salt: the event
    was forgotten, and `data` is what stands in its place. `written_at` is when it was written down, which may be later than
    when it took effect.
    """

    lane: int
    order_id: str
    seq: int
    at: int
    by: str
    type: str
    data: bytes
    salt: bytes | None = None
    commitment: bytes | None = None
    written_at: int | None = None

    @property
    def committed(self) -> bytes:
        """The link of the order's chain; of an old event, the commitment that it would have without a salt."""
        return commitment(NO_SALT, self.data) if self.commitment is None else self.commitment


class StoredKey(NamedTuple):
    """A row of `idempotency`: what was done under a key. For placing, `order_id` is empty; `made` names the order."""

    lane: int
    order_id: str
    key: str
    fingerprint: bytes
    made: str
    version: int
    at: int


class OutboxMessage(NamedTuple):
    """A row of `outbox`: what to tell `destination` once `not_before` has come.

    First in first out per order and destination. `state` is `waiting`, `done` (for good) or `parked`: until a person
    has looked at it, what stands behind it waits too. `seq` is the event that caused it, `n` counts within that event.
    """

    lane: int
    order_id: str
    seq: int
    n: int
    destination: str
    payload: bytes
    not_before: int
    state: str = "waiting"
    attempts: int = 0
    error: str | None = None


class Batch(NamedTuple):
    """Everything that one transaction writes, all of one lane."""

    lane: int
    orders: Sequence[StoredOrder]
    expected: Sequence[int]
    """The versions that `orders`, each once, had when loaded; 0: new."""
    events: Sequence[StoredEvent]
    transfers: Sequence[StoredTransfer]
    balances: Sequence[tuple[str, int]]
    """(account, change): the sum of credits minus debits of the batch, one row an account, sorted."""
    outbox: Sequence[OutboxMessage]
    outbox_done: Sequence[OutboxMessage]
    """Messages whose answer this batch records: they become `done` in the same transaction."""
    keys: Sequence[StoredKey]
    disputes: Sequence[StoredDispute] = ()
    """Rows that are new or changed, each dispute once."""
    reviews: Sequence[StoredReview] = ()
    """Likewise of reviews."""
    product_reviews: Sequence[StoredProductReview] = ()
    figures: Sequence[tuple[str, int, Tally]] = ()
    """(name, day, change) of reviews' sums, each figure and day once, sorted."""


class Conflict(Exception):
    """Another process wrote one of the batch's orders, or a key or row already exists.

    Nothing was written; load and decide again. `orders` and `keys`, each (order id or '', key), are those at fault as far
    as they can be told; both empty: any of the batch may be.
    """

    def __init__(
        self,
        message: str = "",
        *,
        orders: frozenset[str] = frozenset(),
        keys: frozenset[tuple[str, str]] = frozenset(),
    ) -> None:
        super().__init__(message)
        self.orders = orders
        self.keys = keys


class StoreUnavailable(Exception):
    """The database cannot be reached or is full. Nothing was written as far as is known."""

    keys: frozenset[tuple[str, str]] = frozenset()
    """Where only the commands under these, each (order id or '', key), cannot be answered; empty: none of them can."""


class Writer(Protocol):
    """A writing connection to one lane's database; used by one thread."""

    def load(self, lane: Lane, orders: Sequence[OrderId]) -> dict[str, tuple[int, bytes]]:
        """Version and snapshot of those orders that exist."""
        ...

    def load_keys(
        self, lane: Lane, orders: Sequence[str], keys: Sequence[tuple[str, str]]
    ) -> dict[tuple[str, str], StoredKey]:
        """The rows of `keys`, each (order id or '', key), that exist; `orders` are the ids among them, once each."""
        ...

    def fetch(
        self, lane: Lane, orders: Sequence[OrderId], keys: Sequence[tuple[str, str]]
    ) -> tuple[dict[str, tuple[int, bytes]], dict[tuple[str, str], StoredKey]]:
        """What `load` and `load_keys` answer, in as few journeys as the store can do with."""
        ...

    def write(self, batch: Batch) -> None:
        """Write all of it durably in one transaction, or nothing. Raises Conflict or StoreUnavailable."""
        ...

    def due_orders(self, lane: Lane, now: Instant, limit: int, skip: Iterable[str] = ()) -> list[str]:
        """Orders whose next deadline has come, most overdue first, without parked ones.

        Where several processes share a database, those answered are left to this writer for a while, until it asks again.
        """
        ...

    def due_messages(self, lane: Lane, now: Instant, limit: int) -> list[OutboxMessage]:
        """Waiting messages whose time has come, by `not_before`.

        Of each order and destination only the first that is not done. Where several processes share a database, the
        orders of those answered are left to this writer for a while, until it asks again.
        """
        ...

    def mark_messages(self, messages: Sequence[OutboxMessage]) -> None:
        """Store the new `state`, `attempts`, `not_before` and `error` of these messages; what is done stays done."""
        ...

    def forget_messages(self, messages: Sequence[OutboxMessage]) -> None:
        """Delete messages of which nothing needs to be known once they are delivered."""
        ...

    def park_order(self, lane: Lane, order: OrderId) -> None:
        """Take an order out of the sweep until a person has looked at it."""
        ...

    def unpark_orders(self, lane: Lane) -> int:
        """Put every parked order back into the sweep; how many those were."""
        ...

    def forget_keys(self, lane: Lane, closed_before: Instant, limit: int) -> int:
        """Delete the keys of at most `limit` orders closed before then (400 days in the contract).

        Answers how many orders that were; fewer than `limit`: nothing is left to forget.
        """
        ...

    def put_off(self, lane: Lane, order: OrderId, version: int, next_deadline_at: Instant | None) -> None:
        """Write the order's next deadline anew where it still has that version: the rules of the day have moved it."""
        ...

    def next_wake(self, lane: Lane) -> Instant | None:
        """When `due_orders` or `due_messages` of the lane will next find something, if ever."""
        ...

    def close(self) -> None:
        """Give the connection back."""
        ...


class Reader(Chains, DisputeReader, MovementReader, ReviewReader, Protocol):
    """Reading connections; safe from any thread; never waits for the writer."""

    def order(self, order: OrderId) -> tuple[int, bytes] | None:
        """Version and snapshot."""
        ...

    def events(self, order: OrderId, up_to: int | None = None, first: int = 1) -> list[StoredEvent]:
        """The order's history from its first event, or from a later one, up to a version."""
        ...

    def list_orders(self, query: ListQuery) -> list[bytes]:
        """Snapshots, newest first."""
        ...

    def tab_counts(self, buyer: str | None, seller: str | None, most: int | None = None) -> dict[int, int]:
        """How many orders of one buyer, one seller or everybody have each tab's bit; under key 0, how many there are.

        With `most`, counting each of them ends there: `most` then means that many or more.
        """
        ...

    def balances(self, prefix: str = "", after: str = "", limit: int | None = None) -> dict[str, int]:
        """Balances, added up over lanes, of the accounts whose names begin with `prefix`.

        With `limit`, no more than so many: the first by name behind `after`.
        """
        ...

    def balance(self, account: str) -> int | None:
        """One account's balance; None where nothing was ever booked on it."""
        ...

    def outbox(self, states: Sequence[str], limit: int) -> list[OutboxMessage]:
        """Messages in these states, by `not_before`, the earliest first."""
        ...

    def overdue(self, now: Instant) -> tuple[int, Instant | None]:
        """How many orders are past their next deadline, and the oldest such deadline; parked ones are left out."""
        ...

    def scan_orders(self, after: str | None, limit: int) -> list[StoredOrder]:
        """All orders by id, for the audit."""
        ...

    def parked_orders(self, limit: int) -> list[str]:
        """Orders that wait for a person because their deadline could not be applied, by id."""
        ...

    def lane_balances(self, lane: Lane) -> dict[str, int]:
        """One lane's sub-balances, for the audit."""
        ...

    def used_lanes(self) -> list[Lane]:
        """Every lane in which an order or a balance lies, ascending, for the audit."""
        ...

    def strays(self, limit: int) -> list[tuple[str, str]]:
        """(table, order id) of everything that belongs to an order which does not exist, for the audit.

        A key for placing belongs to the order in `made`.
        """
        ...

    def scan_keys(self, after: tuple[int, str, str] | None, limit: int) -> list[StoredKey]:
        """All idempotency keys by (lane, order id, key), for the audit."""
        ...

    def moment(self) -> AbstractContextManager["Reader"]:
        """A reader that shows the database as it was at one moment for as long as the `with` lasts."""
        ...

    def close(self) -> None:
        """Close all connections."""
        ...


class Store(Protocol):
    """One installation's database."""

    def migrate(self) -> list[str]:
        """Bring the schema up to date; the names of the migrations that ran."""
        ...

    def pending_migrations(self) -> list[str]:
        """What `migrate` would run."""
        ...

    def lanes(self) -> list[Lane]:
        """Every lane in which orders are placed or once were: those that are swept and delivered."""
        ...

    def placing(self) -> list[Lane]:
        """The lanes in which new orders are placed; they change only when a database is added."""
        ...

    @property
    def writers(self) -> int:
        """How many writers of one process the database can make use of at a time."""
        ...

    def writer(self, lane: Lane) -> AbstractContextManager[Writer]:
        """A writing connection for that lane."""
        ...

    def reader(self) -> Reader:
        """The reading side."""
        ...

    def access(self) -> Access:
        """Sessions and keys."""
        ...

    def tables(self) -> Tables:
        """Small tables that have a keeper of their own."""
        ...

    def photos(self) -> PhotoRows:
        """Rows of photos."""
        ...

    def reports(self) -> Reports:
        """Reports about reviews."""
        ...

    def heads(self) -> Heads:
        """Daily heads, and what each covers."""
        ...

    def setting(self, name: str) -> str | None:
        """A value of the `meta` table, such as the sandbox clock's offset."""
        ...

    def set_setting(self, name: str, value: str) -> None:
        """Write a value of the `meta` table."""
        ...

    def keep_setting(self, name: str, value: str) -> str:
        """Write a value that nobody has written yet; answers what stands there, whoever wrote it."""
        ...

    def raise_setting(self, name: str, value: int) -> int:
        """Write a number unless a larger one stands there; answers the larger."""
        ...

    def check(self) -> list[str]:
        """What `doctor` should know: integrity, durability settings. Empty when all is well."""
        ...

    def close(self) -> None:
        """Close everything."""
        ...
