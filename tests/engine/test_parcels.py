"""Parcels by their numbers: kept when they are shipped, told of by whoever knows, and the same whatever comes twice."""

from collections.abc import Sequence

import msgspec
import pytest

from fairhold.domain.actors import Actor, Role
from fairhold.domain.commands import AcceptOffer, Demand, OpenDispute, Pay, ShipParcel, ShipReturn
from fairhold.domain.delivery_evidence import doubts_about
from fairhold.domain.dispute import DemandKind, DisputeReason
from fairhold.domain.ids import PersonId
from fairhold.domain.instants import DAY, HOUR, MINUTE, Instant
from fairhold.domain.order import Doubt, Order, ParcelStatus, Shipment
from fairhold.domain.policy import Policy
from fairhold.engine.outside.tracking import CarrierScan, News
from fairhold.engine.parcels.by_number import WEBHOOK, Taken
from fairhold.engine.ports.parcels import EarlyScan, Parcel, ParcelState
from tests.builders import BUYER, POLICY, SELLER, T0, policy
from tests.engine.market import Market

S = ParcelStatus
BOB = Actor(Role.BUYER, PersonId("bob"))
WEIGHS = policy(receipt={"delivery_evidence": True})
NUMBER = "RD025500807SE"


def scan(status: ParcelStatus, hours: int, code: str = "x", **said: str) -> CarrierScan:
    return CarrierScan(status, Instant(T0 + hours * HOUR), code, **said)


JOURNEY = (scan(S.IN_TRANSIT, 8, "1/1", place="Омск"), scan(S.DELIVERED, 70, "2/1", note="Вручение"))


def news(*scans: CarrierScan, number: str = NUMBER, carrier: str = "") -> list[News]:
    return [News(number, carrier, scans or JOURNEY)]


def shipped(market: Market, number: str = NUMBER, buyer: Actor = BUYER, rules: Policy = POLICY) -> Order:
    order = market.placed(buyer=buyer, policy=rules)
    market.tell(order.id, Pay(method="sandbox:ok"), buyer)
    return market.tell(order.id, ShipParcel(carrier="pochta-ru", tracking_number=number), SELLER)


def heard(market: Market) -> None:
    """The outbox has told everybody."""
    while market.app.courier.once():
        continue


def parcel(market: Market, order: Order) -> Parcel:
    [found] = market.app.tracking.rows.of_shipments([order.shipments[0].id])
    return found


def take(market: Market, told: Sequence[News], source: str = "17track") -> Taken:
    return market.app.tracking.parcels.take(source, told)


def arrived(market: Market, order: Order) -> Shipment:
    return market.now(order).shipments[0]


def test_a_parcel_is_kept_when_it_is_shipped_under_its_number_as_it_is_compared(market: Market) -> None:
    order = shipped(market, " rd 0255-00807 se")
    heard(market)
    found = parcel(market, order)
    assert (found.number, found.order, found.addressee) == (NUMBER, order.id, "buyer:ann")
    assert (found.provider, found.state, found.due_at) == ("", ParcelState.FOLLOWED, None)


def test_an_outbox_that_tells_twice_keeps_a_parcel_once(market: Market) -> None:
    order = shipped(market)
    messages = market.app.queries.outbox("waiting")
    heard(market)
    market.app.engine.on_writer(lambda writer: writer.mark_messages(messages), market.app.engine.lanes[0])
    heard(market)
    assert [found.order for found in market.app.tracking.rows.with_numbers([NUMBER])] == [order.id]


def test_what_is_told_of_a_number_reaches_its_order_with_code_and_source(market: Market) -> None:
    order = shipped(market)
    heard(market)
    market.advance(3 * DAY)
    assert take(market, news(number="rd025500807se")) == Taken(1, 2)
    first, last = arrived(market, order).checkpoints
    assert (first.status, first.at, first.place, first.code, first.source) == (
        S.IN_TRANSIT,
        T0 + 8 * HOUR,
        "Омск",
        "1/1",
        "17track",
    )
    assert (last.note, arrived(market, order).status) == ("Вручение", S.DELIVERED)


