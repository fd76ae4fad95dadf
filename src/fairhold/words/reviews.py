"""What the parts of a review are called."""

from fairhold.domain.review import Criterion, ReviewStatus
from fairhold.words.catalog import N_, Words

REVIEW_STATUSES: dict[ReviewStatus, str] = {
    ReviewStatus.PUBLISHED: N_("Published"),
    ReviewStatus.BLIND: N_("Not shown until both have written"),
    ReviewStatus.IN_MODERATION: N_("Being read by a moderator"),
    ReviewStatus.HIDDEN: N_("Not shown"),
    ReviewStatus.WITHDRAWN: N_("Withdrawn after a legal demand"),
}

CRITERIA: dict[Criterion, str] = {
    Criterion.DESCRIPTION_ACCURACY: N_("The goods are as described"),
    Criterion.COMMUNICATION: N_("Communication with the seller"),
    Criterion.SHIPPING_SPEED: N_("Shipping speed"),
}


def review_status_name(words: Words, status: ReviewStatus) -> str:
    """What a review's status is called."""
    return words.gettext(REVIEW_STATUSES[status])


def stars(words: Words, number: int) -> str:
    """«4 звезды»."""
    return words.ngettext("%(num)d star", "%(num)d stars", number)
