"""What holds for SQLite alone: one file, one process that writes, and what its errors mean."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO

import pytest
from sqlalchemy import Connection

from fairhold.domain.ids import OrderId
from fairhold.engine.ports.store import Conflict, StoreUnavailable
from fairhold.store import migrations, open_store
from fairhold.store.sqlite import connections, statements
from fairhold.store.sqlite.store import SqliteStore
from fairhold.store.sqlite.writer import SqliteWriter
from fairhold.store.urls import sqlite_path
from tests.contract.rows import LANE, NOW, batch, dispute, event, new_id, order, place
from tests.contract.test_upgrading import INSERT

WRITING = """
import sys
from fairhold.store import open_store
from tests.contract.rows import LANE, batch, event, new_id, order
store = open_store(sys.argv[1])
with store.writer(LANE) as writer:
    print("open", flush=True)
    while True:
        one = new_id()
        writer.write(batch(order(one), events=[event(one, 1)]))
        print(one, flush=True)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "orders.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(path)
    store.migrate()
    yield store
    store.close()


@contextmanager
def another_process(path: Path) -> Iterator[tuple[int, IO[str]]]:
    """A process that writes one order after the other and says each once it is written; killed at the end."""
    root = Path(__file__).resolve().parents[2]
    environment = {**os.environ, "PYTHONPATH": f"{root}{os.pathsep}{root / 'src'}"}
    command = [sys.executable, "-c", WRITING, f"sqlite:///{path}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "open\n"
            yield process.pid, process.stdout
        finally:
            process.kill()


def test_a_second_process_is_told_that_the_file_is_being_served(store: SqliteStore, path: Path) -> None:
    with another_process(path) as (pid, _):
        with pytest.raises(StoreUnavailable, match=rf"orders\.db is being served .*\({pid}\)"), store.writer(LANE):
            pass
        assert store.reader().overdue(NOW) == (0, None)
        assert store.check() == []
        store.set_setting("from", "another process")
    with store.writer(LANE) as writer:
        # The other process counts its orders from the same number on.
        place(writer, order(new_id(1_700_000_000_001)))


def test_what_was_acknowledged_before_a_kill_is_there_afterwards(store: SqliteStore, path: Path) -> None:
    with another_process(path) as (pid, said):
        acknowledged = [said.readline().strip() for _ in range(20)]
        os.kill(pid, signal.SIGKILL)
        acknowledged += [line.strip() for line in said if line.endswith("\n")]
    stored = {OrderId(row.id) for row in store.reader().scan_orders(None, 10**6)}
    assert stored.issuperset(acknowledged)
    assert len(stored) - len(acknowledged) in (0, 1)
    assert all(len(store.reader().events(one)) == 1 for one in stored)
    assert store.check() == []


def test_a_second_store_of_the_same_process_is_refused_as_well(store: SqliteStore, path: Path) -> None:
    rival = SqliteStore(path)
    with store.writer(LANE):
        with pytest.raises(StoreUnavailable, match="one at a time"), rival.writer(LANE):
            pass
        with store.writer(LANE):
            pass
    with rival.writer(LANE) as writer:
        place(writer, order(new_id()))
    rival.close()


def test_readers_do_not_wait_for_an_unfinished_transaction(store: SqliteStore, path: Path) -> None:
    one = new_id()
    with store.writer(LANE) as writer:
        place(writer, order(one))
    reader = store.reader()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("UPDATE orders SET version = 99")
        assert reader.order(one) == (1, f"{one} v1".encode())
        impatient = SqliteStore(path, patience=0.1)
        with impatient.writer(LANE) as writer, pytest.raises(StoreUnavailable, match="locked for too long"):
            place(writer, order(new_id()))
        other.execute("ROLLBACK")


def test_commits_are_synced_in_a_write_ahead_log(store: SqliteStore, path: Path) -> None:
    with closing(connections.open_for_orders(path)) as connection:
        settings = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")]
    assert settings == ["wal", 2]


def test_only_the_owner_can_read_what_is_in_it(store: SqliteStore, path: Path) -> None:
    with store.writer(LANE) as writer:
        place(writer, order(new_id()))
        modes = {file.name: file.stat().st_mode & 0o077 for file in path.parent.iterdir() if file.suffix != ".lock"}
    assert modes == {"orders.db": 0, "orders.db-wal": 0, "orders.db-shm": 0}


def test_the_permissions_of_a_database_that_was_there_stay(path: Path) -> None:
    path.touch(0o640)
    path.chmod(0o640)
    with closing(open_store(f"sqlite:///{path}")) as store:
        store.migrate()
    assert path.stat().st_mode & 0o777 == 0o640


LOOKING = """
import sqlite3
import sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("SELECT count(*) FROM orders").fetchall()
connection.close()
"""


def test_a_process_that_leaves_does_not_take_the_log_from_one_that_stays(store: SqliteStore, path: Path) -> None:
    """As `fairhold audit` does beside a server: the last to close removes the log, and must see that it is not the last."""
    assert store.lanes()
    with store.writer(LANE) as writer:
        place(writer, order(new_id()))
        subprocess.run([sys.executable, "-c", LOOKING, str(path)], check=True)
        assert Path(f"{path}-wal").exists()


def test_a_reader_cannot_write(store: SqliteStore, path: Path) -> None:
    with (
        closing(connections.open_reading(path)) as connection,
        pytest.raises(sqlite3.OperationalError, match="readonly"),
    ):
        connection.execute("DELETE FROM orders")


def limit_pages(connection: sqlite3.Connection) -> None:
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")


def test_a_full_disk_is_said_to_be_full_and_nothing_is_written(store: SqliteStore) -> None:
    one = new_id()
    with store.writer(LANE) as writer:
        assert isinstance(writer, SqliteWriter)
        limit_pages(writer._connection)
        with pytest.raises(StoreUnavailable, match="the disk is full"):
            place(writer, order(new_id()), order(one, snapshot=bytes(10**6)))
        assert writer.load(LANE, [one]) == {}
        assert not store.reader().scan_orders(None, 10)
        writer._connection.execute("PRAGMA max_page_count = 1000000")
        place(writer, order(one))


def test_a_file_that_may_not_be_written_is_said_to_be_so(store: SqliteStore) -> None:
    with store.writer(LANE) as writer:
        assert isinstance(writer, SqliteWriter)
        writer._connection.execute("PRAGMA query_only = ON")
        with pytest.raises(StoreUnavailable, match="may not be written"):
            place(writer, order(new_id()))


def test_a_damaged_file_is_said_to_be_damaged(store: SqliteStore, path: Path) -> None:
    with store.writer(LANE) as writer:
        place(writer, *(order(new_id(), snapshot=bytes(3000)) for _ in range(50)))
    store.close()
    content = bytearray(path.read_bytes())
    content[4096 * 2 :] = b"\xa5" * (len(content) - 4096 * 2)
    path.write_bytes(content)
    again = SqliteStore(path)
    with pytest.raises(StoreUnavailable, match="is damaged"):
        again.reader().scan_orders(None, 100)
    assert any("damaged" in problem for problem in again.check())
    again.close()


def test_a_file_that_is_no_database_is_said_to_be_none(path: Path) -> None:
    path.write_text("order,status\n" * 1000)
    store = SqliteStore(path)
    with pytest.raises(StoreUnavailable, match="is not a database"):
        store.migrate()
    assert len(store.check()) == 1
    store.close()


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "missing" / "orders.db")
    with pytest.raises(StoreUnavailable, match="missing"):
        store.migrate()
    with pytest.raises(StoreUnavailable, match="missing"), store.writer(LANE):
        pass
    store.close()


