"""Fills a database with orders that the engine takes for its own, tens of thousands a second.

Each order is a copy of a story that the engine played (`stories.py`), with an id, people and moments of its own put into
PostgreSQL's binary COPY format. Ids are valid and sort by time; histories, transfers, keys, reviews, balances and figures
go with them, so the audit of a loaded database is clean. Indexes are made after a large load, from whatever `fairhold
migrate` made.
"""

import random
import time
from bisect import bisect
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import accumulate, islice
from typing import Any

import psycopg

from benchmarks.figures import book_figures
from benchmarks.patterns import Filling, Loaded, Pattern, encoded
from benchmarks.people import FAVOURITE, FAVOURITE_OF, People
from benchmarks.taking import SELLER, TABLES, Slot, Story, columns
from fairhold.domain.ids import CHANCE_BITS, LANE_BITS, OrderId
from fairhold.domain.instants import DAY, HOUR
from fairhold.domain.review import SIDES, automatic_id

CHUNK = 5_000
TOGETHER = 100
"""So many orders in a row were placed at the same moment, at most: their moments are written once for all of them."""
MANY = 50_000
"""From here on indexes are made after the rows."""
YEARS = 4
HISTORY = YEARS * 365 * DAY
MARGIN = 6 * HOUR
"""Deadlines of loaded orders are at least so far away: nothing falls due while it is measured."""
KEYS_FORGOTTEN = 401 * DAY
"""So long after an order closed, its keys are gone."""

_COPY_HEADER = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
_COPY_END = b"\xff\xff"


