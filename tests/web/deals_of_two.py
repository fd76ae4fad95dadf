"""Two deals that have nothing to do with each other, each with all that a page can be about, and everybody who may ask."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass

from fairhold.domain.actors import Actor, Role
from fairhold.domain.commands import (
    ConfirmReceipt,
    Demand,
    EscalateDispute,
    LineQuantity,
    OpenDispute,
    Pay,
    PlaceOrder,
    RecordChargeback,
    RecordCheckpoint,
    ShipParcel,
)
from fairhold.domain.dispute import DemandKind, DisputeReason
from fairhold.domain.instants import Instant
from fairhold.domain.money import Currency
from fairhold.domain.order import Order, ParcelStatus
from fairhold.domain.review_commands import WriteReview
from fairhold.domain.reviewing import review_by
from fairhold.engine.intake.photos import UnknownPhoto
from fairhold.engine.intake.screened import screened
from fairhold.engine.payments.bank_transfers import task_name
from fairhold.engine.ports.bank import Task, TaskKind
from fairhold.engine.ports.payouts import Account, Payout, PayoutStage
from fairhold.engine.ports.photos import Photo
from fairhold.store.bank import BankTables
from fairhold.web.people import Directory, Person
from fairhold.wiring import Application
from tests.contract.rows import make
from tests.gateways.pictures import jpeg
from tests.web.conftest import ANN, BOB, EN, LAMP, MIA, MUGS, OPS, RU, SAM, SHOP, Market, actor

OTHER_SHOP = actor(Role.SELLER, "shop-8")
VISITORS = {"buyer": ANN, "seller": SHOP, "mediator": MIA, "support": SAM, "operator": OPS}
DIRECTORY = Directory(Person(who.id, {RU: who.id, EN: who.id}, (who,)) for who in (*VISITORS.values(), BOB, OTHER_SHOP))
HELD = "Пишите: сайт точка ру, там дешевле"
"""A review that a moderator has to look at: nobody but its author and the staff knows of it."""


def bank_task(application: Application, order: str) -> str:
    """A bank transfer by which the order was to be paid: its reference."""
    now = application.clock.now()
    name = task_name(TaskKind.PAYMENT, order, 1)
    BankTables(application.store.tables()).ask(Task(name, TaskKind.PAYMENT, order, 1, 5_000, "RUB", now))
    return name


@dataclass(frozen=True)
class Deal:
    """An order with a parcel, a dispute with a photo in evidence, and a review that is held; and one letter about it."""

    order: Order
    review: str
    photo: str
    letter: str

    @property
    def names(self) -> dict[str, str]:
        """What stands for each name in an address of pages or calls."""
        order = self.order
        return {
            "order": order.id,
            "number": "1",
            "shipment": order.shipments[0].id,
            "review": self.review,
            "photo": self.photo,
            "seller": order.seller,
            "buyer": order.buyer,
            "sku": LAMP.sku,
            "account": f"seller:{order.seller}:RUB",
            "token": self.letter,
            "dispute": order.disputes[0].id,
            "chargeback": order.chargebacks[0].id,
            "day": "2026-01-01",
            "payout": f"po_{order.seller}",
            "provider": "sandbox",
        }


def deal_of(market: Market, buyer: Actor, seller: Actor, picture: bytes) -> Deal:
    """A deal between these two."""
    placing = PlaceOrder(
        buyer=buyer.id,
        seller=seller.id,
        currency=Currency("RUB"),
        lines=(LAMP, MUGS),
        shipping=30_000,
        policy=market.application.policies.default,
    )
    order = market.do(None, placing, buyer)
    market.do(order.id, Pay(method="sandbox:ok"), buyer)
    order = market.do(order.id, ShipParcel(carrier="cdek", tracking_number="10241783306"), seller)
    scan = RecordCheckpoint(
        shipment=order.shipments[0].id, status=ParcelStatus.DELIVERED, at=market.application.clock.now()
    )
    market.do(order.id, scan, OPS)
    market.do(order.id, ConfirmReceipt(lines=(order.lines[0].id,), acknowledged=True), buyer)
    order = market.do(order.id, WriteReview(rating=2, text=HELD, screened=screened(HELD)), buyer)
    review = review_by(order, Role.BUYER)
    assert review is not None
    assert review.moderated.standing.value == "held"
    photos = market.application.photos
    photo = photos.keep(buyer, io.BytesIO(picture))
    assert isinstance(photo, Photo)
    evidence = photos.attach((photo.id,), buyer, order.id)
    assert not isinstance(evidence, UnknownPhoto)
    opening = OpenDispute(
        lines=(LineQuantity(id=order.lines[1].id, quantity=1),),
        reason=DisputeReason.DAMAGED,
        demand=Demand(kind=DemandKind.REFUND),
        text="A crack in the lid.",
        evidence=evidence,
    )
    order = market.do(order.id, opening, buyer)
    charged = RecordChargeback(amount=1_000, reason="The bank wrote.")
    market.do(order.id, charged, OPS)
    order = market.do(order.id, EscalateDispute(dispute=order.disputes[0].id), buyer)
    letter = market.application.links.signed_order_link(order.id, buyer.id).rpartition("/")[2]
    return Deal(order, review.id, photo.id, letter)


def two_deals(market: Market) -> tuple[Deal, Deal]:
    """One of ann's at shop-7, and one of bob's at shop-8; the sellers were paid for the first item of each."""
    deals = deal_of(market, ANN, SHOP, jpeg()), deal_of(market, BOB, OTHER_SHOP, jpeg(500, 500))
    market.pass_days(2)
    for deal in deals:
        payout_to(market.application, deal.order.seller)
    return deals


def payout_to(application: Application, seller: str) -> str:
    """A payout that this seller had: as a row, since making one takes more than one call."""
    name = f"po_{seller}"
    paid = Payout(name, Account(seller, "sandbox", "RUB"), seller, 100, PayoutStage.DONE, Instant(1), "system", 100)
    make(application.payouts.rows, paid, ())
    return name


def nowhere(names: dict[str, str]) -> dict[str, str]:
    """The same names with a sign changed in each: they have the right form, and nothing is called so."""
    order = names["order"][:12] + _next(names["order"][12]) + names["order"][13:]
    found = {
        name: value.replace(names["order"], order)
        if names["order"] in value
        else re.sub(r"[0-9a-z](?=[^0-9a-z]*$)", lambda sign: _next(sign[0]), value, count=1)
        for name, value in names.items()
    }
    return {**found, "number": "77", "account": "seller:nobody-here:RUB", "sku": "nothing"}


def _next(sign: str) -> str:
    return "2" if sign != "2" else "3"
