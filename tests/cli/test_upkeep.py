"""Migrating, auditing, keys and the doctor, as typed by whoever looks after an installation."""

from __future__ import annotations

import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from fairhold.api.auth import key_hash
from fairhold.cli.doctor import checks
from fairhold.store import open_store
from fairhold.store.sqlite.health import LEAST_FREE
from tests.cli.conftest import Type
from tests.cli.histories import row, write


@pytest.fixture
def traded(folder: Path, typed: Type) -> Path:
    """The database, with a few orders in it."""
    lines = [row("a"), row("b", status="shipped", came=""), row("c", status="canceled", sent="", came="")]
    assert typed("replay", write(folder, *lines)).code == 0
    return folder / "fairhold.db"


def change(database: Path, statement: str) -> None:
    """What only a fault could do."""
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(statement)


def test_migrating_makes_the_tables_once(folder: Path, typed: Type) -> None:
    assert typed("migrate", "--check").code == 1
    assert not (folder / "fairhold.db").exists()
    first = typed("migrate")
    assert (first.code, first.out.split()[0]) == (0, "ran")
    assert typed("migrate").out == "sqlite:///fairhold.db is up to date.\n"
    assert typed("migrate", "--check").code == 0


def test_the_flag_wins_over_the_variable(folder: Path, typed: Type, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAIRHOLD_DATABASE", "sqlite:///variable.db")
    typed("migrate")
    typed("migrate", "--database", "sqlite:///flag.db")
    assert {path.name for path in folder.glob("*.db")} == {"variable.db", "flag.db"}


@pytest.mark.parametrize("command", [("audit",), ("doctor",), ("backup", "copy"), ("keys", "list")])
def test_a_database_that_is_not_there_is_not_made(folder: Path, typed: Type, command: tuple[str, ...]) -> None:
    done = typed(*command)
    assert (done.code, done.out) == (2, "")
    assert "There is no database sqlite:///fairhold.db" in done.err
    assert list(folder.iterdir()) == []


def test_an_audit_of_sound_books_is_clean(traded: Path, typed: Type) -> None:
    assert typed("audit").out == "Clean: 3 orders, nothing found.\n"
    assert typed("audit", "--json").json == {"audit": "clean", "orders": 3}


def test_an_audit_lists_what_it_finds_and_exits_1(traded: Path, typed: Type) -> None:
    change(traded, "UPDATE balances SET balance = balance + 1 WHERE account = 'fees:BRL'")
    done = typed("audit")
    assert done.code == 1
    assert "balance: fees:BRL in lane 0 is 1001, its transfers add up to 1000" in done.out
    assert {one["kind"] for one in typed("audit", "--json").json["audit"]} == {"balance", "unbalanced"}


def test_a_key_is_shown_once_and_kept_as_its_hash(traded: Path, typed: Type) -> None:
    made = typed("keys", "create", "--label", "shop", "--roles", "seller, buyer", "--scopes", "tracking", "--json").json
    store = open_store("sqlite:///fairhold.db")
    [kept] = store.access().api_keys()
    store.close()
    assert kept.key_hash == key_hash(made["key"].encode())
    assert (kept.id, kept.label, kept.roles, kept.scopes) == (made["id"], "shop", ("seller", "buyer"), ("tracking",))
    told = typed("keys", "list").out
    assert made["id"] in told
    assert made["key"] not in told
    assert typed("keys", "revoke", made["id"]).out == f"{made['id']} is revoked.\n"
    assert typed("keys", "revoke", made["id"]).out == f"{made['id']} was revoked already.\n"
    assert "revoked 20" in typed("keys", "list").out


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("create", "--roles", "king"), "There is no role 'king'"),
        (("create", "--roles", "system"), "There is no role 'system'"),
        (("create", "--roles", ","), "speaks for nobody"),
        (("create", "--scopes", "all"), "There is no scope 'all'"),
        (("revoke", "nothing"), "There is no key nothing"),
    ],
)
def test_a_key_that_makes_no_sense_is_refused(traded: Path, typed: Type, arguments: tuple[str, ...], why: str) -> None:
    done = typed("keys", *arguments)
    assert (done.code, done.out) == (2, "")
    assert why in done.err


def test_the_doctor_finds_a_sound_installation_well(traded: Path, typed: Type) -> None:
    done = typed("doctor")
    assert (done.code, done.err) == (0, "")
    assert done.out.endswith("All is well.\n")
    looked_at = {one["what"] for one in typed("doctor", "--json").json}
    assert looked_at == {"disk", "settings", "policy", "database", "clock", "deadlines", "outbox", "letters"}


