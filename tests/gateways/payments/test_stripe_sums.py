"""Sums as Stripe writes them, and what is not paid there for want of a way to write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairhold.domain.money import MINOR_DIGITS
from fairhold.domain.reasons import Reason
from fairhold.engine.outside.payment_seen import No
from fairhold.engine.outside.payments import Refused
from fairhold.gateways.payments.desk import Desk
from fairhold.gateways.payments.stripe.provider import Stripe
from fairhold.gateways.payments.stripe.sums import currencies, from_stripe, steps, to_stripe
from fairhold.gateways.payments.yookassa.provider import YooKassa


@pytest.mark.parametrize(
    ("ours", "currency", "theirs"),
    [
        (1_234, "EUR", 1_234),
        (1_234, "JPY", 1_234),
        (1_230, "KWD", 1_230),
        (5, "ISK", 500),
        (5, "UGX", 500),
        (1_200, "MGA", 12),
        (1_234, "HUF", 1_234),
        (1_234, "TWD", 1_234),
    ],
)
def test_sums_are_written_as_stripe_writes_them(ours: int, currency: str, theirs: int) -> None:
    assert to_stripe(ours, currency) == theirs
    assert from_stripe(theirs, currency.lower()) == ours


@pytest.mark.parametrize(
    ("amount", "currency"),
    [
        (1_234, "KWD"),
        (1, "TND"),
        (1_250, "MGA"),
        (1_000, "IQD"),
        (1_000, "LYD"),
        (1_000, "CLF"),
        (5, "UYI"),
        (5, "XXX"),
    ],
)
def test_what_stripe_cannot_express_is_not_supported(amount: int, currency: str) -> None:
    with pytest.raises(Refused) as caught:
        to_stripe(amount, currency)
    assert caught.value.why is No.UNSUPPORTED


@pytest.mark.parametrize("currency", ["HUF", "TWD"])
def test_some_currencies_are_paid_out_in_whole_units_only(currency: str) -> None:
    assert to_stripe(1_200, currency, payout=True) == 1_200
    with pytest.raises(Refused):
        to_stripe(1_234, currency, payout=True)


def expressible(amount: int, currency: str, *, payout: bool = False) -> bool:
    try:
        to_stripe(amount, currency, payout=payout)
    except Refused:
        return False
    return True


@given(st.sampled_from(sorted(MINOR_DIGITS)), st.integers(0, 10**13))
def test_a_sum_that_goes_to_stripe_comes_back_the_same(currency: str, amount: int) -> None:
    if expressible(amount, currency):
        assert from_stripe(to_stripe(amount, currency), currency.lower()) == amount


KNOWN = [code for code in sorted(MINOR_DIGITS) if expressible(0, code)]


@given(st.sampled_from(KNOWN), st.integers(0, 10**13), st.booleans())
def test_the_steps_say_which_sums_can_be_written(currency: str, amount: int, payout: bool) -> None:
    fits = amount % steps(payout=payout).get(currency, 1) == 0
    assert expressible(amount, currency, payout=payout) is fits
    if fits:
        # What can be paid out can be passed on and taken back.
        assert expressible(amount, currency)


def test_few_currencies_have_steps() -> None:
    thousandths = dict.fromkeys(("BHD", "JOD", "KWD", "OMR", "TND"), 10)
    assert steps() == thousandths | {"MGA": 100}
    assert steps(payout=True) == thousandths | dict.fromkeys(("HUF", "MGA", "TWD"), 100)


def test_only_currencies_that_stripe_writes_are_taken_there() -> None:
    assert sorted(currencies()) == KNOWN
    assert sorted(set(MINOR_DIGITS) - currencies()) == ["CLF", "IQD", "LYD", "UYI", "UYW"]


def test_parts_of_a_unit_that_a_currency_does_not_have_are_not_believed() -> None:
    with pytest.raises(ValueError, match="not a whole sum"):
        from_stripe(501, "isk")
    with pytest.raises(ValueError, match="no currency"):
        from_stripe(5, "xxx")


@pytest.mark.parametrize(
    ("provider", "amount", "currency", "takes"),
    [
        ("stripe", 12_340, "KWD", True),
        ("stripe", 12_345, "KWD", False),
        ("stripe", 1_250, "MGA", False),
        ("stripe", 20_005, "HUF", True),
        *(("stripe", 1_000_000, currency, False) for currency in ("CLF", "IQD", "LYD", "UYI", "UYW", "XXX")),
        ("yookassa", 100, "RUB", True),
        ("yookassa", 99, "RUB", False),
        ("yookassa", 12_345, "EUR", False),
    ],
)
def test_a_sum_that_cannot_be_written_is_refused_before_a_page_is_asked_for(
    provider: str, amount: int, currency: str, takes: bool
) -> None:
    at = Stripe("sk_test_1", ("whsec_1",)) if provider == "stripe" else YooKassa(("506751", "test_key"))
    why = Desk(at, "https://shop.example").judge(provider, amount, currency)
    assert why is (None if takes else Reason.UNKNOWN_PAYMENT_METHOD)
    at.hang_up()
