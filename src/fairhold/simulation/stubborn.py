"""What people ask again and again until somebody says that it is enough: each limit of an order is met by somebody."""

import random
from collections.abc import Callable, Iterable

import msgspec

from fairhold.domain import commands as c
from fairhold.domain import review_commands as r
from fairhold.domain.actors import SYSTEM, Role
from fairhold.domain.conditions import confirmable, unshipped
from fairhold.domain.dispute import DemandKind, DisputeReason
from fairhold.domain.instants import Instant
from fairhold.domain.order import Line, Order, ParcelStatus, PaymentState, Portion
from fairhold.domain.payment_commands import StartPayment
from fairhold.simulation.people import OPERATOR, Ask, buyer_of, seller_of
from fairhold.simulation.sensible import ELSEWHERE, PHOTOS

Asks = list[Ask]

_PARCELS, _PARTS = 50, 500
"""How many parcels an order may have, and into how many parts it may fall."""


def stubborn(chance: random.Random, order: Order) -> Asks:
    """The same without end: something of what can be asked of this order."""
    possible = [made for about in _WAYS for made in about(chance, order)]
    return chance.choice(possible)


def _cancels(chance: random.Random, order: Order) -> Iterable[Asks]:
    yield [Ask(c.CancelOrder(), buyer_of(order)), Ask(c.CancelOrder(), seller_of(order))]


def _scans(chance: random.Random, order: Order) -> Iterable[Asks]:
    for parcel in order.shipments[:1]:
        yield [
            Ask(
                c.RecordCheckpoint(
                    shipment=parcel.id, status=ParcelStatus.IN_TRANSIT, at=Instant(order.placed_at + number)
                ),
                SYSTEM,
            )
            for number in range(205)
        ]


def _quarrels(chance: random.Random, order: Order) -> Iterable[Asks]:
    """Offers to and fro, words, and photos, in the newest dispute."""
    both = (buyer_of(order), seller_of(order))
    for dispute in order.disputes[-1:]:
        if not dispute.is_open:
            return
        # Who offers what the other has on the table has agreed with it.
        asked = [1 + number % max(1, dispute.amount) for number in range(104)]
        yield [Ask(c.MakeOffer(dispute=dispute.id, refund=refund), both[n % 2]) for n, refund in enumerate(asked)]
        yield [Ask(c.MakeOffer(dispute=dispute.id, refund=refund), both[1]) for refund in asked]
        yield [Ask(c.SendMessage(dispute=dispute.id, text=f"And {n}?"), both[0]) for n in range(505)]
        shown = [PHOTOS[n : n + 10] for n in range(0, 60, 10)]
        yield [Ask(c.SendMessage(dispute=dispute.id, text="Look", evidence=photos), both[0]) for photos in shown]


def _second_thoughts(chance: random.Random, order: Order) -> Iterable[Asks]:
    for review in order.reviews:
        author = buyer_of(order) if review.by is Role.BUYER else seller_of(order)
        again = r.ReviseReview(review=review.id, rating=1)
        yield [Ask(msgspec.structs.replace(again, rating=1 + n % 2), author) for n in range(22)]


def _payments(chance: random.Random, order: Order) -> Iterable[Asks]:
    if order.payment is PaymentState.AWAITED:
        start = StartPayment(method=ELSEWHERE, back="https://shop.example/back")
        yield [Ask(start, buyer_of(order)) for _ in range(22)]


def _chargebacks(chance: random.Random, order: Order) -> Iterable[Asks]:
    if order.paid_at is not None:
        yield [Ask(c.RecordChargeback(amount=1), OPERATOR) for _ in range(22)]


def _piece_by_piece(chance: random.Random, order: Order) -> Iterable[Asks]:
    """One unit of many at a time: sent, disputed, confirmed."""
    for line in order.lines:
        one = (c.LineQuantity(id=line.id, quantity=1),)
        # Much of it is there for a short while only, and then nothing else should be tried.
        if _units(order, line, unshipped) > _PARCELS:
            yield from [_sent_singly(order, one)] * 6
        if _units(order, line, confirmable) > _PARTS:
            yield from [_confirmed_singly(order, one)] * 6
        if line.quantity > 1 and order.shipments:
            yield _disputed_singly(chance, order, one)


def _units(order: Order, line: Line, counted: Callable[[Order, Portion], bool]) -> int:
    return sum(portion.quantity for portion in order.portions if portion.line == line.id and counted(order, portion))


def _sent_singly(order: Order, one: tuple[c.LineQuantity, ...]) -> Asks:
    sent = [c.ShipParcel(carrier="post", tracking_number=f"RB{number}", lines=one) for number in range(_PARCELS + 2)]
    return [Ask(command, seller_of(order)) for command in sent]


def _disputed_singly(chance: random.Random, order: Order, one: tuple[c.LineQuantity, ...]) -> Asks:
    buyer, demand = buyer_of(order), c.Demand(kind=DemandKind.REFUND)
    made: Asks = []
    for number in range(1, 53):
        made.append(Ask(c.OpenDispute(lines=one, reason=DisputeReason.DAMAGED, demand=demand, text="bad"), buyer))
        if chance.random() < 0.7:
            made.append(Ask(c.WithdrawDispute(dispute=f"{order.id}-d{number}"), buyer))
    return made


def _confirmed_singly(order: Order, one: tuple[c.LineQuantity, ...]) -> Asks:
    confirm = Ask(c.ConfirmReceipt(lines=one, acknowledged=True), buyer_of(order))
    return [confirm] * (_PARTS + 2)


_WAYS: tuple[Callable[[random.Random, Order], Iterable[Asks]], ...] = (
    _cancels,
    _scans,
    _quarrels,
    _second_thoughts,
    _payments,
    _chargebacks,
    _piece_by_piece,
)
