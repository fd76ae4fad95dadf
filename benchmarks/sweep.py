"""Many orders due at once: the sweeper in one and two processes against pure SQL that does the same writes.

Each measurement has a fresh copy of one database, in which the windows of so many delivered orders have ended. The SQL is
one statement a chunk of 2,000 orders, a transaction each: it picks due orders, updates them, and adds the events,
transfers and balances that the engine would, as many rows and bytes. It decides nothing and makes no contents: every
order gets the bytes of one. That is the least that any program could do.

Then: how long commands on other orders take while all of those are being swept, by the same engine, as in a server.
"""

import json
import subprocess
import sys
import threading
import time
from typing import NamedTuple

import psycopg

from benchmarks.bench import Bench
from benchmarks.patterns import Loaded
from benchmarks.report import Row
from benchmarks.under_way import confirmations, percentile, tell
from benchmarks.writes import Record, Writes, window_ended
from fairhold.domain.instants import Instant
from fairhold.engine.installation.clock import VirtualClock
from fairhold.engine.installation.settings import Settings
from fairhold.wiring import build

NAME = "sweep"
TARGET = 0.9
CHUNK = 2000
PEOPLE = 8
"""Commands under way while orders are swept."""


class Figure(NamedTuple):
    """One measurement: orders a second, microseconds of processor time for each, and what was written."""

    per_second: float
    asking_us: float
    database_us: float
    written: "Tally"


def run(bench: Bench) -> None:
    """Rounds of SQL, one process and two; then commands meanwhile."""
    due = bench.sizes.due
    bench.say(f"  loading {bench.sizes.history + due:,} orders, {due:,} of them due")
    url = bench.postgres.new_database("sweep")
    loader = bench.loader(url, bench.sizes.history + due)
    loader.history(bench.sizes.history)
    loader.due(due)
    others = loader.add("delivered", due // 2 + bench.sizes.commands)
    moment = time.time_ns() // 1000
    empty = bench.postgres.new_database("writes")
    writes = window_ended(empty)
    bench.postgres.drop(empty)
    theirs: list[Figure] = []
    ours: dict[int, list[Figure]] = {1: [], 2: []}
    for number in range(bench.sizes.sweep_rounds):
        theirs.append(by_sql(bench, url, writes, moment))
        for processes, figures in ours.items():
            figures.append(by_sweepers(bench, url, moment, processes, due))
            assert_as_much(figures[-1].written, theirs[-1].written)
        told = ", ".join(f"{figures[-1].per_second:,.0f}/s by {count}" for count, figures in ours.items())
        bench.say(f"  round {number + 1}: {theirs[-1].per_second:,.0f}/s by SQL, {told}")
    for processes, figures in ours.items():
        bench.emit(row(due, processes, figures, theirs))
    commands_meanwhile(bench, url, moment, others)
    bench.postgres.drop(url)


def assert_as_much(ours: "Tally", theirs: "Tally") -> None:
    """Both wrote the same rows, and as many bytes, give or take a twentieth of them."""
    assert (ours.events, ours.transfers) == (theirs.events, theirs.transfers), f"{ours} and {theirs}"
    assert abs(ours.event_bytes - theirs.event_bytes) < ours.event_bytes / 20, f"{ours} and {theirs}"
    total = theirs.events * 100
    assert abs(ours.snapshot_bytes - theirs.snapshot_bytes) < total, f"{ours} and {theirs}"


def row(due: int, processes: int, ours: list[Figure], theirs: list[Figure]) -> Row:
    """The row of one number of processes."""
    return Row(
        NAME,
        f"sweep of {due:,} due orders, {processes} process{'es' if processes > 1 else ''}",
        "the same writes by SQL alone, one connection",
        "a second",
        tuple(one.per_second for one in ours),
        tuple(one.per_second for one in theirs),
        TARGET,
        note=f"processor for each: sweeper {ours[-1].asking_us:,.0f} µs, database {ours[-1].database_us:,.0f} µs; "
        f"SQL: database {theirs[-1].database_us:,.0f} µs",
    )


def by_sweepers(bench: Bench, base: str, moment: int, processes: int, due: int) -> Figure:
    """So many processes sweep a copy at once, until nothing is due."""
    url = bench.postgres.copy(base)
    command = [sys.executable, "-m", "benchmarks.sweeping_process", url, str(moment)]
    sweepers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(processes)
    ]
    for sweeper in sweepers:
        assert sweeper.stdout is not None
        assert sweeper.stdout.readline() == "ready\n", "a sweeper did not start"
    bench.postgres.calm()
    database, began = bench.postgres.processor_seconds(), time.perf_counter()
    for sweeper in sweepers:
        assert sweeper.stdin is not None
        sweeper.stdin.write("go\n")
        sweeper.stdin.flush()
    told = [
        json.loads(line) for sweeper in sweepers if sweeper.stdout is not None for line in [sweeper.stdout.readline()]
    ]
    took, database = time.perf_counter() - began, bench.postgres.processor_seconds() - database
    for sweeper in sweepers:
        sweeper.communicate()
        assert sweeper.returncode == 0
    fired = sum(one["fired"] for one in told)
    assert fired == due, f"{fired} of {due} orders were swept"
    written = check(base, url, due, moment)
    bench.clean(url)
    bench.postgres.drop(url)
    micro = 1e6 / fired
    return Figure(fired / took, sum(one["processor_seconds"] for one in told) * micro, database * micro, written)


