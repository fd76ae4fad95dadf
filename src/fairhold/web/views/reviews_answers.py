"""The pages on which a review is answered, and on which a moderator's decision is contested."""

from dataclasses import dataclass

from fairhold.domain.actors import Role
from fairhold.domain.review import Part
from fairhold.domain.review_commands import MAX_REVIEW_LENGTH
from fairhold.domain.reviewing import terms_of_reviews
from fairhold.web.views.parts import Link
from fairhold.web.views.review_cards import ReviewCard
from fairhold.web.views.reviews_form import BASES, languages_sentence
from fairhold.web.views.reviews_lists import Kept, own_review, received_review
from fairhold.web.views.sight import Sight
from fairhold.words.catalog import N_


@dataclass(frozen=True)
class ReplyPage:
    """The review, and what is said around the field for the reply."""

    title: str
    back: Link
    card: ReviewCard
    action: str
    languages: str
    hint: str
    most: int


def reply_page(sight: Sight, kept: Kept) -> ReplyPage:
    """Replying to a review about the reader."""
    base = BASES[sight.actor.role]
    title = N_("Reply to the buyer's review") if sight.actor.role is Role.SELLER else N_("Reply to the seller's review")
    return ReplyPage(
        title=sight.say(title),
        back=Link(sight.say(N_("Reviews about me")), f"{base}?tab=received"),
        card=received_review(sight, kept).card,
        action=f"{base}/{kept.row.id}/reply",
        languages=languages_sentence(sight.reader.words, terms_of_reviews(sight.order).languages),
        hint=sight.say(N_("Everybody reads it below the review. There is one reply, and it cannot be changed later.")),
        most=MAX_REVIEW_LENGTH,
    )


@dataclass(frozen=True)
class ContestPage:
    """What was taken down, why, and the field for what speaks against it."""

    title: str
    back: Link
    card: ReviewCard
    reasons: str
    action: str


def contest_page(sight: Sight, kept: Kept, part: Part) -> ContestPage:
    """Contesting what a moderator made of the reader's review or reply."""
    base = BASES[sight.actor.role]
    reply = part is Part.REPLY
    listed = received_review(sight, kept) if reply else own_review(sight, kept)
    return ContestPage(
        title=sight.say(N_("Contest the moderator's decision")),
        back=Link(
            sight.say(N_("Reviews about me") if reply else N_("My reviews")),
            f"{base}?tab={'received' if reply else 'given'}",
        ),
        card=listed.card,
        reasons=listed.reasons,
        action=f"{base}/{kept.row.id}/contest{'?part=reply' if reply else ''}",
    )
