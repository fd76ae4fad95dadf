"""What holds for PostgreSQL alone: several processes at once, plans, partitions, lost connections."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from fairhold.domain.ids import OrderId
from fairhold.domain.reputation import ALL_DAYS, Tally
from fairhold.engine.ports.store import Conflict, StoreUnavailable, Writer
from fairhold.store import StoreUrlError, migrations, open_store
from fairhold.store.migrations import REVISIONS
from fairhold.store.postgres import arrays, questions, reviews
from fairhold.store.postgres import statements as sql
from fairhold.store.postgres import store as store_module
from fairhold.store.postgres.connections import WRITING, Address, Pool
from fairhold.store.postgres.reader import PostgresReader
from fairhold.store.postgres.review_batches import reviewed
from fairhold.store.postgres.store import PostgresStore
from fairhold.store.postgres.writer import PostgresWriter, at
from fairhold.store.reports import ADD_REPORT, COUNT_REPORT
from tests.contract.rows import (
    LANE,
    NOW,
    OTHER_LANE,
    batch,
    event,
    key,
    message,
    new_id,
    order,
    place,
    product_review,
    review,
    transfer,
)
from tests.postgres import cluster

pytestmark = pytest.mark.postgres


@pytest.fixture
def store(postgres: str) -> Iterator[PostgresStore]:
    store = PostgresStore(postgres)
    store.migrate()
    yield store
    store.close()


@pytest.fixture
def writer(store: PostgresStore) -> Iterator[Writer]:
    with store.writer(LANE) as writer:
        yield writer


@pytest.fixture
def rival(store: PostgresStore) -> Iterator[Writer]:
    """Another process's writer."""
    with store.writer(LANE) as writer:
        yield writer


@pytest.fixture
def admin(postgres: str) -> Iterator["psycopg.Connection[Any]"]:
    with psycopg.connect(postgres, autocommit=True) as connection:
        yield connection


def test_a_conflict_names_those_at_fault_and_no_others(writer: Writer, rival: Writer) -> None:
    ids = [new_id() for _ in range(5)]
    place(writer, *(order(one) for one in ids))
    rival.write(batch(order(ids[1], 2), order(ids[3], 2), keys=[key(ids[1], "k"), key("", "placed", made=ids[1])]))
    with pytest.raises(Conflict) as caught:
        writer.write(batch(*(order(one, 2) for one in ids), keys=[key(ids[1], "k"), key(ids[0], "k")]))
    assert caught.value.orders == {ids[1], ids[3]}
    assert caught.value.keys == {(ids[1], "k")}
    with pytest.raises(Conflict) as caught:
        writer.write(batch(order(new_id()), keys=[key("", "placed"), key("", "other")]))
    assert caught.value.orders == frozenset()
    assert caught.value.keys == {("", "placed")}


def test_processes_that_write_the_same_orders_never_wait_for_each_other_in_a_circle(store: PostgresStore) -> None:
    ids = [new_id() for _ in range(40)]
    with store.writer(LANE) as writer:
        place(writer, *(order(one) for one in ids))
    conflicts: list[Conflict] = []

    def write(backwards: bool) -> int:
        done = 0
        with store.writer(LANE) as writer:
            for _ in range(40):
                versions = {one: version for one, (version, _) in writer.load(LANE, ids).items()}
                turn = ids[::-1] if backwards else ids
                rows = [order(one, versions[one] + 1) for one in turn]
                try:
                    writer.write(batch(*rows, balances=[("fees:RUB", 1)]))
                    done += 1
                except Conflict as conflict:
                    conflicts.append(conflict)
        return done

    with ThreadPoolExecutor(3) as threads:
        written = sum(threads.map(write, (False, True, False)))
    assert store.reader().balance("fees:RUB") == written > 0
    assert all(conflict.orders for conflict in conflicts)
    versions = {row.version for row in store.reader().scan_orders(None, 100)}
    assert versions == {1 + written}


def test_what_one_process_sweeps_or_delivers_no_other_gets(writer: Writer, rival: Writer) -> None:
    ids = [new_id() for _ in range(6)]
    writer.write(batch(*(order(one, next_deadline_at=NOW) for one in ids), outbox=[message(one, 1) for one in ids[:2]]))
    assert writer.due_orders(LANE, NOW, 4) == ids[:4]
    assert rival.due_orders(LANE, NOW, 4) == ids[4:]
    assert writer.due_orders(LANE, NOW, 4) == ids[:4]
    assert rival.due_orders(LANE, NOW, 1) == ids[4:5]
    assert [m.order_id for m in writer.due_messages(LANE, NOW, 1)] == ids[:1]
    assert [m.order_id for m in rival.due_messages(LANE, NOW, 9)] == ids[1:2]


