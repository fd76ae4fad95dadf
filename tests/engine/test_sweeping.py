"""Deadlines fire whether or not anybody sweeps, and sweeping them changes nothing but when they are written."""

import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from fairhold.domain import decide
from fairhold.domain.actors import SYSTEM, Actor
from fairhold.domain.commands import (
    ApplyDeadlines,
    AskExtension,
    CancelOrder,
    Command,
    ConfirmReceipt,
    ExtendProtection,
    Pay,
    RecordCheckpoint,
    ShipParcel,
)
from fairhold.domain.events import RefundPaid
from fairhold.domain.ids import shipment_id, tag_of
from fairhold.domain.instants import DAY, HOUR, SECOND, Instant
from fairhold.domain.order import Order, ParcelStatus
from fairhold.domain.reasons import Refusal
from fairhold.engine.kernel.envelope import Answer
from fairhold.engine.kernel.sweeper import Sweeper
from tests.builders import BUYER, SELLER, T0
from tests.engine.market import Market, placing

Step = tuple[int, int, Callable[[Order], tuple[Command, Actor]]]
"""When, after the first moment; to which order; what."""


def scenario(seed: int, orders: int) -> list[Step]:
    """Commands at random moments over a hundred days; many of them come too late or too early, and are refused."""
    chance = random.Random(seed)
    made: list[Step] = []
    for number in range(orders):
        made.append((chance.randrange(26 * HOUR), number, lambda order: (Pay(method="sandbox:ok"), BUYER)))
        made.append((chance.randrange(1 * DAY, 8 * DAY), number, CHOICES[chance.randrange(3)]))
        for _ in range(chance.randrange(1, 9)):
            moment = chance.randrange(2 * DAY, 100 * DAY)
            made.append((moment, number, chance.choice(CHOICES)))
    return sorted(made, key=lambda step: step[0])


def confirm(order: Order) -> tuple[Command, Actor]:
    return ConfirmReceipt(lines=(order.lines[0].id,), acknowledged=True), BUYER


def delivered(order: Order) -> tuple[Command, Actor]:
    scan = RecordCheckpoint(shipment=shipment_id(order.id, 1), status=ParcelStatus.DELIVERED, at=Instant(T0 + DAY))
    return scan, SYSTEM


def returned(order: Order) -> tuple[Command, Actor]:
    status = ParcelStatus.RETURNED_TO_SENDER
    return RecordCheckpoint(shipment=shipment_id(order.id, 1), status=status, at=Instant(T0 + DAY)), SYSTEM


CHOICES: tuple[Callable[[Order], tuple[Command, Actor]], ...] = (
    lambda order: (ShipParcel(carrier="post", tracking_number="1"), SELLER),
    lambda order: (ShipParcel(carrier="post", tracking_number="1"), SELLER),
    lambda order: (ShipParcel(carrier="post", tracking_number="2", lines=(order.lines[1].id,)), SELLER),
    lambda order: (CancelOrder(), BUYER),
    lambda order: (ExtendProtection(days=20), SELLER),
    lambda order: (AskExtension(days=5), BUYER),
    confirm,
    delivered,
    returned,
)


def played(path: Path, seed: int, every: int | None) -> list[list[str]]:
    """The events of each order after the scenario, with a sweep `every` so many microseconds; None: only at the end."""
    market = Market(path)
    engine, clock = market.app.engine, market.clock
    orders = [market.placed() for _ in range(40)]
    next_sweep = T0 + every if every else None
    sweeper = Sweeper(engine, clock)
    for after, number, step in scenario(seed, len(orders)):
        moment = Instant(T0 + after)
        while next_sweep is not None and next_sweep < moment:
            wake = engine.on_writer(lambda writer: writer.next_wake(engine.lanes[0]), engine.lanes[0])
            # A sweep that finds nothing due does nothing: go to the next one that does.
            if wake is not None and every and next_sweep < wake:
                next_sweep += (wake - next_sweep + every - 1) // every * every
                continue
            if wake is None:
                break
            clock.move_to(Instant(next_sweep))
            sweeper.once()
            market.app.courier.once()
            next_sweep += every or 0
        clock.move_to(moment)
        command, actor = step(market.now(orders[number]))
        assert isinstance(market.ask(orders[number].id, command, actor), Answer | Refusal)
    clock.move_to(Instant(T0 + 400 * DAY))
    sweeper.once()
    found = [[str(event) for event in market.events(order) if not isinstance(event, RefundPaid)] for order in orders]
    market.assert_clean()
    market.app.close()
    return [
        [text.replace(order.id, "ORDER").replace(tag_of(order.id), "TAG") for text in events]
        for order, events in zip(orders, found, strict=True)
    ]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_same_commands_give_the_same_events_however_often_it_is_swept(seed: int, tmp_path: Path) -> None:
    never = played(tmp_path / "never.db", seed, None)
    daily = played(tmp_path / "daily.db", seed, DAY)
    each_second = played(tmp_path / "second.db", seed, SECOND)
    assert sum(len(events) for events in never) > 40 * 3
    assert never == daily == each_second


