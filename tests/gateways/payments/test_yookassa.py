"""YooKassa is asked, on good days: a deal and a payment in it, capture, refunds, payouts, and what it cannot do."""

from collections.abc import Callable, Iterator

import pytest

from fairhold.domain.instants import DAY, HOUR, SECOND, Duration, days
from fairhold.engine.outside.destinations import TryLater
from fairhold.engine.outside.payment_seen import No, Paid, PaymentSeen, State
from fairhold.engine.outside.payments import Answer, EvidenceAsked, PayoutAsked, Provider, Refused, TakingBackAsked
from fairhold.gateways.payments.yookassa.provider import YooKassa
from tests.fakes.yookassa.fake import SHOP, YooKassaFake
from tests.fakes.yookassa.server import served
from tests.gateways.payments.yookassa_place import ORDER, Place, page, refund, standing, transfer


@pytest.fixture
def place() -> Iterator[Place]:
    with standing() as found:
        yield found


def why(caught: pytest.ExceptionInfo[Refused]) -> No:
    return caught.value.why


def test_it_is_a_provider_that_says_what_it_cannot_do(place: Place) -> None:
    provider: Provider = place.provider
    assert provider.name == "yookassa"
    terms = provider.terms
    assert (terms.currencies, terms.ceiling, terms.at_ceiling) == (frozenset({"RUB"}), days(90), "refunds")
    assert (terms.takes_back, terms.contests, terms.pays_seller, terms.returns_fee) == (False, False, "at_once", False)
    assert terms.least == {"RUB": 100}


def test_a_page_is_a_deal_with_one_payment_in_it(place: Place) -> None:
    opened = place.open()
    [deal], [payment] = place.books.deals.values(), place.books.payments.values()
    assert (opened.payment, opened.url) == (payment.id, f"https://yoomoney.example/checkout/{payment.id}")
    assert (payment.amount, payment.deal, payment.part, payment.capture) == (1000_00, deal.id, 800_00, True)
    assert deal.fee_moment == "deal_closed"
    assert deal.metadata == payment.metadata == {"order": ORDER, "attempt": "1"}
    assert payment.description == "Кружка, синяя"


def test_a_long_title_is_cut_to_what_it_takes(place: Place) -> None:
    place.open(asked=page()._replace(title="ы" * 500, language="en-GB"))
    [payment] = place.books.payments.values()
    assert payment.description == "ы" * 128


def test_what_was_paid_is_told_with_its_fee(place: Place) -> None:
    opened = place.open()
    paid = Paid(opened.payment, deal=next(iter(place.books.deals)))
    assert place.provider.payment(opened.payment) == PaymentSeen(ORDER, 1, paid, State.PENDING, 1000_00, "RUB")
    place.books.pay(opened.payment)
    assert place.provider.payment(opened.payment) == PaymentSeen(ORDER, 1, paid, State.DONE, 1000_00, "RUB", 30_00)


@pytest.mark.parametrize(
    ("reason", "no"),
    [
        ("insufficient_funds", No.DECLINED),
        ("3d_secure_failed", No.DECLINED),
        ("fraud_suspected", No.DECLINED),
        ("something_new", No.DECLINED),
        ("expired_on_confirmation", No.EXPIRED),
        ("expired_on_capture", No.EXPIRED),
        ("deal_expired", No.TOO_LATE),
        ("payment_method_restricted", No.UNSUPPORTED),
    ],
)
def test_why_a_payment_came_to_nothing(place: Place, reason: str, no: No) -> None:
    opened = place.open()
    place.books.decline(opened.payment, reason)
    seen = place.provider.payment(opened.payment)
    assert (seen.state, seen.why, seen.fee) == (State.FAILED, no, 0)


def test_a_currency_that_deals_do_not_have_is_refused_without_asking(place: Place) -> None:
    paid = place.paid()
    calls = len(place.fake.calls)
    for ask in (
        lambda: place.open(asked=page(currency="EUR")),
        lambda: place.provider.refund(refund(paid, 100, 100)._replace(currency="KZT"), "k"),
        lambda: place.provider.transfer(transfer(paid, 100)._replace(currency="JPY"), "k"),
    ):
        with pytest.raises(Refused) as caught:
            ask()
        assert why(caught) is No.UNSUPPORTED
    assert len(place.fake.calls) == calls


def test_a_sellers_part_that_is_none_is_refused_without_asking(place: Place) -> None:
    for part in (0, -1, 1000_01):
        with pytest.raises(Refused) as caught:
            place.open(asked=page(part=part))
        assert why(caught) is No.BROKEN
    assert place.fake.calls == []


def test_deals_that_live_shorter_than_agreed_take_no_payment() -> None:
    with standing(life=days(180)) as place:
        with pytest.raises(Refused, match="live shorter") as caught:
            place.open()
        assert why(caught) is No.BROKEN
        assert not place.books.payments
        place.books.life = 180 * DAY
        assert place.open(key="another").payment


