"""Daily heads are made once a day is over, over all that was written on it, and a proof leads from each order to its head."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from fairhold.domain.commands import CancelOrder, Pay
from fairhold.domain.ids import OrderId, lane_of
from fairhold.domain.instants import DAY, HOUR, MINUTE, Instant
from fairhold.domain.order import Order
from fairhold.engine.audit import sealer, trees
from fairhold.engine.audit.auditing import audit
from fairhold.engine.audit.trees import proof_of, signed_text
from fairhold.engine.ports.heads import DailyHead
from fairhold.proof import merkle
from fairhold.proof.chain import head_of
from fairhold.proof.heads import FIRST, link
from fairhold.proof.keys import is_signed
from tests.builders import BUYER, T0
from tests.conftest import POSTGRES
from tests.engine.market import Market


def heads(market: Market) -> list[DailyHead]:
    """All heads once everything that is due is made, the oldest first."""
    market.app.sealer.finish()
    return market.app.store.heads().heads(None, 1000)[::-1]


def assert_proved(market: Market, order: Order, events: int) -> None:
    proof = proof_of(market.app.store.heads(), order.id)
    assert proof is not None
    assert proof.seq == events
    commitments = [event.committed for event in market.app.store.reader().events(order.id)]
    leaf = merkle.order_leaf(order.id, events, head_of(order.id, commitments[:events]))
    steps = [bytes.fromhex(step) for step in proof.path]
    assert merkle.root_by_path(leaf, proof.index, proof.count, steps) == bytes.fromhex(proof.root)


def test_a_day_has_no_head_before_it_is_over_for_a_while(market: Market) -> None:
    market.placed()
    rest = DAY - T0 % DAY
    market.advance(rest + 9 * MINUTE)
    assert heads(market) == []
    market.advance(2 * MINUTE)
    [made] = heads(market)
    assert (made.day, made.orders, made.previous) == (T0 // DAY, 1, FIRST)


def test_each_head_covers_the_orders_of_its_day_and_follows_the_one_before(market: Market) -> None:
    orders = [market.placed() for _ in range(5)]
    market.advance(23 * HOUR)
    market.tell(orders[0].id, Pay(method="sandbox:ok"), BUYER)
    late = market.placed()
    market.advance(DAY)
    first, second = heads(market)[:2]
    # On the second day the unpaid orders were cancelled by their deadline.
    assert (first.orders, second.orders) == (5, 6)
    assert second.previous == link(signed_text(first))
    for made in (first, second):
        assert is_signed(made.public_key, made.signature, signed_text(made))
    assert_proved(market, orders[0], 2)
    assert_proved(market, late, 1)


def test_days_on_which_nothing_was_written_have_no_head(market: Market) -> None:
    market.tell(market.placed().id, CancelOrder(), BUYER)
    market.advance(20 * DAY)
    market.placed()
    market.advance(10 * DAY)
    assert [made.day - T0 // DAY for made in heads(market)] == [0, 20, 21]


def test_what_is_written_late_stands_under_the_head_of_the_day_on_which_it_was_written(market: Market) -> None:
    order = market.placed()
    market.clock.move_to(Instant(market.clock.now() + 5 * DAY))
    assert len(heads(market)) == 1
    market.app.sweeper.once()
    assert market.kinds(order) == ["OrderPlaced", "OrderCancelled"]
    assert market.events(order)[1].at < market.clock.now() - 3 * DAY
    market.advance(DAY)
    assert [made.day - T0 // DAY for made in heads(market)] == [0, 5]
    assert_proved(market, order, 2)


def test_many_orders_are_taken_in_portions_and_blocks_and_every_one_is_proved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealer, "PORTION", 7)
    monkeypatch.setattr(sealer, "_PAGE", 3)
    monkeypatch.setattr(merkle, "BLOCK", 8)
    market = Market(tmp_path / "market.db")
    orders = [market.placed() for _ in range(45)]
    market.advance(DAY)
    steps = 0
    while market.app.sealer.once():
        steps += 1
        market.placed()
    assert steps > 10
    assert market.app.store.heads().heads(None, 1)[0].orders == 45
    for order in orders:
        assert_proved(market, order, 1)
    market.assert_clean()
    market.app.close()


def test_work_that_broke_off_is_begun_again_and_comes_to_the_same_head(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders = [market.placed() for _ in range(3)]
    market.advance(DAY + HOUR)
    with monkeypatch.context() as broken:
        broken.setattr(sealer, "planted", lambda heads, day: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            market.app.sealer.finish()
    assert market.app.store.heads().heads(None, 1) == []
    [made] = heads(market)
    assert made.orders == 3
    assert_proved(market, orders[0], 1)


def test_the_background_makes_heads_between_its_other_work(market: Market) -> None:
    market.placed()
    market.advance(DAY + HOUR)
    while market.app.background.tick():
        continue
    assert len(market.app.store.heads().heads(None, 10)) == 1


@pytest.mark.postgres
def test_one_head_covers_the_orders_of_all_databases(new_schema: Callable[[str], str]) -> None:
    version = os.environ.get(POSTGRES) or "18"
    market = Market(f"{new_schema(version)}, {new_schema(version)}")
    orders = [market.placed() for _ in range(12)]
    assert len({lane_of(order.id) for order in orders}) == 2
    market.advance(DAY)
    assert heads(market)[0].orders == 12
    for order in orders:
        assert_proved(market, order, 1)
    market.assert_clean()
    market.app.close()


def test_a_tree_that_was_tampered_with_gives_no_proof(tmp_path: Path) -> None:
    market = Market(tmp_path / "market.db")
    order = market.placed()
    market.advance(DAY)
    assert len(heads(market)) == 1
    with closing(sqlite3.connect(market.path)) as connection, connection:
        connection.execute("UPDATE daily_leaves SET head = zeroblob(32)")
    assert trees.proof_of(market.app.store.heads(), order.id) is None
    market.app.close()


def test_a_text_is_forgotten_and_the_chain_the_heads_and_the_audit_stay_sound(tmp_path: Path) -> None:
    market = Market(tmp_path / "market.db")
    order = market.tell(market.placed().id, CancelOrder(why="please send it to my sister"), BUYER)
    market.advance(DAY)
    assert len(heads(market)) == 1
    before = [event.committed for event in market.app.store.reader().events(order.id)]
    with closing(sqlite3.connect(market.path)) as connection, connection:
        connection.execute(
            "UPDATE events SET salt = NULL, data = CAST(replace(CAST(data AS TEXT), ?, '') AS BLOB) WHERE seq = 2",
            ("please send it to my sister",),
        )
        connection.execute(
            "UPDATE orders SET snapshot = CAST(replace(CAST(snapshot AS TEXT), ?, '') AS BLOB)",
            ("please send it to my sister",),
        )
    assert b"sister" not in market.app.store.reader().events(OrderId(order.id))[1].data
    assert [event.committed for event in market.app.store.reader().events(order.id)] == before
    assert_proved(market, order, 2)
    assert audit(market.app.store) == []
    market.app.close()
