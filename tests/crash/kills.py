"""Servers under load over HTTP, killed at random and started again: what they answered is there, once."""

import asyncio
import os
import random
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from fairhold.engine.audit.auditing import audit
from fairhold.store import open_store
from tests.crash.customers import KEY, Broken, Customers
from tests.crash.nursery import Nursery, alive, answering, children, gone
from tests.ports import port_of_its_own
from tests.postgres import cluster, templates
from tests.postgres.cluster import in_memory

ALONE, TOGETHER = 8, 4
"""Clients that give commands one at a time, and that give those of many orders at once."""


@dataclass
class Seen:
    """What became of it."""

    kills: Counter[str] = field(default_factory=Counter)
    acknowledged: int = 0
    unknown: int = 0
    turned_away: int = 0
    orders: int = 0
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        kinds = ", ".join(f"{kind}: {count}" for kind, count in sorted(self.kills.items()))
        return (
            f"{self.kills.total()} kills ({kinds}), {self.acknowledged} commands acknowledged on {self.orders} orders,"
            f" {self.unknown} answers that never came, {self.turned_away} requests turned away: {len(self.wrong)} wrong"
        )


@dataclass
class Shop:
    """A server that is started again and again on one database and one port."""

    nursery: Nursery
    folder: Path
    database: str
    workers: int
    settings: dict[str, str] = field(default_factory=dict)
    before: str = ""
    process: int = 0
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Serve, and return once commands are taken."""
        if not self.port:
            self.port = port_of_its_own()
        settings = {
            "FAIRHOLD_DATABASE": self.database,
            "FAIRHOLD_OPERATOR_KEY": KEY,
            "FAIRHOLD_SANDBOX": "1",
            "FAIRHOLD_LOG_LEVEL": "error",
            **self.settings,
        }
        arguments = ("serve", "--port", str(self.port), "--workers", str(self.workers))
        self.process = self.nursery.start(self.folder, arguments, settings, self.before)
        answering(self.url, self.process, self.folder)

    def kill(self, kind: str, chance: random.Random) -> None:
        """`all` at once, the `parent` of several workers, or one `worker`, which its parent replaces."""
        workers = children(self.process)
        match kind:
            case "worker" if workers:
                os.kill(chance.choice(workers), signal.SIGKILL)
            case "parent":
                os.kill(self.process, signal.SIGKILL)
                # Nobody tells the workers: they notice, and end as if they had been asked to.
                gone([self.process, *workers])
            case _:
                os.killpg(self.process, signal.SIGKILL)
                gone([self.process, *workers])

    def stop(self) -> None:
        """End gently."""
        if alive(self.process):
            os.kill(self.process, signal.SIGTERM)
            gone([self.process])


def rounds(
    nursery: Nursery, database: Callable[[Path], str], name: str, kills: int, each: int, seen: Seen, *, workers: int
) -> None:
    """So many kills of the servers of one database, about `each` commands apart. Adds to `seen`."""
    with tempfile.TemporaryDirectory(prefix="fhkill", dir=in_memory()) as folder:
        where = Path(folder)
        shop = Shop(nursery, where, database(where), workers)
        try:
            asyncio.run(_rounds(shop, name, kills, each, seen))
        finally:
            if alive(shop.process):
                os.killpg(shop.process, signal.SIGKILL)


async def _rounds(shop: Shop, name: str, kills: int, each: int, seen: Seen) -> None:
    chance = random.Random(name)
    shop.start()
    customers = Customers(shop.url, shop.folder / "told", name)
    customers.up.set()
    shopping = [
        *(asyncio.create_task(customers.shop(number)) for number in range(ALONE)),
        *(asyncio.create_task(customers.shop_together(ALONE + number)) for number in range(TOGETHER)),
    ]
    asked_again = 0
    for _ in range(kills):
        wanted = len(customers.told) + chance.randint(each // 4, each * 7 // 4)
        while len(customers.told) < wanted:
            await asyncio.sleep(0.001)
            fail_early(shopping)
        await asyncio.sleep(chance.random() * 0.01)
        kind = "all" if shop.workers == 1 else chance.choice(("all", "all", "all", "worker", "worker", "parent"))
        if kind != "worker":
            customers.up.clear()
        shop.kill(kind, chance)
        seen.kills[kind] += 1
        # As the kill left it, or beside the worker that lives.
        seen.wrong += audited(shop.database)
        if kind != "worker":
            shop.start()
        told, asked_again = customers.told[asked_again:], len(customers.told)
        seen.wrong += await customers.again(told)
        customers.up.set()
    customers.end()
    await asyncio.gather(*shopping)
    seen.acknowledged += len(customers.told)
    seen.unknown += customers.unknown
    seen.turned_away += customers.turned_away
    shop.stop()
    orders, wrong = counted(shop.database, customers)
    seen.orders += orders
    seen.wrong += audited(shop.database) + wrong


def fail_early(shopping: list["asyncio.Task[None]"]) -> None:
    """Say what ended a client, where one has ended."""
    for task in shopping:
        if task.done():
            task.result()
            raise Broken("a client left")


def audited(database: str) -> list[str]:
    """What the audit finds."""
    with closing(open_store(database)) as store:
        return [str(finding) for finding in audit(store)]


def counted(database: str, customers: Customers) -> tuple[int, list[str]]:
    """How many orders there are; and what is wrong: each key that was answered is there once, each order was asked for."""
    keys: Counter[str] = Counter()
    made: set[str] = set()
    after: tuple[int, str, str] | None = None
    with closing(open_store(database)) as store:
        reader = store.reader()
        while rows := reader.scan_keys(after, 1000):
            keys.update(row.key for row in rows)
            made |= {row.made for row in rows if row.made}
            after = rows[-1].lane, rows[-1].order_id, rows[-1].key
        orders: set[str] = set()
        last: str | None = None
        while found := reader.scan_orders(last, 1000):
            orders |= {row.id for row in found}
            last = found[-1].id
        reader.close()
    told = Counter(one.command.key for one in customers.told)
    logged = [line.split()[0] for line in customers.log.read_text(encoding="utf-8").splitlines()]
    return len(orders), [
        *(f"{key} was answered and is not there" for key in told - keys),
        *(f"{key} is there and was answered {told[key]} times" for key in keys - told),
        *(f"{order} was asked for by nobody" for order in orders - made),
        *(["the log says otherwise"] if Counter(logged) != told else []),
    ]


def sqlite(folder: Path) -> str:
    """A database of its own that its first server makes."""
    return f"sqlite:///{folder / 'shop.db'}"


@contextmanager
def postgres(version: str) -> Iterator[Callable[[Path], str]]:
    """Makes databases in a cluster of its own."""
    with tempfile.TemporaryDirectory(prefix="fhpg", dir=in_memory()) as folder:
        clusters = Path(folder)
        clusters.chmod(0o755)
        root = cluster.cluster(clusters, version, os.getpid())
        try:
            yield lambda _: templates.copy(root, clusters)
        finally:
            (clusters / version / "stop").touch()
            while (clusters / version).exists():
                time.sleep(0.05)
