"""Reading: lists by tab, pages in both directions, search, histories and balances."""

import sqlite3
from contextlib import closing
from pathlib import Path

from fairhold.domain.actors import Actor, Role
from fairhold.domain.commands import CancelOrder, ShipParcel
from fairhold.domain.ids import OrderId, PersonId, order_number
from fairhold.domain.instants import DAY, HOUR, Instant
from fairhold.domain.status import Tab
from tests.builders import BUYER, SELLER, STRANGE_BUYER, T0
from tests.engine.market import Market


def test_pages_lead_from_the_newest_to_the_oldest_and_back(market: Market) -> None:
    orders = [market.placed().id for _ in range(7)][::-1]
    list_orders = market.app.queries.list_orders
    first = list_orders(buyer="ann", limit=3)
    assert [order.id for order in first.items] == orders[:3]
    assert first.newer is None
    second = list_orders(buyer="ann", limit=3, older_than=first.older)
    assert [order.id for order in second.items] == orders[3:6]
    third = list_orders(buyer="ann", limit=3, older_than=second.older)
    assert [order.id for order in third.items] == orders[6:]
    assert third.older is None
    back = list_orders(buyer="ann", limit=3, newer_than=third.newer)
    assert [order.id for order in back.items] == orders[3:6]
    top = list_orders(buyer="ann", limit=3, newer_than=back.newer)
    assert [order.id for order in top.items] == orders[:3]
    assert top.newer is None
    assert top.older == first.older


def damage(path: Path, order: str, old: bytes, new: bytes) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        [(snapshot,)] = connection.execute("SELECT snapshot FROM orders WHERE id = ?", (order,))
        connection.execute("UPDATE orders SET snapshot = ? WHERE id = ?", (snapshot.replace(old, new), order))


def test_a_damaged_order_is_missing_from_lists_and_takes_nothing_with_it(tmp_path: Path) -> None:
    market = Market(tmp_path / "damaged.db")
    orders = [market.paid().id for _ in range(5)][::-1]
    damage(market.path, orders[1], b"{", b"!")
    damage(market.path, orders[3], b'"held":2500', b'"held":2400')
    market.clock.move_to(Instant(T0 + 8 * DAY))
    list_orders = market.app.queries.list_orders
    first = list_orders(buyer="ann", limit=2)
    assert [order.id for order in first.items] == orders[:1]
    second = list_orders(buyer="ann", limit=3, older_than=first.older)
    assert [order.id for order in second.items] == [orders[2]]
    third = list_orders(buyer="ann", limit=3, older_than=second.older)
    assert [order.id for order in third.items] == [orders[4]]
    assert market.app.sweeper.once() == 3
    assert market.app.store.reader().parked_orders(9) == sorted((orders[1], orders[3]))
    assert [refund.amount for refund in market.now(third.items[0]).refunds] == [2500]
    market.app.close()


def test_people_find_their_orders_by_number_title_and_tracking_in_any_case(market: Market) -> None:
    order = market.paid()
    market.placed(buyer=STRANGE_BUYER)
    market.tell(order.id, ShipParcel(carrier="post", tracking_number="RB42CN"), SELLER)
    for text in (
        order_number(order.id),
        order_number(order.id).replace("-", ""),
        "goods SECOND",
        "rb42cn",
        order.id,
        " Rb42 ",
    ):
        found = market.app.queries.list_orders(buyer="ann", search=text)
        assert [order.id for order in found.items] == [order.id], text
    assert not market.app.queries.list_orders(buyer="ann", search="nothing like it").items
    assert not market.app.queries.list_orders(buyer="ann", search="bob").items


def test_tabs_and_counts_are_those_of_the_person(market: Market) -> None:
    market.placed()
    order = market.paid()
    market.tell(market.placed().id, CancelOrder(), BUYER)
    market.shipped()
    market.placed(buyer=STRANGE_BUYER)
    counts, at_least = market.app.queries.tab_counts(buyer="ann")
    assert not at_least
    assert counts[None] == 4
    assert {tab: count for tab, count in counts.items() if count and tab} == {
        Tab.AWAITING_PAYMENT: 1,
        Tab.AWAITING_SHIPMENT: 1,
        Tab.AWAITING_DELIVERY: 1,
        Tab.SHIPPED: 1,
        Tab.CANCELLED: 1,
        Tab.CLOSED: 1,
    }
    found = market.app.queries.list_orders(buyer="ann", tab=Tab.AWAITING_SHIPMENT)
    assert [found.id for found in found.items] == [order.id]
    assert market.app.queries.tab_counts(seller="shop-7").numbers[None] == 5
    assert market.app.queries.tab_counts(seller="nobody").numbers[None] == 0


def test_a_list_shows_what_is_due_though_nobody_swept(market: Market) -> None:
    order = market.placed()
    market.clock.move_to(Instant(T0 + 25 * HOUR))
    assert not market.app.queries.list_orders(buyer="ann", tab=Tab.AWAITING_PAYMENT).items
    assert market.app.queries.list_orders(buyer="ann").items[0].closed_at == T0 + 24 * HOUR
    assert market.app.queries.order(order.id) == market.app.queries.list_orders().items[0]


def test_history_and_earlier_versions_of_an_order(market: Market) -> None:
    order = market.shipped()
    assert [seq for seq, _ in market.app.queries.history(order.id)] == [1, 2, 3]
    earlier = market.app.queries.order_at(order.id, 2)
    assert earlier is not None
    assert (earlier.version, earlier.shipments) == (2, ())
    assert market.app.queries.history(OrderId("none")) == []
    assert market.app.queries.order(OrderId("none")) is None


def test_transfers_are_read_page_by_page(market: Market) -> None:
    orders = [market.paid() for _ in range(3)]
    queries = market.app.queries
    [moved] = queries.transfers(order=orders[0].id)
    assert (moved.debit, moved.credit, moved.amount) == ("provider:sandbox:RUB", "held:RUB", 2500)
    first = queries.transfers(limit=2)
    rest = queries.transfers(after=(first[-1].lane, first[-1].order_id, first[-1].seq, first[-1].n))
    assert [row.order_id for row in (*first, *rest)] == [order.id for order in orders]
    assert queries.transfers(order=OrderId("none")) == []


def test_a_seller_s_name_that_looks_like_a_currency_stays_their_own(market: Market) -> None:
    seller = Actor(Role.SELLER, PersonId("RUB"))
    order = market.placed(seller=seller)
    assert market.app.queries.list_orders(seller="RUB").items == (order,)


def test_what_moved_through_an_account_adds_up_to_its_balance(market: Market) -> None:
    for _ in range(3):
        market.paid()
    queries = market.app.queries
    for account, balance in queries.balances().items():
        moved, complete = queries.moved_through(account)
        assert complete
        assert sum(row.amount if row.credit == account else -row.amount for row in moved) == balance
        assert [row.at for row in moved] == sorted((row.at for row in moved), reverse=True)
    newest, complete = queries.moved_through("held:RUB", newest=2)
    assert (len(newest), complete) == (2, False)
