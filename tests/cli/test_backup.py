"""`fairhold backup` and `restore`: a copy taken under load is one moment, whole, and nothing else is ever put back."""

from __future__ import annotations

import errno
import io
import json
import shutil
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest

from fairhold.api.auth import key_hash
from fairhold.domain.commands import Pay, ShipParcel
from fairhold.domain.ids import OrderId
from fairhold.domain.instants import DAY
from fairhold.engine.audit.auditing import audit
from fairhold.engine.intake.photos import name_of
from fairhold.engine.ports.photos import Photo
from fairhold.gateways.photos.files import open_files
from fairhold.store import migrations, open_store
from fairhold.store.migrations import REVISIONS
from fairhold.store.postgres import migrating
from fairhold.store.sqlite import copying
from fairhold.wiring import photos_place
from tests.builders import BUYER, SELLER
from tests.cli.conftest import Type
from tests.engine.market import Market, placing
from tests.gateways.pictures import jpeg

EVERYWHERE = pytest.mark.parametrize(
    "kind",
    [
        "sqlite",
        pytest.param("postgres", marks=pytest.mark.postgres),
        pytest.param("two", marks=[pytest.mark.postgres, pytest.mark.slow]),
    ],
)
Books = dict[str, list[bytes]]
SHIP = ShipParcel(carrier="post", tracking_number="FH-DELIVERED-1")


@pytest.fixture
def empties(kind: str, request: pytest.FixtureRequest, folder: Path) -> Callable[[], str]:
    """Makes URLs of databases in which nothing is yet."""
    number = iter(range(100))
    if kind == "sqlite":
        return lambda: f"sqlite:///{folder}/empty-{next(number)}.db"
    new: Callable[[], str] = request.getfixturevalue("new_database")
    return new if kind == "postgres" else lambda: f"{new()} {new()}"


def books(url: str) -> Books:
    """The events of every order, word for word; nothing in the database contradicts them."""
    with closing(open_store(url)) as store:
        assert audit(store) == []
        reader = store.reader()
        orders = [OrderId(row.id) for row in reader.scan_orders(None, 100_000)]
        return {order: [event.data for event in reader.events(order)] for order in orders}


def opened(url: str) -> Market:
    with closing(open_store(url)) as store:
        store.migrate()
    return Market(url)


@contextmanager
def trading(market: Market) -> Iterator[dict[str, int]]:
    """Four people trade all the while; the orders, each with the version that was acknowledged last."""
    answered: dict[str, int] = {}
    ends = threading.Event()

    def trade() -> None:
        while not ends.is_set():
            order = market.placed()
            for command, by in ((Pay(method="sandbox:ok"), BUYER), (SHIP, SELLER)):
                answered[order.id] = order.version
                order = market.tell(order.id, command, by)
            answered[order.id] = order.version

    people = [threading.Thread(target=trade) for _ in range(4)]
    for person in people:
        person.start()
    try:
        yield answered
    finally:
        ends.set()
        for person in people:
            person.join()


def wait_for(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@EVERYWHERE
def test_a_backup_under_load_is_one_moment_with_everything_acknowledged_before(
    empties: Callable[[], str], typed: Type
) -> None:
    url, other = empties(), empties()
    market = opened(url)
    market.confirmed(market.shipped())
    market.advance(2 * DAY)
    market.app.sealer.finish()
    with trading(market) as answered:
        wait_for(lambda: len(answered) >= 15)
        before = dict(answered)
        done = typed("backup", "copy", "--database", url)
        assert (done.code, done.err) == (0, "")
        during = len(answered)
        wait_for(lambda: len(answered) >= during + 5)
    market.app.close()
    assert typed("restore", "copy", "--database", other).code == 0
    then, now = books(other), books(url)
    assert before.keys() <= then.keys() < now.keys()
    for order, events in then.items():
        assert len(events) >= before.get(order, 0)
        assert events == now[order][: len(events)]
    with closing(open_store(other)) as store, closing(open_store(url)) as origin:
        assert store.heads().heads(None, 99) == origin.heads().heads(None, 99) != []
    subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd="copy", check=True)
    assert Path("copy").stat().st_mode & 0o077 == 0, "only its owner reads it"


