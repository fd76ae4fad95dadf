"""Ten workers, many orders that are due at once: each deadline fires once, and its money moves once.

`FAIRHOLD_DUE=100000` is the full run, whose figures stand in docs/reliability.md; without it, a share of that.
"""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from fairhold.domain.commands import Pay
from fairhold.domain.ids import OrderId
from fairhold.domain.instants import DAY, Instant
from fairhold.engine.kernel.codec import decode_order
from fairhold.engine.kernel.envelope import Answer, Envelope
from fairhold.engine.kernel.sweeper import Sweeper
from tests.builders import BUYER
from tests.engine.market import Market, placing

ROOT = Path(__file__).resolve().parents[2]
DUE = int(os.environ.get("FAIRHOLD_DUE", "1500"))
WORKERS = 10
LANES = 4
"""Fewer than workers: some find their turn taken."""
TOGETHER = 2_000

pytestmark = [pytest.mark.slow, pytest.mark.timeout(0 if DUE > 2_000 else 240)]


def paid(market: Market, count: int) -> list[OrderId]:
    """So many orders whose shipping deadline comes at the same moment: a refund each."""
    found: list[OrderId] = []
    while len(found) < count:
        batch = min(TOGETHER, count - len(found))
        placed = answers(market, [Envelope(None, placing(), BUYER, f"p{len(found) + n}", b"p") for n in range(batch)])
        answers(market, [Envelope(one.order.id, Pay(method="sandbox:ok"), BUYER, "pay", b"pay") for one in placed])
        found += [one.order.id for one in placed]
    return found


def answers(market: Market, envelopes: Sequence[Envelope]) -> list[Answer]:
    outcomes = market.app.engine.submit_many_waiting(envelopes)
    wrong = [outcome for outcome in outcomes if not isinstance(outcome, Answer)]
    assert not wrong, wrong[:3]
    return [outcome for outcome in outcomes if isinstance(outcome, Answer)]


def assert_each_fired_once(market: Market, orders: list[OrderId]) -> None:
    refunds: dict[str, int] = {}
    reader, last = market.app.store.reader(), None
    while rows := reader.scan_orders(last, TOGETHER):
        last = rows[-1].id
        refunds |= {row.id: len(decode_order(row.snapshot).refunds) for row in rows}
    assert refunds == dict.fromkeys(orders, 1), "an order that was never refunded, or twice"
    # That each snapshot is the fold of its events, and no transfer stands twice, the audit says.
    market.assert_clean()


def test_ten_threads_on_one_engine_with_sqlite(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    market = Market(tmp_path / "due.db")
    orders = paid(market, DUE)
    market.clock.move_to(Instant(market.clock.now() + 8 * DAY))
    fired: list[int] = []
    at_once = threading.Barrier(WORKERS)

    def work() -> None:
        sweeper = Sweeper(market.app.engine, market.clock)
        at_once.wait()
        fired.append(sweeper.once())

    began = time.monotonic()
    workers = [threading.Thread(target=work) for _ in range(WORKERS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    say(capsys, "SQLite, ten threads", time.monotonic() - began)
    assert sum(fired) == len(orders)
    assert_each_fired_once(market, orders)
    market.app.close()


@pytest.mark.postgres
def test_ten_processes_with_postgresql(copies: Callable[..., str], capsys: pytest.CaptureFixture[str]) -> None:
    database = copies(placing_lanes=LANES)
    market = Market(database)
    orders = paid(market, DUE)
    moment = market.clock.now() + 8 * DAY
    command = [sys.executable, "-m", "tests.adverse.sweeping", database, str(moment)]
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}"}
    workers = [
        subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(WORKERS)
    ]
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
    began = time.monotonic()
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    rounds = [int(worker.stdout.readline()) for worker in workers if worker.stdout is not None]
    say(capsys, f"PostgreSQL, ten processes, of which {sum(map(bool, rounds))} fired some", time.monotonic() - began)
    for worker in workers:
        worker.communicate()
        assert worker.returncode == 0
    market.clock.move_to(Instant(moment))
    assert_each_fired_once(market, orders)
    market.app.close()


def say(capsys: pytest.CaptureFixture[str], who: str, seconds: float) -> None:
    with capsys.disabled():
        sys.stdout.write(f"\n{who}: {DUE:,} due orders in {seconds:.1f} s\n")