def test_what_a_dead_process_had_claimed_is_free_after_a_while(
    writer: Writer, store: PostgresStore, admin: "psycopg.Connection[Any]"
) -> None:
    one = new_id()
    place(writer, order(one, next_deadline_at=NOW))
    with store.writer(LANE) as dead:
        assert dead.due_orders(LANE, NOW, 4) == [one]
    assert writer.due_orders(LANE, NOW, 4) == []
    admin.execute("UPDATE claims SET until = now() - interval '1 second'")
    assert writer.due_orders(LANE, NOW, 4) == [one]


def test_a_writer_whose_connection_was_cut_opens_another(writer: Writer, admin: "psycopg.Connection[Any]") -> None:
    one = new_id()
    place(writer, order(one))
    assert isinstance(writer, PostgresWriter)
    admin.execute("SELECT pg_terminate_backend(%s)", (writer._pipeline.connection.info.backend_pid,))
    with pytest.raises(StoreUnavailable, match="cannot be reached"):
        writer.write(batch(order(one, 2)))
    assert writer.load(LANE, [one])[one][0] == 1
    writer.write(batch(order(one, 2)))


def test_a_reader_does_not_notice_that_an_idle_connection_was_cut(
    store: PostgresStore, writer: Writer, admin: "psycopg.Connection[Any]"
) -> None:
    one, reader = new_id(), store.reader()
    place(writer, order(one))
    with reader.moment(), reader.moment():
        assert reader.order(one) is not None
    store.set_setting("name", "value")
    assert isinstance(reader, PostgresReader)
    assert isinstance(reader._source, Pool)
    idle = [*reader._source._idle, *store._pool._idle]
    assert len(idle) == 4
    for connection in idle:
        admin.execute("SELECT pg_terminate_backend(%s)", (connection.info.backend_pid,))
    assert reader.order(one) is not None
    assert store.setting("name") == "value"


def test_a_lane_that_is_locked_for_too_long_is_said_to_be_so(
    store: PostgresStore, writer: Writer, admin: "psycopg.Connection[Any]"
) -> None:
    assert isinstance(writer, PostgresWriter)
    writer._pipeline.connection.execute("SET lock_timeout = '100ms'")
    with admin.transaction():
        admin.execute(at(sql.LOCK_LANE, LANE).encode())
        with pytest.raises(StoreUnavailable, match="locked for too long"):
            place(writer, order(new_id()))
        with store.writer(OTHER_LANE) as other:
            place(other, order(new_id(lane=OTHER_LANE), lane=OTHER_LANE))
    place(writer, order(new_id()))


def test_a_process_that_stood_still_in_the_middle_of_a_transaction_is_told_that_nothing_of_it_happened(
    store: PostgresStore,
) -> None:
    def stand_still() -> None:
        with store.tables().transaction() as run:
            run("UPDATE meta SET value = 'lost' WHERE name = 'placing_lanes'")
            run("SET LOCAL idle_in_transaction_session_timeout = '50ms'")
            time.sleep(0.3)
            run("UPDATE meta SET value = 'lost' WHERE name = 'placing_lanes'")

    with pytest.raises(StoreUnavailable, match="stood still"):
        stand_still()
    assert store.setting("placing_lanes") == "1"


def test_a_migration_takes_the_time_that_it_takes(postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # A machine so busy that loading Alembic takes longer than anybody may stand still in a transaction.
    impatient = (*WRITING, "SET idle_in_transaction_session_timeout = '50ms'")
    monkeypatch.setattr(store_module, "WRITING", impatient)
    upgrade = migrations.upgrade

    def slowly(*arguments: Any, **options: Any) -> None:
        time.sleep(0.3)
        upgrade(*arguments, **options)

    monkeypatch.setattr(migrations, "upgrade", slowly)
    monkeypatch.setattr(migrations, "pending", lambda current: [] if current else list(REVISIONS[:2]))
    store = PostgresStore(postgres)
    assert len(store.migrate()) == 2
    store.close()


def test_a_server_that_is_not_there_is_said_to_be_so_without_the_password() -> None:
    store = open_store("postgresql://fair:hush@localhost:1/orders")
    for ask in (store.pending_migrations, store.lanes, store.reader().balances):
        with pytest.raises(StoreUnavailable, match="orders on localhost:1 cannot be reached") as caught:
            ask()
        assert "hush" not in str(caught.value)
    assert "cannot be reached" in store.check()[0]


def test_a_url_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(StoreUrlError, match="postgresql://"):
        open_store("postgresql://host/orders?colour=green")


def test_tables_of_something_else_are_left_alone(postgres: str, admin: "psycopg.Connection[Any]") -> None:
    admin.execute("CREATE TABLE accounts ()")
    store = open_store(postgres)
    with pytest.raises(StoreUnavailable, match="not Fairhold's"):
        store.migrate()


def test_two_processes_that_migrate_at_once_do_it_once(postgres: str) -> None:
    with ThreadPoolExecutor(3) as threads:
        ran = list(threads.map(lambda _: open_store(postgres).migrate(), range(3)))
    assert sorted(map(len, ran)) == [0, 0, len(REVISIONS)]


def test_a_database_of_a_newer_fairhold_is_left_alone(store: PostgresStore, admin: "psycopg.Connection[Any]") -> None:
    admin.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreUnavailable, match="newer Fairhold"):
        store.migrate()


