"""Rows of disputes are written with their orders and audited, whatever function says what an order's rows are."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from fairhold.domain.commands import ConfirmReceipt
from fairhold.domain.instants import DAY, Instant
from fairhold.domain.order import Order
from fairhold.engine.audit.auditing import audit
from fairhold.engine.audit.findings import Kind
from fairhold.engine.kernel import rows
from fairhold.engine.ports.disputes import DisputeQuery, StoredDispute
from tests.builders import BUYER
from tests.contract.rows import dispute
from tests.engine.market import Market


def one_a_parcel(order: Order, updated_at: Instant) -> list[StoredDispute]:
    """Rows for the test's sake: as many disputes as parcels, whose state is the parcel's."""
    return [
        dispute(
            order.id,
            number,
            buyer=order.buyer,
            seller=order.seller,
            state=parcel.status.value,
            opened_at=parcel.shipped_at,
            updated_at=updated_at,
        )
        for number, parcel in enumerate(order.shipments, 1)
    ]


@pytest.fixture
def market(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Market:
    monkeypatch.setattr(rows, "dispute_rows", one_a_parcel)
    return Market(tmp_path / "market.db")


def test_a_dispute_s_row_is_written_when_it_changes_and_left_alone_when_its_order_does(market: Market) -> None:
    order = market.shipped()
    [row] = market.app.queries.disputes.list_disputes(DisputeQuery(buyer=order.buyer)).items
    assert (row.id, row.state) == (f"{order.id}-d1", "pending")
    market.advance(3 * DAY)
    delivered = market.app.queries.disputes.dispute(row.id)
    assert delivered is not None
    assert delivered.state == "delivered"
    assert delivered.updated_at > row.updated_at
    market.tell(order.id, ConfirmReceipt(lines=(order.lines[0].id,), acknowledged=True), BUYER)
    assert market.app.queries.disputes.dispute(row.id) == delivered
    market.assert_clean()
    market.app.close()


PLANTED = {
    "a column says something else": "UPDATE disputes SET state = 'closed' WHERE id = :one",
    "a dispute moved to another seller": "UPDATE disputes SET seller = 'eve' WHERE id = :one",
    "a change was dated back": "UPDATE disputes SET updated_at = updated_at - 1 WHERE id = :one",
    "a row is missing": "DELETE FROM disputes WHERE id = :one",
    "a row lies in another lane": "UPDATE disputes SET lane = 5 WHERE id = :one",
    "a row names another order": "UPDATE disputes SET order_id = 'other' WHERE id = :one",
    "a dispute was made up": "UPDATE disputes SET id = replace(id, '-d1', '-d7') WHERE id = :one",
}


@pytest.mark.parametrize("planted", PLANTED.values(), ids=PLANTED)
def test_each_corruption_of_a_dispute_s_row_is_found(market: Market, planted: str) -> None:
    orders = [market.shipped() for _ in range(3)]
    market.assert_clean()
    with closing(sqlite3.connect(market.path)) as connection, connection:
        assert connection.execute(planted, {"one": f"{orders[1].id}-d1"}).rowcount == 1
    found = [finding for finding in audit(market.app.store) if finding.kind is Kind.DISPUTE]
    assert {finding.order for finding in found} == {orders[1].id}
    market.app.close()


def test_a_row_whose_order_is_gone_is_a_stray_and_takes_no_other_s_place(market: Market) -> None:
    orders = [market.shipped() for _ in range(3)]
    with closing(sqlite3.connect(market.path)) as connection, connection:
        connection.execute("DELETE FROM orders WHERE id = ?", (orders[0].id,))
    found = audit(market.app.store)
    assert "disputes has rows of an order that does not exist" in {finding.what for finding in found}
    assert Kind.DISPUTE not in {finding.kind for finding in found}
    market.app.close()
