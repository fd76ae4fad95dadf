"""What every case is given: the server, the stories, the sizes, and where to put what it found."""

from collections.abc import Sequence
from pathlib import Path

import psycopg

from benchmarks.auditing import assert_clean
from benchmarks.loader import Loaded, Loader, People
from benchmarks.postgres import Postgres, Speed
from benchmarks.report import Row
from benchmarks.sizes import Sizes
from benchmarks.stories import Story, all_stories
from fairhold.store import open_store


class Bench:
    """One run."""

    def __init__(self, postgres: Postgres, sizes: Sizes) -> None:
        self.postgres = postgres
        self.sizes = sizes
        self.rows: list[Row] = []
        self._stories: dict[str, Story] | None = None
        self._pgbench_ready = False

    @property
    def folder(self) -> Path:
        """A folder on the same disk as the server's data."""
        return self.postgres.folder

    @property
    def stories(self) -> dict[str, Story]:
        """The stories, played when they are first asked for."""
        if self._stories is None:
            url = self.postgres.new_database("stories")
            self._stories = all_stories(url)
            self.postgres.drop(url)
        return self._stories

    def say(self, text: str) -> None:
        """Tell the person at the terminal how far it is."""
        print(text, flush=True)

    def emit(self, row: Row) -> None:
        """Keep a line of the table."""
        self.rows.append(row)

    def loader(self, url: str, people: int) -> Loader:
        """A loader for a marketplace of that many orders."""
        store = open_store(url)
        try:
            return Loader(url, self.stories, store.lanes(), People.of(people))
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


class Supply:
    """Delivered orders, each to be confirmed once, in a file for wrk; and what became of them."""

    def __init__(self, url: str, orders: Sequence[Loaded], folder: Path) -> None:
        self._url = url
        self._orders = orders
        self._next = 0
        self.file = folder / "orders.txt"
        self.confirmed = 0

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

    def settle(self, sent: int, acknowledged: int, connections: int) -> None:
        """After a measurement: exactly the acknowledged orders are confirmed, give or take what was under way at its end."""
        given = [one.id for one in self._orders[self._next : self._next + sent]]
        self._next += sent
        with psycopg.connect(self._url) as connection:
            [(found,)] = connection.execute(
                "SELECT count(DISTINCT order_id) FROM events WHERE lane IN (SELECT DISTINCT lane FROM balances)"
                " AND order_id = ANY(%s) AND type = 'receipt_confirmed'",
                (given,),
            ).fetchall()
        assert acknowledged <= found <= sent, f"{acknowledged} acknowledged, {found} confirmed, {sent} sent"
        assert sent - acknowledged <= connections, f"{sent} sent, {acknowledged} acknowledged"
        self.confirmed += found

    def finish(self) -> None:
        """Nothing else was confirmed, and none of the measured ones twice."""
        with psycopg.connect(self._url) as connection:
            ids = [one.id for one in self._orders]
            [(events,)] = connection.execute(
                "SELECT count(*) FROM events WHERE lane IN (SELECT DISTINCT lane FROM balances)"
                " AND order_id = ANY(%s) AND type = 'receipt_confirmed'",
                (ids,),
            ).fetchall()
        assert events == self.confirmed, f"{events} confirmations stand in the database, {self.confirmed} were counted"