def test_a_commit_that_is_not_synced_is_noticed(postgres: str) -> None:
    weak = PostgresStore(f"{postgres}%20-csynchronous_commit%3Doff")
    weak.migrate()
    assert weak.check() == []
    with weak.writer(LANE) as writer:
        assert isinstance(writer, PostgresWriter)
        assert writer._pipeline.connection.execute("SHOW synchronous_commit").fetchone() == ("on",)
    weak.close()


def test_a_plan_made_while_tables_were_empty_uses_their_indexes(
    store: PostgresStore, admin: "psycopg.Connection[Any]"
) -> None:
    with store.writer(LANE) as writer:
        assert isinstance(writer, PostgresWriter)
        connection = writer._pipeline.connection
        one = new_id()
        for version in range(1, 9):
            rows = order(one, version, next_deadline_at=NOW)
            writer.load(LANE, [one])
            writer.load_keys(LANE, [one], [(one, "k")])
            writer.write(
                batch(
                    rows,
                    events=[event(one, version)],
                    outbox=[message(one, version)],
                    outbox_done=[message(one, version - 1)],
                    keys=[key(one, f"k{version}")],
                    balances=[("fees:RUB", 1)],
                )
            )
        plans = connection.execute("SELECT name, statement FROM pg_prepared_statements").fetchall()
        keyed = [
            name
            for name, text in plans
            if any(mark in text for mark in ("id = ANY", "AS asked", "UPDATE orders", "UPDATE outbox"))
        ]
        assert len(keyed) == 4
        for name in keyed:
            count = connection.execute(
                "SELECT cardinality(parameter_types) FROM pg_prepared_statements WHERE name = %s", (name,)
            ).fetchone()
            assert count is not None
            explain = f'EXPLAIN EXECUTE "{name}" ({", ".join(["NULL"] * count[0])})'
            connection.execute("SET plan_cache_mode = force_generic_plan")
            connection.execute("SET enable_nestloop = off")
            plan = "\n".join(line for (line,) in connection.execute(explain.encode()).fetchall())
            assert "Index" in plan, plan
            assert "Seq Scan" not in plan, plan
            assert "id = ANY" in plan or "id = asked" in plan, plan


def test_transfers_of_providers_are_read_by_their_own_index_and_in_its_order(
    postgres: str, admin: "psycopg.Connection[Any]"
) -> None:
    """The index has a condition, which the statement must be seen to imply."""
    store = PostgresStore(postgres)
    store.migrate()
    admin.execute("SET enable_seqscan = off")
    explain = f"EXPLAIN (COSTS OFF) {questions.PROVIDER_TRANSFERS}"
    found = admin.execute(explain.encode(), (1, -1, "", -1, -1, 9, 10)).fetchall()
    plan = "\n".join(line for (line,) in found)
    assert "Index Scan using transfers_of_providers" in plan, plan
    assert "Sort" not in plan, plan
    assert "Seq Scan" not in plan, plan
    store.close()


