"""What happens by itself: every kind of deadline, whose turn it is, and what would stop it."""

from collections.abc import Callable

from fairhold.domain.coming import Because, Effect, Kind
from fairhold.domain.instants import DAY, HOUR, Duration
from fairhold.domain.policy import Terms, terms_of
from fairhold.domain.rules.chargebacks import BANK_ANSWERS_WITHIN
from fairhold.engine.installation.policies import preset
from fairhold.words import deadlines as words
from fairhold.words.catalog import Language
from fairhold.words.reader import reader_of
from scripts.reference import markdown
from scripts.reference.dispute_walk import all_deadlines
from scripts.reference.markdown import code, codes, table

_INTRO = """
Every order that holds money has a deadline, so its money always reaches somebody. Deadlines are worked out from the order
each time, never stored beside it, and each takes effect at its own moment however late anybody looks: see
[how deadlines work](../explanation/deadlines.md). An order lists them in `deadlines`, soonest first; a dispute lists its own.
Goods in dispute have none but the dispute's: their other clocks stand still.

Whose turn it is can change: while an offer lies on the table or the two bargain, it is the side that did not speak last; after a
ruling, the side that lost more. Silence on a demand that lets the buyer keep the goods refunds what was demanded.
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
    Because.SHIPPED_LAPSE_DISPUTES: lambda terms: 'as above, where the policy says `on_lapse = "dispute"`',
    Because.CONFIRMED: lambda terms: f"{_length(terms.settlement_delay)} after confirming",
    Because.ACCIDENT_REPORTED: lambda terms: (
        f"{_length(terms.accident_answer)} after the report, or when the first of the money leaves if that is sooner"
    ),
    Because.ACCIDENT_SETTLES: lambda terms: (
        "as `confirmed`; later where the policy says `accident_freeze_hours`, at most so long after the report"
    ),
    Because.ACCIDENT_OVERDUE: lambda terms: "the same, once the answer is overdue",
    Because.EXTENSION_ASKED: lambda terms: f"{_length(terms.extension_answer)} after the buyer asked",
    Because.EXTENSION_WITH_SUPPORT: lambda terms: f"{_length(terms.extension_answer)} after that",
    Because.PROVIDER_LIMIT: lambda terms: (
        "as long as the payment provider can hold the money; the sandbox has no limit"
    ),
    Because.DEMANDED: lambda terms: f"{_length(terms.disputes.answer)} after opening",
    Because.OFFERED: lambda terms: f"{_length(terms.disputes.offer)} after the offer",
    Because.NEGOTIATED: lambda terms: (
        f"{_length(terms.disputes.negotiation)} after opening; earlier where the provider's limit would leave a mediator "
        "too little time"
    ),
    Because.CLAIMED: lambda terms: f"{_length(terms.disputes.ruling)} after escalation or appeal",
    Because.CLAIM_OVERDUE: lambda terms: f"every {_length(terms.disputes.ruling)} from then on",
    Because.RULED: lambda terms: f"{_length(terms.disputes.appeal)} after the ruling, or at the provider's limit",
    Because.RETURN_AGREED: lambda terms: f"{_length(terms.disputes.return_shipping)} after it was agreed",
    Because.SENT_BACK: lambda terms: (
        f"{_length(terms.disputes.return_inspection)} after a scan says that they are there; "
        f"without one, {_length(Duration(terms.late_after + terms.disputes.return_inspection))} after they were sent"
    ),
    Because.RESEND_AGREED: lambda terms: f"{_length(terms.shipping_deadline)} after it was agreed",
    Because.UNDECIDED: lambda terms: "after opening, where the policy says `refund_undecided_after_days`",
    Because.DISPUTE_PROVIDER_LIMIT: lambda terms: "as `provider_limit`, for goods in dispute",
    Because.BANK_DECIDES: lambda terms: f"{_length(BANK_ANSWERS_WITHIN)} after the chargeback",
    Because.REVIEWS_OPEN: lambda terms: (
        f"{_length(terms.reviews.window)} after the last completion, where one side alone has written or a blind review waits"
    ),
}
EFFECTS = {
    Effect.CANCEL: "the order is cancelled, no money moves",
    Effect.RELEASE: "the seller is paid, less the commission",
    Effect.REFUND: "the buyer gets the money back",
    Effect.EXTEND: "protection goes on for longer, once",
    Effect.OPEN_DISPUTE: "a dispute for all of it is opened for the buyer",
    Effect.GRANT: "the demand is granted: the goods go back first",
    Effect.LAPSE: "the offer leaves the table, the negotiation goes on",
    Effect.ESCALATE: "a mediator is asked",
    Effect.REMIND: "the operator is alarmed, no money moves",
    Effect.HAND_ON: "somebody else has to answer too: support after the seller, the operator after support; no money moves",
    Effect.CARRY_OUT: "the ruling is carried out",
    Effect.LOSE: "the chargeback counts as lost, no money moves",
    Effect.CLOSE_REVIEWS: "what was blind is shown, silence is answered [as the policy says](reviews.md#what-silence-brings)",
}


def page() -> str:
    """The page."""
    rows = []
    for because in Because:
        _, found = all_deadlines()[because]
        what, who = EFFECTS[found.effect], found.owner.value
        stops = codes(found.stopped_by)
        rows.append((code(found.kind.value), code(because.value), when(because, usual()), who, what, stops))
    columns = ("kind", "because", "when, under `aliexpress`", "whose turn", "what happens", "what stops it")
    return markdown.page("Deadlines", _INTRO, table(columns, rows), _same_instant(), _in_words())


def usual() -> Terms:
    """The terms of an order under the default policy."""
    return terms_of(preset("aliexpress"), "RUB", shipping_days=None, protection_days=None)


def when(because: Because, terms: Terms) -> str:
    """When a deadline comes, in words."""
    return _WHEN[because](terms)


def _same_instant() -> str:
    kinds = ", ".join(code(kind.value) for kind in Kind)
    return (
        f"## At the same instant\n\nDeadlines of one instant are applied in this order: {kinds}. A deadline at exactly the "
        "moment of a command comes before the command."
    )


def _in_words() -> str:
    rows = []
    for because in Because:
        _, found = all_deadlines()[because]
        english, russian = (words.because(found, reader_of(language)) for language in (Language.EN, Language.RU))
        rows.append((code(because.value), english, russian))
    remark = "The reasons as the API (`because`, by `Accept-Language`) and the pages say them."
    return f"## In words\n\n{remark}\n\n" + table(("because", "in English", "по-русски"), rows)


def _length(length: Duration) -> str:
    return f"{length // DAY} days" if length % DAY == 0 and length > DAY else f"{length // HOUR} hours"
