"""What history did, as commands: each order's steps at their own times, and the policy as it stood for history."""

import re
from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple

import msgspec

from fairhold.cli.replay.rows import Row
from fairhold.domain.actors import Actor, Role
from fairhold.domain.commands import (
    PERSON_PATTERN,
    CancelOrder,
    Command,
    NewLine,
    Pay,
    PlaceOrder,
    RecordCheckpoint,
    ShipParcel,
)
from fairhold.domain.ids import OrderId, PersonId, shipment_id
from fairhold.domain.instants import Instant
from fairhold.domain.money import Currency
from fairhold.domain.order import ParcelStatus
from fairhold.domain.policy import Policy

CARRIER = Actor(Role.OPERATOR, PersonId("history"))
"""Who reports the scans: nobody in the file does."""


class Terms(NamedTuple):
    """What the file does not say: `price` in minor units, deadlines in days."""

    price: int
    currency: Currency
    seller: PersonId
    payment_days: int
    shipping_days: int


class Step(IntEnum):
    """What happens to an order; of one moment, in this order."""

    PLACE = 0
    PAY = 1
    CANCEL = 2
    SHIP = 3
    DELIVER = 4


class Happening(NamedTuple):
    """One step of one row at its own time; happenings sort by time, then by row, then by step."""

    at: Instant
    row: int
    step: Step


def happenings(rows: Sequence[Row]) -> list[Happening]:
    """Everything that happened to all orders, in the order of time. `row` is the place in `rows`."""
    found = []
    for place, row in enumerate(rows):
        moments = row.moments
        found.append(Happening(moments.purchased, place, Step.PLACE))
        if moments.paid is not None:
            found.append(Happening(moments.paid, place, Step.PAY))
            if row.canceled:
                found.append(Happening(moments.paid, place, Step.CANCEL))
        if moments.shipped is not None:
            found.append(Happening(moments.shipped, place, Step.SHIP))
        if moments.delivered is not None:
            found.append(Happening(moments.delivered, place, Step.DELIVER))
    return sorted(found)


def policy_for_history(policy: Policy, terms: Terms) -> Policy:
    """The policy with the deadlines of history: people paid and shipped as they did, whatever the marketplace's pace."""
    payment = msgspec.structs.replace(policy.payment, deadline_hours=24 * terms.payment_days)
    longest = max(terms.shipping_days, policy.shipping.deadline_max_days)
    shipping = msgspec.structs.replace(policy.shipping, deadline_days=terms.shipping_days, deadline_max_days=longest)
    return msgspec.structs.replace(policy, payment=payment, shipping=shipping)


_PERSON = re.compile(PERSON_PATTERN, re.ASCII)
_REFERENCE = re.compile(r"[^\x00-\x1f\x7f]{1,64}")


def buyer_of(row: Row, seller: PersonId) -> PersonId:
    """The buyer's id in the file where Fairhold can use it, else one made from the line."""
    if _PERSON.fullmatch(row.buyer) and row.buyer != seller:
        return PersonId(row.buyer)
    return PersonId(f"buyer-{row.line}")


def placing(row: Row, policy: Policy, terms: Terms) -> tuple[PlaceOrder, Actor]:
    """The command that places a row's order, and who gives it."""
    buyer = buyer_of(row, terms.seller)
    command = PlaceOrder(
        buyer=buyer,
        seller=terms.seller,
        currency=terms.currency,
        lines=(NewLine(sku="history", title="Goods of the order", quantity=1, unit_price=terms.price),),
        policy=policy,
        promised_by=row.moments.promised,
        reference=row.order if _REFERENCE.fullmatch(row.order) else None,
    )
    return command, Actor(Role.BUYER, buyer)


def later(step: Step, row: Row, order: OrderId, at: Instant, terms: Terms) -> tuple[Command, Actor]:
    """The command for a step of an order that was placed, and who gives it."""
    buyer = Actor(Role.BUYER, buyer_of(row, terms.seller))
    match step:
        case Step.PAY:
            return Pay(method="sandbox:ok"), buyer
        case Step.CANCEL:
            return CancelOrder(why="canceled, says history"), buyer
        case Step.SHIP:
            # No number of the sandbox carrier's: its scans come from the file.
            return ShipParcel(carrier="history", tracking_number=f"line-{row.line}"), Actor(Role.SELLER, terms.seller)
        case Step.DELIVER:
            parcel = shipment_id(order, 1)
            return RecordCheckpoint(shipment=parcel, status=ParcelStatus.DELIVERED, at=at), CARRIER
        case Step.PLACE:
            raise ValueError("an order is placed once")
