"""Which ways to pay the order's page offers: whoever does not take its sum or its currency is no choice."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fairhold.domain.commands import NewLine
from fairhold.engine.installation.payment_settings import PaymentSettings
from fairhold.engine.installation.settings import Settings
from fairhold.wiring import build
from tests.databases import up_to_date
from tests.web.conftest import Market, Visitor, form_to

Visiting = Callable[..., Visitor]
TEST_CARDS = ["sandbox:ok", "sandbox:declined"]


@pytest.fixture
def market(tmp_path: Path) -> Iterator[Market]:
    """With every provider that there is; none is reached."""
    payments = PaymentSettings(
        stripe_key="sk_test_1",
        stripe_secrets=("whsec_1",),
        yookassa_shop="506751",
        yookassa_key="test_key",
        bank_details="Fairhold",
    )
    database = f"sqlite:///{up_to_date(tmp_path / 'web.db')}"
    settings = Settings(database=database, sandbox=True, secret="for-tests-only-1234567", payments=payments)
    application = build(settings)
    application.start(background=False)
    yield Market(application)
    application.close()


def goods(price: int) -> NewLine:
    return NewLine(sku="lamp", title="Head torch", quantity=1, unit_price=price)


@pytest.mark.parametrize(
    ("price", "currency", "offered"),
    [
        (240_000, "RUB", ["stripe", "yookassa", "bank"]),
        (240_000, "EUR", ["stripe", "bank"]),
        (240_000, "KWD", ["stripe", "bank"]),
        (240_001, "KWD", ["bank"]),
        *((240_000, currency, ["bank"]) for currency in ("CLF", "IQD", "LYD", "UYI", "UYW")),
    ],
)
def test_only_who_takes_the_sum_and_its_currency_is_a_choice(
    market: Market, visiting: Visiting, price: int, currency: str, offered: list[str]
) -> None:
    order = market.placed(goods(price), currency=currency)
    ann = visiting("ann", "ru")
    page = ann.get(f"/orders/{order.id}")
    assert re.findall(r'name="method" value="([^"]+)"', page) == [*offered, *TEST_CARDS]
    for method in {"stripe", "yookassa"} - set(offered):
        answer = ann.send(form_to(page, "/payment"), method=method)
        assert answer.status_code == 422
        assert "Такого способа оплаты нет." in answer.text
