"""How well a delivery is proved, and what follows from a weak proof: more time, where the policy weighs deliveries."""

import itertools
from collections.abc import Callable

import pytest

from fairhold.domain.actors import SYSTEM
from fairhold.domain.commands import PlaceOrder, RecordCheckpoint, ReportSharedNumber
from fairhold.domain.deadlines import next_deadline
from fairhold.domain.delivery_evidence import WEIGHTS, doubts_about, is_low, score
from fairhold.domain.destination import Destination, is_elsewhere
from fairhold.domain.events import DeliveryDoubted
from fairhold.domain.instants import DAY, Instant
from fairhold.domain.order import Doubt, ParcelStatus
from fairhold.domain.reasons import Reason
from tests.builders import (
    DELIVERED_AT,
    LINE_1,
    OPERATOR,
    PAID_AT,
    PARCEL_1,
    PARCEL_2,
    SHIPPED_AT,
    Deal,
    at,
    name_of,
    paid,
    place,
    policy,
    start,
)

OMSK = Destination(country="RU", town="Омск", postcode="644001")
SHARED = ReportSharedNumber(shipment=PARCEL_1, orders=1)


def weighed(**receipt: object) -> PlaceOrder:
    """An order under a policy that weighs deliveries."""
    return place(policy=policy(receipt={"delivery_evidence": True, **receipt}), destination=OMSK)


def sent(command: PlaceOrder | None = None) -> Deal:
    """Shipped, and not scanned yet."""
    return start(command or weighed()).pay(PAID_AT).ship(when=SHIPPED_AT)


def handed_over(deal: Deal, place: str | None = None, when: Instant = DELIVERED_AT) -> Deal:
    scan = RecordCheckpoint(shipment=PARCEL_1, status=ParcelStatus.DELIVERED, at=when, place=place)
    return deal.do(scan, SYSTEM, when)


def window(deal: Deal) -> int:
    """Days from the beginning until the time to check ends."""
    [ends] = {portion.window_ends for portion in deal.order.portions}
    assert ends is not None
    return (ends - at()) // DAY


def doubts(deal: Deal) -> tuple[Doubt, ...]:
    return doubts_about(deal.order, deal.order.shipments[0])


def moved() -> Deal:
    return sent().scan("in_transit", at(days=2))


@pytest.mark.parametrize(
    ("made", "found"),
    [
        (lambda: handed_over(moved()), ()),
        (lambda: handed_over(moved(), "Омск 1"), ()),
        (lambda: handed_over(sent()), (Doubt.NO_MOVEMENT,)),
        (lambda: handed_over(sent().scan("info_received", at(days=2))), (Doubt.NO_MOVEMENT,)),
        (lambda: handed_over(moved(), "Томск"), (Doubt.OTHER_TOWN,)),
        (lambda: handed_over(sent(), "Томск"), (Doubt.OTHER_TOWN, Doubt.NO_MOVEMENT)),
        (lambda: handed_over(moved().do(SHARED, SYSTEM)), (Doubt.SHARED_NUMBER,)),
        (
            lambda: handed_over(sent().scan("in_transit", at(days=2), scanned=Instant(PAID_AT - DAY - 1))),
            (Doubt.ACCEPTED_BEFORE_PAYMENT,),
        ),
        (lambda: handed_over(sent().scan("in_transit", at(days=2), scanned=Instant(PAID_AT - DAY))), ()),
        (lambda: handed_over(moved().scan("info_received", at(days=2), scanned=Instant(PAID_AT - 9 * DAY))), ()),
    ],
)
def test_what_speaks_against_a_delivery_gives_the_buyer_more_time(
    made: Callable[[], Deal], found: tuple[Doubt, ...]
) -> None:
    deal = made()
    assert doubts(deal) == found
    assert window(deal) == (25 if found else 18)
    told = [event for event in deal.events if isinstance(event, DeliveryDoubted)]
    assert [(event.doubts, event.score) for event in told] == ([(found, score(found))] if found else [])
    assert deal.order.shipments[0].doubts == found


@pytest.mark.parametrize("doubt", Doubt)
def test_each_doubt_alone_makes_the_score_low_and_two_make_it_lower(doubt: Doubt) -> None:
    assert is_low((doubt,))
    assert 0 <= score(Doubt) < score((doubt,)) == 100 - WEIGHTS[doubt]
    assert not is_low(())


def test_everything_together_leaves_nothing_of_the_score() -> None:
    assert score(Doubt) == 0


def test_where_the_policy_does_not_weigh_deliveries_the_carrier_s_word_is_enough() -> None:
    deal = handed_over(sent(place(destination=OMSK)).do(SHARED, SYSTEM), "Томск")
    assert doubts(deal) == ()
    assert window(deal) == 18
    assert deal.do(ReportSharedNumber(shipment=PARCEL_1, orders=2), SYSTEM).order.shipments[0].shared_with == 2


@pytest.mark.parametrize("longer", [1, 6, 7, 8])
def test_how_much_longer_is_the_policy_s(longer: int) -> None:
    assert window(handed_over(sent(weighed(doubted_delivery_days=longer)))) == 18 + longer


