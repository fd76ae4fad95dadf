"""Disputes with a mediator, brought about by commands, for the tests of the staff's pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from fairhold.domain.actors import Actor, Role
from fairhold.domain.commands import (
    AppealRuling,
    Demand,
    EscalateDispute,
    MakeOffer,
    NewLine,
    OpenDispute,
    Pay,
    PlaceOrder,
    RecordCheckpoint,
    RuleOnDispute,
    ShipParcel,
    WithdrawDispute,
)
from fairhold.domain.dispute import DemandKind, Dispute, DisputeReason
from fairhold.domain.evidence import Evidence
from fairhold.domain.ids import PersonId
from fairhold.domain.money import Currency
from fairhold.domain.order import Order, ParcelStatus
from fairhold.web.people import Directory, Person
from fairhold.wiring import asgi
from fairhold.words.catalog import Language
from tests.web.conftest import ANN, MIA, OPS, PEOPLE, SHOP, Market, Visitor, form_to

RU, EN = Language.RU, Language.EN
MAX = Actor(Role.MEDIATOR, PersonId("max"))
DORA = Actor(Role.MEDIATOR, PersonId("dora"))
STAFF = (
    *PEOPLE,
    Person("max", {RU: "Максим", EN: "Max"}, (MAX,)),
    # Whoever mediates here also sells under another id, and buys under the id of a mediator.
    Person("dora", {RU: "Дора", EN: "Dora"}, (DORA, Actor(Role.SELLER, PersonId("shop-9")))),
)
CUP = NewLine(sku="cup", title="Cup", quantity=1, unit_price=100_000, category="electronics", image="goods:mug")
Opening = Callable[..., Visitor]


@pytest.fixture
def opening(market: Market) -> Opening:
    """`opening("mia")`: a visitor who is signed in as one of `STAFF`."""
    application = asgi(market.application, Directory(STAFF))

    def visit(person: str, language: str = "en") -> Visitor:
        client = TestClient(application, base_url="http://fairhold.test", headers={"Accept-Language": language})
        visitor = Visitor(client)
        answer = visitor.send(form_to(visitor.get("/sign-in"), "/sign-in"), person=person)
        assert answer.status_code == 200, answer.text
        return visitor

    return visit


class Court:
    """Disputes between `buyer` and `seller` over a cup, as far as one needs them."""

    def __init__(self, market: Market, buyer: Actor = ANN, seller: Actor = SHOP, currency: str = "RUB") -> None:
        self.market, self.buyer, self.seller, self.currency = market, buyer, seller, currency

    def delivered(self, *lines: NewLine) -> Order:
        market, policy = self.market, self.market.application.policies.default
        command = PlaceOrder(
            buyer=self.buyer.id,
            seller=self.seller.id,
            currency=Currency(self.currency),
            lines=lines or (CUP,),
            policy=policy,
        )
        order = market.do(None, command, self.buyer)
        market.do(order.id, Pay(method="sandbox:ok"), self.buyer)
        order = market.do(order.id, ShipParcel(carrier="cdek", tracking_number="10241783306"), self.seller)
        now = market.application.clock.now()
        scan = RecordCheckpoint(shipment=order.shipments[0].id, status=ParcelStatus.DELIVERED, at=now, place="Москва")
        return market.do(order.id, scan, OPS)

    def opened(
        self, *lines: NewLine, reason: str = "damaged", text: str = "A crack.", evidence: tuple[Evidence, ...] = ()
    ) -> Order:
        order = self.delivered(*lines)
        command = OpenDispute(
            lines=(order.lines[0].id,),
            reason=DisputeReason(reason),
            demand=Demand(kind=DemandKind.REFUND),
            text=text,
            evidence=evidence,
        )
        return self.market.do(order.id, command, self.buyer)

    def claimed(self, *lines: NewLine, offer: int | None = None, **more: object) -> Order:
        order = self.opened(*lines, **more)  # type: ignore[arg-type]  # as `opened` takes it
        name = dispute(order).id
        if offer is not None:
            self.market.do(order.id, MakeOffer(dispute=name, refund=offer, text="A part of it."), self.seller)
        return self.market.do(order.id, EscalateDispute(dispute=name, text="Please decide."), self.buyer)

    def ruled(self, refund: int, *lines: NewLine, who: Actor = MIA, **more: object) -> Order:
        order = self.claimed(*lines, **more)  # type: ignore[arg-type]  # as `opened` takes it
        command = RuleOnDispute(dispute=dispute(order).id, refund=refund, reasons="Both have a point.")
        return self.market.do(order.id, command, who)

    def appealed(self, refund: int) -> Order:
        order = self.ruled(refund)
        return self.market.do(order.id, AppealRuling(dispute=dispute(order).id, text="Here is a letter."), self.buyer)

    def withdrawn(self) -> Order:
        order = self.opened()
        return self.market.do(order.id, WithdrawDispute(dispute=dispute(order).id), self.buyer)


def dispute(order: Order) -> Dispute:
    return order.disputes[0]


def path(order: Order, folder: str = "/mediation") -> str:
    return f"{folder}/disputes/{dispute(order).id}"