@EVERYWHERE
def test_a_restored_installation_has_its_keys_and_photos_and_goes_on(
    empties: Callable[[], str], typed: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, other = empties(), empties()
    market = opened(url)
    before = photos_place(market.app.settings)
    monkeypatch.setenv("FAIRHOLD_PHOTOS", before)
    order = market.paid()
    photo = market.app.photos.keep(BUYER, io.BytesIO(jpeg()))
    assert isinstance(photo, Photo)
    market.app.close()
    key = typed("keys", "create", "--json", "--database", url).json
    taken = typed("backup", "copy", "--database", url)
    assert (taken.code, "1 orders, 1 photos" in taken.out) == (0, True)
    monkeypatch.setenv("FAIRHOLD_PHOTOS", "after")
    done = typed("restore", "copy", "--database", other)
    assert (done.code, done.err) == (0, "")
    assert done.out.endswith("The books add up.\n")
    again = Market(other)
    assert again.tell(order.id, SHIP, SELLER).version > order.version
    assert again.app.secret == market.app.secret
    again.app.close()
    with closing(open_store(other)) as store:
        assert [kept.key_hash for kept in store.access().api_keys()] == [key_hash(key["key"].encode())]
    assert open_files("after").get(name_of(photo, thumb=False)) == open_files(before).get(name_of(photo, thumb=False))


@EVERYWHERE
def test_what_is_there_is_replaced_in_two_steps_and_never_in_one(empties: Callable[[], str], typed: Type) -> None:
    url = empties()
    market = opened(url)
    kept = market.paid()
    market.app.close()
    assert typed("backup", "copy", "--database", url).code == 0
    market = Market(url)
    market.tell(None, placing(), BUYER, "another key")
    before = books(url)
    in_use = typed("restore", "copy", "--database", url, "--replace", 2)
    assert (in_use.code, in_use.out) == (2, "")
    assert "in use" in in_use.err or "being served" in in_use.err
    market.app.close()
    for flags in ((), ("--replace", "1")):
        refused = typed("restore", "copy", "--database", url, *flags)
        assert (refused.code, refused.out) == (2, "")
        assert "2 orders" in refused.err
    assert books(url) == before
    assert typed("restore", "copy", "--database", url, "--replace", 2).code == 0
    assert books(url) == {kept.id: before[kept.id]}


def test_a_file_that_is_replaced_keeps_a_name(folder: Path, typed: Type) -> None:
    market = Market(folder / "fairhold.db")
    market.paid()
    market.app.close()
    before = books("sqlite:///fairhold.db")
    assert typed("backup", "copy").code == 0
    assert "fairhold.db.replaced-1" in typed("restore", "copy", "--replace", 1).out
    assert books("sqlite:///fairhold.db.replaced-1") == before
    assert list(folder.glob("*.restoring")) == []


def flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-100])


def signed(copy: Path, text: str, other: str) -> None:
    """Change the manifest, and the hash of it, too."""
    manifest = copy / "manifest.json"
    changed = manifest.read_text(encoding="utf-8").replace(text, other)
    assert changed != manifest.read_text(encoding="utf-8")
    manifest.write_text(changed, encoding="utf-8")
    subprocess.run("sha256sum $(cut -c67- SHA256SUMS) > more && mv more SHA256SUMS", cwd=copy, check=True, shell=True)


def emptied(copy: Path) -> None:
    found = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
    signed(copy, json.dumps(found["databases"], indent=2).replace("\n", "\n  "), "[]")


