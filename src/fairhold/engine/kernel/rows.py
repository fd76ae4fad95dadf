"""What the store keeps of an order beside its bytes: the columns of lists and of the sweeper. The audit calculates them anew."""

from collections.abc import Callable, Sequence

import msgspec

from fairhold.domain.deadlines import next_deadline
from fairhold.domain.dispute import Dispute, DisputeState
from fairhold.domain.dispute_status import dispute_tab_mask, dispute_tabs, main_deadline
from fairhold.domain.events import Event
from fairhold.domain.ids import lane_of, order_number
from fairhold.domain.instants import Instant
from fairhold.domain.order import Order
from fairhold.domain.status import standing
from fairhold.engine.kernel.codec import encode
from fairhold.engine.ports.disputes import StoredDispute
from fairhold.engine.ports.movements import StoredTransfer
from fairhold.engine.ports.store import StoredEvent, StoredOrder
from fairhold.ledger.transfers import Transfer
from fairhold.proof.chain import SALT_BYTES, commitment


def order_row(order: Order, updated_at: Instant) -> StoredOrder:
    """The row of `orders`; `updated_at` is when its last event took effect."""
    status, tabs = standing(order)
    return StoredOrder(
        lane=lane_of(order.id),
        id=order.id,
        version=order.version,
        snapshot=encode(stored_form(order)),
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


def stored_form(order: Order) -> Order:
    """The order without the rules of the day."""
    return order if order.review_terms is None else msgspec.structs.replace(order, review_terms=None)


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
    return [_dispute_row(order, dispute, updated_at) for dispute in order.disputes]


def _dispute_row(order: Order, dispute: Dispute, updated_at: Instant) -> StoredDispute:
    deadline, end = main_deadline(order, dispute), dispute.end
    return StoredDispute(
        lane=lane_of(order.id),
        id=dispute.id,
        order_id=order.id,
        buyer=order.buyer,
        seller=order.seller,
        currency=order.currency,
        reason=dispute.reason.value,
        state=dispute.state.value,
        tabs=dispute_tab_mask(dispute_tabs(order, dispute)),
        turn="" if deadline is None else deadline.owner.value,
        deadline_at=None if deadline is None else deadline.at,
        amount=dispute.amount,
        refund=_decided(dispute),
        mediator=dispute.mediator,
        claimed=int(dispute.claimed_at is not None),
        opened_at=dispute.opened_at,
        updated_at=updated_at,
        closed_at=None if end is None else end.at,
        outcome=None if end is None else end.outcome.value,
        seller_answered_at=dispute.answered_at,
    )


def _decided(dispute: Dispute) -> int | None:
    if dispute.end is not None:
        return dispute.end.decided
    return dispute.rulings[-1].refund if dispute.state is DisputeState.RULED else None


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
    """The row of `events`, not yet committed to; `order` is as the event left it."""
    return StoredEvent(lane_of(order.id), order.id, order.version, event.at, event.by, kind_of(event), encode(event))


def committed(rows: Sequence[StoredEvent], written_at: Instant, fresh: Callable[[int], bytes]) -> list[StoredEvent]:
    """These rows as they are written, each committed to with a salt of chance that is `fresh` (so many bytes of it).

    All of a batch together: a hash that is called again at once takes a quarter of the time, and chance is asked for once.
    """
    chance = fresh(SALT_BYTES * len(rows))
    salts = [chance[at : at + SALT_BYTES] for at in range(0, len(chance), SALT_BYTES)]
    return [
        StoredEvent._make((*row[:7], salt, commitment(salt, row[6]), written_at))
        for row, salt in zip(rows, salts, strict=True)
    ]


def transfer_rows(order: Order, transfers: tuple[Transfer, ...]) -> list[StoredTransfer]:
    """The rows of `transfers` of the event that made `order` what it is."""
    if not transfers:
        return []
    lane = lane_of(order.id)
    return [
        StoredTransfer(lane, order.id, order.version, n, moved.debit, moved.credit, moved.amount, moved.at)
        for n, moved in enumerate(transfers)
    ]