def at_once(count: int) -> int:
    """How many of so many orders are placed at the same moment: there are a thousand moments, or more."""
    return max(1, min(TOGETHER, count // 1000))


class Loader:
    """Loads the database at `url`; remembers what it loaded of each open state, to be worked on."""

    def __init__(
        self, url: str, stories: dict[str, Story], lanes: Sequence[int], people: People, seed: int = 1
    ) -> None:
        self._url = url
        self._patterns = {name: Pattern(story) for name, story in stories.items()}
        self._lanes = list(lanes)
        self._people = people
        self._chance = random.Random(seed)  # noqa: S311 - nothing secret: the same orders in every run
        self._now = time.time_ns() // 1000
        self._told: Counter[tuple[str, int, str]] = Counter()
        with psycopg.connect(url) as connection:
            self._columns = {table: [name for name, _ in columns(connection, table)] for table in TABLES}

    def history(self, count: int, *, favourite: int = 0) -> None:
        """So many orders of the last years: most of them finished long ago, some on their way.

        Each that `favourite` divides is of one seller's one product (`people.FAVOURITE`); 0: none.
        """
        self._load(self._history(count, favourite), count)

    def add(self, name: str, count: int) -> list[Loaded]:
        """So many orders in one open state, of the last days, in no particular order; what they are called."""
        story = self._patterns[name].story
        assert story.next_deadline is not None, f"{name} is closed"
        return self._between(name, count, story.next_deadline - MARGIN, story.lived)

    def due(self, count: int) -> list[Loaded]:
        """So many delivered orders whose windows all ended within the hour before now."""
        deadline = self._patterns["delivered"].story.next_deadline
        assert deadline is not None
        return self._between("delivered", count, deadline + HOUR, deadline)

    def _history(self, count: int, favourite: int) -> Iterator[Filling]:
        until, choices, weights = -1, [""], [1]
        together = at_once(count)
        youngest = min(pattern.story.lived for pattern in self._patterns.values() if pattern.story.weight)
        for number in range(count):
            age = HISTORY - (HISTORY - youngest) * (number // together * together) // count
            if until < 0 or age <= until:
                choices, weights, until = self._possible(age)
            if not choices:
                # No deadline is that near; before it, there are some.
                age += MARGIN
                choices, weights, until = self._possible(age)
            name = choices[bisect(weights, self._chance.random() * weights[-1])]
            liked = favourite > 0 and number % favourite == 0
            yield self._one(self._patterns[name], self._now - age, favourite=liked)

    def _possible(self, age: int) -> tuple[list[str], list[int], int]:
        """The states in which an order of that age can be, their weights added up, and the age at which that changes."""
        names, weights, changes = [], [], [-1]
        for name, pattern in self._patterns.items():
            youngest, oldest = ages(pattern.story)
            changes += (limit for limit in (youngest - 1, oldest) if limit < age)
            if youngest <= age <= oldest and pattern.story.weight:
                names.append(name)
                weights.append(pattern.story.weight)
        return names, list(accumulate(weights)), max(changes)

    def _between(self, name: str, count: int, oldest: int, youngest: int) -> list[Loaded]:
        pattern = self._patterns[name]
        made: list[Loaded] = []
        together = at_once(count)

        def fillings() -> Iterator[Filling]:
            for number in range(count):
                age = oldest - (oldest - youngest) * (number // together * together) // count
                filling = self._one(pattern, self._now - age)
                made.append(filling.order)
                yield filling

        self._load(fillings(), count)
        self._chance.shuffle(made)
        return made

    def _one(self, pattern: Pattern, at: int, *, favourite: bool = False) -> Filling:
        lane = self._lanes[0] if len(self._lanes) == 1 else self._chance.choice(self._lanes)
        number = self._number(at, lane)
        name = encoded(number)
        buyer, seller = self._people.buyer(self._chance), self._people.seller(self._chance)
        sku = self._people.product(self._chance)
        if favourite:
            seller, sku = FAVOURITE_OF, FAVOURITE
        self._told[pattern.story.name, lane, seller] += 1
        digits = b"%08d" % ((number >> 15) % 2**40 % 100_000_000)
        values: dict[Slot, bytes] = {
            ("id", 0): name,
            ("tag", 0): name[11:17],
            ("digits", 0): digits,
            ("number", 0): digits[:4] + b"-" + digits[4:],
            ("buyer", 0): buyer.encode(),
            ("seller", 0): seller.encode(),
            ("sku", 0): sku.encode(),
            ("lane", 0): lane.to_bytes(2),
        }
        text = name.decode()
        for slot in pattern.called:
            kind, which = slot
            if kind == "review":
                values[slot] = encoded(self._number(at + which, lane))
            else:
                values[slot] = automatic_id(OrderId(text), SIDES[which]).encode()
        return Filling(pattern.at(at), values, Loaded(text, text[11:17], buyer, seller))

    def _number(self, at: int, lane: int) -> int:
        """A fresh id's 100 bits."""
        return ((at // 1000) << CHANCE_BITS | self._chance.getrandbits(CHANCE_BITS - 1)) << LANE_BITS | lane

    def _load(self, orders: Iterator[Filling], count: int) -> None:
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute("SET synchronous_commit = off")
            connection.execute("SET maintenance_work_mem = '512MB'")
            dropped = drop_indexes(connection, count) if count >= MANY else []
            with connection.transaction():
                self._copy(connection, orders, frozen=truncated(connection))
            for definition in dropped:
                connection.execute(definition.encode())
            if any(self._patterns[name].called for name, _, _ in self._told):
                book_figures(connection)
            self._book(connection)
            for table in (*TABLES, "balances", "review_figures"):
                connection.execute(f"VACUUM (ANALYZE) {table}".encode())

    def _copy(self, connection: "psycopg.Connection[Any]", orders: Iterator[Filling], *, frozen: bool) -> None:
        """One chunk is made while the one before is taken in. `frozen`: as rows that a vacuum need not visit again."""
        with ThreadPoolExecutor(1) as sender:
            sent: Future[None] | None = None
            while chunk := self._chunk(orders):
                if sent is not None:
                    sent.result()
                sent = sender.submit(self._send, connection, chunk, frozen=frozen)
            if sent is not None:
                sent.result()

    def _chunk(self, orders: Iterator[Filling]) -> dict[str, list[bytes]]:
        rows: dict[str, list[bytes]] = {}
        for filling in islice(orders, CHUNK):
            for form in filling.forms:
                rows.setdefault(form.table, []).append(form.filled(filling.values))
        return rows

    def _send(self, connection: "psycopg.Connection[Any]", chunk: dict[str, list[bytes]], *, frozen: bool) -> None:
        for table, rows in chunk.items():
            listed = ", ".join(f'"{name}"' for name in self._columns[table])
            statement = f"COPY {table} ({listed}) FROM STDIN (FORMAT binary{', FREEZE' if frozen else ''})"
            with connection.cursor() as cursor, cursor.copy(statement.encode()) as copy:
                copy.write(b"".join((_COPY_HEADER, *rows, _COPY_END)))

    def _book(self, connection: "psycopg.Connection[Any]") -> None:
        """What was loaded, on the accounts."""
        balances: Counter[tuple[int, str]] = Counter()
        for (name, lane, seller), count in self._told.items():
            for account, change in self._patterns[name].story.changes.items():
                balances[lane, account.replace(SELLER.id, seller)] += count * change
        self._told.clear()
        changes = [(*place, change) for place, change in sorted(balances.items())]
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO balances (lane, account, balance) VALUES (%s, %s, %s)"
                " ON CONFLICT (lane, account) DO UPDATE SET balance = balances.balance + excluded.balance",
                changes,
            )


def ages(story: Story) -> tuple[int, int]:
    """How long ago orders in that state were placed, at least and at most."""
    youngest, oldest = story.lived, HISTORY + DAY
    if story.next_deadline is not None:
        oldest = story.next_deadline - MARGIN
    elif story.closed is not None and story.keys:
        oldest = story.closed + KEYS_FORGOTTEN
    elif story.closed is not None:
        youngest = story.closed + KEYS_FORGOTTEN
    return youngest, oldest


def truncated(connection: "psycopg.Connection[Any]") -> bool:
    """Whether all tables are undivided and empty, and now made anew by this transaction, which may then freeze what it copies."""
    [(divided,)] = connection.execute(
        "SELECT count(*) FROM pg_class WHERE relname = ANY(%s) AND relkind = 'p'"
        " AND relnamespace = current_schema()::regnamespace",
        (list(TABLES),),
    ).fetchall()
    filled = any(connection.execute(f"SELECT FROM {table} LIMIT 1".encode()).fetchall() for table in TABLES)
    if divided or filled:
        return False
    connection.execute(f"TRUNCATE {', '.join(TABLES)}".encode())
    return True


def drop_indexes(connection: "psycopg.Connection[Any]", count: int) -> list[str]:
    """Take away the indexes of undivided tables in which fewer than `count` orders lie; how to make each anew."""
    [(there,)] = connection.execute("SELECT count(*) FROM (SELECT FROM orders LIMIT %s)", (count,)).fetchall()
    if there >= count:
        return []
    found = connection.execute(
        "SELECT relname, index.indexrelid::regclass::text, pg_get_indexdef(index.indexrelid), conname,"
        " pg_get_constraintdef(pg_constraint.oid) FROM pg_index AS index JOIN pg_class ON pg_class.oid = indrelid"
        " LEFT JOIN pg_constraint ON conindid = index.indexrelid WHERE relname = ANY(%s) AND relkind = 'r'"
        " AND relnamespace = current_schema()::regnamespace",
        (list(TABLES),),
    ).fetchall()
    again = []
    for table, index, definition, constraint, promise in found:
        drop = f"ALTER TABLE {table} DROP CONSTRAINT {constraint}" if constraint else f"DROP INDEX {index}"
        connection.execute(drop.encode())
        again.append(f"ALTER TABLE {table} ADD CONSTRAINT {constraint} {promise}" if constraint else definition)
    return again
