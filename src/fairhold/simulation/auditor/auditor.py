"""The auditor: reads what a step wrote, moves its own books by it, and says what is not as it must be."""

import hashlib
from collections.abc import Iterable, Mapping
from functools import partial

import msgspec

from fairhold.simulation.auditor.accounts import Accounts
from fairhold.simulation.auditor.actors import check_actor
from fairhold.simulation.auditor.answers import Answers
from fairhold.simulation.auditor.book import OPEN, Book
from fairhold.simulation.auditor.deadlines import check_deadlines, next_due
from fairhold.simulation.auditor.folding_reviews import fold
from fairhold.simulation.auditor.invariants import Invariant, Violated, Violation
from fairhold.simulation.auditor.moves import check_moves
from fairhold.simulation.auditor.passed_on import check_passing, check_purse
from fairhold.simulation.auditor.provider import Statement, check_messages
from fairhold.simulation.auditor.rows import (
    Answered,
    Asked,
    EventRow,
    Operation,
    OrderRow,
    Source,
    TransferRow,
)
from fairhold.simulation.auditor.snapshot import check_snapshot, check_sums
from fairhold.simulation.auditor.terms import DAY, Terms, reviews_under

_NOTHING = b""
KEYS_KEPT = 400 * DAY
"""So long after an order was closed, what is asked under its keys may be asked anew."""


