"""Who may see what: one table per resource."""

import pytest

from fairhold.access import may_move_clock, may_see_account, may_see_chat, may_see_ledger, may_see_order, whose
from fairhold.domain.actors import Actor, Role
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
    ("actor", "buyers", "sellers"),
    [
        ("buyer", True, False),
        ("seller", False, True),
        ("support", True, True),
        ("operator", True, True),
        ("mediator", False, False),
        ("strange_buyer", False, False),
        ("strange_seller", False, False),
    ],
)
def test_a_chat_with_support_is_read_by_its_own_side_and_those_who_answer(
    actor: str, buyers: bool, sellers: bool
) -> None:
    order = start().order
    assert may_see_chat(ACTORS[actor], order, f"buyer:{order.buyer}") is buyers
    assert may_see_chat(ACTORS[actor], order, f"seller:{order.seller}") is sellers


def test_nobody_answers_for_support_in_a_deal_of_their_own() -> None:
    order = start().order
    for person in (order.buyer, order.seller):
        assert not may_see_chat(Actor(Role.SUPPORT, person), order, f"buyer:{order.buyer}")


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