def by_sql(bench: Bench, base: str, writes: Writes, moment: int) -> Figure:
    """One connection works a copy off, a chunk a transaction."""
    url = bench.postgres.copy(base)
    bench.postgres.calm()
    with psycopg.connect(url, autocommit=True, prepare_threshold=0) as connection:
        connection.execute("SET enable_seqscan = off")
        statement, values = chain(writes)
        values = {**values, "now": moment, "chunk": CHUNK}
        done, began, database = 0, time.perf_counter(), bench.postgres.processor_seconds()
        while changed := connection.execute(statement.encode(), values, binary=True).fetchall()[0][0]:
            done += changed
        took, database = time.perf_counter() - began, bench.postgres.processor_seconds() - database
    assert done == bench.sizes.due, f"{done} of {bench.sizes.due} orders were changed"
    written = check(base, url, done, moment)
    bench.postgres.drop(url)
    return Figure(done / took, 0, database * 1e6 / done, written)


def chain(writes: Writes) -> tuple[str, Record]:
    """The statement that sweeps a chunk, and what it writes, named so that no two values share a name."""
    values: Record = {f"orders_{name}": value for name, value in writes.order.items()}
    changed = ", ".join(f"{name} = %(orders_{name})s" for name in writes.order)
    told = rows("events", writes.events, values)
    moved = rows("transfers", writes.transfers, values)
    assert not writes.messages, "the chain has no outbox"
    lane = writes.events[0]["lane"]
    seller = "replace({}, 'seller-00000', changed.seller)"
    return (
        f"""
        WITH due AS (
            SELECT id FROM orders
            WHERE lane = {lane} AND next_deadline_at <= %(now)s AND next_deadline_at IS NOT NULL AND parked = 0
            ORDER BY next_deadline_at, id LIMIT %(chunk)s FOR UPDATE SKIP LOCKED
        ), changed AS (
            UPDATE orders SET {changed} FROM due WHERE orders.lane = {lane} AND orders.id = due.id
            RETURNING orders.id, orders.seller
        ), told AS (
            INSERT INTO events (lane, order_id, seq, at, by, type, data)
            SELECT {lane}, changed.id, one.seq, one.at, one.by, one.type, one.data FROM changed
            CROSS JOIN (VALUES {told}) AS one (lane, order_id, seq, at, by, type, data)
        ), moved AS (
            INSERT INTO transfers (lane, order_id, seq, n, debit, credit, amount, at)
            SELECT {lane}, changed.id, one.seq, one.n, {seller.format("one.debit")}, {seller.format("one.credit")},
                   one.amount, one.at
            FROM changed CROSS JOIN (VALUES {moved}) AS one (lane, order_id, seq, n, debit, credit, amount, at)
            RETURNING debit, credit, amount
        ), booked AS (
            INSERT INTO balances (lane, account, balance)
            SELECT {lane}, account, sum(change)::bigint
            FROM (SELECT debit, -amount FROM moved UNION ALL SELECT credit, amount FROM moved) AS each (account, change)
            GROUP BY account ORDER BY account
            ON CONFLICT (lane, account) DO UPDATE SET balance = balances.balance + excluded.balance
        )
        SELECT count(*) FROM changed
        """,  # noqa: S608 - columns and numbers of our own
        values,
    )


