"""The leading PostgreSQL is lost under load over HTTP and its standby takes over; the servers go on by themselves."""

import asyncio
import os
import random
import signal
import tempfile
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from fairhold.store import open_store
from tests.crash.customers import Customers
from tests.crash.kills import Shop, audited, counted, fail_early
from tests.crash.nursery import Nursery, alive
from tests.crash.pair import Pair, pair
from tests.postgres.cluster import in_memory

CLIENTS = 12
WORKERS = 2


@dataclass
class Seen:
    """What became of it."""

    failovers: int = 0
    parted: int = 0
    acknowledged: int = 0
    unknown: int = 0
    turned_away: int = 0
    orders: int = 0
    lost: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.failovers} failovers ({self.parted} with the line cut before), {self.acknowledged} commands"
            f" acknowledged on {self.orders} orders, {self.unknown} answers that never came, {self.turned_away} requests"
            f" turned away: {len(self.lost)} acknowledged commands lost, {len(self.wrong)} other findings"
        )


def failovers(
    nursery: Nursery, version: str, name: str, count: int, each: int, seen: Seen, *, synchronous: bool
) -> None:
    """So many, about `each` commands apart; without `synchronous` one, which is the control."""
    with (
        tempfile.TemporaryDirectory(prefix="fhover", dir=in_memory()) as folder,
        pair(version, synchronous=synchronous) as two,
    ):
        with closing(open_store(two.url)) as store:
            store.migrate()
        shop = Shop(nursery, Path(folder), two.url, WORKERS)
        shop.start()
        try:
            asyncio.run(_failovers(shop, two, name, count, each, seen, synchronous=synchronous))
        finally:
            if alive(shop.process):
                os.killpg(shop.process, signal.SIGKILL)


async def _failovers(shop: Shop, two: Pair, name: str, count: int, each: int, seen: Seen, *, synchronous: bool) -> None:
    chance = random.Random(name)
    customers = Customers(shop.url, shop.folder / "told", name)
    customers.up.set()
    shopping = [asyncio.create_task(customers.shop(number)) for number in range(CLIENTS)]
    asked_again = 0
    for number in range(count):
        await _shopped(customers, shopping, chance.randint(each // 4, each * 7 // 4))
        # Nobody is answered any more where commits wait for the other side; where they do not, the last are lost.
        if not synchronous or number % 4 == 3:
            await asyncio.to_thread(two.part)
            seen.parted += 1
            await (asyncio.sleep(0.5) if synchronous else _shopped(customers, shopping, each // 4))
        await asyncio.sleep(chance.random() * 0.05)
        two.lose_leader()
        seen.failovers += 1
        before = list(customers.told)
        if not synchronous:
            # Whose order is lost can do nothing more with it.
            await _sent_away(shopping)
        await asyncio.to_thread(two.promote)
        seen.lost += await customers.again(before[asked_again:])
        seen.wrong += audited(shop.database)
        if seen.lost or not synchronous:
            break
        asked_again = len(before)
        if number < count - 1:
            await asyncio.to_thread(two.follow)
    seen.acknowledged += len(customers.told)
    seen.unknown += customers.unknown
    seen.turned_away += customers.turned_away
    if seen.lost or not synchronous:
        await _sent_away(shopping)
        return
    customers.end()
    await asyncio.gather(*shopping)
    shop.stop()
    orders, wrong = counted(shop.database, customers)
    seen.orders += orders
    seen.wrong += audited(shop.database) + wrong


async def _shopped(customers: Customers, shopping: list["asyncio.Task[None]"], more: int) -> None:
    """Until so many more commands were answered."""
    wanted = len(customers.told) + more
    while len(customers.told) < wanted:
        await asyncio.sleep(0.002)
        fail_early(shopping)


async def _sent_away(shopping: list["asyncio.Task[None]"]) -> None:
    for task in shopping:
        task.cancel()
    await asyncio.gather(*shopping, return_exceptions=True)
