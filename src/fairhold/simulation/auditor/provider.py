"""The payment provider's statement beside the books: what it did, and what we say that it did."""

import json
from collections import Counter, defaultdict

from fairhold.simulation.auditor.book import Book, Complain, Event
from fairhold.simulation.auditor.invariants import Invariant
from fairhold.simulation.auditor.passed_on import PassedOn
from fairhold.simulation.auditor.rows import MessageRow, Operation, named

_OF_BUYERS = frozenset({"accepted", "refund", "refund_returned", "chargeback", "given_back"})
"""Lines about money that came from buyers, and goes back to them."""


class Statement:
    """Every line so far, and how often each was booked. `kept`: whether there is a statement to compare with."""

    def __init__(self, *, kept: bool) -> None:
        self.kept = kept
        self._passed_on = PassedOn()
        self.refunds: dict[str, Operation] = {}
        self._of_refund: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
        self._sent_back: set[tuple[str, int]] = set()
        """Refunds that a buyer's bank has sent back."""
        self._stated: Counter[tuple[object, ...]] = Counter()
        self._booked: Counter[tuple[object, ...]] = Counter()

    def add(self, line: Operation, complain: Complain) -> None:
        """Take a line in."""
        if line.kind not in _OF_BUYERS:
            self._passed_on.add(line, complain)
            return
        if line.kind == "refund_returned":
            self._sent_back.add(named(line.key))
            return
        if line.kind != "refund":
            self._stated[_sort(line.kind, line.key, line.order, line.amount, line.currency)] += 1
            return
        if line.key in self.refunds:
            complain(Invariant.ONE_OPERATION_ONE_EFFECT, f"the provider carried {line.key} out twice")
        self.refunds[line.key] = line
        order, seq = named(line.key)
        keys = self._of_refund[order, seq]
        keys.append(line.key)
        if len(set(keys)) > 1:
            complain(Invariant.ONE_OPERATION_ONE_EFFECT, f"one refund was asked for under {len(keys)} keys: {keys}")

    def booked(self, book: Book, event: Event, complain: Complain) -> None:
        """Compare an event that says what the provider did."""
        kind = event["type"]
        if not self.kept:
            return
        self._passed_on.booked(book, event, complain)
        if kind == "refund_paid":
            self._check_refund(book, event, complain)
            return
        if kind == "refund_returned":
            if (book.id, book.refunds[event["number"]].seq) not in self._sent_back:
                what = f"refund {event['number']} is noted as back, and no bank has sent it"
                complain(Invariant.BOOKS_MATCH_STATEMENT, what)
            return
        sort = {
            "payment_received": ("accepted", "amount"),
            "payment_returned": ("accepted", "amount"),
            "chargeback_received": ("chargeback", "amount"),
            "chargeback_won": ("given_back", None),
        }.get(kind)
        if sort is None:
            return
        amount = event[sort[1]] if sort[1] else book.chargebacks[event["chargeback"]].amount
        method = book.attempts[event["attempt"]].method if event.get("attempt") else event.get("method", "")
        of_no_order = sort[0] == "accepted" and not event.get("attempt")
        line = _sort(sort[0], method, "" if of_no_order else book.id, amount, book.currency)
        self._booked[line] += 1
        if self._booked[line] > self._stated[line]:
            what = f"{kind} of {amount} {book.currency} is booked, the provider knows of {self._stated[line]} like it"
            complain(Invariant.BOOKS_MATCH_STATEMENT, what)

    def _check_refund(self, book: Book, event: Event, complain: Complain) -> None:
        refund = book.refunds[event["number"]]
        lines = [self.refunds[key] for key in self._of_refund.get((book.id, refund.seq), ())]
        if not lines:
            what = f"refund {event['number']} is noted as paid, the provider knows nothing of it"
            complain(Invariant.BOOKS_MATCH_STATEMENT, what)
        for line in lines:
            if (line.amount, line.currency) != (event["amount"], book.currency):
                what = f"refund {event['number']} is {event['amount']} {book.currency}, the provider paid {line.amount}"
                complain(Invariant.BOOKS_MATCH_STATEMENT, f"{what} {line.currency}")

    def check_decided(self, books: dict[str, Book], complain: Complain) -> None:
        """Complain of what the provider did although nobody had decided it, and of what it did and nobody noted."""
        self._passed_on.check_decided(books, complain)
        for line, count in self._stated.items():
            # What was accepted at once may have been forgotten with the process that asked; it is asked for anew.
            if line[0] == "accepted" and line[2] and self._booked[line] < count:
                complain(Invariant.BOOKS_MATCH_STATEMENT, f"the provider has {line}, and nobody booked it")
        for (order, seq), keys in self._of_refund.items():
            found = [one for one in books[order].refunds.values() if one.seq == seq] if order in books else []
            if not found:
                complain(Invariant.ONE_OPERATION_ONE_EFFECT, f"the provider paid {keys}, which nobody decided")
            elif found[0].paid_at is None and not found[0].waits and not found[0].returned:
                complain(Invariant.BOOKS_MATCH_STATEMENT, f"the provider paid {keys}, and nobody will note it")
            elif (order, seq) in self._sent_back and not found[0].returned:
                complain(Invariant.BOOKS_MATCH_STATEMENT, f"{keys} came back, and nobody will note it")


def check_messages(book: Book, waiting: list[MessageRow], complain: Complain) -> None:
    """Complain where a refund that is decided and not paid is not on its way to the provider exactly once."""
    asked: defaultdict[int, list[MessageRow]] = defaultdict(list)
    for message in waiting:
        if message.destination.startswith("payments:") and json.loads(message.payload)["type"] == "refund":
            asked[message.seq].append(message)
    for number, refund in book.refunds.items():
        messages = asked.pop(refund.seq, [])
        refund.waits = bool(messages)
        if refund.paid_at is not None or refund.returned:
            continue
        if len(messages) != 1:
            what = f"refund {number} of {refund.amount} waits to be paid {len(messages)} times"
            complain(Invariant.ONE_OPERATION_ONE_EFFECT, what)
        for message in messages:
            told = json.loads(message.payload)
            if (told["number"], told["amount"], told["currency"]) != (number, refund.amount, book.currency):
                complain(
                    Invariant.ONE_OPERATION_ONE_EFFECT, f"refund {number} of {refund.amount} is asked for as {told}"
                )
    for seq in sorted(asked):
        complain(Invariant.ONE_OPERATION_ONE_EFFECT, f"event {seq}, which decides no refund, asks for one")


def _sort(kind: str, method: str, order: str, amount: int, currency: str) -> tuple[object, ...]:
    # Who accepts a payment at once knows of no order, and what goes back names no method.
    return (kind, method, order, amount, currency) if kind == "accepted" else (kind, order, amount, currency)
