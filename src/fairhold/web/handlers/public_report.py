"""Reporting a review: somebody who is signed in says why it should not be there, and a moderator looks."""

from starlette.exceptions import HTTPException
from starlette.responses import Response

from fairhold.domain.review import ReviewStatus
from fairhold.engine.intake.review_reports import ReportReason, TooManyReports
from fairhold.engine.ports.reviews import StoredReview
from fairhold.web.long_texts import typed_text
from fairhold.web.views.parts import Link, Note
from fairhold.web.views.public import seller_url
from fairhold.web.views.public_report import MOST_TEXT, REASONS, reasons_of
from fairhold.web.views.review_cards import author_name, review_card, subject_of
from fairhold.web.visits import Visit
from fairhold.words.catalog import N_


def _found(visit: Visit) -> StoredReview:
    """The review that the path names, if a stranger sees it and somebody wrote it. Raises 404."""
    row = visit.site.queries.reviews.review(visit.request.path_params["review"])
    if row is None or row.automatic or row.status != ReviewStatus.PUBLISHED.value:
        raise HTTPException(404)
    if row.author in {str(actor) for actor in (visit.person.actors if visit.person else ())}:
        # One's own review is there to be revised.
        raise HTTPException(404)
    return row


def page(visit: Visit) -> Response:
    """The form."""
    return _show(visit, _found(visit))


def report(visit: Visit) -> Response:
    """Keep the report; a second one by the same person changes nothing."""
    row = _found(visit)
    reason, text = visit.field("reason", 40), typed_text(visit, "text", MOST_TEXT)
    if reason not in REASONS:
        return _show(visit, row, status=422, text=text, wrong=visit.say(N_("Choose what is wrong with the review.")))
    kept = visit.site.reports.report(row.id, visit.who(), ReportReason(reason), text)
    if isinstance(kept, TooManyReports):
        title, detail = N_("That is enough for one day"), N_("Come back tomorrow. Nothing was sent.")
        return _show(
            visit, row, 429, Note(visit.say(title), visit.say(detail), "bad", "alert", focus=True), reason, text
        )
    title = N_("Thank you. A moderator will look.") if kept else N_("You have reported this review before.")
    detail = N_("Until then the review stays where it is. Who reported it, only the staff sees.")
    back = Link(visit.say(N_("Back to the reviews")), seller_url(subject_of(row)[1]))
    return _show(visit, row, note=Note(visit.say(title), visit.say(detail), "safe", "ok", back, focus=True), done=True)


def _show(
    visit: Visit,
    row: StoredReview,
    status: int = 200,
    note: Note | None = None,
    reason: str = "",
    text: str = "",
    wrong: str = "",
    *,
    done: bool = False,
) -> Response:
    reader = visit.reader
    return visit.show(
        "public_report.html",
        status,
        card=review_card(reader, visit.now, row, who=author_name(visit.site.directory, reader, row)),
        back=seller_url(subject_of(row)[1]),
        url=f"/reviews/{row.id}/report",
        reasons=reasons_of(reader.words, reason),
        text=text,
        wrong=wrong,
        note=note,
        done=done,
        most=MOST_TEXT,
    )
