"""Why somebody says that a review should not be there."""

from collections.abc import Mapping
from dataclasses import dataclass

from fairhold.words.catalog import N_, Words

REASONS: Mapping[str, str] = {
    "spam": N_("Advertising, links or contacts"),
    "insult": N_("Insults or threats"),
    "personal_data": N_("Somebody's personal data"),
    "not_about_goods": N_("Not about the deal"),
    "fake": N_("Looks invented or bought"),
    "other": N_("Something else"),
}
"""As they are kept, and as people read them."""
MOST_TEXT = 1000


@dataclass(frozen=True)
class ReportReason:
    """A reason to choose."""

    key: str
    name: str
    chosen: bool


def reasons_of(words: Words, chosen: str) -> tuple[ReportReason, ...]:
    """All reasons to choose from."""
    return tuple(ReportReason(key, words.gettext(name), key == chosen) for key, name in REASONS.items())


def report_reason(words: Words, key: str) -> str:
    """The reason in words; one that came by another way as it is."""
    return words.gettext(REASONS[key]) if key in REASONS else key