def test_each_statement_touches_one_partition(postgres: str, admin: "psycopg.Connection[Any]") -> None:
    store = PostgresStore(postgres, partitions=4)
    store.migrate()
    one = new_id()
    said = review(new_id())
    of_reviews = batch(
        reviews=[said], product_reviews=[product_review(said)], figures=[("seller:shop-7", ALL_DAYS, Tally(five=1))]
    )
    with store.writer(LANE) as writer:
        assert isinstance(writer, PostgresWriter)
        for version in range(1, 9):
            writer.write(
                batch(
                    order(one, version, next_deadline_at=NOW),
                    events=[event(one, version)],
                    transfers=[transfer(one, version)],
                    outbox=[message(one, version)],
                    keys=[key(one, f"k{version}")],
                    balances=[("fees:RUB", 1)],
                )
            )
        connection = writer._pipeline.connection
        home = _partition(admin, "orders")
        for statement, values in (
            (sql.LOAD_ORDERS, (arrays.texts([one]),)),
            (sql.LOAD_KEYS, (arrays.texts([one]), arrays.texts(["k1"]))),
            (sql.DUE_ORDERS, (NOW, "sweep", 10)),
            (sql.DUE_MESSAGES, (NOW, "deliver", 10)),
            (sql.NEXT_DEADLINE, ()),
            (sql.NEXT_MESSAGE, ()),
            (questions.LOAD_ORDER, (one,)),
            (questions.EVENTS, (one, 1, 9)),
            (sql.FORGET_MESSAGES, (arrays.texts([one]), arrays.ints([1]), arrays.ints([0]), arrays.texts([one]))),
            (sql.PARK_ORDER, (one,)),
            (sql.CHANGE_BALANCES, (arrays.texts(["fees:RUB"]), arrays.ints([1]))),
            (sql.KEYS_FORGOTTEN, (arrays.texts([one]),)),
            (sql.PUT_OFF, (NOW, one, 8)),
            *reviewed(of_reviews),
            (reviews.REVIEW, (said.id,)),
            (reviews.REPORTS, (said.id, 9)),
            (reviews.LANE_FIGURES, ("", -1, 9)),
            (ADD_REPORT.replace("?", "%s"), ("buyer:bob", "insult", "", NOW, said.id)),
            (COUNT_REPORT.replace("?", "%s"), (said.id,)),
        ):
            connection.execute(sql.BEGIN)
            connection.execute(at(statement, LANE).encode(), values)
            locked = {
                name
                for (name,) in connection.execute(
                    "SELECT DISTINCT relname FROM pg_locks JOIN pg_class ON relation = pg_class.oid"
                    " WHERE pid = pg_backend_pid() AND relname ~ '_[0-3]$' AND relkind = 'r'"
                ).fetchall()
            }
            connection.execute(sql.ROLLBACK)
            assert locked, statement
            assert {name.rpartition("_")[2] for name in locked} == {home}, statement
    store.close()


def _partition(admin: "psycopg.Connection[Any]", table: str) -> str:
    row = admin.execute(f"SELECT tableoid::regclass::text FROM {table} LIMIT 1".encode()).fetchone()
    assert row is not None
    return str(row[0].rpartition("_")[2])


def test_numbers_bytes_and_texts_go_over_the_wire_as_they_are(postgres: str) -> None:
    with Address(postgres).open(()) as connection:
        numbers = [0, -1, 2**63 - 1, -(2**63), *range(2000)]
        words = ["", "ё😀", "a,b{}\"'\\", "\x00", "\ufffe0", "\ufffe\x00"]
        row = connection.execute(
            "SELECT %s, %s, %s, %s, %s",
            (
                arrays.ints(numbers),
                arrays.nullable_ints([None, 5]),
                arrays.texts(words),
                arrays.nullable_texts([None, "x"]),
                arrays.blobs([b"", bytes(range(256))]),
            ),
        ).fetchone()
        assert row is not None
        assert row[0] == numbers
        assert row[1] == [None, 5]
        assert [arrays.original(word) for word in row[2]] == words
        assert row[3:] == ([None, "x"], [b"", bytes(range(256))])


def test_readers_wait_for_a_free_connection_and_not_for_ever(store: PostgresStore, writer: Writer) -> None:
    one, reader = new_id(), store.reader()
    place(writer, order(one))
    errors: list[BaseException] = []

    def read() -> None:
        try:
            for _ in range(5):
                with reader.moment() as now:
                    assert now.order(OrderId(one)) is not None
        except BaseException as error:  # noqa: BLE001 - the test reports it
            errors.append(error)

    threads = [threading.Thread(target=read) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


@pytest.mark.parametrize("version", [version for version in ("15", "16") if cluster.installed(version)])
def test_older_servers_will_do(version: str, new_schema: Any) -> None:
    store = PostgresStore(new_schema(version))
    store.migrate()
    one = new_id()
    with store.writer(LANE) as writer:
        writer.write(batch(order(one, next_deadline_at=NOW), keys=[key(one, "a")], outbox=[message(one)]))
        with pytest.raises(Conflict):
            writer.write(batch(order(one, 3), expected=[2]))
        assert writer.due_orders(LANE, NOW, 1) == [one]
        assert writer.due_messages(LANE, NOW, 1) == [message(one)]
    assert store.check() == []
    store.close()