DAMAGES: tuple[tuple[str, Callable[[Path], object], str], ...] = (
    ("a flipped bit", lambda copy: flip(copy / "database-1/fairhold.db"), "fairhold.db: its SHA-256 is another"),
    ("cut off", lambda copy: cut(copy / "database-1/fairhold.db"), "fairhold.db: its SHA-256 is another"),
    ("no database", lambda copy: (copy / "database-1/fairhold.db").unlink(), "database-1/fairhold.db: it is missing"),
    ("another manifest", lambda copy: flip(copy / "manifest.json"), "manifest.json: its SHA-256 is another"),
    ("no manifest", lambda copy: (copy / "manifest.json").unlink(), "is no backup"),
    ("sums cut off", lambda copy: cut(copy / "SHA256SUMS"), "it is missing"),
    ("a line less", lambda copy: (copy / "SHA256SUMS").write_text(""), "SHA256SUMS does not know it"),
    ("a strange file", lambda copy: (copy / "database-1/more").touch(), "database-1/more: SHA256SUMS does not know it"),
    ("a photo less", lambda copy: shutil.rmtree(copy / "photos"), ".jpg: it is missing"),
    ("newer", lambda copy: signed(copy, '"format": 1', '"format": 9'), "a newer Fairhold made this backup"),
    ("not ours", lambda copy: signed(copy, '"format": 1', '"form": 1'), "manifest.json: "),
    ("nothing in it", emptied, "manifest.json: it names no database"),
    ("rows amiss", lambda copy: signed(copy, '"orders": 1,', '"orders": 2,'), "other rows than manifest.json says"),
)


@pytest.fixture
def copied(folder: Path, typed: Type) -> Path:
    """A backup of an order and a photo."""
    market = Market(folder / "fairhold.db")
    market.paid()
    market.app.photos.keep(BUYER, io.BytesIO(jpeg()))
    market.app.close()
    assert typed("backup", "copy").code == 0
    return folder / "copy"


@pytest.mark.parametrize(("damage", "why"), [row[1:] for row in DAMAGES], ids=[row[0] for row in DAMAGES])
def test_a_damaged_backup_is_refused_by_the_name_of_its_file(
    copied: Path, typed: Type, damage: Callable[[Path], object], why: str
) -> None:
    assert typed("restore", "copy", "--verify").code == 0
    damage(copied)
    for flag, code in (("--verify", 1), ("--database=sqlite:///new.db", 2)):
        refused = typed("restore", "copy", flag)
        assert (refused.code, refused.out) == (code, "")
        assert why in refused.err
        assert "Traceback" not in refused.err
    assert not Path("new.db").exists()


