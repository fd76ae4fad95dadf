"""Stripe does what every payment provider has to do."""

from collections.abc import Iterator

import pytest

from tests.gateways.payments.contract import PaymentContract
from tests.gateways.payments.stripe_house import StripeHouse, stripe_house


class TestStripe(PaymentContract):
    @pytest.fixture
    def house(self) -> Iterator[StripeHouse]:
        with stripe_house() as house:
            yield house
