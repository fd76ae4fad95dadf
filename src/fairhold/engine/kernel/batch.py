"""Deciding a batch in memory: commands of one lane, one after the other, and what all of them together write."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec
import structlog

from fairhold.access import may_see_order
from fairhold.domain.commands import Pay, PlaceOrder
from fairhold.domain.decide import Happened, happen
from fairhold.domain.ids import Lane, OrderId
from fairhold.domain.instants import Instant
from fairhold.domain.order import Order
from fairhold.domain.payment_commands import StartPayment
from fairhold.domain.reasons import Reason, Refusal
from fairhold.domain.reputation import NOTHING, Figure, Tally, changed_figures, plus
from fairhold.domain.review import ReviewId
from fairhold.domain.review_commands import WriteReview
from fairhold.engine.installation.policies import Today
from fairhold.engine.kernel.codec import decode_order
from fairhold.engine.kernel.envelope import Answer, Envelope, Faulty
from fairhold.engine.kernel.messages import messages
from fairhold.engine.kernel.minting import Mint
from fairhold.engine.kernel.news import news_of
from fairhold.engine.kernel.queue import Item, Recall, Verdict
from fairhold.engine.kernel.review_rows import changed_product_reviews, changed_reviews, merged, merged_product
from fairhold.engine.kernel.rows import changed_disputes, committed, event_row, order_row, transfer_rows
from fairhold.engine.outside.destinations import Outside
from fairhold.engine.ports.disputes import StoredDispute
from fairhold.engine.ports.movements import StoredTransfer
from fairhold.engine.ports.reviews import StoredProductReview, StoredReview
from fairhold.engine.ports.store import Batch, OutboxMessage, StoredEvent, StoredKey, Writer
from fairhold.ledger.balances import changes
from fairhold.ledger.posting import post
from fairhold.ledger.transfers import Transfer

_log = structlog.get_logger("fairhold.engine")


class _Course:
    """An order on its way through the batch."""

    __slots__ = ("expected", "order", "updated_at")

    def __init__(self, order: Order, expected: int) -> None:
        self.order = order
        self.expected = expected
        self.updated_at: Instant | None = None
        """When the last event of this batch took effect; None while the batch has none for this order."""


class _Step:
    """What one command makes of an order; becomes part of the draft only when all of it could be calculated."""

    __slots__ = ("booked", "disputes", "events", "figures", "messages", "order", "products", "reviews", "transfers")

    def __init__(self, outside: Outside, order: Order | None, happened: Sequence[Happened]) -> None:
        self.events: list[StoredEvent] = []
        self.transfers: list[StoredTransfer] = []
        self.booked: list[Transfer] = []
        self.messages: list[OutboxMessage] = []
        self.disputes: list[StoredDispute] = []
        self.reviews: list[StoredReview] = []
        self.products: list[StoredProductReview] = []
        self.figures: dict[Figure, Tally] = {}
        for event, after in happened:
            moved = post(order, event, after)
            self.events.append(event_row(after, event))
            if moved:
                self.booked.extend(moved)
                self.transfers.extend(transfer_rows(after, moved))
            self.messages.extend(messages(outside, after, event))
            self.disputes.extend(changed_disputes(order, after, event.at))
            if after.reviews:
                self.reviews.extend(changed_reviews(order, after, event))
                self.products.extend(changed_product_reviews(order, after, event))
            if after.reviews or after.disputes:
                _add(self.figures, changed_figures(order, after))
            order = after
        self.order = order


def _add(sums: dict[Figure, Tally], changes: Mapping[Figure, Tally]) -> None:
    for figure, change in changes.items():
        sums[figure] = plus(sums.get(figure, NOTHING), change)


class Draft:
    """A batch being decided. A failed one is thrown away whole: its commands are loaded and decided anew."""

    def __init__(self, lane: Lane, now: Instant, mint: Mint, outside: Outside, today: Today) -> None:
        self._today = today
        self._lane = lane
        self._now = now
        self._mint = mint
        self._outside = outside
        self._courses: dict[str, _Course] = {}
        self._stored_keys: Mapping[tuple[str, str], StoredKey] = {}
        self._new_keys: dict[tuple[str, str], tuple[StoredKey, Answer]] = {}
        self._events: list[StoredEvent] = []
        self._transfers: list[StoredTransfer] = []
        self._booked: list[Transfer] = []
        self._messages: list[OutboxMessage] = []
        self._answered: list[OutboxMessage] = []
        self._disputes: dict[str, StoredDispute] = {}
        self._reviews: dict[str, StoredReview] = {}
        self._products: dict[tuple[str, str], StoredProductReview] = {}
        self._figures: dict[Figure, Tally] = {}

    def load(self, writer: Writer, items: Iterable[Item]) -> None:
        """Fetch every order and key that these commands name: two queries, however many there are."""
        orders: dict[OrderId, None] = {}
        keys: dict[tuple[str, str], None] = {}
        for item in items:
            envelope = item.envelope
            if envelope.order is not None:
                if not envelope.order.isascii():
                    continue
                orders[envelope.order] = None
            if envelope.key is not None and not envelope.dry_run:
                keys[envelope.order or "", envelope.key] = None
        if not orders and not keys:
            return
        found, self._stored_keys = writer.fetch(self._lane, tuple(orders), tuple(keys))
        for order, (version, snapshot) in found.items():
            self._courses[order] = _Course(self._today(decode_order(snapshot)), version)

    def answer(self, envelope: Envelope) -> Verdict:
        """Decide one command upon everything decided before it."""
        try:
            return self._answer(envelope)
        except Exception as error:  # noqa: BLE001 - one command that cannot be decided must not fail the others
            _log.exception("command failed", command=envelope.command.NAME, order=envelope.order)
            return Faulty(f"{envelope.command.NAME}: {type(error).__name__}")

    def _answer(self, envelope: Envelope) -> Verdict:
        course = None
        if envelope.order is not None:
            course = self._courses.get(envelope.order)
            if course is None or not may_see_order(envelope.actor, course.order):
                return Refusal(Reason.NOT_FOUND)
        key = None if envelope.dry_run else envelope.key
        if key is not None:
            repeated = self._repeated(envelope.order or "", key, envelope.fingerprint)
            if repeated is not None:
                return repeated
        now = envelope.at or self._now
        decided = self._decide(envelope, course.order if course else None, now)
        if isinstance(decided, Refusal):
            return decided
        step = _Step(self._outside, course.order if course else None, decided)
        if step.order is None:
            return Refusal(Reason.NOT_FOUND)
        answer = Answer(step.order, now, tuple([happened.event for happened in decided]))
        if not envelope.dry_run:
            self._keep(envelope, course, step, answer)
        return answer

    def _decide(self, envelope: Envelope, order: Order | None, now: Instant) -> Sequence[Happened] | Refusal:
        command = envelope.command
        assert order is None or not isinstance(command, PlaceOrder), "an order is placed once"
        fresh: OrderId | ReviewId | None = None
        if isinstance(command, PlaceOrder):
            fresh = self._mint.order_id(now, self._lane)
        elif isinstance(command, WriteReview):
            fresh = self._mint.review_id(now, self._lane)
        elif isinstance(command, StartPayment):
            command = msgspec.structs.replace(command, ceiling=self._outside.ceiling(command.method))
        decided = happen(order, command, envelope.actor, now, fresh)
        if isinstance(command, Pay | StartPayment) and order is not None and not isinstance(decided, Refusal):
            page = isinstance(command, StartPayment)
            declined = self._outside.judge(command.method, order.total, order.currency, page=page)
            if declined is not None:
                return Refusal(declined, "method")
        return decided

    def _repeated(self, order: str, key: str, fingerprint: bytes) -> Verdict | None:
        made = self._new_keys.get((order, key))
        if made is not None:
            stored, answer = made
            if stored.fingerprint == fingerprint:
                return Answer(answer.order, answer.now, repeated=True)
            return Refusal(Reason.IDEMPOTENCY_KEY_REUSED)
        found = self._stored_keys.get((order, key))
        if found is None:
            return None
        if found.fingerprint == fingerprint:
            return Recall(OrderId(found.made or order), found.version, Instant(found.at))
        return Refusal(Reason.IDEMPOTENCY_KEY_REUSED)

    def _keep(self, envelope: Envelope, course: _Course | None, step: _Step, answer: Answer) -> None:
        order = answer.order
        if course is None:
            self._courses[order.id] = course = _Course(order, 0)
        course.order = order
        if answer.events:
            course.updated_at = answer.events[-1].at
            self._events.extend(step.events)
            self._transfers.extend(step.transfers)
            self._booked.extend(step.booked)
            self._messages.extend(step.messages)
            self._disputes.update((dispute.id, dispute) for dispute in step.disputes)
            self._take_reviews(step)
        if envelope.answers is not None:
            self._answered.append(envelope.answers)
        if envelope.key is not None:
            scope = envelope.order or ""
            made = "" if envelope.order else order.id
            row = StoredKey(self._lane, scope, envelope.key, envelope.fingerprint, made, order.version, answer.now)
            self._new_keys[scope, envelope.key] = row, answer

    def _take_reviews(self, step: _Step) -> None:
        for review in step.reviews:
            self._reviews[review.id] = merged(self._reviews.get(review.id), review)
        for product in step.products:
            place = product.review_id, product.line_id
            self._products[place] = merged_product(self._products.get(place), product)
        _add(self._figures, step.figures)

    def batch(self) -> Batch | None:
        """Everything to be written; None where there is nothing."""
        changed = [course for course in self._courses.values() if course.updated_at is not None]
        if not changed and not self._new_keys and not self._answered:
            return None
        return Batch(
            lane=self._lane,
            orders=[order_row(course.order, course.updated_at or self._now) for course in changed],
            expected=[course.expected for course in changed],
            events=committed(self._events, self._now, self._mint.salts),
            transfers=self._transfers,
            balances=sorted((account, change) for account, change in changes(self._booked).items() if change),
            outbox=[*self._messages, *self._news(changed)],
            outbox_done=self._answered,
            keys=[row for row, _ in self._new_keys.values()],
            disputes=tuple(self._disputes.values()),
            reviews=tuple(self._reviews.values()),
            product_reviews=tuple(self._products.values()),
            figures=sorted((*figure, change) for figure, change in self._figures.items() if any(change)),
        )

    def _news(self, changed: Sequence[_Course]) -> Iterator[OutboxMessage]:
        if self._outside.news is not None:
            for course in changed:
                yield news_of(course.order, course.expected, course.updated_at or self._now)


def landed(writer: Writer, batch: Batch) -> bool:
    """Whether a batch whose commit was never answered is in the database: a batch is there whole or not at all."""
    if not batch.orders:
        return False
    found = writer.load(Lane(batch.lane), [OrderId(row.id) for row in batch.orders])
    return all(found.get(row.id) == (row.version, row.snapshot) for row in batch.orders)


def halves(items: Sequence[Item]) -> tuple[Sequence[Item], Sequence[Item]]:
    """The first and the second half, in order."""
    middle = len(items) // 2
    return items[:middle], items[middle:]
