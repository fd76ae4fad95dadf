"""The 999 real orders, against a calculation that knows neither the engine nor the product's way to read a file."""

from __future__ import annotations

import csv
import statistics
import time
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import Type

BACKWARDS = {17, 66, 201, 212, 417, 483, 485, 587, 617, 819, 928}
CANCELED_ON_ITS_WAY = {615}
DAY = timedelta(days=1)


def moment(text: str) -> datetime | None:
    """A moment of the file."""
    return datetime.fromisoformat(text) if text else None


def ending(paid: datetime, sent: datetime | None, came: datetime | None, status: str) -> tuple[str, datetime]:
    """How and when the preset aliexpress ends a paid order: 30 days to ship, 60 of protection, a window of 7."""
    if status == "canceled":
        return "cancelled", paid
    if sent is None or sent >= paid + 30 * DAY:
        return "refunded_not_shipped", paid + 30 * DAY
    if came is not None and came + 7 * DAY <= sent + 60 * DAY:
        return "completed_by_window", came + 7 * DAY
    return "completed_by_protection", sent + 60 * DAY


@pytest.mark.shared
def test_the_real_orders_end_as_a_little_calculation_says(shared: Path, typed: Type) -> None:
    path = shared / "data" / "olist_orders_sample.csv"
    ends: Counter[str] = Counter()
    held, late = [], 0
    with path.open(encoding="utf-8", newline="") as file:
        for line, order in enumerate(csv.DictReader(file), start=2):
            if line in BACKWARDS | CANCELED_ON_ITS_WAY:
                continue
            paid, sent, came, promised = (
                moment(order[f"order_{name}"])
                for name in (
                    "approved_at",
                    "delivered_carrier_date",
                    "delivered_customer_date",
                    "estimated_delivery_date",
                )
            )
            assert paid is not None
            assert promised is not None
            end, at = ending(paid, sent, came, order["order_status"])
            ends[end] += 1
            held.append((at - paid) / DAY)
            late += came is not None and came > promised

    started = time.process_time()
    done = typed("replay", path, "--json")
    assert done.code == 0
    assert time.process_time() - started < 30
    report = done.json
    assert {one["line"] for one in report["skipped"]} == BACKWARDS | CANCELED_ON_ITS_WAY
    assert (report["orders"], report["replayed"]) == (999, 987)
    told = ("completed_by_window", "completed_by_protection", "refunded_not_shipped", "cancelled", "cancelled_unpaid")
    assert {name: report[name] for name in told} == {name: ends[name] for name in told}
    assert sum(ends.values()) == 987
    assert report["delivered_late"] == late
    assert report["held_days"]["median"] == pytest.approx(statistics.median(held), abs=0.006)
    assert report["held_days"]["p95"] == pytest.approx(
        statistics.quantiles(held, n=20, method="inclusive")[-1], abs=0.006
    )
    assert report["audit"] == "clean"
    assert typed("audit").code == 0
    why = {one["line"]: one["why"] for one in report["skipped"]}
    assert "before it was bought" in why[617]
    assert all("it reached the carrier" in why[line] for line in BACKWARDS)