def test_what_is_due_is_shown_before_it_is_swept(market: Market) -> None:
    order = market.placed()
    market.clock.move_to(Instant(T0 + 24 * HOUR))
    assert market.now(order).closed_at == T0 + 24 * HOUR
    assert market.kinds(order) == ["OrderPlaced"]
    shown = market.app.queries.history(order.id)
    assert [(seq, type(event).__name__, event.at) for seq, event in shown] == [
        (1, "OrderPlaced", T0),
        (2, "OrderCancelled", T0 + 24 * HOUR),
    ]
    assert market.now(order).version == len(shown)
    market.app.sweeper.once()
    assert market.app.queries.history(order.id) == shown


def test_a_refused_command_leaves_what_was_due_to_the_next(market: Market) -> None:
    order = market.placed()
    market.clock.move_to(Instant(T0 + 25 * HOUR))
    market.refused(order.id, Pay(method="sandbox:ok"), BUYER)
    assert market.kinds(order) == ["OrderPlaced"]
    market.app.sweeper.once()
    assert market.kinds(order) == ["OrderPlaced", "OrderCancelled"]


def test_thousands_of_due_orders_are_swept_in_claims(tmp_path: Path) -> None:
    market = Market(tmp_path / "many.db")
    envelopes = [market.envelope(None, placing(), BUYER) for _ in range(1500)]
    market.app.engine.submit_many_waiting(envelopes)
    market.clock.move_to(Instant(T0 + 2 * DAY))
    assert market.app.queries.overdue().orders == 1500
    assert Sweeper(market.app.engine, market.clock, claim=400).once() == 1500
    assert market.app.queries.overdue().orders == 0
    market.assert_clean()
    market.app.close()


def test_an_order_whose_deadline_does_not_move_on_is_parked_and_the_others_are_swept(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck, fine = market.placed(), market.placed()
    market.clock.move_to(Instant(T0 + 2 * DAY))

    def broken(order: Order | None, *rest: object) -> object:
        if order is not None and order.id == stuck.id:
            raise AssertionError("firing deadlines does not move time on")
        return decide.happen(order, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr("fairhold.engine.kernel.batch.happen", broken)
    assert market.app.sweeper.once() == 1
    assert market.app.store.reader().parked_orders(10) == [stuck.id]
    assert market.app.sweeper.once() == 0
    assert market.kinds(fine) == ["OrderPlaced", "OrderCancelled"]
    monkeypatch.undo()
    market.tell(stuck.id, ApplyDeadlines(), SYSTEM)
    assert market.app.store.reader().parked_orders(10) == []


def test_after_a_restart_parked_orders_are_tried_again(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    """The new version may be the one that mends what held them up; nothing else would ever touch them."""
    order = market.placed()
    market.clock.move_to(Instant(T0 + 2 * DAY))

    def broken(*_: object) -> object:
        raise AssertionError("a bug of this version")

    monkeypatch.setattr("fairhold.engine.kernel.batch.happen", broken)
    assert market.app.sweeper.once() == 0
    assert market.app.store.reader().parked_orders(10) == [order.id]
    monkeypatch.undo()
    assert market.app.sweeper.once() == 0
    assert Sweeper(market.app.engine, market.clock).once() == 1
    assert market.app.store.reader().parked_orders(10) == []


def test_an_order_whose_column_is_wrong_is_parked_and_not_swept_for_ever(tmp_path: Path) -> None:
    market = Market(tmp_path / "wrong.db")
    order = market.placed()
    with closing(sqlite3.connect(market.path)) as connection, connection:
        connection.execute("UPDATE orders SET next_deadline_at = 1 WHERE id = ?", (order.id,))
    connection.close()
    assert market.app.sweeper.once() == 0
    assert market.app.store.reader().parked_orders(10) == [order.id]
    market.app.close()