def test_a_database_without_tables_asks_for_migration(path: Path) -> None:
    sqlite3.connect(path).close()
    path.touch()
    store = SqliteStore(path)
    for ask in (store.lanes, store.reader().balances, lambda: store.access().api_keys()):
        with pytest.raises(StoreUnavailable, match="fairhold migrate"):
            ask()
    assert "fairhold migrate" in store.check()[0]
    store.close()


def test_tables_of_something_else_are_left_alone(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE accounts (id)")
    store = SqliteStore(path)
    with pytest.raises(StoreUnavailable, match="not Fairhold's"):
        store.migrate()
    store.close()


def numbered(path: Path, number: int) -> None:
    """Make the file one from when migrations had numbers."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DROP TABLE alembic_version")
        connection.execute(
            "CREATE TABLE migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL, ran_at INTEGER) STRICT"
        )
        connection.execute("INSERT INTO migrations VALUES (?, 'the first tables', 0)", (number,))


def test_a_database_of_a_newer_fairhold_is_left_alone(store: SqliteStore, path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreUnavailable, match="newer Fairhold"):
        store.migrate()
    assert "newer Fairhold" in store.check()[0]


def test_a_database_whose_migrations_had_numbers_goes_on(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = new_id()
    with monkeypatch.context() as before:
        before.setattr(migrations, "REVISIONS", migrations.REVISIONS[:1])
        before.setattr(statements, "INSERT_EVENT", INSERT)
        store = SqliteStore(path)
        store.migrate()
        with store.writer(LANE) as writer:
            place(writer, order(one))
        store.close()
    numbered(path, 1)
    again = SqliteStore(path)
    assert again.pending_migrations() == [revision.title for revision in migrations.REVISIONS[1:]]
    assert again.migrate() == [revision.title for revision in migrations.REVISIONS[1:]]
    assert again.check() == []
    with again.writer(LANE) as writer:
        writer.write(batch(order(one, 2)))
    again.close()


def test_a_batch_without_disputes_runs_no_statement_on_their_table(store: SqliteStore) -> None:
    one, run = new_id(), list[str]()
    with store.writer(LANE) as writer:
        assert isinstance(writer, SqliteWriter)
        writer._connection.set_trace_callback(run.append)
        place(writer, order(one))
        assert any("orders" in statement for statement in run)
        assert not any("disputes" in statement for statement in run)
        writer.write(batch(order(one, 2), disputes=[dispute(one)]))
        assert any("disputes" in statement for statement in run)


def test_a_number_that_no_version_gave_is_left_alone(store: SqliteStore, path: Path) -> None:
    numbered(path, 7)
    with pytest.raises(StoreUnavailable, match="newer Fairhold"):
        store.migrate()


def test_a_migration_that_fails_leaves_the_database_as_it_was(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(connection: Connection, revision: migrations.Revision) -> None:
        upgrade(connection, revision)
        upgrade(connection, revision)

    upgrade = migrations.upgrade
    monkeypatch.setattr(migrations, "upgrade", fails)
    store = SqliteStore(path)
    with pytest.raises(sqlite3.OperationalError, match="already exists"):
        store.migrate()
    monkeypatch.undo()
    assert store.migrate() == [revision.title for revision in migrations.REVISIONS]
    store.close()


def test_a_commit_that_is_not_synced_is_noticed(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    weak = (*connections.ORDER_PRAGMAS, "PRAGMA synchronous = NORMAL")
    monkeypatch.setattr(connections, "ORDER_PRAGMAS", weak)
    assert [problem for problem in store.check() if "power cut" in problem]


def test_the_log_stays_small_while_batches_are_written(store: SqliteStore, path: Path) -> None:
    with store.writer(LANE) as writer:
        assert isinstance(writer, SqliteWriter)
        writer._connection.execute("PRAGMA wal_autocheckpoint = 100")
        for _ in range(60):
            place(writer, *(order(new_id(), snapshot=bytes(3000)) for _ in range(20)))
        assert path.with_name("orders.db-wal").stat().st_size < 300 * 4120


def test_writers_of_several_lanes_take_turns(store: SqliteStore) -> None:
    failures: list[BaseException] = []

    def write() -> None:
        try:
            with store.writer(LANE) as writer:
                for _ in range(30):
                    place(writer, order(new_id()))
        except BaseException as error:  # noqa: BLE001 - the test reports it
            failures.append(error)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert failures == []
    assert store.reader().tab_counts(None, None)[0] == 120


def test_any_path_can_be_a_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("заказы 1.db", "100%25?x=1#y.db"):
        store = SqliteStore(Path(name))
        store.migrate()
        assert (tmp_path / name).stat().st_size
        store.close()


def test_urls_name_files_relative_or_absolute() -> None:
    assert sqlite_path("sqlite:///fairhold.db") == Path("fairhold.db")
    assert sqlite_path("sqlite:///data/fairhold.db") == Path("data/fairhold.db")
    assert sqlite_path("sqlite:////var/lib/fairhold.db") == Path("/var/lib/fairhold.db")
    assert sqlite_path("sqlite:////tmp/my%20orders.db") == Path("/tmp/my orders.db")


def test_a_conflict_is_no_outage(path: Path) -> None:
    store = open_store(f"sqlite:///{path}")
    store.migrate()
    one = new_id()
    with store.writer(LANE) as writer:
        writer.write(batch(order(one), events=[event(one, 1)]))
        with pytest.raises(Conflict):
            writer.write(batch(events=[event(one, 1)]))
    store.close()
