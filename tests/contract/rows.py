"""Rows with made-up bytes: to a store an order is a row, whatever it means."""

from collections.abc import Sequence
from itertools import count
from typing import Any

from fairhold.domain.ids import Lane, OrderId, order_id
from fairhold.domain.instants import Instant
from fairhold.domain.payout_rules import OwnRules
from fairhold.domain.reputation import Tally
from fairhold.engine.ports.disputes import StoredDispute
from fairhold.engine.ports.movements import StoredTransfer
from fairhold.engine.ports.payouts import Made, Part, Payee, Payout, PayoutRows
from fairhold.engine.ports.reviews import StoredProductReview, StoredReport, StoredReview, facet
from fairhold.engine.ports.store import Batch, OutboxMessage, StoredEvent, StoredKey, StoredOrder, Writer

LANE = Lane(0)
OTHER_LANE = Lane(7)
NOW = Instant(1_800_000_000_000_000)

_chance = count(1)


def new_id(milliseconds: int = 1_700_000_000_000, lane: Lane = LANE) -> OrderId:
    """An id that no other order of the run has; later milliseconds sort behind."""
    return order_id(milliseconds, next(_chance), lane)


def order(
    id: OrderId,
    version: int = 1,
    *,
    lane: Lane = LANE,
    snapshot: bytes | None = None,
    buyer: str = "ann",
    seller: str = "shop-7",
    status: str = "awaiting_payment",
    tabs: int = 1,
    next_deadline_at: int | None = None,
    search: str = "",
    parked: bool = False,
    closed_at: int | None = None,
) -> StoredOrder:
    """A row of `orders`, unless told otherwise of ann, who buys from shop-7."""
    return StoredOrder(
        lane=lane,
        id=id,
        version=version,
        snapshot=snapshot if snapshot is not None else f"{id} v{version}".encode(),
        buyer=buyer,
        seller=seller,
        currency="RUB",
        status=status,
        tabs=tabs,
        total=129_900,
        placed_at=NOW - 5,
        updated_at=NOW + version,
        next_deadline_at=next_deadline_at,
        search=search,
        parked=parked,
        closed_at=closed_at,
    )


def event(id: OrderId, seq: int, lane: Lane = LANE) -> StoredEvent:
    """A row of `events`."""
    return StoredEvent(lane, id, seq, NOW + seq, "buyer:ann", "made_up", f'{{"seq":{seq},"text":"ё\\u0000"}}'.encode())


def transfer(id: OrderId, seq: int, n: int = 0, amount: int = 100, lane: Lane = LANE) -> StoredTransfer:
    """A row of `transfers`."""
    return StoredTransfer(lane, id, seq, n, "held:RUB", "seller:shop-7:RUB", amount, NOW + seq)


def message(
    id: OrderId,
    seq: int = 1,
    n: int = 0,
    destination: str = "payments",
    not_before: int = NOW,
    state: str = "waiting",
    lane: Lane = LANE,
) -> OutboxMessage:
    """A row of `outbox`."""
    return OutboxMessage(lane, id, seq, n, destination, b'{"do":"it"}', not_before, state)


def key(order_id: str, key: str, *, made: str = "", version: int = 1, lane: Lane = LANE) -> StoredKey:
    """A row of `idempotency`."""
    return StoredKey(lane, order_id, key, bytes(range(32)), made, version, NOW)


def dispute(order: OrderId, number: int = 1, lane: Lane = LANE, **columns: Any) -> StoredDispute:
    """A row of `disputes`, unless told otherwise a claim of ann against shop-7 that waits for a mediator."""
    row = StoredDispute(
        lane=lane,
        id=f"{order}-d{number}",
        order_id=order,
        buyer="ann",
        seller="shop-7",
        currency="RUB",
        reason="damaged",
        state="claimed",
        tabs=1,
        turn="mediator",
        deadline_at=NOW + 1000,
        amount=5_000,
        refund=None,
        mediator=None,
        claimed=1,
        opened_at=NOW,
        updated_at=NOW,
        closed_at=None,
        outcome=None,
        seller_answered_at=None,
    )
    return row._replace(**columns)


def review(id: str, lane: Lane = LANE, **columns: Any) -> StoredReview:
    """A row of `reviews`, unless told otherwise of ann, who gives shop-7 five stars and says nothing."""
    row = StoredReview(
        lane=lane,
        id=id,
        order_id=f"the order of {id}",
        author="buyer:ann",
        subject="seller:shop-7",
        status="published",
        shown=1,
        awaits=0,
        facet=facet(5, 0, ""),
        rating=5,
        accuracy=None,
        communication=None,
        speed=None,
        language="",
        photos=0,
        anonymous=1,
        automatic=0,
        version=1,
        left_at=NOW,
        revised_at=None,
        reply_version=None,
        reply_at=None,
        reply_status="",
        changed_at=NOW,
        pictures="",
        text="",
        reply="",
        held="",
        reports=0,
    )
    return row._replace(**columns)


def product_review(of: StoredReview, line: str = "line-1", **columns: Any) -> StoredProductReview:
    """A row of `product_reviews`: what that review says of a lamp, unless told otherwise the same as of the deal."""
    row = StoredProductReview(
        lane=of.lane,
        review_id=of.id,
        line_id=line,
        product="shop-7/LAMP",
        shown=of.shown,
        facet=of.facet,
        rating=of.rating,
        left_at=of.left_at,
        pictures="",
        text="",
    )
    return row._replace(**columns)


def report(of: StoredReview, reporter: str = "buyer:bob", at: int = NOW) -> StoredReport:
    """A row of `review_reports`."""
    return StoredReport(of.lane, of.id, reporter, "insult", "Не так \x00 было", at)


def batch(
    *orders: StoredOrder,
    expected: Sequence[int] | None = None,
    events: Sequence[StoredEvent] = (),
    transfers: Sequence[StoredTransfer] = (),
    balances: Sequence[tuple[str, int]] = (),
    outbox: Sequence[OutboxMessage] = (),
    outbox_done: Sequence[OutboxMessage] = (),
    keys: Sequence[StoredKey] = (),
    disputes: Sequence[StoredDispute] = (),
    reviews: Sequence[StoredReview] = (),
    product_reviews: Sequence[StoredProductReview] = (),
    figures: Sequence[tuple[str, int, Tally]] = (),
    lane: Lane = LANE,
) -> Batch:
    """A batch; where `expected` is not given, each order is one version further than it was."""
    versions = [row.version - 1 for row in orders] if expected is None else expected
    of_reviews = reviews, product_reviews, figures
    return Batch(lane, orders, versions, events, transfers, balances, outbox, outbox_done, keys, disputes, *of_reviews)


def place(writer: Writer, *orders: StoredOrder) -> None:
    """Write these new orders as one batch of their lane."""
    writer.write(batch(*orders, expected=[0] * len(orders), lane=Lane(orders[0].lane)))


def begin(writer: Writer, *orders: StoredOrder) -> None:
    """As `place`, with each order's first event, by which people's numbers are found."""
    lane = Lane(orders[0].lane)
    events = [event(OrderId(row.id), 1, lane) for row in orders]
    writer.write(batch(*orders, expected=[0] * len(orders), events=events, lane=lane))


def make(rows: PayoutRows, payout: Payout, parts: Sequence[Part] = ()) -> Made:
    """Write a payout when it is its turn, to a payee who is met where they are new."""
    seller, provider, _ = payout.account
    rows.first_met(Payee(seller, provider, payout.to, OwnRules(), None))
    return rows.make(payout, parts, rows.turn(seller, provider))
