"""Why somebody says that a review should not be there."""

from collections.abc import Mapping
from dataclasses import dataclass

from fairhold.engine.intake.review_reports import ReportReason
from fairhold.words.catalog import N_, Words

REASONS: Mapping[str, str] = {
    ReportReason.SPAM: N_("Advertising, links or contacts"),
    ReportReason.INSULT: N_("Insults or threats"),
    ReportReason.PERSONAL_DATA: N_("Somebody's personal data"),
    ReportReason.NOT_ABOUT_GOODS: N_("Not about the deal"),
    ReportReason.FAKE: N_("Looks invented or bought"),
    ReportReason.OTHER: N_("Something else"),
}
"""As they are kept, and as people read them."""
MOST_TEXT = 1000


@dataclass(frozen=True)
class ReasonChoice:
    """A reason to choose."""

    key: str
    name: str
    chosen: bool


def reasons_of(words: Words, chosen: str) -> tuple[ReasonChoice, ...]:
    """All reasons to choose from."""
    return tuple(ReasonChoice(key, words.gettext(name), key == chosen) for key, name in REASONS.items())


def report_reason(words: Words, key: str) -> str:
    """The reason in words; one that came by another way as it is."""
    return words.gettext(REASONS[key]) if key in REASONS else key
