"""Telling the life of an order: who placed what, and what happened how long ago."""

import re
from collections.abc import Callable
from typing import NamedTuple

from fairhold.cli.demo.goods import GOODS
from fairhold.domain.actors import SYSTEM, Actor, Role
from fairhold.domain.commands import (
    AnswerExtension,
    ApplyDeadlines,
    AskExtension,
    CancelOrder,
    Command,
    ConfirmReceipt,
    ExtendProtection,
    LineQuantity,
    Pay,
    PlaceOrder,
    RecordCheckpoint,
    ShipParcel,
    UndoReceipt,
)
from fairhold.domain.ids import LineId, OrderId, PersonId, line_id, shipment_id
from fairhold.domain.instants import DAY, HOUR, MINUTE, Duration, Instant
from fairhold.domain.money import Currency
from fairhold.domain.order import ParcelStatus
from fairhold.domain.policy import Policy
from fairhold.domain.refund_commands import RecordRefundReturned
from fairhold.domain.support_commands import ReportAccident

SUPPORT = Actor(Role.SUPPORT, PersonId("sam"))
CARRIER = Actor(Role.OPERATOR, PersonId("ops"))

_UNITS = {"d": DAY, "h": HOUR, "m": MINUTE}

Pick = int | tuple[int, int]
"""A line of the order by its place, from 1; with a quantity, a part of it."""


def ago(text: str) -> Duration:
    """The length of time that `20d 4h 10m` says; the sign of a moment to come is a minus in front."""
    length = sum(int(count) * _UNITS[unit] for count, unit in re.findall(r"(\d+)([dhm])", text))
    return Duration(-length if text.startswith("-") else length)


class Step(NamedTuple):
    """Something that happened to an order `ago`: the command, made for the order's id and the moment, and who gave it.

    `pictures` go with it. `about`: the side whose review the command is about; its name is filled in once it has one.
    """

    ago: Duration
    command: Callable[[OrderId, Instant], Command]
    role: Role | Actor
    pictures: tuple[str, ...] = ()
    about: Role | None = None


class Complaint(NamedTuple):
    """Somebody reported the buyer's review of the deal."""

    ago: Duration
    who: Actor
    reason: str
    text: str


class Deal(NamedTuple):
    """An order to be told: goods as (name, quantity), what happened first to last; `promised` counts back from now too.

    `chat` is what the buyer and support have just written to each other.
    """

    buyer: str
    seller: str
    goods: tuple[tuple[str, int], ...]
    placed: Duration
    steps: tuple[Step, ...] = ()
    currency: str = "RUB"
    shipping: int = 0
    discount: int = 0
    tax: int = 0
    promised: Duration | None = None
    complaints: tuple[Complaint, ...] = ()
    chat: tuple[tuple[Role, str], ...] = ()

    def placing(self, policy: Policy, now: Instant) -> PlaceOrder:
        """The command that places it."""
        return PlaceOrder(
            buyer=PersonId(self.buyer),
            seller=PersonId(self.seller),
            currency=Currency(self.currency),
            lines=tuple(GOODS[name].line(quantity) for name, quantity in self.goods),
            policy=policy,
            shipping=self.shipping,
            discount=self.discount,
            tax=self.tax,
            promised_by=None if self.promised is None else Instant(now - self.promised),
        )

    def actor(self, role: Role | Actor) -> Actor:
        """Who acts in this deal as `role`."""
        if isinstance(role, Actor):
            return role
        known = {Role.BUYER: self.buyer, Role.SELLER: self.seller}
        if role in known:
            return Actor(role, PersonId(known[role]))
        return {Role.SUPPORT: SUPPORT, Role.OPERATOR: CARRIER}.get(role, SYSTEM)


def picked(order: OrderId, picks: tuple[Pick, ...]) -> tuple[LineId | LineQuantity, ...]:
    """These lines as commands name them."""
    return tuple(
        LineQuantity(id=line_id(order, pick[0]), quantity=pick[1]) if isinstance(pick, tuple) else line_id(order, pick)
        for pick in picks
    )


def paid(when: str) -> Step:
    """The buyer paid."""
    return Step(ago(when), lambda order, at: Pay(method="sandbox:ok"), Role.BUYER)


def shipped(when: str, number: str, *picks: Pick, carrier: str = "Почта России") -> Step:
    """The seller shipped these lines; all of them where none is named."""
    return Step(
        ago(when),
        lambda order, at: ShipParcel(carrier=carrier, tracking_number=number, lines=picked(order, picks)),
        Role.SELLER,
    )


def scan(when: str, status: ParcelStatus, place: str | None = None, note: str | None = None, parcel: int = 1) -> Step:
    """The carrier scanned a parcel."""
    return Step(
        ago(when),
        lambda order, at: RecordCheckpoint(
            shipment=shipment_id(order, parcel), status=status, at=at, place=place, note=note
        ),
        Role.OPERATOR,
    )


def confirmed(when: str, *picks: Pick) -> Step:
    """The buyer confirmed receipt of these lines."""
    return Step(ago(when), lambda order, at: ConfirmReceipt(lines=picked(order, picks), acknowledged=True), Role.BUYER)


def undone(when: str, why: str, *picks: Pick) -> Step:
    """Support took the confirmation back."""
    return Step(ago(when), lambda order, at: UndoReceipt(lines=picked(order, picks), why=why), Role.SUPPORT)


def mistaken(when: str, text: str) -> Step:
    """The buyer told support that the confirmation was an accident; nobody has answered."""
    return Step(ago(when), lambda order, at: ReportAccident(text=text), Role.BUYER)


def asked(when: str, days: int) -> Step:
    """The buyer asked for a longer protection."""
    return Step(ago(when), lambda order, at: AskExtension(days=days), Role.BUYER)


def answered(when: str, *, granted: bool) -> Step:
    """The seller answered that."""
    return Step(ago(when), lambda order, at: AnswerExtension(granted=granted), Role.SELLER)


def extended(when: str, days: int) -> Step:
    """The seller gave more time."""
    return Step(ago(when), lambda order, at: ExtendProtection(days=days), Role.SELLER)


def came_back(when: str) -> Step:
    """The buyer's bank sent the first refund back: their card was closed meanwhile."""
    return Step(
        ago(when), lambda order, at: RecordRefundReturned(number=1, reference="rf_1", why="account_closed"), SYSTEM
    )


def cancelled(when: str, role: Role, why: str | None = None) -> Step:
    """The deal was called off."""
    return Step(ago(when), lambda order, at: CancelOrder(why=why), role)


def waited(when: str) -> Step:
    """Nobody did anything; what was due by then happened."""
    return Step(ago(when), lambda order, at: ApplyDeadlines(), Role.SYSTEM)
