"""The audit: plays every order's history again and compares it with everything that was stored beside it.

It reads one moment of the database, order by order: it can run beside a working server and needs little memory.
"""

from collections.abc import Callable, Iterator
from itertools import groupby

from fairhold.domain.ids import ORDER_ID_LENGTH, Lane, OrderId
from fairhold.domain.order import Order
from fairhold.engine.audit.findings import Finding, Kind
from fairhold.engine.audit.heads import all_heads, check_heads, check_leaves
from fairhold.engine.audit.orders import check_order
from fairhold.engine.audit.reviews import ReviewAudit
from fairhold.engine.installation.policies import Today
from fairhold.engine.kernel.codec import decode_event, decode_order
from fairhold.engine.outside.destinations import PAYMENTS
from fairhold.engine.ports.disputes import StoredDispute
from fairhold.engine.ports.heads import DailyHead, Heads, Leaf
from fairhold.engine.ports.movements import StoredTransfer
from fairhold.engine.ports.store import Reader, Store, StoredEvent, StoredOrder
from fairhold.ledger.balances import is_taken_back, overdrawn, unbalanced

Progress = Callable[[int, int], None]
"""Called now and then with how many orders were looked at, and how many there are."""

_PAGE = 500
_ALL = 1_000_000
_BEHIND_ALL = "\x7f"


def audit(
    store: Store, progress: Progress = lambda done, total: None, today: Today = lambda order: order
) -> list[Finding]:
    """Everything in the database that does not fit together; nothing when all is well.

    `today` puts the rules of the day into an order: they may have moved its next deadline.
    """
    reader = store.reader()
    try:
        heads = store.heads()
        # Heads that are made from now on may be over events that the moment does not show.
        made = all_heads(heads)
        with reader.moment() as moment:
            return [*findings(moment, progress, _Sealed(heads, made), today), *check_heads(heads, made)]
    finally:
        reader.close()


class _Sealed:
    """What the heads that were made before the audit began say of each order."""

    def __init__(self, heads: Heads, made: list[DailyHead]) -> None:
        self._heads = heads
        self._days = frozenset(head.day for head in made)

    def of(self, orders: list[StoredOrder], after: str | None) -> Iterator[tuple[str, list[Leaf]]]:
        """The leaves of the orders of a page, which begins behind `after`; with those of orders that are not there."""
        found: dict[str, list[Leaf]] = {row.id: [] for row in orders}
        if self._days:
            for leaf in self._heads.leaves_of(after or "", orders[-1].id if orders else _BEHIND_ALL):
                if leaf.day in self._days and leaf.order_id != after:
                    found.setdefault(leaf.order_id, []).append(leaf)
        yield from found.items()


def findings(reader: Reader, progress: Progress, sealed: _Sealed, today: Today) -> Iterator[Finding]:
    """The findings of `audit`, one by one as they come up."""
    booked: dict[int, dict[str, int]] = {}
    owed: dict[str, int] = {}
    open_messages = reader.outbox(("waiting", "parked"), _ALL)
    waiting = {(one.order_id, one.seq) for one in open_messages if one.destination.startswith(PAYMENTS)}
    total = reader.tab_counts(None, None).get(0, 0)
    done = 0
    disputes, reviews = _Disputes(reader), ReviewAudit(reader)
    after: str | None = None
    while rows := reader.scan_orders(after, _PAGE):
        leaves = dict(sealed.of(rows, after))
        for row in rows:
            events, transfers = _history(reader, row)
            yield from check_order(row, events, transfers, disputes.of(row.id), reviews.check, today)
            yield from check_leaves(row.id, events, leaves.pop(row.id))
            yield from _unsent_refunds(row, events, waiting)
            _book(booked.setdefault(row.lane, {}), transfers)
            _owe(owed, transfers)
            done += 1
        yield from _vanished(leaves)
        progress(done, total)
        after = rows[-1].id
    yield from _vanished(dict(sealed.of([], after)))
    yield from _balances(reader, booked, owed)
    yield from reviews.finish()
    yield from _loose_ends(reader)


def _vanished(leaves: dict[str, list[Leaf]]) -> Iterator[Finding]:
    for order in leaves:
        yield Finding(Kind.STRAY, order, "a daily head covers this order, which does not exist")


