"""Many people at once, in threads and on event loops, while the sweep runs and time is moved: the books stay whole."""

import asyncio
import random
import threading
from pathlib import Path

import pytest

from fairhold.domain.actors import SYSTEM, Actor
from fairhold.domain.commands import (
    ApplyDeadlines,
    CancelOrder,
    Command,
    ConfirmReceipt,
    Pay,
    ShipParcel,
    UndoReceipt,
)
from fairhold.domain.instants import DAY, HOUR, Instant
from fairhold.domain.order import Order
from fairhold.domain.reasons import Refusal
from fairhold.engine.kernel.envelope import Answer, Envelope
from fairhold.gateways.sandbox_carrier import PLANS
from tests.builders import BUYER, SELLER, SUPPORT
from tests.engine.market import Market


def anything(chance: random.Random, order: Order) -> tuple[Command, Actor]:
    """Some command, sensible or not."""
    lines = tuple(line.id for line in order.lines)
    number = f"{chance.choice(list(PLANS))}-1"
    choices: tuple[tuple[Command, Actor], ...] = (
        (Pay(method="sandbox:ok"), BUYER),
        (Pay(method="sandbox:ok"), BUYER),
        (ShipParcel(carrier="post", tracking_number=number), SELLER),
        (ShipParcel(carrier="post", tracking_number=number, lines=lines[:1]), SELLER),
        (ConfirmReceipt(lines=lines[1:], acknowledged=True), BUYER),
        (ConfirmReceipt(lines=lines, acknowledged=True), BUYER),
        (UndoReceipt(lines=lines[:1], why="by accident"), SUPPORT),
        (CancelOrder(), BUYER),
        (ApplyDeadlines(), SYSTEM),
    )
    return chance.choice(choices)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    if request.param == "sqlite":
        return tmp_path / "together.db"
    url: str = request.getfixturevalue("migrated")
    return url


def test_people_the_sweep_and_moving_time_together_leave_the_books_whole(where: Path | str) -> None:
    market = Market(where, background=True)
    engine = market.app.engine
    orders = [market.placed() for _ in range(30)]
    answered: list[int] = []
    wrong: list[object] = []

    def note(outcome: object) -> None:
        (answered.append(1) if isinstance(outcome, Answer | Refusal) else wrong.append(outcome))

    def person(seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(60):
            order = chance.choice(orders)
            command, actor = anything(chance, order)
            note(engine.submit_waiting(Envelope(order.id, command, actor, source=f"thread {seed}")))

    async def crowd(seed: int) -> None:
        chance = random.Random(seed)
        envelopes = []
        for n in range(200):
            order = chance.choice(orders)
            command, actor = anything(chance, order)
            envelopes.append(Envelope(order.id, command, actor, f"{seed}/{n}", b"x", source=f"crowd {seed}"))
        for outcome in await engine.submit_many(envelopes[:100]):
            note(outcome)
        for outcome in await asyncio.gather(*(engine.submit(envelope) for envelope in envelopes[100:])):
            note(outcome)

    people = [threading.Thread(target=person, args=(seed,)) for seed in range(4)]
    people += [threading.Thread(target=lambda seed=seed: asyncio.run(crowd(seed))) for seed in (8, 9)]
    for thread in people:
        thread.start()
    for _ in range(20):
        market.advance(17 * HOUR)
        assert market.app.queries.list_orders(buyer="ann", limit=200).items
    for thread in people:
        thread.join()
    assert not wrong
    assert len(answered) == 4 * 60 + 2 * 200
    market.app.advance(Instant(market.clock.now() + 400 * DAY))
    assert all(market.now(order).closed_at is not None for order in orders)
    market.assert_clean()
    assert not market.app.queries.outbox("waiting", "parked")
    market.app.close()
