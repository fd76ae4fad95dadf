"""What happens by itself: every kind of deadline, whose turn it is, and what would stop it."""

from collections.abc import Callable

from fairhold.domain.coming import Because, Effect, Kind
from fairhold.domain.instants import DAY, HOUR, Duration
from fairhold.domain.policy import Terms, terms_of
from fairhold.engine.policies import preset
from fairhold.words import deadlines as words
from fairhold.words.catalog import Language
from fairhold.words.reader import reader_of
from scripts.reference import markdown
from scripts.reference.markdown import code, codes, table
from scripts.reference.walk import walk

_INTRO = """
Every order that holds money has a deadline, so its money always reaches somebody. Deadlines are worked out from the order
each time, never stored beside it, and each takes effect at its own moment however late anybody looks: see
[how deadlines work](../explanation/deadlines.md). An order lists them in `deadlines`, soonest first.
"""
_WHEN: dict[Because, Callable[[Terms], str]] = {
    Because.NOT_PAID: lambda terms: f"{_length(terms.payment_deadline)} after placing",
    Because.NOT_SHIPPED: lambda terms: f"{_length(terms.shipping_deadline)} after payment, or what the seller set",
    Because.RETURNED_TO_SENDER: lambda terms: f"{_length(terms.returned_parcel)} after the return was reported",
    Because.DELIVERED: lambda terms: (
        f"{_length(terms.window)} after delivery, or after we learned of it if that was later"
    ),
    Because.SHIPPED: lambda terms: f"{_length(terms.protection)} after shipping, or what the seller set",
    Because.SHIPPED_LAPSE_EXTENDS: lambda terms: 'as above, where the policy says `on_lapse = "extend_once"`',
    Because.CONFIRMED: lambda terms: f"{_length(terms.settlement_delay)} after confirming",
    Because.PROVIDER_LIMIT: lambda terms: (
        "as long as the payment provider can hold the money; the sandbox has no limit"
    ),
}
_EFFECTS = {
    Effect.CANCEL: "the order is cancelled, no money moves",
    Effect.RELEASE: "the seller is paid, less the commission",
    Effect.REFUND: "the buyer gets the money back",
    Effect.EXTEND: "protection goes on for longer, once",
}


def page() -> str:
    """The page."""
    terms = terms_of(preset("aliexpress"), "RUB", shipping_days=None, protection_days=None)
    rows = []
    for because in Because:
        _, found = walk().deadlines[because]
        what, who = _EFFECTS[found.effect], found.owner.value
        stops = codes(found.stopped_by)
        rows.append((code(found.kind.value), code(because.value), _WHEN[because](terms), who, what, stops))
    columns = ("kind", "because", "when, under `aliexpress`", "whose turn", "what happens", "what stops it")
    return markdown.page("Deadlines", _INTRO, table(columns, rows), _same_instant(), _in_words())


def _same_instant() -> str:
    kinds = ", ".join(code(kind.value) for kind in Kind)
    return (
        f"## At the same instant\n\nDeadlines of one instant are applied in this order: {kinds}. A deadline at exactly the "
        "moment of a command comes before the command."
    )


def _in_words() -> str:
    rows = []
    for because in Because:
        _, found = walk().deadlines[because]
        english, russian = (words.because(found, reader_of(language)) for language in (Language.EN, Language.RU))
        rows.append((code(because.value), english, russian))
    remark = "The reasons as the API (`because`, by `Accept-Language`) and the pages say them."
    return f"## In words\n\n{remark}\n\n" + table(("because", "in English", "по-русски"), rows)


def _length(length: Duration) -> str:
    return f"{length // DAY} days" if length % DAY == 0 and length > DAY else f"{length // HOUR} hours"
