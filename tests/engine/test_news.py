"""Everyone in the house who passes it on hears of everything that happens to orders."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import pytest

from fairhold.domain.commands import Pay, ShipParcel
from fairhold.domain.instants import DAY, MINUTE
from fairhold.domain.order import Order
from fairhold.engine.installation.clock import VirtualClock
from fairhold.engine.installation.settings import Settings
from fairhold.engine.kernel.envelope import Answer, Envelope
from fairhold.engine.kernel.news import NEWS, Turn
from fairhold.engine.ports.store import StoreUnavailable
from fairhold.wiring import build
from tests.builders import BUYER, SELLER, T0
from tests.engine.market import Market, placing


class Ear:
    """Remembers what it heard, and may be in trouble."""

    def __init__(self) -> None:
        self.turns: list[Turn] = []
        self.trouble: dict[str, Exception] = {}
        self.calls = 0

    def hear(self, turns: Sequence[Turn]) -> None:
        self.calls += 1
        for turn in turns:
            if turn.order.id in self.trouble:
                raise self.trouble[turn.order.id]
        self.turns.extend(turns)

    def numbers(self, order: Order) -> list[int]:
        return [seq for turn in self.turns if turn.order.id == order.id for seq, _ in turn.events]


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def market(request: pytest.FixtureRequest, tmp_path: Path, ear: Ear) -> Iterator[Market]:
    where = tmp_path / "market.db" if request.param == "sqlite" else request.getfixturevalue("migrated")
    market = Market(where, listeners=[ear])
    yield market
    market.assert_clean()
    market.app.close()


def test_every_event_of_an_order_is_told_once_and_in_turn(market: Market, ear: Ear) -> None:
    order = market.shipped()
    market.advance(40 * DAY)
    told = [event for turn in ear.turns for _, event in turn.events]
    assert told == market.events(order)
    assert ear.numbers(order) == list(range(1, len(told) + 1))
    assert all(earlier.order.version <= later.order.version for earlier, later in pairwise(ear.turns))
    left = {message.destination for message in market.app.queries.outbox("waiting", "parked", "done")}
    assert NEWS not in left, "what was told is not kept"


def test_a_turn_holds_everything_that_one_transaction_made_of_an_order(market: Market, ear: Ear) -> None:
    engine = market.app.engine
    order = market.placed()
    parcel = ShipParcel(carrier="post", tracking_number="1")
    pay, ship = (market.envelope(order.id, Pay(method="sandbox:ok"), BUYER), market.envelope(order.id, parcel, SELLER))
    engine.submit_many_waiting([pay, ship])
    market.app.background.tick()
    assert ear.numbers(order) == [1, 2, 3]
    assert len(ear.turns) <= 3


def test_a_dry_run_a_refusal_and_a_repeated_key_are_no_news(market: Market, ear: Ear) -> None:
    order = market.tell(None, placing(), BUYER, key="one")
    market.tell(None, placing(), BUYER, key="one")
    market.refused(order.id, ShipParcel(carrier="post", tracking_number="1"), SELLER)
    market.app.background.tick()
    assert ear.numbers(order) == [1]


def test_news_that_cannot_be_told_waits_and_the_others_are_told(market: Market, ear: Ear) -> None:
    stuck, fine = market.placed(), market.placed()
    ear.trouble[stuck.id] = ValueError("cannot be put into words")
    market.app.background.tick()
    assert ear.numbers(fine) == [1]
    [message] = market.app.queries.outbox("waiting")
    assert (message.order_id, message.attempts) == (stuck.id, 1)
    assert "cannot be put into words" in (message.error or "")
    market.tell(stuck.id, Pay(method="sandbox:ok"), BUYER)
    del ear.trouble[stuck.id]
    market.advance(MINUTE)
    assert ear.numbers(stuck) == [1, 2], "what stands behind it waits for it"


def test_while_a_listener_cannot_write_its_news_waits_and_is_never_parked(market: Market, ear: Ear) -> None:
    order = market.placed()
    ear.trouble[order.id] = StoreUnavailable("the home database is away")
    market.advance(DAY // 2)
    [message] = market.app.queries.outbox("waiting", "parked")
    assert (message.state, message.attempts) == ("waiting", 0)
    ear.trouble.clear()
    market.advance(MINUTE)
    assert ear.numbers(order)[:1] == [1]


def test_news_waits_for_a_restart_after_a_crash(tmp_path: Path, ear: Ear) -> None:
    first = Market(tmp_path / "market.db", listeners=[Ear()])
    order = first.placed()
    first.app.close()
    again = Market(tmp_path / "market.db", listeners=[ear])
    again.app.background.tick()
    assert ear.numbers(order) == [1]
    again.app.close()


def test_a_history_that_is_played_again_is_news_to_nobody(tmp_path: Path) -> None:
    app = build(Settings(database=f"sqlite:///{tmp_path}/a.db"), clock=VirtualClock(T0), history=True)
    app.start(background=False)
    assert isinstance(app.engine.submit_waiting(Envelope(None, placing(), BUYER)), Answer)
    assert app.queries.outbox("waiting") == []
    app.close()
