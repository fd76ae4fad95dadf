"""Confirming receipt through the engine in this process, without HTTP: batches, single commands, one lone command.

The orders are delivered ones whose window runs; one of two lines is confirmed, under a key of its own. A lone command is
compared with a plain psycopg transaction that reads the order and the key and writes the same rows, one statement each.
"""

import time
from typing import Any

import psycopg

from benchmarks.bench import Bench, Supply
from benchmarks.patterns import Loaded
from benchmarks.postgres import Speed
from benchmarks.processor import own_and_children
from benchmarks.report import Row, spread
from benchmarks.under_way import confirmations, percentile, tell
from benchmarks.writes import Writes, confirmation
from fairhold.engine.installation.settings import Settings
from fairhold.wiring import Application, build

NAME = "process"
UNDER_WAY = (64, 128, 256)
TARGET = 2.5
LONE_TARGET = 1.5
ONE_AT_A_TIME = 64
"""Commands under way where each is a transaction of its own."""


def run(bench: Bench) -> None:
    """Batches and single commands against pgbench, then one lone command against a plain transaction."""
    sizes = bench.sizes
    needed = sizes.rounds * (sizes.commands * len(UNDER_WAY) + single_commands(bench) + sizes.lone) + 2 * sizes.commands
    bench.say(f"  loading {sizes.history + needed:,} orders")
    url = bench.postgres.new_database("process")
    loader = bench.loader(url, sizes.history)
    loader.history(sizes.history)
    orders = loader.add("delivered", needed)
    copy = bench.postgres.copy(url)
    supply = Supply(url, orders, bench.folder)
    against_pgbench(bench, url, supply)
    lone(bench, url, copy, supply)
    bench.clean(url)
    bench.postgres.drop(url)
    bench.postgres.drop(copy)


