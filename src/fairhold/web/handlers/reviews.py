"""Writing a review and revising it: the form, which loses nothing, and the deed (S15, S22–S28, S32, S33)."""

from starlette.responses import Response

from fairhold.domain.actors import Role
from fairhold.domain.order import Order
from fairhold.domain.reasons import Reason, Refusal
from fairhold.domain.review import Review, ReviewStatus
from fairhold.domain.review_commands import ReviseReview, WriteReview
from fairhold.domain.reviewing import must_rise, review_by
from fairhold.web.handlers import buyer, seller
from fairhold.web.handlers.reviews_drafts import (
    Errors,
    begun,
    command_fields,
    draft_of_form,
    draft_of_said,
    faults,
    rated_lines,
    texts_of,
    with_files,
)
from fairhold.web.handlers.reviews_lists import Tab, refused
from fairhold.web.handlers.reviews_reading import kept, review_of_path, why_not_to_review
from fairhold.web.handlers.reviews_texts import held_note
from fairhold.web.views.parts import Note
from fairhold.web.views.reviews_form import BASES, ReviewDraft, review_form
from fairhold.web.visits import Visit, fresh_key, status_of
from fairhold.words.catalog import N_

_AT_FIELDS = {
    Reason.TEXT_TOO_LONG: "text",
    Reason.LINK_IN_TEXT: "text",
    Reason.LANGUAGE_NOT_TAKEN: "text",
    Reason.TOO_MANY_PHOTOS: "photos",
    Reason.ONLY_UPWARD: "rating",
}
"""Refusals that the form can tell at a field."""


def form(visit: Visit) -> Response:
    """The empty form; the order, with the reason, where no review can be left now."""
    found = visit.order()
    return _why_not(visit, found) or _show(visit, found, begun(visit, found))


def look(visit: Visit) -> Response:
    """The form as it stands, with the photos that just came. Nothing is published."""
    found = visit.order()
    why = _why_not(visit, found)
    if why is not None:
        return why
    draft, errors = with_files(visit, draft_of_form(visit, rated_lines(visit, found)))
    return _show(visit, found, draft, errors)


def again(visit: Visit) -> Response:
    """Opened by its address, the form begins anew."""
    return visit.go(visit.request.url.path.removesuffix("/form"))


def write(visit: Visit) -> Response:
    """The deed. The same form sent twice is one review."""
    found = visit.order()
    draft, errors = with_files(visit, draft_of_form(visit, rated_lines(visit, found)))
    errors = {**faults(visit, found, draft), **errors}
    if errors:
        return _why_not(visit, found) or _show(visit, found, draft, errors)
    command = WriteReview(**command_fields(visit, found, draft))  # type: ignore[arg-type]  # a field of the command each
    outcome = visit.ask(found.id, command)
    if isinstance(outcome, Refusal):
        found = visit.order()
        if outcome.reason in _AT_FIELDS and visit.sight(found).can("review"):
            return _show(visit, found, draft, _at_field(visit, outcome))
        return _show_order(visit, found, visit.refusal_note(outcome), status_of(outcome))
    return _done(visit, review_by(outcome.order, visit.who().role), "published")


def _done(visit: Visit, review: Review | None, usual: str) -> Response:
    done = usual
    if review is not None and review.status is ReviewStatus.BLIND:
        done = "blind"
    if review is not None and review.status is ReviewStatus.IN_MODERATION:
        done = "held"
    return visit.go(f"{BASES[visit.who().role]}?tab=given&done={done}")


def _at_field(visit: Visit, refusal: Refusal) -> Errors:
    if refusal.reason is Reason.ONLY_UPWARD:
        text = visit.say(N_("Now it is %(now)d: the stars can only become more."), now=refusal.limit)
        return {"rating": text}
    note = visit.refusal_note(refusal)
    return {_AT_FIELDS[refusal.reason]: f"{note.title} {note.text}"}


def _show_order(visit: Visit, found: Order, note: Note, status: int) -> Response:
    """The order page of whichever side this is."""
    pages = seller.show_order if visit.who().role is Role.SELLER else buyer.show_order
    return pages(visit, found, note, status)


def _why_not(visit: Visit, found: Order) -> Response | None:
    action = visit.sight(found).action("review")
    if action is not None and action.code is None:
        return None
    refusal = Refusal(action.code if action is not None and action.code is not None else Reason.NOT_ALLOWED)
    return _show_order(visit, found, visit.refusal_note(refusal), status_of(refusal))


def _show(
    visit: Visit, found: Order, draft: ReviewDraft, errors: Errors | None = None, revised: Review | None = None
) -> Response:
    return visit.show(
        "reviews_form.html",
        422 if errors else 200,
        page=review_form(visit.sight(found), draft, revised),
        errors=errors or {},
        held=held_note(visit, *texts_of(draft)) if visit.request.method == "POST" else None,
        key=visit.field("key", 100) or fresh_key(),
    )


def revision(visit: Visit) -> Response:
    """The form with what was said last; the list, with the reason, where it cannot be revised now."""
    row, found, review = review_of_path(visit)
    why = why_not_to_review(visit, found, review, ReviseReview)
    if why is not None:
        return refused(visit, why, Tab.GIVEN)
    whole = kept(visit, row, found, visit.site.queries.history(found.id))
    assert whole is not None, "the path names it"
    last = whole.versions[-1].said
    buys = visit.who().role is Role.BUYER
    draft = draft_of_said(last, rated_lines(visit, found), buys=buys, rises=must_rise(found))
    return _show(visit, found, draft, revised=review)


def look_at_revision(visit: Visit) -> Response:
    """The form as it stands, with the photos that just came. Nothing is published."""
    _, found, review = review_of_path(visit)
    why = why_not_to_review(visit, found, review, ReviseReview)
    if why is not None:
        return refused(visit, why, Tab.GIVEN)
    draft, errors = with_files(visit, draft_of_form(visit, rated_lines(visit, found)))
    return _show(visit, found, draft, errors, review)


def revise(visit: Visit) -> Response:
    """The review says something else now. The same form sent twice is one version."""
    _, found, review = review_of_path(visit)
    draft, errors = with_files(visit, draft_of_form(visit, rated_lines(visit, found)))
    errors = {**faults(visit, found, draft), **errors}
    if errors:
        why = why_not_to_review(visit, found, review, ReviseReview)
        return refused(visit, why, Tab.GIVEN) if why is not None else _show(visit, found, draft, errors, review)
    command = ReviseReview(review=review.id, **command_fields(visit, found, draft))  # type: ignore[arg-type]  # a field of the command each
    outcome = visit.ask(found.id, command)
    if not isinstance(outcome, Refusal):
        return _done(visit, outcome.order.review(review.id), "revised")
    if outcome.reason in _AT_FIELDS and why_not_to_review(visit, found, review, ReviseReview) is None:
        return _show(visit, found, draft, _at_field(visit, outcome), review)
    return refused(visit, outcome, Tab.GIVEN)
