"""The books in Beancount's language and as CSV: any names, any sums, currencies with 0, 2, 3 and 4 decimals."""

import csv
import io
import random
import re
import string
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairhold.domain.instants import Instant
from fairhold.ledger import accounts, beancount, spreadsheet
from fairhold.ledger.balances import changes
from fairhold.ledger.transfers import Transfer

CHECK = Path(sys.executable).with_name("bean-check")
PERSONS = st.text(string.ascii_letters + string.digits + "._@+~=-", min_size=1, max_size=20)
_COMPONENT = re.compile(r"[A-Z][A-Za-z0-9-]*")


@given(PERSONS, PERSONS)
def test_two_people_never_have_one_account(one: str, other: str) -> None:
    names = [beancount.account_name(f"seller:{person}:EUR") for person in (one, other)]
    assert (names[0] == names[1]) == (one == other)
    assert all(_COMPONENT.fullmatch(part) for name in names for part in name.split(":"))


def test_every_kind_of_account_that_there_is_has_its_place_in_the_chart() -> None:
    table = re.findall(r"^\| `([a-z]+):", accounts.__doc__ or "", re.MULTILINE)
    assert table
    assert set(table) == beancount.ROOTS.keys()


@pytest.mark.parametrize("account", ["held:RUB", "payouts:EUR", "provider:stripe:JPY", "reserve:shop-7:RUB", "odd:RUB"])
def test_every_account_has_a_place(account: str) -> None:
    name = beancount.account_name(account)
    assert name.split(":")[0] in {"Assets", "Liabilities", "Income", "Expenses", "Equity"}
    assert name.endswith(account.rpartition(":")[2])


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        (1, "RUB", "0.01"),
        (-123_456, "RUB", "-1234.56"),
        (5, "JPY", "5"),
        (-5, "KWD", "-0.005"),
        (10_000, "CLF", "1.0000"),
        (0, "EUR", "0.00"),
    ],
)
def test_sums_have_the_digits_of_their_currency(amount: int, currency: str, shown: str) -> None:
    assert beancount.decimal(amount, currency) == shown


def random_books(seed: str) -> list[Transfer]:
    chance = random.Random(seed)
    transfers = []
    for n in range(60):
        currency = chance.choice(("RUB", "JPY", "KWD", "CLF"))
        people = ["".join(chance.choices(string.ascii_letters + "._@+~=-9", k=5)) for _ in range(2)]
        names = [f"{name}:{currency}" for name in ("held", "fees", "costs", "payouts", "provider:stripe")]
        names += [f"seller:{person}:{currency}" for person in people]
        debit, credit = chance.sample(names, 2)
        transfers.append(Transfer(debit, credit, chance.randint(1, 10 ** chance.randint(1, 13)), Instant(0), n))
    return transfers


@pytest.mark.parametrize("seed", ["one", "two", "three"])
def test_bean_check_accepts_any_books_and_no_changed_sum(tmp_path: Path, seed: str) -> None:
    transfers, file = random_books(seed), tmp_path / "books.beancount"
    balances = changes(transfers)
    about = {"order": 'quote " and \\ and \n line', "reference": "=cmd|'/c calc'!A1", "empty": ""}
    parts = [
        beancount.head("2026-01-01", balances),
        beancount.carried_forward("2026-01-01", {}),
        *(beancount.transaction("2026-01-02", "something", about, [one]) for one in transfers),
        beancount.assertions("2026-01-03", balances),
    ]

    def accepted() -> bool:
        file.write_text("".join(parts), encoding="utf-8")
        return subprocess.run([CHECK, "--no-cache", file], capture_output=True, check=False, timeout=60).returncode == 0

    assert accepted()
    # The smallest unit there is, on both sides: the transaction still balances, and the assertions do not hold.
    one = transfers[0]
    parts[2] = beancount.transaction(
        "2026-01-02", "something", {}, [Transfer(one.debit, one.credit, one.amount + 1, one.at)]
    )
    assert not accepted()


@given(st.lists(st.text(max_size=20), min_size=1, max_size=8))
def test_csv_is_read_as_it_was_and_no_cell_is_a_formula(cells: list[str]) -> None:
    text = spreadsheet.row(cells)
    assert text.endswith("\r\n")
    [read] = csv.reader(io.StringIO(text, newline=""), strict=True) if cells != [""] else [[""]]
    assert [cell.removeprefix("'") for cell in read] == [cell.removeprefix("'") for cell in cells]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) for cell in read)
