"""`fairhold reconcile` and `fairhold export`, as typed by whoever looks after the books."""

from __future__ import annotations

import csv
import io
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from fairhold.domain.instants import DAY, SECOND, Instant
from fairhold.engine.ports.bank import Said, Task, TaskKind, TaskState
from fairhold.proof.heads import day_text
from fairhold.store import open_store
from fairhold.store.bank import BankTables
from fairhold.store.reconciliation import ReconciliationTables
from tests.api.test_export import complaints
from tests.cli.conftest import Type
from tests.cli.histories import row, write
from tests.fakes.serving import served_fast
from tests.fakes.stripe import server as stripe


@pytest.fixture
def traded(folder: Path, typed: Type) -> Path:
    """The database, with a few orders in it."""
    lines = [row("a"), row("b", status="shipped", came=""), row("c", status="canceled", sent="", came="")]
    assert typed("replay", write(folder, *lines)).code == 0
    return folder / "fairhold.db"


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[stripe.StripeFake]:
    """Stripe, with keys of it set."""
    found = stripe.StripeFake()
    found.books.at = int(time.time()) - 2 * DAY // SECOND
    with served_fast(found) as url:
        monkeypatch.setenv("FAIRHOLD_STRIPE_KEY", stripe.KEY)
        monkeypatch.setenv("FAIRHOLD_STRIPE_URL", url)
        yield found


def test_a_statement_that_fits_and_one_that_does_not(traded: Path, typed: Type, fake: stripe.StripeFake) -> None:
    done = typed("reconcile")
    assert (done.code, done.out) == (0, "stripe: everything matches\n")
    fake.books.line("stripe_fee", -1_250, "eur", "fee-of-somebody")
    done = typed("reconcile", "--provider", "stripe", "--json")
    assert done.code == 1
    [told] = done.json
    assert (told["state"], told["items"]) == ("differs", 1)
    [today] = told["days"]
    assert (today["stated_balance"], today["booked_balance"], today["open"]) == (-1_250, 0, -1_250)
    assert "open -12.50 EUR" in typed("reconcile").out
    assert "reconciliation" in typed("doctor").out
    assert typed("reconcile", "--day", day_text(time.time_ns() // (1000 * DAY) - 3)).code in (0, 1)


def test_a_provider_that_does_not_answer_is_no_success(
    traded: Path, typed: Type, fake: stripe.StripeFake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAIRHOLD_STRIPE_URL", "http://127.0.0.1:9")
    done = typed("reconcile")
    assert done.code == 2
    assert done.out.startswith("stripe: could not be asked:")
    with closing(open_store("sqlite:///fairhold.db")) as store:
        [turn] = ReconciliationTables(store.tables()).turns()
    assert turn.failures == 1


@pytest.mark.parametrize("text", ["2020-01-01", "2999-01-01", "tomorrow"])
def test_a_day_that_cannot_be_compared_is_refused(
    traded: Path, typed: Type, fake: stripe.StripeFake, text: str
) -> None:
    done = typed("reconcile", "--day", text)
    assert (done.code, done.out) == (2, "")
    assert text in done.err


def test_without_keys_there_is_nothing_to_compare(traded: Path, typed: Type) -> None:
    assert typed("reconcile").code == 0
    done = typed("reconcile", "--provider", "stripe")
    assert (done.code, "stripe is not set up" in done.err) == (2, True)


def test_bank_transfers_are_compared_with_what_people_said_of_them(
    traded: Path, typed: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert typed("reconcile").out == ""
    monkeypatch.setenv("FAIRHOLD_BANK_DETAILS", "IBAN DE89 3704 0044 0532 0130 00")
    assert typed("reconcile").out == "bank: everything matches\n"
    now = Instant(time.time_ns() // 1000 - DAY)
    came = Task("PAY", TaskKind.PAYMENT, "o-1", 1, 5_000, "EUR", now)
    word: dict[str, Any] = {"said": Said.CAME, "sum": 5_000, "first_by": "operator:ops", "reference": "line 7"}
    came = came._replace(state=TaskState.DONE, first_at=now, settled_at=now, told_at=now, **word)
    with closing(open_store("sqlite:///fairhold.db")) as store:
        BankTables(store.tables()).ask(came)
    done = typed("reconcile", "--provider", "bank")
    assert done.code == 1
    assert "open 50.00 EUR" in done.out


def test_old_differences_are_the_doctors_business(traded: Path, typed: Type, fake: stripe.StripeFake) -> None:
    fake.books.line("stripe_fee", -1_250, "eur", "fee-of-somebody")
    typed("reconcile")
    with closing(sqlite3.connect(traded)) as connection, connection:
        connection.execute("UPDATE reconciliation_items SET seen_at = seen_at - ?", (4 * DAY,))
    done = typed("doctor", "--json")
    [seen] = [one for one in done.json if one["what"] == "reconciliation"]
    assert seen["found"] == "1 differences with stripe, the oldest for 4 d"
    assert "Reconciliation" in seen["todo"]


def test_bean_check_accepts_what_is_exported(traded: Path, typed: Type, tmp_path: Path) -> None:
    done = typed("export", "--format", "beancount", "--output", "books.beancount")
    assert (done.code, done.out) == (0, "Written: books.beancount\n")
    text = (traded.parent / "books.beancount").read_text(encoding="utf-8")
    assert "payment_received" in text
    assert complaints(tmp_path, text) == ""
    again = typed("export", "--format", "beancount", "--output", "books.beancount")
    assert (again.code, "is there already" in again.err) == (2, True)


def test_csv_is_read_again_row_by_row(traded: Path, typed: Type) -> None:
    assert typed("export", "--format", "csv", "--output", "books.csv").code == 0
    rows = list(csv.DictReader(io.StringIO((traded.parent / "books.csv").read_bytes().decode(), newline="")))
    assert {row["what"] for row in rows} >= {"payment_received"}
    assert typed("export", "--format", "csv", "--from", "2026-02-02", "--to", "2026-02-02").code == 2
    assert typed("export", "--format", "pdf").code == 2
