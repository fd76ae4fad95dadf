"""`scripts/try_provider.py` walks through a provider with test keys: here a fake, where somebody pays on the page."""

import threading
import time
from collections.abc import Callable

import pytest

from fairhold.domain.instants import SECOND
from fairhold.engine.installation.payment_settings import read_payments
from fairhold.engine.outside.payments import Onboards
from fairhold.wiring.payments import providers_of
from scripts import try_provider
from tests.fakes.serving import served_fast
from tests.fakes.stripe import server as stripe
from tests.fakes.yookassa import fake as yookassa
from tests.fakes.yookassa.server import served as yookassa_served


def meanwhile(pay: Callable[[], bool]) -> threading.Thread:
    """Somebody who pays as soon as there is a page."""

    def wait() -> None:
        ends = time.monotonic() + 120
        while time.monotonic() < ends and not pay():
            time.sleep(0.05)

    buyer = threading.Thread(target=wait, daemon=True)
    buyer.start()
    return buyer


@pytest.mark.parametrize("with_seller", [False, True])
def test_it_walks_through_stripe(capsys: pytest.CaptureFixture[str], with_seller: bool) -> None:
    fake = stripe.StripeFake()
    fake.books.at = int(time.time())

    def pay() -> bool:
        pages = [name for name in list(fake.books.objects) if name.startswith("cs_")]
        for name in pages:
            fake.people.pay(name)
        return bool(pages)

    with served_fast(fake) as url:
        environment = {"FAIRHOLD_STRIPE_KEY": stripe.KEY, "FAIRHOLD_STRIPE_URL": url}
        seller = seller_of(fake, environment) if with_seller else ""
        buyer = meanwhile(pay)
        code = try_provider.main(["stripe", "--currency", "EUR", "--seller", seller], environment, 0.05)
        buyer.join(20)
    said = capsys.readouterr()
    assert (code, said.err) == (0, "")
    assert "All of it agrees." in said.out
    assert said.out.count("asked for twice it is one: yes") == (4 if with_seller else 2)


def seller_of(fake: stripe.StripeFake, environment: dict[str, str]) -> str:
    """A seller's account there, of whom all is known."""
    provider = providers_of(read_payments(environment))["stripe"]
    asks: object = provider
    assert isinstance(asks, Onboards)
    page = "https://shop.example/"
    account = asks.onboard("", "try", seller="s-1", country="DE", back=page, again=page).account
    fake.people.become_known(account)
    provider.hang_up()
    return account


@pytest.mark.parametrize("seller", ["", "pt-1"])
def test_it_walks_through_yookassa(capsys: pytest.CaptureFixture[str], seller: str) -> None:
    fake = yookassa.YooKassaFake()
    fake.books.now = int(time.time()) * SECOND

    def pay() -> bool:
        waiting = list(fake.books.payments)
        for name in waiting:
            fake.books.pay(name)
        return bool(waiting)

    with yookassa_served(fake) as url:
        buyer = meanwhile(pay)
        environment = {
            "FAIRHOLD_YOOKASSA_SHOP": yookassa.SHOP[0],
            "FAIRHOLD_YOOKASSA_KEY": yookassa.SHOP[1],
            "FAIRHOLD_YOOKASSA_PAYOUT_AGENT": yookassa.GATEWAY[0],
            "FAIRHOLD_YOOKASSA_PAYOUT_KEY": yookassa.GATEWAY[1],
            "FAIRHOLD_YOOKASSA_URL": url,
        }
        code = try_provider.main(
            ["yookassa", "--currency", "RUB", "--amount", "100000", "--seller", seller], environment, 0.05
        )
        buyer.join(20)
    said = capsys.readouterr()
    assert (code, said.err) == (0, ""), said
    assert "All of it agrees." in said.out


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({}, "The keys of stripe are not set"),
        ({"FAIRHOLD_STRIPE_KEY": "sk_live_1"}, "FAIRHOLD_STRIPE_KEY is no test key"),
        ({"FAIRHOLD_STRIPE_KEY": "sk test"}, "FAIRHOLD_STRIPE_KEY must be visible ASCII"),
    ],
)
def test_it_says_what_is_missing_and_moves_no_real_money(
    environment: dict[str, str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert try_provider.main(["stripe"], environment) == 2
    assert capsys.readouterr().err.startswith(said)


def test_a_provider_that_cannot_be_asked_is_told_of_without_a_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    nowhere = {"FAIRHOLD_STRIPE_KEY": stripe.KEY, "FAIRHOLD_STRIPE_URL": "http://127.0.0.1:9/"}
    assert try_provider.main(["stripe"], nowhere) == 1
    assert "could not be asked" in capsys.readouterr().err
