"""A seller tells Stripe who they are: the way there from the page of their money, and back."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from fairhold.domain.ids import OrderId
from fairhold.engine.ports.payouts import Purse
from fairhold.gateways.payments.stripe.provider import Stripe
from tests.fakes.serving import served_fast
from tests.fakes.stripe import server as stripe
from tests.web.conftest import ANN, SHOP, Market, Visiting, form_to
from tests.web.test_payouts import released

MONEY = "/selling/money"
PAGE = f"{MONEY}/account/stripe"


@pytest.fixture
def fake(market: Market) -> Iterator[stripe.StripeFake]:
    """Stripe, where this marketplace's buyers pay."""
    released(market)
    made = stripe.StripeFake()
    with served_fast(made) as url:
        provider = Stripe(stripe.KEY, (stripe.SECRET,), url=url)
        payers = market.application.payouts.balances._providers
        payers["stripe"] = provider  # type: ignore[index]  # it is a dict
        now = market.application.clock.now()
        purse = Purse(
            OrderId("o-1"), 1, ANN.id, SHOP.id, "EUR", "stripe", now, now, 1000, 0, 0, 950, 50, 0, 0, 950, 0, 0, now
        )
        market.application.payouts.rows.keep_purses([purse])
        yield made
        provider.hang_up()


def test_a_seller_without_an_account_is_led_to_stripe(
    market: Market, visiting: Visiting, fake: stripe.StripeFake
) -> None:
    shop = visiting("nick", "en")
    page = shop.get(MONEY)
    assert "Tell Stripe who you are, and your money leaves." in page
    assert f'href="{PAGE}"' in page
    answer = shop.send(form_to(shop.get(PAGE), PAGE), country="DE")
    assert answer.status_code == 200
    assert re.search(r'href="https://connect\.stripe\.com/[^"]+"', answer.text)
    payee = market.application.payouts.rows.payee(SHOP.id, "stripe")
    assert payee is not None
    assert payee.account.startswith("acct_")
    # Whoever comes back before all is told is asked for no country again, and goes to the same account.
    assert "<select" not in shop.get(PAGE)
    again = shop.send(form_to(shop.get(PAGE), PAGE))
    assert "Go to Stripe" in again.text
    known = market.application.payouts.rows.payee(SHOP.id, "stripe")
    assert known is not None
    assert known.account == payee.account


def test_a_country_is_chosen_and_what_is_wrong_is_said(visiting: Visiting, fake: stripe.StripeFake) -> None:
    shop = visiting("nick", "ru")
    page = shop.get(PAGE)
    assert "Германия" in page
    for country in ("", "ZZ", "de"):
        answer = shop.send(form_to(page, PAGE), country=country)
        assert answer.status_code == 422
        assert "Выберите страну" in answer.text


def test_where_stripe_does_not_answer_nothing_changes(
    market: Market, visiting: Visiting, fake: stripe.StripeFake
) -> None:
    shop = visiting("nick", "en")
    form = form_to(shop.get(PAGE), PAGE)
    fake.faults.extend([stripe.Fault.BUSY] * 3)
    answer = shop.send(form, country="DE")
    fake.faults.clear()
    assert answer.status_code == 503
    assert "does not answer just now" in answer.text
    payee = market.application.payouts.rows.payee(SHOP.id, "stripe")
    assert payee is None or not payee.account


def test_other_providers_have_no_such_page(visiting: Visiting, fake: stripe.StripeFake) -> None:
    shop = visiting("nick", "en")
    for provider in ("sandbox", "nobody", "yookassa"):
        assert shop.client.get(f"{MONEY}/account/{provider}").status_code == 404
    assert visiting("ann", "en").client.get(PAGE).status_code in (403, 404)