def test_a_doubt_that_comes_after_the_delivery_stretches_what_still_runs_once() -> None:
    deal = handed_over(moved()).confirm(LINE_1, when=at(days=12)).do(SHARED, SYSTEM, at(days=13))
    assert [portion.window_ends for portion in deal.order.portions] == [at(days=18), at(days=25)]
    assert next_deadline(deal.order) == at(days=25)
    again = deal.until(at(days=14)).do(ReportSharedNumber(shipment=PARCEL_1, orders=2), SYSTEM)
    assert name_of(again.events[-1]) == "number_shared"
    assert again.order.portions[1].window_ends == at(days=25)


def test_another_doubt_is_told_and_gives_no_more_time() -> None:
    deal = handed_over(sent()).do(SHARED, SYSTEM, at(days=12))
    last = deal.events[-1]
    assert isinstance(last, DeliveryDoubted)
    assert (last.doubts, last.windows) == ((Doubt.SHARED_NUMBER, Doubt.NO_MOVEMENT), ())
    assert window(deal) == 25


def test_time_once_given_stays_when_a_late_scan_takes_the_doubt_away() -> None:
    deal = handed_over(sent()).scan("in_transit", at(days=13), scanned=at(days=5))
    assert doubts(deal) == ()
    assert window(deal) == 25


def test_after_a_correction_the_next_delivery_is_weighed_anew() -> None:
    deal = handed_over(sent()).scan("attempt_failed", at(days=12))
    assert deal.order.shipments[0].doubts == ()
    assert window(handed_over(deal, when=at(days=14))) == 21, "an attempt is a movement"


def test_a_delivery_that_begins_the_window_anew_is_stretched_again() -> None:
    deal = handed_over(sent(), when=at(days=11))
    corrected = deal.scan("exception", at(days=20), scanned=at(days=12))
    assert window(corrected.scan("delivered", at(days=21), scanned=at(days=20)).do(SHARED, SYSTEM)) == 35


def test_the_protection_timer_still_comes_first_where_it_is_earlier() -> None:
    deal = handed_over(sent(), when=at(days=58))
    assert window(deal) == 72
    assert next_deadline(deal.order) == at(days=61)


def test_goods_that_the_buyer_sends_back_are_not_weighed() -> None:
    deal = paid().ship(when=SHIPPED_AT)
    shipment = deal.order.shipments[0]
    assert doubts_about(deal.order, shipment) == ()


def test_a_number_that_is_known_to_be_shared_is_not_told_twice() -> None:
    deal = sent().do(ReportSharedNumber(shipment=PARCEL_1, orders=2), SYSTEM)
    assert deal.ask(SHARED, SYSTEM) == ()
    assert deal.refused(ReportSharedNumber(shipment=PARCEL_2, orders=1), SYSTEM).reason is Reason.UNKNOWN_SHIPMENT
    assert deal.refused(SHARED, OPERATOR).reason is Reason.NOT_ALLOWED


def test_in_whatever_order_scans_arrive_the_same_is_doubted_in_the_end() -> None:
    """Only the windows depend on what was known when."""
    scans = (("in_transit", at(days=4)), ("delivered", at(days=10)), ("in_transit", at(days=2)))
    found = set()
    for order in itertools.permutations(scans):
        deal = sent()
        for state, when in order:
            deal = deal.scan(state, at(days=13), scanned=when)
        found.add((doubts(deal), deal.order.shipments[0].delivered_at))
    assert found == {((), at(days=10))}


@pytest.mark.parametrize(
    ("destination", "where", "elsewhere"),
    [
        (OMSK, "Омск 1", False),
        (OMSK, "г. ОМСК, отделение 644099", False),
        (OMSK, "644099", False),
        (OMSK, "620014", True),
        (OMSK, "Екатеринбург 620014", True),
        (OMSK, "Томск", True),
        (OMSK, "Omsk", False),
        (OMSK, "Yekaterinburg", False),
        (OMSK, "", False),
        (OMSK, "Shanghai, CN", True),
        (OMSK, "дом 7, квартира 1234567", True),
        (Destination(town="Орёл"), "ОРЕЛ", False),
        (Destination(town="Нижний Новгород"), "Великий Новгород", True),
        (Destination(town="Нижний Новгород"), "нижний новгород 5", False),
        (Destination(country="US", town="Boca Raton", postcode="33487"), "BOCA RATON, FL, 33487, USA", False),
        (Destination(country="US", town="Boca Raton"), "Austin, TX", True),
        (Destination(country="US"), "Austin, TX", False),
        (Destination(country="DE"), "Austin, TX", True),
        (Destination(postcode="SW1A 1AA"), "London 12345", False),
        (Destination(postcode="00-950"), "Krakow 30001", True),
        (Destination(postcode="00-950"), "Warszawa 00950", False),
        (Destination(), "Томск", False),
    ],
)
def test_a_place_is_elsewhere_only_where_that_is_certain(
    destination: Destination, where: str, *, elsewhere: bool
) -> None:
    assert is_elsewhere(destination, where) is elsewhere
