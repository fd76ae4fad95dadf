"""Who may see what: one table per resource."""

import pytest

from fairhold.access import may_move_clock, may_see_account, may_see_ledger, may_see_order, whose
from tests.builders import ACTORS, start


@pytest.mark.parametrize(
    ("actor", "sees"),
    [
        ("buyer", True),
        ("seller", True),
        ("operator", True),
        ("support", True),
        ("mediator", True),
        ("system", True),
        ("strange_buyer", False),
        ("strange_seller", False),
    ],
)
def test_an_order_is_seen_by_its_own_people_and_the_staff(actor: str, sees: bool) -> None:
    assert may_see_order(ACTORS[actor], start().order) is sees


@pytest.mark.parametrize(
    ("actor", "buyer", "seller"),
    [
        ("buyer", "ann", None),
        ("strange_buyer", "bob", None),
        ("seller", None, "shop-7"),
        ("strange_seller", None, "shop-8"),
        ("operator", None, None),
        ("support", None, None),
        ("mediator", None, None),
        ("system", None, None),
    ],
)
def test_people_list_their_own_orders_and_staff_everybody_s(actor: str, buyer: str | None, seller: str | None) -> None:
    assert whose(ACTORS[actor]) == (buyer, seller)


@pytest.mark.parametrize(
    ("actor", "account", "may"),
    [
        ("seller", "seller:shop-7:RUB", True),
        ("seller", "seller:shop-8:RUB", False),
        ("seller", "fees:RUB", False),
        ("seller", "seller:shop-7", False),
        ("buyer", "seller:ann:RUB", False),
        ("support", "held:RUB", False),
        ("operator", "held:RUB", True),
    ],
)
def test_accounts_are_the_operator_s_and_a_seller_sees_their_own(actor: str, account: str, may: bool) -> None:
    assert may_see_account(ACTORS[actor], account) is may


def test_the_books_and_the_clock_are_the_operator_s() -> None:
    assert [name for name, actor in ACTORS.items() if may_see_ledger(actor)] == ["operator", "system"]
    assert [name for name, actor in ACTORS.items() if may_move_clock(actor)] == ["operator"]