TYPES = {int: "bigint", str: "text", bytes: "bytea"}


def rows(table: str, records: list[Record], values: Record) -> str:
    """These rows as VALUES; puts each of their values under a name of its own."""
    out = []
    for number, record in enumerate(records):
        named = {f"{table}_{number}_{name}": value for name, value in record.items()}
        values.update(named)
        out.append("(" + ", ".join(f"%({name})s::{TYPES[type(value)]}" for name, value in named.items()) + ")")
    return ", ".join(out)


class Tally(NamedTuple):
    """What is in a database."""

    events: int
    event_bytes: int
    transfers: int
    snapshot_bytes: int


def tally(url: str) -> Tally:
    """Count it."""
    with psycopg.connect(url) as connection:
        [row] = connection.execute(
            "SELECT (SELECT count(*) FROM events), (SELECT sum(length(data)) FROM events)::bigint,"
            " (SELECT count(*) FROM transfers), (SELECT sum(length(snapshot)) FROM orders)::bigint"
        ).fetchall()
    return Tally(*row)


def check(base: str, url: str, due: int, moment: int) -> Tally:
    """Nothing is due any more, and every order of them got new rows; how many of each and how many bytes in all."""
    with psycopg.connect(url) as connection:
        still = connection.execute("SELECT count(*) FROM orders WHERE next_deadline_at <= %s", (moment,)).fetchall()
    assert still == [(0,)], f"{still[0][0]} orders are still due"
    written = Tally(*(after - before for after, before in zip(tally(url), tally(base), strict=True)))
    assert written.events >= due, f"{written.events} events were written for {due} orders"
    return written


def commands_meanwhile(bench: Bench, base: str, moment: int, others: list[Loaded]) -> None:
    """How long commands take with nothing to sweep, and while everything is swept."""
    url = bench.postgres.copy(base)
    app = build(Settings(database=url), clock=VirtualClock(Instant(moment)))
    app.start(background=False)
    steps = confirmations(others)
    quiet = steps[: len(steps) // 4]
    tell(app, quiet[: len(quiet) // 2], PEOPLE, "warm")
    _, before = tell(app, quiet[len(quiet) // 2 :], PEOPLE, "quiet")
    fired: list[int] = []
    sweeping = threading.Thread(target=lambda: fired.append(app.sweeper.once()))
    sweeping.start()
    _, meanwhile = tell(app, steps[len(quiet) :], PEOPLE, "busy", until=lambda: not sweeping.is_alive())
    sweeping.join()
    app.close()
    assert fired == [bench.sizes.due], f"{fired} orders were swept, not {bench.sizes.due}"
    bench.clean(url)
    bench.postgres.drop(url)
    for share in (50, 99):
        bench.emit(
            Row(
                NAME,
                f"a command in process while {bench.sizes.due:,} due orders are swept, {PEOPLE} under way, p{share}",
                "the same with nothing due",
                "ms",
                (1e3 * percentile(meanwhile, share),),
                (1e3 * percentile(before, share),),
                note=f"{len(meanwhile):,} commands were answered meanwhile" if share == 50 else "",
            )
        )
