"""When the seller's money comes, and how much (S7)."""

from fairhold.domain.coming import Because
from fairhold.domain.forecast import Forecast, forecast
from tests.builders import (
    LINE_1,
    LINE_2,
    all_confirmed,
    at,
    delivered,
    new_line,
    one_line_confirmed,
    paid,
    partly_shipped,
    place,
    policy,
    released,
    returned_to_sender,
    shipped,
)


def test_what_travels_comes_by_the_end_of_protection_at_the_latest() -> None:
    assert forecast(shipped().order) == (
        Forecast(
            at=at(days=61), latest=True, gross=1900, fee=95, net=1805, because=Because.SHIPPED, lines=(LINE_1, LINE_2)
        ),
    )


def test_what_was_confirmed_comes_on_its_day_and_the_rest_by_the_window() -> None:
    coming = forecast(one_line_confirmed().order)
    assert [(found.at, found.latest, found.net, found.because) for found in coming] == [
        (at(days=13), False, 950, Because.CONFIRMED),
        (at(days=18), True, 855, Because.DELIVERED),
    ]


def test_what_is_with_the_seller_or_already_paid_has_no_date() -> None:
    assert forecast(paid().order) == ()
    assert forecast(released().order) == ()
    assert forecast(returned_to_sender().order) == ()
    assert [found.lines for found in forecast(partly_shipped().order)] == [(LINE_1,)]


def test_the_forecast_is_what_then_comes() -> None:
    """Commissions of half a minor unit each: 0.5 → 0, 1.0 → 1, 1.5 → 2."""
    three = place(lines=(new_line(10, sku="a"), new_line(10, sku="b"), new_line(10, sku="c")))
    deal = delivered(three).confirm(LINE_1, when=at(days=12)).confirm(LINE_2, when=at(days=12, hours=1))
    coming = forecast(deal.order)
    assert [found.fee for found in coming] == [0, 1, 1]
    for found in coming:
        before, deal = deal.order.money, deal.until(found.at)
        assert deal.order.money.released - before.released == found.net


def test_where_a_lapse_extends_first_the_money_comes_after_the_extension() -> None:
    once = policy(protection={"on_lapse": "extend_once", "lapse_extension_days": 10})
    deal = shipped(place(policy=once))
    (coming,) = forecast(deal.order)
    assert deal.until(coming.at).order.money.released == coming.net
    assert coming.at == at(days=71)


def test_all_of_it_settles_together_where_it_was_confirmed_together() -> None:
    assert [found.gross for found in forecast(all_confirmed().order)] == [1900]


def test_what_the_bank_has_is_not_foretold() -> None:
    (coming,) = forecast(delivered().charge_back(500).order)
    assert (coming.gross, coming.net) == (1400, 1330)
