"""The payment provider's statement beside the books: what it passed on to sellers, and what came back from them."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable

from fairhold.simulation.auditor.book import Book, Complain, Event
from fairhold.simulation.auditor.invariants import Invariant
from fairhold.simulation.auditor.parts import Part, asked_for, with_seller
from fairhold.simulation.auditor.rows import MessageRow, Operation, PurseRow, named

_Place = tuple[str, int]
"""An order, and the event of it that asked for something."""


class PassedOn:
    """Every line so far, by what it was asked for."""

    def __init__(self) -> None:
        self._transfers: dict[_Place, Operation] = {}
        self._returned: Counter[_Place] = Counter()
        self._takings: dict[_Place, Operation] = {}
        self._at_bank: Counter[str] = Counter()

    def add(self, line: Operation, complain: Complain) -> None:
        """Take a line in."""
        match line.kind:
            case "to_bank" | "to_bank_returned":
                # Tried anew, a payout has another name, behind a hyphen; only what came back is tried anew.
                payout = line.key.partition("-")[0]
                self._at_bank[payout] += 1 if line.kind == "to_bank" else -1
                if self._at_bank[payout] > 1:
                    complain(Invariant.ONE_OPERATION_ONE_EFFECT, f"payout {payout} went to the seller's bank twice")
            case "transfer_returned":
                self._returned[named(line.key)] += line.amount
            case _:
                known = self._transfers if line.kind == "transfer" else self._takings
                place = named(line.key)
                if place in known:
                    what = f"the provider carried out a {line.kind} twice, as {known[place].key} and as {line.key}"
                    complain(Invariant.ONE_OPERATION_ONE_EFFECT, what)
                known[place] = line

    def booked(self, book: Book, event: Event, complain: Complain) -> None:
        """Compare an event that says what the provider did, before the book has taken it in."""
        kind = event["type"]
        if not kind.startswith("payout_") or kind in ("payout_started", "payout_asked_back"):
            return
        part = book.parts[event["number"]]
        wrong = {
            "payout_sent": self._is_not_sent,
            "payout_failed": self._has_not_failed,
            "payout_returned": self._has_not_returned,
            "payout_taken_back": self._is_not_taken_back,
            "payout_not_taken_back": self._is_taken_back,
        }[kind](book, part, event)
        if wrong:
            complain(Invariant.BOOKS_MATCH_STATEMENT, f"{kind} of {event['amount']} is booked, {wrong}")

    def _is_not_sent(self, book: Book, part: Part, event: Event) -> str:
        line = self._transfers.get((book.id, part.seq))
        if line is None:
            return "the provider passed nothing on"
        said = event["amount"], event.get("provider_fee", 0), book.currency
        return "" if said == (line.amount, line.fee, line.currency) else f"the provider has {line}"

    def _has_not_failed(self, book: Book, part: Part, _event: Event) -> str:
        place = book.id, part.seq
        line = self._transfers.get(place)
        return "" if line is None or self._returned[place] == line.amount else f"the provider has {line}"

    def _has_not_returned(self, book: Book, part: Part, event: Event) -> str:
        back = self._back(book.id, part)
        return "" if back >= part.taken_back + event["amount"] else f"{back} came back of {part.amount}"

    def _is_not_taken_back(self, book: Book, part: Part, event: Event) -> str:
        line = self._takings.get((book.id, max(part.asked, default=0)))
        return "" if line is not None and line.amount == event["amount"] else f"the provider has {line}"

    def _is_taken_back(self, book: Book, part: Part, _event: Event) -> str:
        line = self._takings.get((book.id, max(part.asked, default=0)))
        return "" if line is None else f"the provider has {line}"

    def _back(self, order: str, part: Part) -> int:
        """What of it the provider has again."""
        taken = [self._takings[order, seq].amount for seq in part.asked if (order, seq) in self._takings]
        return self._returned[order, part.seq] + sum(taken)

    def check_decided(self, books: dict[str, Book], complain: Complain) -> None:
        """Complain of what the provider did although nobody asked for it, and of what it did and nobody will note."""
        decided = {(book.id, part.seq): (book, part) for book in books.values() for part in book.parts.values()}
        for place, line in self._transfers.items():
            if place not in decided:
                complain(Invariant.ONE_OPERATION_ONE_EFFECT, f"the provider has {line}, which nobody asked for")
                continue
            book, part = decided[place]
            if (part.amount, book.currency) != (line.amount, line.currency):
                complain(Invariant.ONE_OPERATION_ONE_EFFECT, f"the provider has {line}, {part.amount} was asked for")
            self._check_back(book, part, complain)
        asked = {(order, seq) for (order, _), (_, part) in decided.items() for seq in part.asked}
        for place in self._takings.keys() - asked:
            complain(Invariant.ONE_OPERATION_ONE_EFFECT, f"{self._takings[place]}, which nobody asked for")

    def _check_back(self, book: Book, part: Part, complain: Complain) -> None:
        back = self._back(book.id, part)
        booked = part.amount if part.state == "failed" else part.came_back
        is_open = part.state == "started" or part.asked_back > 0
        if (part.state == "started" or booked != back) and not (is_open and part.waits):
            what = f"{part.amount} of {book.id} left and {back} came back; it is {part.state}, {booked} as back"
            complain(Invariant.BOOKS_MATCH_STATEMENT, what)


def check_passing(book: Book, waiting: Iterable[MessageRow], complain: Complain) -> None:
    """Complain where what the provider has yet to answer for is not on its way to it exactly once."""
    asked: defaultdict[int, list[dict[str, object]]] = defaultdict(list)
    for message in waiting:
        if message.destination.startswith("payments:"):
            told = json.loads(message.payload)
            if told["type"] in ("transfer", "taking_back"):
                asked[message.seq].append(told)
    for number, part in book.parts.items():
        if part.state == "started":
            right = {"type": "transfer", "number": number, "amount": part.amount, "account": part.account}
            _check_asked(book, part, asked[part.seq], right, complain)
        elif part.asked_back:
            right = {"type": "taking_back", "number": number, "amount": part.asked_back, "transfer": part.reference}
            _check_asked(book, part, asked[max(part.asked)], right, complain)


def check_purse(book: Book, purse: PurseRow, complain: Complain) -> None:
    """Complain where whoever makes payouts has noted another sum than the events make it; news may still be on its way."""
    parts = book.parts.values()
    there, asked = with_seller(parts), asked_for(parts)
    right = book.released - there, asked, there - asked
    if purse.version == book.seen and purse[2:] != right:
        complain(Invariant.STATE_IS_FOLD, f"due, on its way, passed on are noted as {purse[2:]}, they are {right}")


def _check_asked(
    book: Book, part: Part, messages: list[dict[str, object]], right: dict[str, object], complain: Complain
) -> None:
    part.waits = bool(messages)
    if len(messages) != 1:
        complain(Invariant.ONE_OPERATION_ONE_EFFECT, f"{right} waits for the provider {len(messages)} times")
    for told in messages:
        if {**told, **right, "currency": book.currency} != told:
            complain(Invariant.ONE_OPERATION_ONE_EFFECT, f"{right} is asked for as {told}")
