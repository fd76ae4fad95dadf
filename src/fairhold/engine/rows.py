"""What the store keeps of an order beside its bytes: the columns of lists and of the sweeper. The audit calculates them anew."""

from fairhold.domain.deadlines import next_deadline
from fairhold.domain.events import Event
from fairhold.domain.ids import lane_of, order_number
from fairhold.domain.instants import Instant
from fairhold.domain.order import Order
from fairhold.domain.status import standing
from fairhold.engine.codec import encode
from fairhold.engine.dispute_ports import StoredDispute
from fairhold.engine.ports import StoredEvent, StoredOrder, StoredTransfer
from fairhold.ledger.transfers import Transfer


def order_row(order: Order, updated_at: Instant) -> StoredOrder:
    """The row of `orders`; `updated_at` is when its last event took effect."""
    status, tabs = standing(order)
    return StoredOrder(
        lane=lane_of(order.id),
        id=order.id,
        version=order.version,
        snapshot=encode(order),
        buyer=order.buyer,
        seller=order.seller,
        currency=order.currency,
        status=status.value,
        tabs=tabs,
        total=order.total,
        placed_at=order.placed_at,
        updated_at=updated_at,
        next_deadline_at=next_deadline(order),
        search=search_text(order),
        closed_at=order.closed_at,
    )


def search_text(order: Order) -> str:
    """Everything a person may look an order up by, case-folded, one a line."""
    number = order_number(order.id)
    words = [number, number.replace("-", ""), order.id, order.buyer, order.seller]
    if order.reference:
        words.append(order.reference)
    for line in order.lines:
        words.append(line.title)
        words.append(line.sku)
    words.extend(shipment.tracking_number for shipment in order.shipments)
    return "\n".join(words).casefold()


def dispute_rows(order: Order, updated_at: Instant) -> list[StoredDispute]:
    """The rows of `disputes`, one each; `updated_at` is stored with all of them."""
    return []


def changed_disputes(before: Order | None, after: Order, at: Instant) -> list[StoredDispute]:
    """The rows of `disputes` that an event at `at` made or changed."""
    rows = dispute_rows(after, at)
    if not rows or before is None:
        return rows
    known = {row.id: row for row in dispute_rows(before, at)}
    return [row for row in rows if known.get(row.id) != row]


def kind_of(event: Event) -> str:
    """The event's name as it is stored, such as `order_placed`."""
    return str(event.__struct_config__.tag)


def event_row(order: Order, event: Event) -> StoredEvent:
    """The row of `events`; `order` is as the event left it."""
    return StoredEvent(lane_of(order.id), order.id, order.version, event.at, event.by, kind_of(event), encode(event))


def transfer_rows(order: Order, transfers: tuple[Transfer, ...]) -> list[StoredTransfer]:
    """The rows of `transfers` of the event that made `order` what it is."""
    if not transfers:
        return []
    lane = lane_of(order.id)
    return [
        StoredTransfer(lane, order.id, order.version, n, moved.debit, moved.credit, moved.amount, moved.at)
        for n, moved in enumerate(transfers)
    ]