@pytest.mark.postgres
@pytest.mark.parametrize("damage", [flip, cut])
def test_a_damaged_copy_of_a_table_is_refused_even_with_a_hash_of_its_own(
    migrated: str,
    copies: Callable[..., str],
    typed: Type,
    damage: Callable[[Path], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    market = Market(migrated)
    market.paid()
    market.app.close()
    assert typed("backup", "copy", "--database", migrated).code == 0
    table = Path("copy/database-1/events.copy.gz")
    damage(table)
    subprocess.run("sha256sum $(cut -c67- SHA256SUMS) > more && mv more SHA256SUMS", cwd="copy", check=True, shell=True)
    other = copies()
    refused = typed("restore", "copy", "--database", other)
    assert (refused.code, refused.out) == (2, "")
    assert "events.copy.gz" in refused.err
    assert books(other) == {}


def test_a_backup_that_breaks_off_leaves_nothing_behind(
    copied: Path, folder: Path, typed: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {*folder.iterdir()}

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(copying.Moment, "write", full)
    done = typed("backup", "other")
    assert (done.code, done.out) == (2, "")
    assert "No space left on device" in done.err
    assert {*folder.iterdir()} == before
    assert "overwrites nothing" in typed("backup", "copy").err
    assert "failed" in typed("backup", "nowhere/copy").err


def test_a_log_without_its_database_is_not_applied_to_the_one_that_is_restored(copied: Path, typed: Type) -> None:
    Path("new.db-wal").write_bytes(b"\0" * 100)
    refused = typed("restore", "copy", "--database", "sqlite:///new.db")
    assert refused.code == 2
    assert "new.db-wal is the log of a database that is not there" in refused.err
    assert not Path("new.db").exists()


def test_what_cannot_be_put_there_is_said_before_anything_is_written(copied: Path, typed: Type) -> None:
    other = typed("restore", "copy", "--database", "postgresql://localhost:1/fairhold")
    assert (other.code, other.out) == (2, "")
    assert "The backup is one of sqlite" in other.err
    signed(copied, '"revision": "0', '"revision": "9')
    newer = typed("restore", "copy", "--database", "sqlite:///new.db")
    assert newer.code == 2
    assert "which this Fairhold does not know" in newer.err


def test_whoever_restores_is_told_where_the_secret_is(
    folder: Path, typed: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAIRHOLD_SECRET", "a secret of the tests".replace(" ", "-"))
    market = Market(folder / "fairhold.db", secret="a-secret-of-the-tests")
    market.app.close()
    assert "FAIRHOLD_SECRET is not inside" in typed("backup", "copy").out
    assert "FAIRHOLD_SECRET is not the one" not in typed("restore", "copy", "--database", "sqlite:///1.db").out
    monkeypatch.setenv("FAIRHOLD_SECRET", "another-secret-of-tests")
    assert "FAIRHOLD_SECRET is not the one" in typed("restore", "copy", "--database", "sqlite:///2.db").out


def test_the_copy_of_a_file_is_of_one_moment_however_much_is_written_meanwhile(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "_PAGES", 4)
    with closing(sqlite3.connect("a.db", isolation_level=None)) as writer:
        writer.execute("PRAGMA journal_mode = WAL").fetchall()
        writer.executescript(
            "CREATE TABLE alembic_version (version_num TEXT); INSERT INTO alembic_version VALUES ('0001');"
            "CREATE TABLE orders (n, x); CREATE TABLE meta (name, value);"
        )
        writer.executemany("INSERT INTO orders VALUES (0, zeroblob(?))", [(3000,)] * 200)
        steps: list[int] = []

        def meanwhile(done: int, total: int) -> None:
            steps.append(done)
            writer.execute("UPDATE orders SET n = n + 1")

        Path("copy").mkdir()
        copied = copying.Moment(folder / "a.db").write(folder / "copy", meanwhile)
    assert copied.rows["orders"] == 200
    assert len(steps) > 20
    assert steps == sorted(steps), "it never began anew"
    with closing(sqlite3.connect("copy/fairhold.db")) as copy:
        assert copy.execute("SELECT DISTINCT n FROM orders").fetchall() == [(0,)]


@pytest.mark.slow
@pytest.mark.postgres
def test_tables_that_are_divided_by_lane_are_so_again(
    copies: Callable[..., str], new_database: Callable[[], str], typed: Type
) -> None:
    url, other = copies(partitions=3, placing_lanes=2), new_database()
    assert typed("backup", "copy", "--database", url).code == 0
    assert typed("restore", "copy", "--database", other).code == 0
    with psycopg.connect(other) as connection:
        [(parts,)] = connection.execute("SELECT count(*) FROM pg_inherits WHERE inhparent = 'orders'::regclass")
    with closing(open_store(other)) as store:
        assert (parts, store.lanes()) == (3, [0, 1])


@pytest.mark.slow
@pytest.mark.postgres
def test_a_backup_of_an_older_version_is_restored_as_it_was_and_then_brought_up_to_date(
    new_database: Callable[[], str], typed: Type
) -> None:
    url, other = new_database(), new_database()
    before = REVISIONS[-2].id
    with psycopg.connect(url, autocommit=True) as connection:
        with migrations.alchemy("postgresql+psycopg://", connection) as alchemy, connection.transaction():
            migrating.make_tables(connection, alchemy, "old", before, 0)
        connection.execute("INSERT INTO meta (name, value) VALUES ('placing_lanes', '1'), ('old', 'times')")
    assert typed("backup", "copy", "--database", url).code == 0
    done = typed("restore", "copy", "--database", other)
    assert (done.code, "fairhold migrate" in done.out) == (0, True)
    assert typed("migrate", "--check", "--database", other).out == f"would run  {REVISIONS[-1].title}\n"
    assert typed("migrate", "--database", other).code == 0
    assert books(other) == {}
    with closing(open_store(other)) as store:
        assert store.setting("old") == "times"
