"""Replaying small histories: how each order ends, what the report says, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from fairhold.store import open_store
from tests.cli.conftest import Type
from tests.cli.histories import row, write

KEYS = {
    "orders", "replayed", "skipped", "completed_by_window", "completed_by_protection", "refunded_not_shipped",
    "cancelled_unpaid", "cancelled", "delivered_late", "held_days", "audit",
}  # fmt: skip

ENDS = (
    # the row, how it ends, for how many days its money was held
    ("delivered", row(), "completed_by_window", 11.07),
    ("delivered as protection ends", row(came="2024-04-24 12:00:00"), "completed_by_window", 61.07),
    ("delivered a second later", row(came="2024-04-24 12:00:01"), "completed_by_protection", 61.07),
    ("delivered after protection", row(came="2024-08-01"), "completed_by_protection", 61.07),
    ("never delivered", row(status="shipped", came=""), "completed_by_protection", 61.07),
    ("never shipped", row(status="processing", sent="", came=""), "refunded_not_shipped", 30),
    ("shipped as the deadline ends", row(sent="2024-03-31 10:15:00", came="2024-04-01"), "refunded_not_shipped", 30),
    ("shipped just in time", row(sent="2024-03-31 10:14:59", came="2024-04-01"), "completed_by_window", 37.57),
    ("canceled", row(status="canceled", sent="", came=""), "cancelled", 0),
    ("canceled and never paid", row(status="canceled", paid="", sent="", came=""), "cancelled_unpaid", None),
    ("never paid", row(status="created", paid="", sent="", came=""), "cancelled_unpaid", None),
    ("paid just in time", row(paid="2024-03-15 09:59:59", sent="2024-03-16", came="2024-03-17"), "completed_by_window", 8.58),
    ("paid too late", row(paid="2024-03-15 10:00:00", sent="2024-03-16", came="2024-03-17"), "cancelled_unpaid", None),
)  # fmt: skip


@pytest.mark.parametrize(("line", "end", "days"), [one[1:] for one in ENDS], ids=[one[0] for one in ENDS])
def test_an_order_ends_as_protection_would_have_ended_it(
    folder: Path, typed: Type, line: str, end: str, days: float | None
) -> None:
    report = typed("replay", write(folder, line), "--json").json
    assert set(report) == KEYS
    ends = {"completed_by_window", "completed_by_protection", "refunded_not_shipped", "cancelled_unpaid", "cancelled"}
    assert {name: report[name] for name in ends} == dict.fromkeys(ends, 0) | {end: 1}
    assert report["held_days"] == {"median": days, "p95": days}
    assert (report["orders"], report["replayed"], report["skipped"], report["audit"]) == (1, 1, [], "clean")


def test_late_is_past_the_promised_moment(folder: Path, typed: Type) -> None:
    lines = row("a", promised="2024-03-05 12:00:00"), row("b", promised="2024-03-05 11:59:59"), row("c", promised="")
    assert typed("replay", write(folder, *lines), "--json").json["delivered_late"] == 1


def test_quantiles_lie_between_their_neighbours(folder: Path, typed: Type) -> None:
    sent = [f"2024-03-{day:02d} 10:15:00" for day in (2, 3, 4, 5)]
    lines = [row(str(place), paid="2024-03-02 10:15:00", sent=at, came=at) for place, at in enumerate(sent)]
    assert typed("replay", write(folder, *lines), "--json").json["held_days"] == {"median": 8.5, "p95": 9.85}


def test_an_empty_history_is_reported_as_such(folder: Path, typed: Type) -> None:
    report = typed("replay", write(folder), "--json")
    assert report.code == 0
    assert (report.json["orders"], report.json["held_days"]) == (0, {"median": None, "p95": None})


def test_the_orders_stay_in_the_database_and_its_audit_is_clean(folder: Path, typed: Type) -> None:
    path = write(folder, row("a"), row("b", sent=""))
    first = typed("replay", path, "--database", "sqlite:///history.db")
    assert first.code == 0
    assert "line 3: it was delivered" in first.out
    assert first.out.endswith("The orders are in sqlite:///history.db.\n")
    assert typed("audit", "--database", "sqlite:///history.db").out == "Clean: 1 orders, nothing found.\n"
    again = typed("replay", path, "--database", "sqlite:///history.db")
    assert (again.code, again.out) == (2, "")
    assert "holds orders already" in again.err


def test_policies_are_compared_each_in_a_database_of_its_own(folder: Path, typed: Type) -> None:
    path = write(folder, row())
    report = typed("replay", path, "--policy", "aliexpress", "vinted", "--json").json["policies"]
    assert list(report) == ["aliexpress", "vinted"]
    assert [one["held_days"]["median"] for one in report.values()] == [11.07, 6.07]
    told = typed("replay", path, "--policy", "aliexpress,fair", "--policy", "strict")
    assert told.out.split()[:3] == ["aliexpress", "fair", "strict"]
    assert list(folder.glob("*.db")) == []


def test_the_deadlines_of_history_are_flags(folder: Path, typed: Type) -> None:
    path = write(folder, row(status="processing", sent="", came=""))
    report = typed("replay", path, "--shipping-days", 3, "--payment-days", 1, "--json").json
    assert report["held_days"]["median"] == 3


@pytest.mark.parametrize(
    ("flags", "account", "balance"),
    [
        (("--price", "12.50", "--currency", "EUR", "--seller", "shop-7"), "seller:shop-7:EUR", 1188),
        (("--price", "100.00", "--currency", "jpy"), "seller:seller:JPY", 95),
    ],
)
def test_price_currency_and_seller_are_flags(
    folder: Path, typed: Type, flags: tuple[str, ...], account: str, balance: int
) -> None:
    assert typed("replay", write(folder, row()), *flags).code == 0
    store = open_store("sqlite:///fairhold.db")
    assert store.reader().balance(account) == balance
    store.close()


def test_a_buyer_whose_id_cannot_be_used_gets_another(folder: Path, typed: Type) -> None:
    lines = row("a", buyer="José Ñ"), row("b", buyer="seller"), row("c", buyer="")
    assert typed("replay", write(folder, *lines), "--json").json["completed_by_window"] == 3


REFUSED = (
    (("--price", "0"), "0 is no price in BRL"),
    (("--price", "1.005"), "1.005 is no price in BRL"),
    (("--price", "100.50", "--currency", "JPY"), "100.50 is no price in JPY"),
    (("--currency", "REAL"), "no currency of ISO 4217"),
    (("--timezone", "Brazil/Nowhere"), "no time zone"),
    (("--timezone", "../etc"), "no time zone"),
    (("--seller", "a b"), "cannot be a seller's id"),
    (("--shipping-days", "0"), "--shipping-days 0 lies outside"),
    (("--payment-days", "61"), "--payment-days 61 lies outside"),
    (("--policy", "kind"), "kind is neither a file nor one of"),
    (("--encoding", "klingon"), "There is no encoding klingon"),
    (("--columns", "prise=x"), "does not say which column means what"),
    (("--database", "mysql://x"), "FAIRHOLD_DATABASE"),
    (("second.csv",), "one file too many"),
    (("--pollicy", "fair"), "Unknown option"),
)


@pytest.mark.parametrize(("flags", "why"), REFUSED, ids=[" ".join(flags) for flags, _ in REFUSED])
def test_what_cannot_be_used_is_refused_in_a_sentence(
    folder: Path, typed: Type, flags: tuple[str, ...], why: str
) -> None:
    done = typed("replay", write(folder, row()), *flags)
    assert (done.code, done.out) == (2, "")
    assert why in done.err
    assert "Traceback" not in done.err


def test_a_file_that_is_not_there_is_named(typed: Type) -> None:
    done = typed("replay", "nothing.csv")
    assert done.code == 2
    assert "nothing.csv cannot be read: No such file or directory." in done.err
