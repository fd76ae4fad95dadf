"""A lane moves whole to another database by the commands that docs/scaling.md shows."""

import os
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from fairhold.domain.actors import Role
from fairhold.domain.commands import ConfirmReceipt, Pay, ShipParcel
from fairhold.domain.ids import lane_of
from fairhold.domain.order import Order
from fairhold.domain.reputation import Tally
from fairhold.domain.review_commands import WriteReview
from fairhold.engine.kernel.envelope import Answer
from fairhold.engine.ports.reviews import StoredReport, StoredReview
from fairhold.engine.ports.store import StoreUnavailable
from fairhold.store import open_store
from tests.builders import BUYER, SELLER
from tests.conftest import POSTGRES, ROOT
from tests.docs.examples import blocks
from tests.engine.market import Market
from tests.postgres import cluster
from tests.postgres.test_routed import meta, placed_in

pytestmark = pytest.mark.postgres


def commands() -> tuple[str, str]:
    """The two transactions of the page: into the one database, out of the other."""
    [block] = [block for block in blocks(ROOT / "docs" / "scaling.md") if block.kind == "bash"]
    into, brace, out = block.text.partition("\n{\n")
    [tables] = [line for line in block.text.splitlines() if line.startswith("tables=")]
    return into, f"{tables}{brace}{out}"


def run(script: str, folder: Path, **names: str) -> None:
    path = f"{cluster.programs(os.environ.get(POSTGRES) or '18')}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, **names, "PATH": path}
    subprocess.run(["bash", "-c", script], cwd=folder, env=environment, check=True)


def reviewed(market: Market, order: Order) -> None:
    """Take a paid order through to a review, which somebody reports."""
    market.tell(order.id, ShipParcel(carrier="post", tracking_number="XX1"), SELLER)
    lines = tuple(line.id for line in order.lines)
    market.tell(order.id, ConfirmReceipt(lines=lines, acknowledged=True), BUYER)
    review = market.tell(order.id, WriteReview(rating=5, text="Good"), BUYER).reviews[0]
    report = StoredReport(lane_of(order.id), review.id, "seller:shop-7", "spam", "", order.placed_at)
    assert market.app.store.reports().add_report(report)


def shown(market: Market) -> tuple[list[StoredReview], Tally, list[StoredReport]]:
    """What everybody sees of the seller's reviews, and what was reported."""
    page = market.app.queries.reviews.about(Role.SELLER, SELLER.id)
    reports = [report for row in page.items for report in market.app.queries.reviews.reports(row.id)]
    return list(page.items), market.app.queries.reputation.tally(Role.SELLER, SELLER.id), reports


def test_a_lane_moves_and_everything_of_its_orders_is_there(new_database: Callable[[], str], tmp_path: Path) -> None:
    first, second = new_database(), new_database()
    market = Market(f"{first} {second}")
    orders = [placed_in(market, lane) for lane in (0, 1, 1, 0)]
    for order in orders:
        market.tell(order.id, Pay(method="sandbox:ok"), BUYER, f"pay {order.id}")
    reviewed(market, orders[1])
    whole = (market.app.queries.balances(), [row.id for row in market.app.store.reader().scan_orders(None, 1000)])
    events = {order.id: market.events(order) for order in orders}
    reviews = shown(market)
    assert (len(reviews[0]), reviews[1].five, len(reviews[2])) == (1, 1, 1)
    market.app.close()

    into, out = commands()
    names = {"FROM": second, "TO": first, "LANE": "1", "OWNED": "0-1", "STAYING": ""}
    run(into, tmp_path, **names)
    with closing(open_store(f"{first} {second}")) as store, pytest.raises(StoreUnavailable, match="lane 1 is theirs"):
        store.lanes()
    run(out, tmp_path, **names)
    assert (meta(first)["lanes"], meta(second)["lanes"]) == ("0-1", "")

    for listed in (f"{second} {first}", first):
        market = Market(listed)
        assert (
            market.app.queries.balances(),
            [row.id for row in market.app.store.reader().scan_orders(None, 1000)],
        ) == whole
        for order in orders:
            assert market.events(order) == events[order.id]
            again = market.ask(order.id, Pay(method="sandbox:ok"), BUYER, f"pay {order.id}")
            assert isinstance(again, Answer)
            assert again.repeated
        assert shown(market) == reviews
        assert market.app.store.placing() == [0, 1]
        market.assert_clean()
        market.app.close()
    assert {lane_of(order.id) for order in orders} == {0, 1}
