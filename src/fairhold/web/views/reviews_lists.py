"""Reviews in one's own lists and beside an order: where each stands, and what can be done about it (S28–S30)."""

from dataclasses import dataclass, replace
from typing import NamedTuple

from fairhold.domain.guards import Action, check, review_actions
from fairhold.domain.instants import after
from fairhold.domain.reasons import Reason
from fairhold.domain.review import Moderated, Part, Review, ReviewStatus, Standing
from fairhold.domain.review_commands import ContestModeration, ReplyToReview, ReviseReview
from fairhold.domain.review_events import ReviewModerated
from fairhold.domain.review_guards import is_named
from fairhold.domain.reviewing import must_rise, reviews_end, terms_of_reviews
from fairhold.engine.ports.reviews import StoredReview
from fairhold.engine.reading.reviews import Version
from fairhold.web.views.lines import picture_of
from fairhold.web.views.parts import Blocked, Link, Pill
from fairhold.web.views.review_cards import (
    ProductView,
    ReviewCard,
    author_name,
    earlier_of,
    found_in_words,
    reply_of,
    review_card,
    stars,
)
from fairhold.web.views.reviews_form import BASES
from fairhold.web.views.selling import goods_of
from fairhold.web.views.sight import Sight
from fairhold.words import dates
from fairhold.words.catalog import N_
from fairhold.words.refusals import refusal_text


class Kept(NamedTuple):
    """What was read of a review to show it: `versions` where it was revised or rates products apart."""

    row: StoredReview
    review: Review
    versions: tuple[Version, ...] = ()
    moderations: tuple[ReviewModerated, ...] = ()


@dataclass(frozen=True)
class ListedReview:
    """A review with what its reader can do about it; `reasons` are a moderator's, `hint` stands beside the button."""

    card: ReviewCard
    links: tuple[Link, ...] = ()
    blocked: Blocked | None = None
    hint: str = ""
    reasons: str = ""


def own_review(sight: Sight, kept: Kept) -> ListedReview:
    """A review of the reader's own."""
    row, review = kept.row, kept.review
    card = review_card(
        sight.reader,
        sight.now,
        row,
        who=sight.other_side(),
        about=goods_of(sight),
        versions=kept.versions if row.version > 1 else (),
    )
    pill, note = _standing(sight, kept)
    card = replace(card, url=sight.url, pills=(*((pill,) if pill else ()), *card.pills), note=note)
    if not card.gone:
        earlier = earlier_of(sight.reader, kept.versions, whole=True)
        card = replace(card, products=_products(sight, kept), earlier=earlier)
    links: tuple[Link, ...] = ()
    blocked, hint = None, ""
    revise = _action(sight, review, ReviseReview.NAME)
    if revise is not None and revise.available:
        links = (Link(sight.say(N_("Revise the review")), f"{_url(sight, review)}/revision"),)
        hint = _until(sight, review)
    elif revise is not None and revise.code is not None and revise.code is not Reason.REVIEW_TAKEN_DOWN:
        blocked = Blocked(sight.say(N_("Revise the review")), _why_not_revise(sight, revise.code))
    contest = _action(sight, review, ContestModeration.NAME)
    if contest is not None and contest.available:
        links = (*links, Link(sight.say(N_("Contest…")), f"{_url(sight, review)}/contest"))
    return ListedReview(card, links, blocked, hint, _reasons(kept, Part.REVIEW, review.moderated))


def received_review(sight: Sight, kept: Kept) -> ListedReview:
    """A review that the other side wrote about the reader. Of an anonymous one the order is never told (S32)."""
    row, review = kept.row, kept.review
    named = is_named(review, sight.actor)
    card = review_card(
        sight.reader,
        sight.now,
        row,
        who=author_name(sight.names, sight.reader, row),
        about=goods_of(sight) if named else _only_product(sight),
        versions=kept.versions if row.version > 1 else (),
    )
    card = replace(card, reply=reply_of(sight.reader, sight.now, row, own=True))
    if named:
        card = replace(card, url=sight.url, products=() if card.gone else _products(sight, kept))
    links: tuple[Link, ...] = ()
    reply = _action(sight, review, ReplyToReview.NAME)
    if reply is not None and reply.available:
        links = (Link(sight.say(N_("Reply…")), f"{_url(sight, review)}/reply"),)
    moderated = review.reply.moderated if review.reply is not None else Moderated()
    if review.reply is not None and _may_contest_reply(sight, review):
        links = (*links, Link(sight.say(N_("Contest…")), f"{_url(sight, review)}/contest?part=reply"))
    return ListedReview(card, links, reasons=_reasons(kept, Part.REPLY, moderated))