ILLS = (
    ("UPDATE orders SET updated_at = 4102444800000000", "clock", "behind the newest event (2100-01-01T00:00:00Z)", "NTP"),
    ("UPDATE orders SET next_deadline_at = 1", "deadlines", "3 orders are past a deadline", "fairhold serve"),
    ("UPDATE orders SET parked = 1", "deadlines", "3 orders are parked", "fairhold audit"),
    ("UPDATE outbox SET state = 'parked', attempts = 12, error = 'no'", "outbox", "parked after 12 attempts", "destination"),
    (
        "UPDATE outbox SET state = 'waiting', attempts = 3, error = 'busy'", "outbox",
        "1 messages have waited for more than 5 min; the last said: busy", "log",
    ),
    ("DROP TABLE outbox", "outbox", "has no tables for this version", "Mend that first"),
)  # fmt: skip


@pytest.mark.parametrize(("fault", "what", "found", "todo"), ILLS, ids=[ill[0] for ill in ILLS])
def test_the_doctor_says_what_is_wrong_and_what_to_do(
    traded: Path, typed: Type, fault: str, what: str, found: str, todo: str
) -> None:
    change(traded, fault)
    done = typed("doctor", "--json")
    assert done.code == 1
    [ill] = [one for one in done.json if one["todo"]]
    assert (ill["what"], found in ill["found"], todo in ill["todo"]) == (what, True, True), ill
    told = typed("doctor")
    assert told.code == 1
    assert "1 to do." in told.out


@pytest.mark.parametrize(
    ("free", "least", "found", "todo"),
    [
        (0, LEAST_FREE, "full: nothing is free for the database", "nothing can be written"),
        (9 << 20, LEAST_FREE, "only 9 MB free for the database", "503"),
        (1, 0, "less than a copy of it would take", "backup"),
    ],
)
def test_the_doctor_finds_a_disk_without_room(
    traded: Path, typed: Type, monkeypatch: pytest.MonkeyPatch, free: int, least: int, found: str, todo: str
) -> None:
    usage = shutil.disk_usage(traded)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=free))
    monkeypatch.setattr(checks, "LEAST_FREE", least)
    done = typed("doctor", "--json")
    assert done.code == 1
    [ill] = [one for one in done.json if one["todo"]]
    assert (ill["what"], found in ill["found"], todo in ill["todo"]) == ("disk", True, True), ill


def test_on_a_full_disk_the_doctor_says_so_where_the_database_cannot_even_be_read(
    traded: Path, typed: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(traded)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=0))
    traded.write_bytes(b"no database" * 100)
    done = typed("doctor", "--json")
    assert done.code == 1
    assert [one["what"] for one in done.json if one["todo"]] == ["disk", "database"]


@pytest.mark.postgres
@pytest.mark.parametrize(("ahead", "found"), [(330, "5 min ahead of"), (-330, "5 min behind"), (0, "")])
def test_the_doctor_compares_the_clock_with_the_database_s(
    migrated: str, typed: Type, monkeypatch: pytest.MonkeyPatch, ahead: int, found: str
) -> None:
    right = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: right() + ahead * 1_000_000_000)
    done = typed("doctor", "--json", "--database", migrated)
    [*ills] = [one for one in done.json if one["what"] == "clock" and one["todo"]]
    assert [found in one["found"] and "NTP" in one["todo"] for one in ills] == ([True] if ahead else [])


def test_the_doctor_names_settings_that_mean_nothing(
    traded: Path, typed: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAIRHOLD_DATABSE", "sqlite:///other.db")
    done = typed("doctor")
    assert done.code == 1
    assert "FAIRHOLD_DATABSE mean nothing to Fairhold" in done.out


def test_the_doctor_sees_a_database_that_waits_for_its_tables(folder: Path, typed: Type) -> None:
    (folder / "fairhold.db").touch()
    done = typed("doctor")
    assert done.code == 1
    assert "Make a backup, then run `fairhold migrate`." in done.out


def test_a_file_of_another_program_is_left_alone(folder: Path, typed: Type) -> None:
    change(folder / "fairhold.db", "CREATE TABLE other (x)")
    for command in ("migrate", "doctor", "audit", "serve"):
        done = typed(command)
        assert (done.code, done.out) == (2, "")
        assert "holds tables that are not Fairhold's" in done.err


def test_the_doctor_says_which_file_of_a_policy_is_wrong(traded: Path, typed: Type) -> None:
    Path("p.toml").write_text('name = "p"\n[receipt]\nwindow_days = 300\n', encoding="utf-8")
    done = typed("doctor", "--policy", "p.toml")
    assert done.code == 1
    assert "receipt.window_days is longer than" in done.out