def single_commands(bench: Bench) -> int:
    """How many commands are measured where each is a transaction of its own."""
    return max(ONE_AT_A_TIME, bench.sizes.commands // 4)


def engine(url: str, batch: int) -> Application:
    """A running engine without sweeper and courier."""
    app = build(Settings(database=url, sandbox=True, batch=batch))
    app.start(background=False)
    return app


def against_pgbench(bench: Bench, url: str, supply: Supply) -> None:
    """In each round pgbench, every width in batches, and one transaction a command."""
    batched, single = engine(url, 256), engine(url, 1)
    theirs: list[Speed] = []
    ours: dict[str, list[Speed]] = {}
    measure(bench, batched, supply.take(bench.sizes.commands), UNDER_WAY[0], "warm")
    for number in range(bench.sizes.rounds):
        bench.postgres.calm()
        theirs.append(bench.pgbench(64))
        for width in UNDER_WAY:
            bench.postgres.calm()
            mine = measure(bench, batched, supply.take(bench.sizes.commands), width, f"{number}/{width}")
            ours.setdefault(f"confirm in process, {width} under way", []).append(mine)
        bench.postgres.calm()
        mine = measure(bench, single, supply.take(single_commands(bench)), ONE_AT_A_TIME, f"{number}/single")
        ours.setdefault(
            f"the same, one transaction a command (FAIRHOLD_BATCH=1), {ONE_AT_A_TIME} under way", []
        ).append(mine)
        told = ", ".join(f"{speeds[-1].per_second:,.0f}/s" for speeds in ours.values())
        bench.say(f"  round {number + 1}: pgbench {theirs[-1].per_second:,.0f}/s, ours {told}")
    batched.close()
    single.close()
    for what, speeds in ours.items():
        work = [
            (other.client_us + other.database_us) / (mine.client_us + mine.database_us)
            for mine, other in zip(speeds, theirs, strict=True)
        ]
        bench.emit(
            Row(
                NAME,
                what,
                "pgbench TPC-B, 64 clients",
                "a second",
                tuple(mine.per_second for mine in speeds),
                tuple(other.per_second for other in theirs),
                None if "FAIRHOLD_BATCH" in what else TARGET,
                note=f"by processor time instead of the clock: {spread(work, '.2f')} of pgbench; "
                f"{speeds[-1].client_us:,.0f} µs engine and {speeds[-1].database_us:,.0f} µs database for each",
            )
        )


def measure(bench: Bench, app: Application, orders: list[Loaded], width: int, name: str) -> Speed:
    """Confirm these orders."""
    steps = confirmations(orders)
    database, own, began = bench.postgres.processor_seconds(), own_and_children(), time.perf_counter()
    answers, _ = tell(app, steps, width, name)
    took = time.perf_counter() - began
    micro = 1e6 / len(steps)
    assert len(answers) == len(steps)
    own, database = own_and_children() - own, bench.postgres.processor_seconds() - database
    return Speed(len(steps) / took, own * micro, database * micro)


def lone(bench: Bench, url: str, copy: str, supply: Supply) -> None:
    """One command at a time, against a plain transaction on a copy of the database."""
    empty = bench.postgres.new_database("writes")
    writes = confirmation(empty)
    bench.postgres.drop(empty)
    app = engine(url, 256)
    ours, theirs, worst = [], [], []
    with psycopg.connect(copy, autocommit=True, prepare_threshold=0) as connection:
        tell(app, confirmations(supply.take(bench.sizes.commands // 4)), 1, "lone/warm")
        for number in range(bench.sizes.rounds):
            orders = supply.take(bench.sizes.lone)
            plain = [transaction(connection, writes, order) for order in orders]
            _, seconds = tell(app, confirmations(orders), 1, f"lone/{number}")
            ours.append(1e6 * percentile(seconds, 50))
            theirs.append(1e6 * percentile(plain, 50))
            worst.append(1e6 * percentile(seconds, 99))
    app.close()
    bench.emit(
        Row(
            NAME,
            "one lone command in process, p50",
            "the same writes in a plain psycopg transaction, p50",
            "µs",
            tuple(ours),
            tuple(theirs),
            LONE_TARGET,
            at_most=True,
            note=f"p99 of the command {spread(worst, ',.0f')} µs",
        )
    )


def transaction(connection: "psycopg.Connection[Any]", writes: Writes, order: Loaded) -> float:
    """Read the order and the key, write the same rows, commit; how many seconds that took."""
    lane = writes.events[0]["lane"]
    changed = ", ".join(f"{name} = %({name})s" for name in writes.order)
    key = {**writes.keys[0], "order_id": order.id}
    began = time.perf_counter()
    with connection.transaction():
        connection.execute(
            "SELECT version, snapshot FROM orders WHERE lane = %s AND id = %s FOR UPDATE", (lane, order.id)
        )
        connection.execute(
            "SELECT * FROM idempotency WHERE lane = %s AND order_id = %s AND key = %s", (lane, order.id, key["key"])
        )
        connection.execute(
            f"UPDATE orders SET {changed} WHERE lane = %(lane)s AND id = %(id)s".encode(),  # noqa: S608 - columns
            {**writes.order, "lane": lane, "id": order.id},
        )
        for table, records in (("events", writes.events), ("transfers", writes.transfers), ("idempotency", [key])):
            for record in records:
                names = ", ".join(f'"{name}"' for name in record)
                values = ", ".join(f"%({name})s" for name in record)
                statement = f"INSERT INTO {table} ({names}) VALUES ({values})"  # noqa: S608 - columns
                connection.execute(statement.encode(), {**record, "order_id": order.id})
        for moved in writes.transfers:
            for account, change in ((moved["debit"], -moved["amount"]), (moved["credit"], moved["amount"])):
                connection.execute(
                    "INSERT INTO balances (lane, account, balance) VALUES (%s, %s, %s)"
                    " ON CONFLICT (lane, account) DO UPDATE SET balance = balances.balance + excluded.balance",
                    (lane, account, change),
                )
    return time.perf_counter() - began
