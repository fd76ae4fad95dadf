"""What every case is given: the server, the stories, the sizes, and where to put what it found."""

import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import psycopg

from benchmarks.auditing import assert_clean
from benchmarks.loader import Loader
from benchmarks.patterns import Loaded
from benchmarks.people import People
from benchmarks.postgres import Postgres, Speed
from benchmarks.report import Row
from benchmarks.review_stories import review_stories
from benchmarks.serving import Server
from benchmarks.sizes import Sizes
from benchmarks.stories import all_stories
from benchmarks.taking import Story
from fairhold.store import open_store

ROOM_LEFT = 12 << 30
"""For the log, and for sorting while indexes are made."""
BYTES_AN_ORDER = 5_700
MOST_DELIVERED = 50_000
"""So many orders of a marketplace, at most half of them, wait to be confirmed."""


class Bench:
    """One run."""

    def __init__(self, postgres: Postgres, sizes: Sizes) -> None:
        self.postgres = postgres
        self.sizes = sizes
        self.rows: list[Row] = []
        self._played: dict[Callable[[str], dict[str, Story]], dict[str, Story]] = {}
        self._pgbench_ready = False
        self.marketplaces: dict[int, Marketplace] = {}
        """Databases of certain sizes, each with a server, that several cases use."""

    @property
    def folder(self) -> Path:
        """A folder on the same disk as the server's data."""
        return self.postgres.folder

    def stories(self, play: Callable[[str], dict[str, Story]] = all_stories) -> dict[str, Story]:
        """The stories, played when they are first asked for."""
        if play not in self._played:
            url = self.postgres.new_database("stories")
            self._played[play] = play(url)
            self.postgres.drop(url)
        return self._played[play]

    def say(self, text: str) -> None:
        """Tell the person at the terminal how far it is."""
        print(text, flush=True)

    def emit(self, row: Row) -> None:
        """Keep a line of the table."""
        self.rows.append(row)

    def loader(self, url: str, people: int, *, reviewed: bool = False) -> Loader:
        """A loader for a marketplace of that many orders; `reviewed`: its history is of those that were reviewed alone."""
        stories = self.stories()
        if reviewed:
            stories = {name: story._replace(weight=0) for name, story in stories.items()} | self.stories(review_stories)
        store = open_store(url)
        try:
            return Loader(url, stories, store.lanes(), People.of(people))
        finally:
            store.close()

    def pgbench(self, clients: int) -> Speed:
        """TPC-B for the length of one measurement."""
        if not self._pgbench_ready:
            self.say(f"  filling pgbench's tables at scale {self.sizes.pgbench_scale}")
            self.postgres.prepare_pgbench(self.sizes.pgbench_scale)
            self._pgbench_ready = True
        return self.postgres.pgbench(clients, self.sizes.seconds)

    def clean(self, url: str) -> str:
        """How the database was audited. Raises NotClean."""
        how = assert_clean(url)
        self.say(f"  clean: {how}")
        return how

    def marketplace(self, asked: int) -> "Marketplace":
        """A database of that many orders with a server on it, or of as many as the disk has room for."""
        if asked not in self.marketplaces:
            room = shutil.disk_usage(self.folder).free - ROOM_LEFT
            size = min(asked, max(1_000, room // BYTES_AN_ORDER))
            if size < asked:
                self.say(f"  the disk has room for {size:,} orders, not for {asked:,}")
            began = time.monotonic()
            url = self.postgres.new_database("marketplace")
            loader = self.loader(url, size)
            open_ones = min(size // 2, MOST_DELIVERED)
            loader.history(size - open_ones)
            orders = loader.add("delivered", open_ones)
            self.say(f"  loaded {size:,} orders, {size / (time.monotonic() - began):,.0f} a second")
            self.marketplaces[asked] = Marketplace(size, url, Server(url), Supply(url, orders, self.folder))
        return self.marketplaces[asked]

    def finish(self) -> None:
        """End the servers that several cases used; they must have had nothing to complain about."""
        for place in self.marketplaces.values():
            place.server.finish()

    def close(self) -> None:
        """End what is still running."""
        for place in self.marketplaces.values():
            place.server.stop()


class Supply:
    """Delivered orders, each to be confirmed once, in a file for wrk; and what became of them."""

    def __init__(self, url: str, orders: Sequence[Loaded], folder: Path) -> None:
        self._url = url
        self._orders = orders
        self._next = 0
        self.file = folder / "orders.txt"
        self.confirmed = 0

    @property
    def left(self) -> int:
        """How many nobody has worked on."""
        return len(self._orders) - self._next

    def offer(self, count: int) -> str:
        """Write the next so many to the file that wrk reads; where that is."""
        offered = self._orders[self._next : self._next + count]
        assert offered, "there were too few orders to work on"
        self.file.write_text("".join(f"{one.id} {one.tag}-1 {one.buyer}\n" for one in offered))
        return str(self.file)

    def take(self, count: int) -> list[Loaded]:
        """The next so many, for whoever confirms them in another way."""
        taken = list(self._orders[self._next : self._next + count])
        assert len(taken) == count, "there were too few orders to work on"
        self._next += count
        return taken

    def settle(self, sent: int, acknowledged: int, connections: int, *, pause: float = 0.3) -> None:
        """After a measurement: exactly the acknowledged orders are confirmed, give or take what was under way at its end.

        What was under way is still being written; that is waited for until for a `pause` nothing changes.
        """
        given = [one.id for one in self._orders[self._next : self._next + sent]]
        self._next += sent
        found, last = self._confirmations(given), -1
        while found not in (sent, last):
            time.sleep(pause)
            found, last = self._confirmations(given), found
        assert acknowledged <= found <= sent, f"{acknowledged} acknowledged, {found} confirmed, {sent} sent"
        assert sent - acknowledged <= connections, f"{sent} sent, {acknowledged} acknowledged"
        self.confirmed += found

    def _confirmations(self, orders: list[str]) -> int:
        with psycopg.connect(self._url) as connection:
            found = connection.execute(
                "SELECT count(*) FROM events WHERE lane IN (SELECT DISTINCT lane FROM balances)"
                " AND order_id = ANY(%s) AND type = 'receipt_confirmed'",
                (orders,),
            ).fetchall()
        return int(found[0][0])

    def finish(self) -> None:
        """Nothing else was confirmed, and none of the measured ones twice."""
        events = self._confirmations([one.id for one in self._orders])
        assert events == self.confirmed, f"{events} confirmations stand in the database, {self.confirmed} were counted"


class Marketplace(NamedTuple):
    """A database of so many orders, the server on it, and orders to work on."""

    size: int
    url: str
    server: Server
    supply: Supply