@pytest.mark.parametrize("life", [0, -DAY, days(181)])
def test_no_deal_lives_longer_than_half_a_year(life: int) -> None:
    with pytest.raises(ValueError, match="180 days"):
        YooKassa(SHOP, life=Duration(life))


def test_without_a_gateway_payouts_go_by_the_shops_own_key() -> None:
    fake = YooKassaFake(gateway=SHOP)
    with served(fake) as url:
        provider = YooKassa(SHOP, url=url)
        place = Place(fake, provider)
        assert provider.transfer(transfer(place.paid(), 800_00), "k").state is State.DONE
        provider.hang_up()


def authorized(place: Place) -> Paid:
    """A payment that the shop's settings in its office made one of two steps."""
    opened = place.open()
    place.books.payments[opened.payment].capture = False
    place.books.pay(opened.payment)
    return place.provider.payment(opened.payment).paid


def test_what_is_authorized_is_captured_once(place: Place) -> None:
    paid = authorized(place)
    assert place.provider.payment(paid.payment).state is State.AUTHORIZED
    for key in ("a", "a", "b"):
        assert place.provider.capture(paid, 1000_00, "RUB", key) == Answer(paid.payment, State.DONE, 30_00)
    assert place.books.deals[paid.deal].payout_balance == 800_00


def test_a_part_is_not_captured(place: Place) -> None:
    paid = authorized(place)
    for amount, currency in ((999_99, "RUB"), (1000_00, "USD")):
        with pytest.raises(Refused) as caught:
            place.provider.capture(paid, amount, currency, "k")
        assert why(caught) is No.UNSUPPORTED
    assert place.posts(f"payments/{paid.payment}") == 0


def test_what_is_not_authorized_cannot_be_captured(place: Place) -> None:
    paid = Paid(place.open().payment)
    with pytest.raises(Refused) as caught:
        place.provider.capture(paid, 1000_00, "RUB", "k")
    assert why(caught) is No.BROKEN
    place.books.decline(paid.payment, "expired_on_confirmation")
    with pytest.raises(Refused) as caught:
        place.provider.capture(paid, 1000_00, "RUB", "k")
    assert why(caught) is No.EXPIRED


def test_what_is_authorized_is_let_go(place: Place) -> None:
    paid = authorized(place)
    place.provider.close(paid.payment, "k")
    place.provider.close(paid.payment, "k")
    assert place.books.payments[paid.payment].status == "canceled"


def test_a_page_that_is_open_is_closed_only_by_time(place: Place) -> None:
    opened = place.open()
    with pytest.raises(TryLater) as caught:
        place.provider.close(opened.payment, "k")
    assert caught.value.rest is not None
    assert SECOND <= caught.value.rest <= HOUR
    place.books.decline(opened.payment, "expired_on_confirmation")
    place.provider.close(opened.payment, "k")


def test_what_is_paid_is_too_late_to_close(place: Place) -> None:
    with pytest.raises(Refused) as caught:
        place.provider.close(place.paid().payment, "k")
    assert why(caught) is No.TOO_LATE


def test_what_it_cannot_do_is_refused(place: Place) -> None:
    asked: list[Callable[[], object]] = [
        lambda: place.provider.take_back(TakingBackAsked(ORDER, 1, "po-1", 1, "RUB"), "k"),
        lambda: place.provider.pay_out(PayoutAsked("p", 1, "RUB", "t"), "k"),
        lambda: place.provider.contest(EvidenceAsked(ORDER, "c", {}, b"", "text/plain"), "k"),
    ]
    for ask in asked:
        with pytest.raises(Refused) as caught:
            ask()
        assert why(caught) is No.UNSUPPORTED


@pytest.mark.parametrize("name", ["", "../refunds", "2f-00000001?x=1", "a" * 65, "ы" * 20])
def test_what_cannot_be_a_name_never_becomes_part_of_a_path(place: Place, name: str) -> None:
    for ask in (
        lambda: place.provider.payment(name),
        lambda: place.provider.close(name, "k"),
        lambda: place.provider.capture(Paid(name), 1, "RUB", "k"),
        lambda: place.provider.refund(refund(Paid(name), 1, 1), "k"),
        lambda: place.provider.transfer(transfer(Paid("x" * 10, deal=name), 1), "k"),
    ):
        with pytest.raises(Refused) as caught:
            ask()
        assert why(caught) is No.BROKEN
    assert place.fake.calls == []


def test_a_payment_of_somebody_else_is_none_of_ours(place: Place) -> None:
    opened = place.open()
    place.books.payments[opened.payment].metadata = {"order_id": "37"}
    with pytest.raises(Refused, match="not a payment of ours"):
        place.provider.payment(opened.payment)
    with pytest.raises(Refused) as caught:
        place.provider.payment("2f-ffffffff-000f-5000-8000-0123456789ab")
    assert why(caught) is No.BROKEN