def test_what_is_told_again_changes_nothing(market: Market) -> None:
    order = shipped(market)
    heard(market)
    market.advance(3 * DAY)
    take(market, news())
    version = market.now(order).version
    assert [take(market, news()), take(market, news(JOURNEY[1]), "aftership")] == [Taken(1, 0), Taken(1, 0)]
    assert market.now(order).version == version


def test_one_number_on_two_orders_tells_both(market: Market) -> None:
    first, second = shipped(market), shipped(market, buyer=BOB)
    heard(market)
    market.advance(3 * DAY)
    assert take(market, news()) == Taken(2, 4)
    assert {arrived(market, order).status for order in (first, second)} == {S.DELIVERED}


def test_scans_of_a_number_that_is_nobody_s_yet_wait_for_its_parcel(market: Market) -> None:
    assert take(market, news(JOURNEY[0]), WEBHOOK) == Taken(0, 0)
    assert [found.number for found in market.app.tracking.rows.unknown(9)] == [NUMBER]
    market.advance(HOUR)
    order = shipped(market)
    heard(market)
    [only] = arrived(market, order).checkpoints
    assert (only.status, only.code, only.source) == (S.IN_TRANSIT, "1/1", WEBHOOK)
    assert market.app.tracking.rows.unknown(9) == []