class _File:
    """What is kept of one order: its book, and a digest of every row that was ever seen."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.events = self.transfers = _NOTHING
        self.accounts: dict[str, int] = {}
        self.is_broken = False
        """Its events can no longer be followed: that was said once."""


class Auditor:
    """Sees everything that a run of the simulator writes and tells callers; see the package for how to talk to it.

    `skew`: by how many microseconds the clocks of engines may differ. `rules_today`: by a policy's name, the rules of reviews
    that hold today, where those are not the order's own. Without `statement`, nothing is compared with the provider's.
    """

    def __init__(
        self,
        source: Source,
        *,
        skew: int = 0,
        statement: bool = True,
        rules_today: Mapping[str, Terms] | None = None,
    ) -> None:
        self._source = source
        self._skew = skew
        self._rules_today = rules_today or {}
        self._files: dict[str, _File] = {}
        self._accounts = Accounts()
        self._answers = Answers(source)
        self._statement = Statement(kept=statement)
        self._due: dict[str, int] = {}
        self._since_opening: set[str] = set()
        self._answered: set[str] = set()
        self._found: list[Violation] = []
        self._step = self._now = 0
        self._about: str | None = None

    # what it is told

    def acknowledged(self, asked: Asked, answer: Answered, now: int) -> None:
        """A caller was given this answer."""
        if not asked.dry_run:
            self._about = str(answer.order.id)
            self._answered.add(self._about)
            self._answers.acknowledged(asked, answer, self._complain, partial(self._may_forget_keys, now))

    def unanswered(self, asked: Asked) -> None:
        """A caller was never told: the engine died, or could not say."""
        self._answers.unanswered(asked)

    def stated(self, line: Operation) -> None:
        """The payment provider's statement has one more line."""
        self._about = line.order or None
        self._statement.add(line, self._complain)

    def shown(self, order: str, reader: str, types: Iterable[str]) -> None:
        """Somebody (`buyer:ann`) was shown these events of the order."""
        told = sorted({kind for kind in types if kind.startswith("payout_")})
        if told and reader.startswith("buyer:"):
            self._about = order
            self._complain(Invariant.BUYERS_HEAR_NOTHING, f"{reader} reads of {', '.join(told)}")

    def _may_forget_keys(self, now: int, order: str) -> bool:
        file = self._files.get(order)
        closed_at = None if file is None else file.book.closed_at
        return closed_at is not None and closed_at + KEYS_KEPT <= now

    # what it looks at

    def look(self, step: int, now: int, orders: Iterable[str]) -> None:
        """Look at what the step wrote. Raises Violated."""
        self._step, self._now = step, now
        self._answers.look()
        for order in sorted({*orders, *self._answered}):
            self._about = order
            self._read(order)
            self._since_opening.add(order)
        self._answered = set()
        self._about = None
        self._accounts.check(self._source.balances(), self._complain)
        self._raise()

    def reopened(self, step: int, now: int) -> None:
        """After a crash: look at everything again that was looked at since the last time. Raises Violated."""
        self._step, self._now = step, now
        for order in sorted(self._since_opening):
            self._about = order
            self._read_again(order)
        self._since_opening = set()
        # Balances wait for the next look: what the crash came after is not yet read.
        self._raise()

    def settled(self, step: int, now: int) -> None:
        """After a sweep, with nothing left to deliver: nothing that was to come by `now` is still to come. Raises Violated."""
        self._step, self._now = step, now
        for order, at in sorted(self._due.items()):
            if at <= now - self._skew:
                self._about = order
                self._complain(Invariant.DEADLINE_ONCE_NEVER_EARLY, f"what was due at {at} has not come by {now}")
        self._raise()

    def finish(self, step: int, now: int) -> None:
        """Look at everything from the first event on, and at what nobody told of. Raises Violated."""
        self._step, self._now = step, now
        for order in sorted({*self._source.orders(), *self._files}):
            self._about = order
            if order in self._files:
                self._read_again(order)
            self._read(order)
        self._about = None
        books = {order: file.book for order, file in self._files.items()}
        self._statement.check_decided(books, self._complain)
        for purse in self._source.purses():
            self._about = purse.order
            check_purse(books[purse.order], purse, self._complain)
        self._about = None
        self._accounts.check(self._source.balances(), self._complain, everything=True)
        self._raise()

    # how

    def _complain(self, invariant: Invariant, what: str) -> None:
        self._found.append(Violation(invariant, what, self._about, self._step))

    def _raise(self) -> None:
        if self._found:
            found, self._found = tuple(self._found), []
            raise Violated(found)

    def _read(self, order: str) -> None:
        file, row = self._files.get(order), self._source.order(order)
        seen, told = file.book.seen if file is not None else 0, self._answers.told.get(order, 0)
        version = 0 if row is None else row.version
        if version < max(seen, told):
            lost = Invariant.ACKNOWLEDGED_SURVIVES if version < told else Invariant.APPEND_ONLY
            self._complain(lost, f"version {max(seen, told)} was there or told of, now there is {version}")
            return
        if row is None or (file is not None and file.is_broken):
            return
        if file is None:
            file = self._files[order] = _File(Book(self._complain))
        events = self._source.events(order, seen + 1)
        causes = {event.seq: event.type for event in events}
        for event in events:
            self._take(file, event)
        for moved in self._source.transfers(order, seen + 1):
            self._book(order, file, moved, causes.get(moved.seq, "no event"))
        if not file.is_broken:
            self._check(order, file, row)

    def _take(self, file: _File, row: EventRow) -> None:
        """One more event: what it may not be, and what it makes of the book."""
        book = file.book
        if row.seq != book.seen + 1:
            self._complain(Invariant.APPEND_ONLY, f"event {row.seq} stands behind event {book.seen}")
        file.events = _digest(file.events, row)
        book.seen = row.seq
        if file.is_broken:
            return
        try:
            event = msgspec.json.decode(row.data)
            if (event["at"], event["by"], event["type"]) != (row.at, row.by, row.type):
                self._complain(Invariant.STATE_IS_FOLD, f"event {row.seq} and its columns differ")
            if row.at > self._now + self._skew:
                self._complain(
                    Invariant.DEADLINE_ONCE_NEVER_EARLY,
                    f"{row.type} is of {row.at}, which is not yet: it is {self._now}",
                )
            if row.seq > 1:
                check_moves(book, event)
                check_deadlines(book, event)
                self._statement.booked(book, event, self._complain)
            check_actor(book, event)
            fold(book, event)
            if row.seq == 1:
                self._begin(book)
            if row.type != "chargeback_moved":
                # It only makes room for what follows.
                book.before = event
        except (KeyError, IndexError, TypeError, ValueError, AssertionError, msgspec.DecodeError) as error:
            file.is_broken = True
            what = f"event {row.seq} ({row.type}) cannot be followed: {type(error).__name__}: {error}"
            self._complain(Invariant.STATE_IS_FOLD, what)

    def _begin(self, book: Book) -> None:
        rules = self._rules_today.get(book.terms["policy"]["name"])
        book.rules_today = None if rules is None else reviews_under(rules)

    def _book(self, order: str, file: _File, row: TransferRow, cause: str) -> None:
        file.transfers = _digest(file.transfers, row)
        self._accounts.book(order, row, cause, self._complain)
        for account, change in ((row.debit, -row.amount), (row.credit, row.amount)):
            file.accounts[account] = file.accounts.get(account, 0) + change

    def _check(self, order: str, file: _File, row: OrderRow) -> None:
        """The order as it is now: its row, its money, what it waits for."""
        book, sums = file.book, file.book.sums()
        check_snapshot(book, row.snapshot, sums)
        check_sums(book, sums, "the events'")
        booked = {account: balance for account, balance in file.accounts.items() if balance}
        decided = book.accounts(sums)
        if booked != decided:
            self._complain(Invariant.BOOKED_AS_DECIDED, f"booked is {booked}, decided was {decided}")
        if row.version != book.seen:
            self._complain(Invariant.STATE_IS_FOLD, f"version is {row.version}, there are {book.seen} events")
        unanswered = any(part.state == "started" or part.asked_back for part in book.parts.values())
        if book.refunds or unanswered:
            waiting = self._source.waiting(order)
            check_messages(book, waiting, self._complain)
            check_passing(book, waiting, self._complain)
        self._check_waiting(order, book, row)

    def _check_waiting(self, order: str, book: Book, row: OrderRow) -> None:
        due, column = next_due(book), row.next_deadline_at
        if due is None:
            self._due.pop(order, None)
            if any(unit.state in OPEN for unit in book.every()):
                self._complain(
                    Invariant.SOMEBODY_OWES, "something is open, and nothing is to come and nobody owes an answer"
                )
        else:
            self._due[order] = due.at
            if row.parked:
                self._complain(Invariant.SOMEBODY_OWES, f"taken out of the sweep, with {due.what} due at {due.at}")
            if column is None or column > due.at:
                what = f"{due.what} is due at {due.at}, the order will be looked at at {column}"
                self._complain(Invariant.SOMEBODY_OWES, what)
        if column is not None and (due is None or column < due.at):
            self._complain(Invariant.STATE_IS_FOLD, f"the next deadline is stored as {column}, it is {due}")

    def _read_again(self, order: str) -> None:
        """Compare every row of it with what was seen."""
        file = self._files.get(order)
        if file is None:
            return
        seen, told = file.book.seen, self._answers.told.get(order, 0)
        events = [row for row in self._source.events(order, 1) if row.seq <= seen]
        transfers = [row for row in self._source.transfers(order, 1) if row.seq <= seen]
        if len(events) < seen:
            lost = Invariant.ACKNOWLEDGED_SURVIVES if len(events) < told else Invariant.APPEND_ONLY
            self._complain(lost, f"of {seen} events, of which {told} were told of, {len(events)} are there")
        elif _digest_of(events) != file.events:
            self._complain(Invariant.APPEND_ONLY, f"one of its {seen} events is not what it was")
        if _digest_of(transfers) != file.transfers:
            self._complain(Invariant.APPEND_ONLY, "its transfers are not what they were")


def _digest(before: bytes, row: EventRow | TransferRow) -> bytes:
    """Everything seen so far, this row included, in 16 bytes."""
    return hashlib.blake2b(before + repr(tuple(row)).encode(), digest_size=16).digest()


def _digest_of(rows: Iterable[EventRow | TransferRow]) -> bytes:
    found = _NOTHING
    for row in rows:
        found = _digest(found, row)
    return found
