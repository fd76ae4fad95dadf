"""What happened to an order, as a conversation with support tells it: a sentence each, in the reader's language."""

from collections.abc import Mapping
from typing import Any

from fairhold.domain.actors import Role
from fairhold.domain.instants import Duration, Instant
from fairhold.engine.ports.support import Message, Shelf
from fairhold.engine.support.news import MONEY_LEFT
from fairhold.words import dates
from fairhold.words.catalog import N_
from fairhold.words.money import money
from fairhold.words.reader import Reader

_NOTES = {
    "accident_reported": N_("Confirmed by accident, says the buyer: %(sum)s. Support answers by %(due)s."),
    "accident_overdue": N_("Support is late with the answer; the operator sees to it as well."),
    "accident_declined": N_("Support does not undo the confirmation. The money leaves %(leaves)s."),
    "receipt_undone": N_("The confirmation is undone: %(sum)s is protected again, at least until %(until)s."),
    MONEY_LEFT: N_("%(sum)s has left for the seller. Support can no longer undo the confirmation."),
    "protection_extended": N_("The request for more time is granted: protection runs %(length)s longer."),
    "extension_declined": N_("The request for more time is declined. Protection runs as before."),
}
_PASSED_ON = {
    Role.SUPPORT: N_("The seller did not answer the request for more time. Support answers by %(due)s."),
    Role.OPERATOR: N_("Support is late with the answer about more time; the operator sees to it as well."),
}
SHELVES: dict[Shelf, str] = {
    Shelf.WAITING: N_("Waiting"),
    Shelf.ACCIDENTS: N_("Confirmed by accident"),
    Shelf.REQUESTS: N_("More time asked"),
    Shelf.MINE: N_("Mine"),
    Shelf.ANSWERED: N_("Answered"),
    Shelf.ALL: N_("All"),
}


def note_text(message: Message, now: Instant, reader: Reader) -> str:
    """What the message tells of, if it tells of what happened to the order; else nothing."""
    if message.note is None:
        return ""
    facts: Mapping[str, Any] = message.facts
    text = _PASSED_ON[Role(facts["to"])] if message.note == "extension_passed_on" else _NOTES.get(message.note, "")
    return reader.words.gettext(text, **_values(facts, now, reader)) if text else ""


def _values(facts: Mapping[str, Any], now: Instant, reader: Reader) -> dict[str, str]:
    """The facts in words: sums, moments and lengths."""
    values: dict[str, str] = {}
    if "sum" in facts:
        values["sum"] = money(reader, facts["sum"], facts["currency"])
    for name in ("due", "until", "kept"):
        if facts.get(name) is not None:
            values[name] = dates.moment(reader, Instant(facts[name]), now)
    if "leaves" in facts:
        values["leaves"] = dates.moment_in_text(reader, Instant(facts["leaves"]), now)
    if "length" in facts:
        values["length"] = dates.whole_days(reader, Duration(facts["length"]))
    return values
