"""Confirming receipt on SQLite with `synchronous=FULL`: in batches against one transaction a command.

The engine is the same, and so are the orders, which it placed, paid and shipped itself; the second file is a copy of the
first, beside it on the same disk.
"""

import shutil
import sqlite3
import time
from contextlib import closing

from benchmarks.bench import Bench
from benchmarks.report import Row
from benchmarks.stories import LINES, TRACKING
from benchmarks.taking import BUYER, SELLER
from benchmarks.under_way import Step, tell
from fairhold.domain.commands import ConfirmReceipt, Pay, PlaceOrder, ShipParcel
from fairhold.domain.money import Currency
from fairhold.engine.audit.auditing import audit
from fairhold.engine.installation.settings import Settings
from fairhold.wiring import Application, build
from tests.builders import POLICY

NAME = "sqlite"
WIDTH = 256
TARGET = 4.0
SINGLE_SHARE = 4
"""One transaction a command is measured with so many times fewer commands."""


def run(bench: Bench) -> None:
    """Rounds of both, in turn."""
    first, second = bench.folder / "batched.db", bench.folder / "single.db"
    batched = engine(f"sqlite:///{first}", WIDTH)
    bench.say(f"  the engine places, pays and ships {bench.sizes.sqlite * bench.sizes.rounds:,} orders")
    steps = shipped(batched, bench.sizes.sqlite * bench.sizes.rounds)
    batched.close()
    with closing(sqlite3.connect(first)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(first, second)
    batched, single = engine(f"sqlite:///{first}", WIDTH), engine(f"sqlite:///{second}", 1)
    ours, theirs = [], []
    for number in range(bench.sizes.rounds):
        mine = steps[number * bench.sizes.sqlite : (number + 1) * bench.sizes.sqlite]
        ours.append(measure(batched, mine, f"confirm/{number}"))
        theirs.append(measure(single, mine[: max(1, len(mine) // SINGLE_SHARE)], f"confirm/{number}"))
        bench.say(f"  round {number + 1}: {ours[-1]:,.0f}/s in batches, {theirs[-1]:,.0f}/s one by one")
    for app, file in ((batched, first), (single, second)):
        findings = audit(app.store)
        assert not findings, findings[:3]
        app.close()
        file.unlink()
    bench.say("  clean: both files audited whole")
    bench.emit(
        Row(
            NAME,
            f"confirm in process on SQLite, synchronous=FULL, batches, {WIDTH} under way",
            "the same, one transaction a command (FAIRHOLD_BATCH=1)",
            "a second",
            tuple(ours),
            tuple(theirs),
            TARGET,
        )
    )


def engine(url: str, batch: int) -> Application:
    """A running engine without sweeper and courier."""
    app = build(Settings(database=url, sandbox=True, batch=batch))
    app.start(background=False)
    return app


def shipped(app: Application, count: int) -> list[Step]:
    """So many orders on their way: the confirmation of the first line of each."""
    place = PlaceOrder(
        buyer=BUYER.id, seller=SELLER.id, currency=Currency("RUB"), lines=LINES, shipping=30_000, policy=POLICY
    )
    placed, _ = tell(app, [(None, place, BUYER)] * count, WIDTH, "place")
    orders = [answer.order for answer in placed]
    tell(app, [(order.id, Pay(method="sandbox:ok"), BUYER) for order in orders], WIDTH, "pay")
    parcel = ShipParcel(carrier="Post", tracking_number=TRACKING)
    tell(app, [(order.id, parcel, SELLER) for order in orders], WIDTH, "ship")
    return [(order.id, ConfirmReceipt(lines=(order.lines[0].id,), acknowledged=True), BUYER) for order in orders]


def measure(app: Application, steps: list[Step], name: str) -> float:
    """Commands a second."""
    began = time.perf_counter()
    tell(app, steps, WIDTH, name)
    return len(steps) / (time.perf_counter() - began)
