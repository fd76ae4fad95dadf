"""Who told of a parcel, deliveries that are weakly proved, and what of tracking an operator looks after."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

import pytest

from fairhold.domain.commands import Demand, EscalateDispute, OpenDispute, Pay, PlaceOrder, ShipParcel
from fairhold.domain.destination import Destination
from fairhold.domain.dispute import DemandKind, DisputeReason
from fairhold.domain.ids import OrderId
from fairhold.domain.instants import HOUR, Instant
from fairhold.domain.money import Currency
from fairhold.domain.order import ParcelStatus
from fairhold.engine.outside.tracking import CarrierScan, News
from fairhold.engine.ports.parcels import Parcel, ParcelState
from tests.builders import policy
from tests.web.conftest import ANN, LAMP, SHOP, Market, Visiting

NUMBER = "RD025500807SE"
TITLE = "The delivery is weakly proved: 25 of 100"


def shipped(market: Market, *, weighs: bool = True, number: str = NUMBER) -> OrderId:
    """An order for Omsk, on its way; its policy weighs deliveries, or does not."""
    command = PlaceOrder(
        buyer=ANN.id,
        seller=SHOP.id,
        currency=Currency("RUB"),
        lines=(LAMP,),
        policy=policy(receipt={"delivery_evidence": weighs}),
        destination=Destination(country="RU", town="Омск", postcode="644001"),
    )
    order = market.do(None, command, ANN)
    market.do(order.id, Pay(method="sandbox:ok"), ANN)
    market.do(order.id, ShipParcel(carrier="pochta-ru", tracking_number=number), SHOP)
    market.application.background.tick()
    return order.id


def told(market: Market, source: str = "17track", number: str = NUMBER) -> None:
    """Handed over in Tomsk, and nobody saw it on the way."""
    at = Instant(market.application.clock.now() - HOUR)
    scan = CarrierScan(ParcelStatus.DELIVERED, at, "Delivered_Other", "Томск 34", "Вручение")
    market.application.tracking.parcels.take(source, [News(number, "", (scan,))])
    market.application.background.tick()


def text(page: str) -> str:
    """What people read of it."""
    return " ".join(html.unescape(re.sub("<[^>]*>", " ", page)).replace("\u00a0", " ").split())


def test_the_parcel_says_who_told_of_it_and_staff_read_the_code(market: Market, visiting: Visiting) -> None:
    order = shipped(market, weighs=False)
    told(market)
    buyer = text(visiting("ann", "en").get(f"/orders/{order}"))
    assert "News from 17TRACK" in buyer
    assert "Delivered_Other" not in buyer
    assert "weakly proved" not in buyer
    staff = text(visiting("ops", "en").get(f"/operator/orders/{order}"))
    assert "Вручение · code Delivered_Other" in staff


@pytest.mark.parametrize(
    ("who", "path", "advice"),
    [
        ("ann", "/orders", "If you do not have this parcel, open a dispute before the time to check ends."),
        ("nick", "/selling/orders", "Keep the receipt of posting: it proves where the parcel went."),
        ("sam", "/support/orders", "It is no proof of deceit: carriers lose scans, too."),
        ("ops", "/operator/orders", "It is no proof of deceit: carriers lose scans, too."),
    ],
)
def test_a_weak_proof_warns_each_side_with_what_it_can_do(
    who: str, path: str, advice: str, market: Market, visiting: Visiting
) -> None:
    order = shipped(market)
    told(market)
    page = text(visiting(who, "en").get(f"{path}/{order}"))
    assert TITLE in page
    assert "It was handed over in another town than the address of the order." in page
    assert advice in page
    assert "The time to check is longer: until" in page


def test_the_mediator_reads_it_beside_the_case(market: Market, visiting: Visiting) -> None:
    order = shipped(market)
    told(market)
    wish = Demand(kind=DemandKind.REFUND)
    opened = market.do(
        order,
        OpenDispute(
            lines=(market.order(order).lines[0].id,),
            reason=DisputeReason.NOT_RECEIVED,
            demand=wish,
            text="Nothing came.",
        ),
        ANN,
    )
    dispute = opened.disputes[0].id
    market.do(order, EscalateDispute(dispute=dispute), ANN)
    assert TITLE in text(visiting("mia", "en").get(f"/mediation/disputes/{dispute}"))


def test_once_everything_is_decided_nobody_is_warned_any_more(market: Market, visiting: Visiting) -> None:
    order = shipped(market)
    told(market)
    market.pass_days(30)
    assert TITLE not in text(visiting("ann", "en").get(f"/orders/{order}")).partition("History")[0]


def test_an_operator_finds_parcels_that_nobody_reports_on_and_why(market: Market, visiting: Visiting) -> None:
    ops = visiting("ops", "en")
    assert "Every parcel is reported on" in text(ops.get("/operator/parcels"))
    order = shipped(market, number="AB 12345 <b>")
    rows = market.application.tracking.rows
    [parcel] = rows.of_shipments([market.order(order).shipments[0].id])
    market.pass_days(4)
    page = ops.get("/operator/parcels")
    assert "AB 12345 &lt;b&gt;" in page
    assert f'href="/operator/orders/{order}"' in page
    assert "Nobody is asked about it" in page
    for changed, why in (
        ({"provider": "17track"}, "17TRACK knows nothing of it."),
        ({"provider": "17track", "error": "it answered 502"}, "17TRACK did not answer: it answered 502"),
        (
            {"provider": "aftership", "state": ParcelState.REFUSED, "error": "Cannot detect courier."},
            "AfterShip does not take it: Cannot detect courier.",
        ),
    ):
        rows.settle([_changed(parcel, changed)])
        assert why in text(ops.get("/operator/parcels"))


def _changed(parcel: Parcel, changed: Mapping[str, object]) -> Parcel:
    return parcel._replace(**changed)  # type: ignore[arg-type]  # fields of it, as the test names them


def test_a_delivered_parcel_is_nobody_s_trouble(market: Market, visiting: Visiting) -> None:
    shipped(market)
    told(market)
    market.pass_days(4)
    assert "Every parcel is reported on" in text(visiting("ops", "en").get("/operator/parcels"))


def test_news_of_numbers_that_no_parcel_has_are_listed(market: Market, visiting: Visiting) -> None:
    told(market, "webhook", "<i>-77")
    page = visiting("ops", "en").get("/operator/parcels")
    assert "&lt;I&gt;77" in page
    assert "the carrier itself" in text(page)
    assert "1 scan" in text(page)


@pytest.mark.parametrize("who", ["ann", "nick", "sam", "mia"])
def test_nobody_else_sees_that_page(who: str, visiting: Visiting) -> None:
    assert "nobody reports" not in visiting(who, "en").client.get("/operator/parcels").text