def test_a_scan_that_is_kept_while_its_parcel_is_being_registered_is_not_lost(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = market.app.tracking.rows
    keep, orders = rows.keep_early, []

    def registered_just_before(scans: Sequence[EarlyScan]) -> None:
        orders.append(shipped(market))
        heard(market)
        keep(scans)

    monkeypatch.setattr(rows, "keep_early", registered_just_before)
    assert take(market, news(scan(S.IN_TRANSIT, 0))) == Taken(1, 1)
    assert [one.status for one in arrived(market, orders[0]).checkpoints] == [S.IN_TRANSIT]


def test_what_came_back_and_goes_out_again_under_its_number_begins_anew(market: Market) -> None:
    order = shipped(market)
    heard(market)
    market.advance(DAY)
    take(market, news(scan(S.IN_TRANSIT, 8), scan(S.RETURNED_TO_SENDER, 20)))
    market.tell(order.id, ShipParcel(carrier="pochta-ru", tracking_number=NUMBER), SELLER)
    heard(market)
    again = news(scan(S.IN_TRANSIT, 8), scan(S.RETURNED_TO_SENDER, 20), scan(S.OUT_FOR_DELIVERY, 30))
    market.advance(DAY)
    take(market, again)
    first, second = market.now(order).shipments
    assert first.status is S.RETURNED_TO_SENDER
    assert [one.status for one in second.checkpoints] == [S.OUT_FOR_DELIVERY]


def test_a_parcel_that_is_written_down_a_line_at_a_time_has_all_its_scans_twice(market: Market) -> None:
    order = market.paid()
    for line in order.lines:
        parcel_of_line = ShipParcel(carrier="pochta-ru", tracking_number=NUMBER, lines=(line.id,))
        market.tell(order.id, parcel_of_line, SELLER)
        market.advance(HOUR)
    heard(market)
    assert take(market, news(scan(S.IN_TRANSIT, 0))) == Taken(2, 2)


def test_a_number_that_the_buyer_writes_down_again_for_the_way_back_proves_no_return(market: Market) -> None:
    order = shipped(market)
    heard(market)
    market.advance(3 * DAY)
    take(market, news())
    lines = (order.lines[0].id,)
    demand = Demand(kind=DemandKind.RETURN_AND_REFUND)
    wish = OpenDispute(lines=lines, reason=DisputeReason.DAMAGED, demand=demand, text="broken")
    dispute = market.tell(order.id, wish, BUYER).disputes[0].id
    market.tell(order.id, AcceptOffer(dispute=dispute, number=1), SELLER)
    market.tell(order.id, ShipReturn(dispute=dispute, carrier="pochta-ru", tracking_number=NUMBER), BUYER)
    heard(market)
    assert take(market, news()).scans == 0
    back = market.now(order).shipments[1]
    assert (back.returns, back.checkpoints) == (dispute, ())


def test_a_carrier_that_names_itself_speaks_of_its_own_numbers_only(market: Market) -> None:
    order = shipped(market)
    heard(market)
    market.advance(3 * DAY)
    assert take(market, news(carrier="cdek"), WEBHOOK) == Taken(0, 0)
    assert take(market, news(carrier="Pochta-RU"), WEBHOOK) == Taken(1, 2)
    assert arrived(market, order).status is S.DELIVERED


def test_scans_from_long_before_the_order_are_of_another_parcel(market: Market) -> None:
    """Carriers give numbers out again: a hand-over of last year must not start anybody's clock."""
    order = shipped(market)
    heard(market)
    assert take(market, news(scan(S.DELIVERED, -24 * 31), scan(S.IN_TRANSIT, -24 * 29))) == Taken(1, 1)
    assert [one.status for one in arrived(market, order).checkpoints] == [S.IN_TRANSIT]


def test_what_an_order_does_not_take_does_not_stop_the_others(market: Market) -> None:
    order = shipped(market)
    heard(market)
    ahead = scan(S.DELIVERED, 24 * 400)
    assert take(market, news(ahead, scan(S.IN_TRANSIT, 0))) == Taken(1, 2)
    assert [one.status for one in arrived(market, order).checkpoints] == [S.IN_TRANSIT]


def test_words_that_cannot_be_stored_are_cut_and_numbers_that_are_none_left_out(market: Market) -> None:
    order = shipped(market)
    heard(market)
    told = [
        *news(scan(S.IN_TRANSIT, 0, "a\x00b" + "c" * 100)),
        *news(number="A\x00B"),
        *news(number=""),
        *news(number="9" * 99),
    ]
    assert take(market, told).parcels == 1
    assert arrived(market, order).checkpoints[0].code == "ab" + "c" * 62
    assert market.app.tracking.rows.unknown(9) == []


def test_whoever_tells_of_a_parcel_is_noted_and_a_finished_one_is_followed_no_more(market: Market) -> None:
    order = shipped(market)
    heard(market)
    market.advance(2 * HOUR)
    take(market, news(scan(S.IN_TRANSIT, 1)))
    heard(market)
    assert parcel(market, order).heard_at == T0 + 2 * HOUR
    take(market, news(scan(S.RETURNED_TO_SENDER, 2)))
    heard(market)
    assert parcel(market, order).state is ParcelState.FINISHED


def test_a_sandbox_s_parcels_tell_of_themselves(market: Market) -> None:
    order = shipped(market, "FH-FAST-1")
    market.advance(6 * MINUTE)
    assert parcel(market, order).heard_at is not None


def test_a_number_on_orders_of_several_buyers_is_told_to_those_that_weigh_deliveries(market: Market) -> None:
    first = shipped(market, rules=WEIGHS)
    heard(market)
    assert arrived(market, first).shared_with == 0
    second, plain = shipped(market, buyer=BOB, rules=WEIGHS), shipped(market, buyer=BOB)
    heard(market)
    heard(market)
    assert [arrived(market, order).shared_with for order in (first, second, plain)] == [2, 1, 0]
    assert doubts_about(market.now(first), arrived(market, first)) == (Doubt.SHARED_NUMBER,)


def test_one_buyer_s_orders_may_come_in_one_parcel(market: Market) -> None:
    orders = [shipped(market, rules=WEIGHS) for _ in range(2)]
    heard(market)
    assert [arrived(market, order).shared_with for order in orders] == [0, 0]


def test_a_number_that_comes_back_after_a_year_is_another_s(market: Market) -> None:
    market_rules = msgspec.structs.replace(WEIGHS, name="patient")
    first = shipped(market, rules=market_rules)
    heard(market)
    market.advance(366 * DAY)
    second = shipped(market, buyer=BOB, rules=market_rules)
    heard(market)
    assert [arrived(market, order).shared_with for order in (first, second)] == [0, 0]


@pytest.mark.parametrize("reverse", [False, True])
def test_a_delivery_under_a_shared_number_gives_more_time_whichever_is_learned_first(
    market: Market, *, reverse: bool
) -> None:
    order = shipped(market, rules=WEIGHS)
    heard(market)
    market.advance(3 * DAY)
    if not reverse:
        take(market, news())
    shipped(market, buyer=BOB, rules=WEIGHS)
    heard(market)
    take(market, news())
    ends = {portion.window_ends for portion in market.now(order).portions}
    assert ends == {T0 + (3 + 7 + 7) * DAY}
