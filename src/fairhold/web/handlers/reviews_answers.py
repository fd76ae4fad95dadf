"""Replying to a review, and contesting what a moderator made of one (S29)."""

import msgspec
from starlette.responses import Response

from fairhold.domain.guards import check
from fairhold.domain.order import Order
from fairhold.domain.reasons import Refusal
from fairhold.domain.review import Part, Review, ReviewStatus
from fairhold.domain.review_commands import ContestModeration, ReplyToReview
from fairhold.engine.intake.screened import screened
from fairhold.engine.kernel.review_rows import reply_status
from fairhold.web.handlers.reviews_drafts import Errors
from fairhold.web.handlers.reviews_lists import Tab, refused
from fairhold.web.handlers.reviews_reading import kept, review_of_path, why_not_to_review
from fairhold.web.handlers.reviews_texts import text_fault, written
from fairhold.web.views.reviews_answers import contest_page, reply_page
from fairhold.web.views.reviews_form import BASES
from fairhold.web.visits import Visit, fresh_key
from fairhold.words.catalog import N_

MOST_STATED = 4000


def reply_form(visit: Visit) -> Response:
    """The review, and below it the field for the reply."""
    _, found, review = review_of_path(visit)
    why = why_not_to_review(visit, found, review, ReplyToReview)
    return refused(visit, why, Tab.RECEIVED) if why is not None else _show_reply(visit, found, review)


def _show_reply(visit: Visit, found: Order, review: Review, errors: Errors | None = None) -> Response:
    row = visit.site.queries.reviews.review(review.id)
    whole = kept(visit, row, found) if row is not None else None
    assert whole is not None, "the path names it"
    return visit.show(
        "reviews_reply.html",
        422 if errors else 200,
        page=reply_page(visit.sight(found), whole),
        errors=errors or {},
        text=written(visit),
        key=visit.field("key", 100) or fresh_key(),
    )


def reply(visit: Visit) -> Response:
    """The one reply that there can be. The same form sent twice is one."""
    _, found, review = review_of_path(visit)
    text = written(visit)
    fault = text_fault(visit, found, text) if text else visit.say(N_("Write something first."))
    if fault:
        why = why_not_to_review(visit, found, review, ReplyToReview)
        if why is not None:
            return refused(visit, why, Tab.RECEIVED)
        return _show_reply(visit, found, review, {"text": fault})
    outcome = visit.ask(found.id, ReplyToReview(review=review.id, text=text, screened=screened(text)))
    if isinstance(outcome, Refusal):
        return refused(visit, outcome, Tab.RECEIVED)
    after = outcome.order.review(review.id)
    answer = after.reply if after is not None else None
    held = answer is not None and reply_status(answer.moderated) is ReviewStatus.IN_MODERATION
    done = "reply_held" if held else "replied"
    return visit.go(f"{BASES[visit.who().role]}?tab=received&done={done}")


def _part(visit: Visit) -> Part:
    return Part.REPLY if visit.query("part", 10) == Part.REPLY.value else Part.REVIEW


def _tab(part: Part) -> Tab:
    """Where the page with what was taken down is."""
    return Tab.RECEIVED if part is Part.REPLY else Tab.GIVEN


def contest_form(visit: Visit) -> Response:
    """Why a moderator took it down, and the field for what speaks against that."""
    _, found, review = review_of_path(visit)
    part = _part(visit)
    why = check(found, ContestModeration(review=review.id, text="…", part=part), visit.who(), visit.now)
    return refused(visit, why, _tab(part)) if why is not None else _show_contest(visit, found, review, part)


def _show_contest(visit: Visit, found: Order, review: Review, part: Part, errors: Errors | None = None) -> Response:
    row = visit.site.queries.reviews.review(review.id)
    whole = kept(visit, row, found, visit.site.queries.history(found.id)) if row is not None else None
    assert whole is not None, "the path names it"
    return visit.show(
        "reviews_contest.html",
        422 if errors else 200,
        page=contest_page(visit.sight(found), whole, part),
        errors=errors or {},
        text=written(visit),
        key=visit.field("key", 100) or fresh_key(),
    )


def contest(visit: Visit) -> Response:
    """Ask for another moderator, once."""
    _, found, review = review_of_path(visit)
    part, text = _part(visit), written(visit)
    command, fault = _statement(visit, review, part, text)
    if command is None:
        why = check(found, ContestModeration(review=review.id, text="…", part=part), visit.who(), visit.now)
        if why is not None:
            return refused(visit, why, _tab(part))
        return _show_contest(visit, found, review, part, {"text": fault})
    outcome = visit.ask(found.id, command)
    if isinstance(outcome, Refusal):
        return refused(visit, outcome, _tab(part))
    return visit.go(f"{BASES[visit.who().role]}?tab={_tab(part).value}&done=contested")


def _statement(visit: Visit, review: Review, part: Part, text: str) -> tuple[ContestModeration | None, str]:
    """The command, or what is wrong with its text."""
    if not text:
        return None, visit.say(N_("Write in a few words why it should be shown."))
    if len(text) > MOST_STATED:
        return None, visit.say(N_("At most %(most)d characters, please."), most=MOST_STATED)
    try:
        return msgspec.convert({"review": review.id, "text": text, "part": part}, ContestModeration), ""
    except msgspec.ValidationError:
        return None, visit.say(N_("There are signs in it that cannot be shown. Write it anew."))