class _Disputes:
    """The disputes of orders that are asked for by id, ascending: read once, page by page, beside the orders."""

    def __init__(self, reader: Reader) -> None:
        self._groups = groupby(_every_dispute(reader), key=lambda row: row.id[:ORDER_ID_LENGTH])
        self._next: tuple[str, list[StoredDispute]] | None = None
        self._step()

    def _step(self) -> None:
        found = next(self._groups, None)
        self._next = None if found is None else (found[0], list(found[1]))

    def of(self, order: str) -> list[StoredDispute]:
        """The disputes of that order; those of orders that do not exist are passed by, and counted among the strays."""
        while self._next is not None and self._next[0] < order:
            self._step()
        return self._next[1] if self._next is not None and self._next[0] == order else []


def _every_dispute(reader: Reader) -> Iterator[StoredDispute]:
    after = ""
    while rows := reader.scan_disputes(after, _PAGE):
        yield from rows
        after = rows[-1].id


def _history(reader: Reader, row: StoredOrder) -> tuple[list[StoredEvent], list[StoredTransfer]]:
    order = OrderId(row.id)
    return reader.events(order), reader.transfers(order, None, _ALL)


def _book(balances: dict[str, int], transfers: list[StoredTransfer]) -> None:
    for moved in transfers:
        balances[moved.debit] = balances.get(moved.debit, 0) - moved.amount
        balances[moved.credit] = balances.get(moved.credit, 0) + moved.amount


def _unsent_refunds(row: StoredOrder, events: list[StoredEvent], waiting: set[tuple[str, int]]) -> Iterator[Finding]:
    """Refunds that nobody will ever carry out: not paid, and no message about them is on its way."""
    try:
        order = decode_order(row.snapshot)
    except Exception:  # noqa: BLE001 - an unreadable snapshot is a finding of its own
        return
    unpaid = _unpaid(order)
    if not unpaid:
        return
    refunded = [event.seq for event in events if event.type in _REFUNDING and _refunds(event)]
    for number in unpaid:
        if number > len(refunded) or (row.id, refunded[number - 1]) not in waiting:
            yield Finding(Kind.MESSAGE_LOST, row.id, f"refund {number} is not paid, and nothing waits to pay it")


_REFUNDING = frozenset(
    {"portions_refunded", "dispute_settled", "chargeback_won", "payment_returned", "refund_sent_again"}
)


def _refunds(stored: StoredEvent) -> bool:
    """Whether the event gave the order's refunds a new number: settling a dispute for the seller does not."""
    try:
        return bool(getattr(decode_event(stored.data), "number", 0))
    except Exception:  # noqa: BLE001 - an unreadable event is a finding of its own
        return False


def _unpaid(order: Order) -> list[int]:
    return [refund.number for refund in order.refunds if refund.is_owed and not refund.waits]


def _owe(owed: dict[str, int], transfers: list[StoredTransfer]) -> None:
    for row in transfers:
        if is_taken_back(row.debit, row.credit):
            owed[row.debit] = owed.get(row.debit, 0) + row.amount


def _balances(reader: Reader, booked: dict[int, dict[str, int]], owed: dict[str, int]) -> Iterator[Finding]:
    whole: dict[str, int] = {}
    for lane in sorted({*booked, *reader.used_lanes()}):
        expected = booked.get(lane, {})
        found = reader.lane_balances(Lane(lane))
        for account in sorted({*expected, *found}):
            said, right = found.get(account, 0), expected.get(account, 0)
            whole[account] = whole.get(account, 0) + said
            if said != right:
                yield Finding(
                    Kind.BALANCE, None, f"{account} in lane {lane} is {said}, its transfers add up to {right}"
                )
    for currency, rest in sorted(unbalanced(whole).items()):
        yield Finding(Kind.UNBALANCED, None, f"balances in {currency} add up to {rest}, not to zero")
    for account, balance in sorted(overdrawn(whole, owed).items()):
        yield Finding(Kind.OVERDRAWN, None, f"{account} is {balance}")


def _loose_ends(reader: Reader) -> Iterator[Finding]:
    for table, order in reader.strays(_ALL):
        yield Finding(Kind.STRAY, order, f"{table} has rows of an order that does not exist")
    for message in reader.outbox(("parked",), _ALL):
        what = f"to {message.destination}, after {message.attempts} attempts: {message.error}"
        yield Finding(Kind.MESSAGE_PARKED, message.order_id, what)
    after = None
    while keys := reader.scan_keys(after, _PAGE):
        for key in keys:
            order = OrderId(key.order_id or key.made)
            found = reader.order(order)
            if found is not None and not 1 <= key.version <= found[0]:
                what = f"key {key.key!r} names version {key.version}, the order has {found[0]}"
                yield Finding(Kind.KEY, order, what)
        after = keys[-1][:3]
