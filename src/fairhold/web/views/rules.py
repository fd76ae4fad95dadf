"""The marketplace's policy in plain words."""

from dataclasses import dataclass

from fairhold.domain.instants import Duration, days, hours
from fairhold.domain.policy import Policy
from fairhold.words import dates
from fairhold.words.catalog import N_, Language
from fairhold.words.commission import rate, with_providers_fee
from fairhold.words.money import money
from fairhold.words.reader import Reader


@dataclass(frozen=True)
class Rule:
    """A stage of a deal: what it is called, how long it takes, what happens."""

    icon: str
    title: str
    length: str
    text: str


@dataclass(frozen=True)
class Rules:
    """All of them, and the commission."""

    stages: tuple[Rule, ...]
    footnotes: tuple[str, ...]


def rules_of(policy: Policy, reader: Reader) -> Rules:
    """The rules a new order is placed under."""
    return Rules(_stages(policy, reader), _footnotes(policy, reader))


def _stages(policy: Policy, reader: Reader) -> tuple[Rule, ...]:
    words, delay = reader.words, policy.receipt.settlement_delay_hours
    to_pay = dates.length(reader, hours(policy.payment.deadline_hours))
    return (
        Rule(
            "wallet",
            words.gettext("You pay, we hold"),
            words.gettext("%(length)s to pay", length=to_pay),
            words.gettext(
                "The money stays with us. The seller gets nothing yet. An order not paid in time is cancelled."
            ),
        ),
        Rule(
            "truck",
            words.gettext("The seller ships"),
            words.gettext("%(length)s to ship", length=_days(reader, policy.shipping.deadline_days)),
            words.gettext("Not shipped in time: all the money comes back to you by itself."),
        ),
        Rule(
            "shield",
            words.gettext("Protection runs"),
            _days(reader, policy.protection.default_days),
            words.gettext("From shipping on. The seller can extend it, and you can ask for more time."),
        ),
        Rule(
            "clock",
            words.gettext("You check the goods"),
            words.gettext("%(length)s to check", length=_days(reader, policy.receipt.window_days)),
            words.gettext("After the carrier hands the parcel over. Confirm what is fine; the rest stays protected."),
        ),
        Rule(
            "ok",
            words.gettext("The seller is paid"),
            words.gettext("after %(length)s", length=_hours(reader, delay)) if delay else words.gettext("at once"),
            words.gettext("After you confirm, or when the time to check or protection ends by itself."),
        ),
    )


def _days(reader: Reader, count: int) -> str:
    return dates.whole_days(reader, days(count))


def _hours(reader: Reader, count: int) -> str:
    return dates.whole_days(reader, hours(count))


def _footnotes(policy: Policy, reader: Reader) -> tuple[str, ...]:
    words, protection, delay = reader.words, policy.protection, policy.receipt.settlement_delay_hours
    undo = words.gettext(
        "Confirmed by mistake? Support can undo it within %(length)s, while the money is still here.",
        length=_hours(reader, delay),
    )
    bounds = words.gettext(
        "The seller may set protection between %(least)s and %(most)s.",
        least=_days(reader, protection.min_days),
        most=_days(reader, protection.max_days),
    )
    taken = rate(reader, policy.commission.basis_points, policy.commission.fixed.items())
    commission = words.gettext(
        "Commission, paid by the seller: %(rate)s.", rate=with_providers_fee(reader, taken, policy.commission)
    )
    return (undo, bounds, commission) if delay else (bounds, commission)


@dataclass(frozen=True)
class Help:
    """What support can do, and by when."""

    undo: str
    restored: str
    """Empty where nothing can be undone."""


def help_of(policy: Policy, reader: Reader) -> Help:
    """The support page's sentences."""
    words, delay = reader.words, policy.receipt.settlement_delay_hours
    if not delay:
        gone = words.gettext(N_("Money leaves as soon as receipt is confirmed, so a confirmation cannot be undone."))
        return Help(gone, "")
    length = dates.whole_days(reader, hours(delay))
    undo = words.gettext(
        N_("After you confirm, the money stays with us for another %(length)s. Until then support can undo it."),
        length=length,
    )
    least = dates.whole_days(reader, hours(policy.receipt.undo_minimum_hours))
    return Help(
        undo, words.gettext(N_("The time that was left comes back to you, at least %(length)s of it."), length=least)
    )


@dataclass(frozen=True)
class Example:
    """The picture of a deal on the home page."""

    paid: str
    held: str
    gone: str
    left: str


def example_of(reader: Reader) -> Example:
    """Sums and a time in the reader's language; no order of anybody's."""
    currency = "RUB" if reader.language is Language.RU else "EUR"
    paid, gone = (630_000, 176_400) if currency == "RUB" else (9_450, 2_650)
    left = dates.length(reader, Duration(days(5) + hours(8)))
    return Example(
        money(reader, paid, currency), money(reader, paid - gone, currency), money(reader, gone, currency), left
    )
