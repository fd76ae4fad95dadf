"""Several databases as one installation: who owns which lane, what is refused, and what goes on without one of them."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from fairhold.domain.actors import SYSTEM
from fairhold.domain.commands import ApplyDeadlines, CancelOrder, Pay
from fairhold.domain.ids import lane_of
from fairhold.domain.instants import DAY, Instant
from fairhold.domain.order import Order
from fairhold.engine.audit.auditing import audit
from fairhold.engine.kernel.envelope import Answer, Envelope, Unavailable
from fairhold.engine.kernel.minting import placing_lane
from fairhold.engine.ports.list_query import ListQuery
from fairhold.engine.ports.store import Store, StoreUnavailable
from fairhold.store import open_store
from fairhold.store.routed import databases
from tests.builders import BUYER, T0
from tests.contract.rows import new_id, order, place
from tests.engine.market import Market, placing

pytestmark = pytest.mark.postgres

NewDatabase = Callable[[], str]


@pytest.fixture
def two(new_database: NewDatabase) -> tuple[str, str]:
    return new_database(), new_database()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(databases, "PROBE_SECONDS", 0.02)


def meta(url: str) -> dict[str, str]:
    with psycopg.connect(url) as connection:
        return dict(connection.execute("SELECT name, value FROM meta").fetchall())


def change(url: str, statement: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(statement.encode())


def refusal(*urls: str, migrate: bool = False) -> str:
    """Why a store over these databases cannot be used."""
    with closing(open_store(" ".join(urls))) as store, pytest.raises(StoreUnavailable) as refused:
        store.migrate() if migrate else store.lanes()
    return str(refused.value)


@contextmanager
def away(url: str) -> Iterator[None]:
    """The database lets nobody in and has thrown everybody out."""
    name = conninfo_to_dict(url)["dbname"]
    with psycopg.connect(url.replace(f"/{name}?", "/postgres?"), autocommit=True) as admin:
        admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false".encode())
        # Whoever was just coming in when the door was closed is thrown out, too.
        throw_out = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
        eventually(lambda: not admin.execute(throw_out.encode(), (name,)).fetchall())
        try:
            yield
        finally:
            admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true".encode())


def migrated(*urls: str, lanes: int = 1) -> Store:
    store = open_store(" ".join(urls), placing_lanes=lanes)
    store.migrate()
    return store


def placed_in(market: Market, lane: int) -> Order:
    """An order in that lane."""
    while True:
        found = market.placed()
        if lane_of(found.id) == lane:
            return found


def eventually(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.02)


# Who owns what


def test_a_database_made_with_another_takes_lanes_that_nobody_has(two: tuple[str, str]) -> None:
    store = migrated(*two, lanes=2)
    assert (meta(two[0])["lanes"], meta(two[1])["lanes"]) == ("0-1", "2-3")
    assert store.lanes() == store.placing() == [0, 1, 2, 3]
    assert json.loads(meta(two[1])["routing"])["generations"] == [[0, 1, 2, 3]]
    store.close()


def test_the_order_in_which_databases_are_listed_means_nothing(two: tuple[str, str]) -> None:
    store = migrated(*two)
    one, other = new_id(), new_id(lane=store.lanes()[1])
    for id_ in (one, other):
        with store.writer(lane_of(id_)) as writer:
            place(writer, order(id_, lane=lane_of(id_)))
    store.set_setting("name", "value")
    store.close()
    with closing(open_store(" ".join(two[::-1]))) as again:
        assert again.migrate() == []
        assert again.reader().order(one) is not None
        assert again.reader().order(other) is not None
        assert again.setting("name") == "value"
    assert "name" not in meta(two[1])


def test_a_database_that_is_added_gets_its_share_of_new_orders(two: tuple[str, str]) -> None:
    migrated(two[0], lanes=2).close()
    change(two[0], "INSERT INTO meta VALUES ('secret', 'of a server that ran here')")
    with closing(open_store(f"{two[1]},{two[0]}")) as store:
        assert [name for name in store.pending_migrations() if name.startswith("join")] != []
        store.migrate()
        assert store.placing() == [0, 1, 2]
    assert json.loads(meta(two[0])["routing"])["generations"] == [[0, 1], [0, 1, 2]]
    assert meta(two[0])["home"] == "yes"
    assert "home" not in meta(two[1])


def test_a_repeated_placing_key_finds_its_first_answer_after_databases_were_added(new_database: NewDatabase) -> None:
    urls = [new_database()]
    first: dict[str, str] = {}
    for round_ in range(3):
        market = Market(" ".join(urls))
        for key, order_ in first.items():
            again = market.ask(None, placing(), BUYER, key)
            assert isinstance(again, Answer)
            assert (again.order.id, again.repeated) == (order_, True)
        for n in range(24):
            made = market.tell(None, placing(), BUYER, f"{round_}/{n}")
            first[f"{round_}/{n}"] = made.id
        assert {lane_of(found.id) for found in market.app.queries.every_order()} == set(range(round_ + 1))
        assert len(list(market.app.queries.every_order())) == len(first)
        market.assert_clean()
        market.app.close()
        urls.append(new_database())


def test_only_placings_whose_lane_has_changed_are_looked_back_for(
    two: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    Market(two[0]).app.close()
    market = Market(" ".join(two))
    asked: list[str] = []
    reader = type(market.app.store)._look_back  # type: ignore[attr-defined]

    def watched(store: object, lane: int, keys: list[str]) -> object:
        found = reader(store, lane, keys)
        asked.extend(key for key in keys if store._routes().earlier(key, lane))  # type: ignore[attr-defined]
        return found

    monkeypatch.setattr(type(market.app.store), "_look_back", watched)
    market.app.close()
    market = Market(" ".join(two))
    keys = [f"key {n}" for n in range(40)]
    outcomes = market.app.engine.submit_many_waiting([market.envelope(None, placing(), BUYER, key) for key in keys])
    assert all(isinstance(outcome, Answer) for outcome in outcomes)
    assert sorted(asked) == sorted(key for key in keys if placing_lane(key, market.app.store.placing()) == 1)
    market.app.close()


# What is refused


def test_a_list_that_leaves_a_database_out_is_refused(two: tuple[str, str]) -> None:
    migrated(*two).close()
    assert "name all of its databases" in refusal(two[0])
    assert "name all of its databases" in refusal(two[1])


def test_a_database_of_another_installation_is_refused(two: tuple[str, str], new_database: NewDatabase) -> None:
    others = new_database(), new_database()
    migrated(*two).close()
    migrated(*others).close()
    for migrate in (False, True):
        assert "different installations" in refusal(*two, others[0], migrate=migrate)
    used = Market(new_database())
    used.placed()
    used.app.close()
    assert "run `fairhold migrate`" in refusal(*two, used.database)
    assert "are never put together" in refusal(*two, used.database, migrate=True)


def test_two_databases_in_use_are_never_put_together(two: tuple[str, str]) -> None:
    for url in two:
        market = Market(url)
        market.placed()
        market.app.close()
    assert "are never put together" in refusal(*two, migrate=True)
    assert Market(two[0]).app.store.lanes() == [0]


def test_two_databases_that_claim_one_lane_are_refused(two: tuple[str, str]) -> None:
    migrated(*two).close()
    assert "listed twice" in refusal(*two, two[0].replace("user=", "application_name=x&user="))
    change(two[1], "UPDATE meta SET value = '0-1' WHERE name = 'lanes'")
    assert "say that lane 0 is theirs" in refusal(*two)
    change(two[1], "UPDATE meta SET value = 'one' WHERE name = 'lanes'")
    assert "cannot be read: 'one' is no lane" in refusal(*two)


def test_rows_in_a_database_that_does_not_own_their_lane_are_refused(two: tuple[str, str]) -> None:
    store = migrated(*two)
    with store.writer(store.lanes()[1]) as writer:
        place(writer, order(new_id(lane=store.lanes()[1]), lane=store.lanes()[1]))
    store.close()
    change(two[0], "UPDATE meta SET value = '0-1' WHERE name = 'lanes'")
    change(two[1], "UPDATE meta SET value = '' WHERE name = 'lanes'")
    assert "holds orders of lane 1, but it is" in refusal(*two)
    with closing(open_store(" ".join(two))) as store:
        assert "finish moving that lane" in store.check()[0]


def test_no_database_joins_while_a_server_writes(two: tuple[str, str]) -> None:
    market = Market(two[0])
    market.placed()
    assert "stop all servers" in refusal(*two, migrate=True)
    market.app.close()
    migrated(*two).close()


def test_a_server_that_slept_through_a_change_of_lanes_writes_no_more(two: tuple[str, str]) -> None:
    market = Market(two[0])
    found = market.placed()
    with away(two[0]):
        pass
    migrated(*two).close()
    # The first command finds its connection cut, the second opens another.
    said = [str(_asked(market, found)) for _ in range(2)]
    assert "cannot be reached" in said[0]
    assert "start it again" in said[1]
    market.app.close()


def test_a_joining_that_broke_off_is_finished_without_giving_a_lane_twice(
    two: tuple[str, str], new_database: NewDatabase
) -> None:
    migrated(*two).close()
    third, fourth = new_database(), new_database()
    migrated(*two, third).close()
    # As if it had stopped before the plan was written.
    plan = json.loads(meta(two[0])["routing"])
    plan["generations"] = plan["generations"][:-1]
    for url in two:
        change(url, f"UPDATE meta SET value = '{json.dumps(plan)}' WHERE name = 'routing'")
    change(third, "DELETE FROM meta WHERE name = 'routing'")
    with closing(migrated(*two, fourth)) as store:
        assert store.placing() == [0, 1, 3]
    with closing(migrated(*two, fourth, third)) as store:
        assert store.placing() == [0, 1, 2, 3]


# What goes on without one


def test_a_dead_database_takes_only_its_own_orders_along(two: tuple[str, str]) -> None:
    market = Market(" ".join(two))
    here, there = placed_in(market, 0), placed_in(market, 1)
    with away(two[1]):
        outcomes = market.app.engine.submit_many_waiting(
            [
                Envelope(found.id, Pay(method="sandbox:ok"), BUYER, f"{found.id} {n}", b"x")
                for n in range(3)
                for found in (here, there)
            ]
        )
        assert isinstance(outcomes[0], Answer)
        assert all(isinstance(outcome, Unavailable) for outcome in outcomes[1::2])
        assert market.app.queries.order(here.id) is not None
        for ask in (
            lambda: market.app.queries.order(there.id),
            lambda: market.app.queries.list_orders(buyer="ann"),
            market.app.queries.tab_counts,
            market.app.queries.balances,
            lambda: market.app.store.reader().list_orders(ListQuery()),
            lambda: audit(market.app.store),
        ):
            with pytest.raises(StoreUnavailable, match="cannot be reached"):
                ask()
        began = time.monotonic()
        for n in range(50):
            market.ask(here.id, CancelOrder(), BUYER, f"again {n}")
            with pytest.raises(Unavailable):
                market.ask(there.id, CancelOrder(), BUYER, f"again {n}")
        assert time.monotonic() - began < 60, "nobody waits for it"
    eventually(lambda: isinstance(_asked(market, there), Answer))
    market.assert_clean()
    market.app.close()


def _asked(market: Market, found: Order) -> object:
    try:
        return market.ask(found.id, ApplyDeadlines(), SYSTEM)
    except Unavailable as error:
        return error


@pytest.mark.parametrize("dead", [0, 1])
def test_a_server_starts_sweeps_and_delivers_without_one_of_its_databases(two: tuple[str, str], dead: int) -> None:
    market = Market(" ".join(two))
    orders = [placed_in(market, 0), placed_in(market, 1)]
    market.app.close()
    with away(two[dead]):
        market = Market(" ".join(two)) if dead else _without_home(two)
        market.clock.move_to(Instant(T0 + 2 * DAY))
        with pytest.raises((StoreUnavailable, Unavailable)):
            market.app.background.tick()
        assert market.now(orders[1 - dead]).closed_at is not None
        assert market.kinds(orders[1 - dead]) == ["OrderPlaced", "OrderCancelled"]
    eventually(lambda: _ticks(market))
    assert market.kinds(orders[dead]) == ["OrderPlaced", "OrderCancelled"]
    market.assert_clean()
    market.app.close()


def test_of_three_databases_two_are_away_when_a_server_starts_and_one_comes_back(
    two: tuple[str, str], new_database: NewDatabase
) -> None:
    urls = (*two, new_database())
    market = Market(" ".join(urls))
    orders = [placed_in(market, lane) for lane in range(3)]
    market.app.close()
    with away(urls[1]):
        with away(urls[2]):
            market = Market(" ".join(urls))
            for dead in orders[1:]:
                with pytest.raises(StoreUnavailable):
                    market.app.queries.order(dead.id)
            assert market.app.queries.order(orders[0].id) is not None
        eventually(lambda: _found(market, orders[2]))
        with pytest.raises(StoreUnavailable):
            market.app.queries.order(orders[1].id)
    eventually(lambda: _found(market, orders[1]))
    market.assert_clean()
    market.app.close()


def _found(market: Market, sought: Order) -> bool:
    try:
        return market.app.queries.order(sought.id) is not None
    except StoreUnavailable:
        return False


def _without_home(two: tuple[str, str]) -> Market:
    return Market(" ".join(two), secret="a secret of the test's own")


def _ticks(market: Market) -> bool:
    try:
        market.app.background.tick()
    except (StoreUnavailable, Unavailable):
        return False
    return True


def test_keys_that_cannot_be_looked_back_for_hold_up_no_other_command(two: tuple[str, str]) -> None:
    before = Market(two[0])
    old = before.placed()
    before.app.close()
    market = Market(" ".join(two))
    there = placed_in(market, 1)
    keys = [f"key {n}" for n in range(12)]
    assert {placing_lane(key, market.app.store.placing()) for key in keys} == {0, 1}
    with away(two[0]):
        placings = [market.envelope(None, placing(), BUYER, key) for key in keys]
        paying = Envelope(there.id, Pay(method="sandbox:ok"), BUYER, "pay", b"x")
        *refused, paid = market.app.engine.submit_many_waiting([*placings, paying])
        assert isinstance(paid, Answer)
        assert all(isinstance(outcome, Unavailable) for outcome in refused)
    eventually(lambda: isinstance(_asked(market, old), Answer))
    outcomes = market.app.engine.submit_many_waiting(placings)
    assert all(isinstance(outcome, Answer) and not outcome.repeated for outcome in outcomes)
    market.assert_clean()
    market.app.close()
