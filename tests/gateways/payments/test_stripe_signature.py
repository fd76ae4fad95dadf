"""Whether Stripe sent a webhook."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairhold.domain.instants import DAY, SECOND, Instant
from fairhold.gateways.payments.stripe.events import is_signed
from fairhold.gateways.payments.stripe.provider import Stripe
from tests.fakes.stripe.server import KEY, SECRET, SECRET_OF_SELLERS, signature

NOW = Instant(1_780_000_000 * SECOND)
BODY = b'{"id":"evt_1","object":"event","type":"balance.available","livemode":false,"data":{"object":{}}}'


def header(at: int = NOW // SECOND, secret: str = SECRET, body: bytes = BODY) -> str:
    return signature(body, secret, at)


def test_what_stripe_signed_is_stripes() -> None:
    assert is_signed(header(), BODY, (SECRET,), NOW)
    assert is_signed(header(), BODY, (SECRET_OF_SELLERS, SECRET), NOW)


@pytest.mark.parametrize("off", [-300, 300])
def test_a_clock_may_be_off_by_five_minutes(off: int) -> None:
    assert is_signed(header(NOW // SECOND + off), BODY, (SECRET,), NOW)
    assert not is_signed(header(NOW // SECOND + off + off // 300), BODY, (SECRET,), NOW)


def test_while_a_secret_is_changed_either_of_two_signatures_is_good() -> None:
    old, new = (header(secret=secret).split(",")[1] for secret in ("whsec_old", "whsec_new"))
    both = f"t={NOW // SECOND},{old},{new}"
    assert is_signed(both, BODY, ("whsec_old",), NOW)
    assert is_signed(both, BODY, ("whsec_new",), NOW)
    assert not is_signed(both, BODY, ("whsec_other",), NOW)


GOOD = header().split(",")[1]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        GOOD,
        f"t={NOW // SECOND}",
        f"t={NOW // SECOND},{GOOD.replace('v1', 'v0')}",
        f"t={NOW // SECOND},t={NOW // SECOND},{GOOD}",
        f"t=-{NOW // SECOND},{GOOD}",
        f"t=١٧٨٠٠٠٠٠٠٠,{GOOD}",
        f"t={NOW // SECOND},v1=é",
        f"t={NOW // SECOND}," + ",".join([GOOD] * 21),
        f"t={'9' * 400},{GOOD}",
    ],
)
def test_anything_else_is_not_stripes(text: str) -> None:
    assert not is_signed(text, BODY, (SECRET,), NOW)


def test_another_body_or_secret_is_not_stripes() -> None:
    assert not is_signed(header(), BODY + b" ", (SECRET,), NOW)
    assert not is_signed(header(secret="whsec_x"), BODY, (SECRET,), NOW)
    assert not is_signed(header(), BODY, (), NOW)


def test_an_empty_secret_is_no_secret() -> None:
    assert not is_signed(header(secret=""), BODY, ("",), NOW)
    with pytest.raises(ValueError, match="known to everybody"):
        Stripe(KEY, (SECRET, ""))


@given(st.text(max_size=60))
def test_no_header_breaks_it(text: str) -> None:
    assert not is_signed(text, BODY, (SECRET,), NOW)


def test_a_week_is_longer_than_a_signature_is_good() -> None:
    assert not is_signed(header(), BODY, (SECRET,), Instant(NOW + 7 * DAY))