def _url(sight: Sight, review: Review) -> str:
    return f"{BASES[sight.actor.role]}/{review.id}"


def _action(sight: Sight, review: Review, name: str) -> Action | None:
    found = review_actions(sight.order, review, sight.actor, sight.now)
    return next((action for action in found if action.name == name), None)


def _may_contest_reply(sight: Sight, review: Review) -> bool:
    command = ContestModeration(review=review.id, text="…", part=Part.REPLY)
    return check(sight.order, command, sight.actor, sight.now) is None


def _only_product(sight: Sight) -> str:
    """The product, where the order has one alone, as its public page tells too; several together would tell the order."""
    return sight.title(sight.order.lines[0]) if len(sight.order.lines) == 1 else ""


def _products(sight: Sight, kept: Kept) -> tuple[ProductView, ...]:
    """What the latest version says of products apart."""
    said = kept.versions[-1].said if kept.versions else None
    own = {line.line: line for line in said.lines if line.own} if said is not None else {}
    return tuple(
        ProductView(
            title=sight.title(line),
            thumb=picture_of(sight, line),
            stars=stars(sight.reader.words, own[line.id].rating),
            text=own[line.id].text or "",
            language=own[line.id].language or "",
            photos=tuple(photo.id for photo in own[line.id].photos),
        )
        for line in sight.order.lines
        if line.id in own
    )


def _until(sight: Sight, review: Review) -> str:
    ends = dates.moment(sight.reader, after(review.left_at, terms_of_reviews(sight.order).revision_for), sight.now)
    if must_rise(sight.order):
        return sight.say(N_("Until %(moment)s; the stars can only become more."), moment=ends)
    return sight.say(N_("Until %(moment)s."), moment=ends)


def _why_not_revise(sight: Sight, reason: Reason) -> str:
    rule = terms_of_reviews(sight.order).revision
    if reason is Reason.RATING_TOO_HIGH_TO_REVISE and rule in ("below_three", "below_three_upward"):
        return sight.say(N_("Only 1 or 2 stars can be revised."))
    return refusal_text(sight.reader.words, reason).title


def _reasons(kept: Kept, part: Part, moderated: Moderated) -> str:
    if moderated.standing not in (Standing.HIDDEN, Standing.WITHDRAWN):
        return ""
    return next((event.reasons for event in reversed(kept.moderations) if event.part is part), "")


def _standing(sight: Sight, kept: Kept) -> tuple[Pill | None, str]:
    """Where the reader's own review stands, and what follows."""
    review = kept.review
    if review.automatic:
        return None, sight.say(N_("You left no review, and this counts as yours. It is no part of any average."))
    match review.status:
        case ReviewStatus.BLIND:
            ends = reviews_end(sight.order)
            note = N_("It appears when the other side has written, too, or the time for reviews is over.")
            if ends is not None:
                note = N_("It appears when the other side has written, too; at the latest %(when)s.")
            when = sight.when(ends) if ends is not None else ""
            return Pill(sight.say(N_("Not shown yet")), "clock"), sight.say(note, when=when)
        case ReviewStatus.IN_MODERATION:
            return Pill(sight.say(N_("Being checked")), "search"), _held(sight, kept.row.held or "")
        case ReviewStatus.HIDDEN:
            return Pill(sight.say(N_("Hidden by a moderator")), "alert", "bad"), _contested(sight, review)
        case ReviewStatus.WITHDRAWN:
            return None, _contested(sight, review)
    return None, ""


def _held(sight: Sight, held: str) -> str:
    what = found_in_words(sight.reader.words, held)
    if not what:
        return sight.say(N_("A moderator looks at it first; until then only you see it."))
    return sight.say(
        N_("It seems to have %(what)s in it. A moderator looks at it first; until then only you see it."), what=what
    )


def _contested(sight: Sight, review: Review) -> str:
    if review.moderated.reopened:
        return sight.say(N_("You have contested that: another moderator decides."))
    if review.moderated.contested:
        return sight.say(N_("Another moderator has looked at it and decided the same. That stands."))
    return sight.say(N_("Only you see it. If you disagree, another moderator will look at it, once."))
