"""Two servers on one database: the same orders, the same sweep, the same outbox, and books that stay whole."""

import os
import random
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from fairhold.domain.actors import SYSTEM
from fairhold.domain.commands import ApplyDeadlines
from fairhold.domain.ids import OrderId
from fairhold.domain.instants import DAY, Instant
from fairhold.domain.reasons import Refusal
from fairhold.engine.audit.auditing import audit
from fairhold.engine.installation.settings import Settings
from fairhold.engine.kernel.envelope import Answer, Envelope
from fairhold.store import open_store
from fairhold.wiring import Application, build
from tests.builders import BUYER
from tests.crash.victim import envelope
from tests.engine.market import Market, placing
from tests.engine.test_together import anything

pytestmark = pytest.mark.postgres

ROOT = Path(__file__).resolve().parents[2]


def test_two_servers_under_a_mixed_load_on_the_same_orders_leave_the_books_whole(migrated: str) -> None:
    markets = [Market(migrated, background=True) for _ in range(2)]
    orders = [markets[0].placed() for _ in range(12)]
    wrong: list[object] = []
    answers: list[Answer | Refusal] = []

    def person(market: Market, seed: int) -> None:
        chance = random.Random(seed)
        for n in range(40):
            order = chance.choice(orders)
            command, actor = anything(chance, order)
            # Both servers are asked the same things under the same keys.
            try:
                answers.append(
                    market.app.engine.submit_waiting(Envelope(order.id, command, actor, f"{seed}/{n}", b"x"))
                )
            except Exception as error:  # noqa: BLE001 - the test reports it
                wrong.append(error)

    people = [threading.Thread(target=person, args=(market, seed)) for market in markets for seed in range(4)]
    for thread in people:
        thread.start()
    for thread in people:
        thread.join()
    assert not wrong
    assert len(answers) == len(people) * 40
    assert any(isinstance(answer, Answer) and answer.repeated for answer in answers)
    for market in markets:
        market.app.background.tick()
    markets[0].assert_clean()
    for market in markets:
        market.app.close()


def test_a_batch_that_was_overtaken_decides_anew_only_what_was(migrated: str) -> None:
    first, second = Market(migrated), Market(migrated)
    orders = [first.placed() for _ in range(8)]
    envelopes = [Envelope(order.id, ApplyDeadlines(), SYSTEM) for order in orders]
    assert all(isinstance(outcome, Answer) for outcome in first.app.engine.submit_many_waiting(envelopes))
    assert all(isinstance(outcome, Answer) for outcome in second.app.engine.submit_many_waiting(envelopes))
    second.assert_clean()
    first.app.close()
    second.app.close()


def test_time_has_moved_only_when_what_another_server_had_claimed_is_done(migrated: str) -> None:
    market = Market(migrated)
    order = market.placed()
    due = Instant(market.clock.now() + 2 * DAY)
    other = open_store(migrated)
    with other.writer(market.app.engine.lanes[0]) as rival:
        assert rival.due_orders(market.app.engine.lanes[0], due, 10) == [order.id]
        advancing = threading.Thread(target=market.app.advance, args=(due,))
        advancing.start()
        advancing.join(0.5)
        assert advancing.is_alive(), "the order that is due lies with the other server"
        # Asking again gives back what was claimed before.
        assert rival.due_orders(market.app.engine.lanes[0], due, 0) == []
        advancing.join(30)
        assert not advancing.is_alive()
    assert market.kinds(order) == ["OrderPlaced", "OrderCancelled"]
    other.close()
    market.app.close()


def test_one_of_two_servers_is_killed_and_the_other_goes_on(migrated: str) -> None:
    app = build(Settings(database=migrated, sandbox=True))
    app.start(background=False)
    victim = subprocess.Popen(
        [sys.executable, "-m", "tests.crash.victim", migrated, "killed"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}"},
        stdout=subprocess.PIPE,
    )
    assert victim.stdout is not None
    own: list[OrderId] = []
    lines = [victim.stdout.readline()]
    while len(own) < 60:
        own.append(place(app, f"own/{len(own)}"))
        lines.append(victim.stdout.readline())
        if len(own) == 30:
            victim.kill()
            lines.extend(victim.stdout.read().splitlines(keepends=True))
            victim.wait()
    victim.stdout.close()
    for line in lines:
        if line.endswith(b"\n"):
            key, order, version = line.decode().split()
            step = key.rpartition("/")[2]
            again = app.engine.submit_waiting(envelope(key, step, None if step == "place" else OrderId(order)))
            assert isinstance(again, Answer)
            assert (again.repeated, again.order.id, again.order.version) == (True, order, int(version))
    assert {app.queries.order(order) is not None for order in own} == {True}
    assert audit(app.store) == []
    app.close()


def place(app: Application, key: str) -> OrderId:
    answer = app.engine.submit_waiting(Envelope(None, placing(), BUYER, key, b"x"))
    assert isinstance(answer, Answer)
    return answer.order.id
