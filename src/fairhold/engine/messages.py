"""Which events put what into the outbox."""

import msgspec

from fairhold.domain.dispute_events import ChargebackWon, DisputeSettled, ReplacementShipped, ReturnShipped
from fairhold.domain.events import Event, ParcelShipped, PortionsRefunded
from fairhold.domain.ids import lane_of
from fairhold.domain.order import Order
from fairhold.engine.codec import encode
from fairhold.engine.outside import Letter, Outside, payments_address
from fairhold.engine.ports import OutboxMessage


class RefundDue(msgspec.Struct, frozen=True, gc=False, tag="refund"):
    """Give `amount` (minor units of `currency`) back to whom paid by `method`; `number` counts the order's refunds."""

    number: int
    amount: int
    currency: str
    method: str


def letters(outside: Outside, order: Order, event: Event) -> tuple[Letter, ...]:
    """What the world is told because of `event`; `order` is as the event left it."""
    if isinstance(event, (PortionsRefunded, DisputeSettled, ChargebackWon)):
        method = order.payment_method
        amount = event.amount if isinstance(event, PortionsRefunded) else event.refund
        if not amount or method is None or payments_address(method) not in outside.payments:
            return ()
        refund = RefundDue(event.number, amount, order.currency, method)
        return (Letter(payments_address(method), encode(refund), event.at),)
    if isinstance(event, (ParcelShipped, ReturnShipped, ReplacementShipped)):
        return tuple(
            letter
            for carrier in outside.carriers
            for letter in carrier.letters(event.shipment, event.tracking_number, event.at)
        )
    return ()


def messages(outside: Outside, order: Order, event: Event) -> list[OutboxMessage]:
    """The outbox rows of `event`, numbered from 0."""
    return [
        OutboxMessage(
            lane_of(order.id), order.id, order.version, n, letter.destination, letter.payload, letter.not_before
        )
        for n, letter in enumerate(letters(outside, order, event))
    ]
