"""What the operator's page of the money adds up, in every store: how much is due, of how many sellers, who owes since when."""

import pytest

from fairhold.domain.instants import Instant
from fairhold.engine.ports.payouts import DueInAll
from fairhold.engine.ports.store import Store
from fairhold.store.payouts import PayoutTables
from tests.contract.rows import NOW
from tests.contract.test_payouts import purse


@pytest.fixture
def rows(store: Store) -> PayoutTables:
    return PayoutTables(store.tables())


def test_a_seller_at_two_providers_is_one_seller(rows: PayoutTables) -> None:
    rows.keep_purses(
        [
            purse(1),
            purse(2),
            purse(3, provider="yookassa", due=50),
            purse(4, seller="shop-8", due=-300),
            purse(5, seller="shop-8", provider="yookassa", due=-20),
            purse(6, seller="shop-8", currency="EUR", due=7),
        ]
    )
    assert rows.due_in_all() == [DueInAll("EUR", 7, 1, 0, 0), DueInAll("RUB", 1950, 1, 320, 1)]


def test_who_owes_most_says_since_when(rows: PayoutTables) -> None:
    rows.keep_purses(
        [
            purse(1, seller="shop-8", due=-300, changed_at=Instant(NOW + 50)),
            purse(2, seller="shop-8", due=-10, changed_at=Instant(NOW + 40)),
            purse(3, seller="shop-8", due=100, changed_at=Instant(NOW + 1)),
            purse(4, seller="shop-9", due=-30, changed_at=Instant(NOW + 60)),
        ]
    )
    owed = rows.most_owed("RUB", 9, owing=True)
    assert [(one.account.seller, one.due, one.owing_since) for one in owed] == [
        ("shop-8", -210, NOW + 40),
        ("shop-9", -30, NOW + 60),
    ]
