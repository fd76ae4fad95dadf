"""Moderation: reviews that were held, reported or contested, the longest waiting first; read one, decide, go on to the next."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

import msgspec
from starlette.exceptions import HTTPException
from starlette.responses import Response

from fairhold.domain.order import Order
from fairhold.domain.reasons import Reason, Refusal
from fairhold.domain.review import Moderated, Part, Review
from fairhold.domain.review_commands import ModerateReview
from fairhold.domain.review_guards import REVIEW_GUARD, ReviewMoment, why_not_to_review
from fairhold.engine.ports.reviews import StoredReview
from fairhold.web.handlers.case_reading import in_conflict
from fairhold.web.long_texts import typed_text
from fairhold.web.views.desk_reasons import canned_groups, canned_text
from fairhold.web.views.moderation import queue_row, why_waiting
from fairhold.web.views.moderation_case import (
    PARTS,
    VerdictChoice,
    answer_of,
    facts_of,
    past_of,
    reports_of,
    standing_pill,
    verdicts_of,
    versions_of,
)
from fairhold.web.views.moderation_desk import ReviewDesk
from fairhold.web.views.moderation_reasons import MODERATION_REASONS
from fairhold.web.views.parts import Empty, Note, Pill
from fairhold.web.views.sight import STAFF_PATHS
from fairhold.web.visits import Visit, fresh_key, invalid, status_of
from fairhold.words.catalog import N_
from fairhold.words.refusals import refusal_text

PER_PAGE = 20
_AHEAD = 20
"""Among so many of the queue's first, the next one to decide on is looked for."""

_SAID = {
    "publish": (N_("Published."), N_("Everybody sees it.")),
    "hide": (N_("Hidden."), N_("The author reads the reasons and can contest that once.")),
    "withdraw": (N_("Withdrawn."), N_("A note stays in its place.")),
}


@dataclass(frozen=True)
class Typed:
    """What stands in the form, where it was sent and not taken, or a ready reason was put in."""

    part: str = ""
    decision: str = ""
    reasons: str = ""


@dataclass(frozen=True)
class DecisionForm:
    """What can be decided on the review or on its reply; `blocked` says why it cannot be by this person."""

    part: str
    title: str
    pill: Pill
    key: str
    choices: tuple[VerdictChoice, ...]
    reasons: str
    blocked: str
    why: str
    first: bool
    wrong: str = ""


def desk_of(visit: Visit) -> ReviewDesk:
    """How this person sees reviews."""
    return ReviewDesk(visit.who(), visit.now, visit.reader, visit.site.directory)


def queue(visit: Visit) -> Response:
    """What waits, the longest first."""
    desk, reviews = desk_of(visit), visit.site.queries.reviews
    page = reviews.queue(behind=visit.query("further", 80) or None, limit=PER_PAGE)
    further = f"{desk.folder}?{urlencode({'further': page.further})}" if page.further else ""
    return visit.show(
        "moderation_queue.html",
        rows=[queue_row(desk, row, _since(visit, row)) for row in page.items],
        note=_done(visit),
        further=further,
        first=desk.folder if visit.query("further", 80) else "",
        nothing=None if page.items else _empty(visit),
    )


def _since(visit: Visit, row: StoredReview) -> int:
    """Since when it waits: what is only reported, since somebody first said so."""
    if row.awaits or not row.reports:
        return row.changed_at
    return min((one.at for one in visit.site.queries.reviews.reports(row.id, row.reports)), default=row.changed_at)


def _empty(visit: Visit) -> Empty:
    title, text = N_("Nothing waits to be read"), N_("Reviews that were held, reported or contested appear here.")
    return Empty("ok", visit.say(title), visit.say(text))


def _done(visit: Visit) -> Note | None:
    said = _SAID.get(visit.query("done", 20))
    return Note(visit.say(said[0]), visit.say(said[1]), "safe", "ok") if said else None


def found_review(visit: Visit) -> tuple[StoredReview, Order, Review]:
    """The review that the path names, in its order. Raises 404 where there is none."""
    row = visit.site.queries.reviews.review(visit.request.path_params["review"])
    order = visit.site.queries.reviews.order_of(row) if row is not None else None
    review = order.review(row.id) if order is not None and row is not None else None
    if row is None or order is None or review is None:
        raise HTTPException(404)
    return row, order, review


def case(visit: Visit) -> Response:
    """One review, whole."""
    return _show(visit, _done(visit))


def edit(visit: Visit) -> Response:
    """Put a ready reason below what is written; nothing is decided."""
    written, ready = (
        typed_text(visit, "reasons", 5000),
        canned_text(visit.field("ready", 40), MODERATION_REASONS),
    )
    reasons = written if not ready or ready in written else f"{written}\n\n{ready}".strip()
    return _show(visit, typed=Typed(visit.field("part", 20), visit.field("decision", 20), reasons))


def decide(visit: Visit) -> Response:
    """Decide, and go on to the next; or be told why not."""
    row, order, _ = found_review(visit)
    typed = Typed(visit.field("part", 20), visit.field("decision", 20), typed_text(visit, "reasons", 5000))
    if not typed.decision or not typed.reasons:
        return _show(visit, typed=typed, status=422, lacking=True)
    command: ModerateReview | Refusal
    try:
        given = {"review": row.id, "part": typed.part, "decision": typed.decision, "reasons": typed.reasons}
        command = msgspec.convert(given, ModerateReview)
    except msgspec.ValidationError:
        command = invalid("reasons")
    if in_conflict(visit, order):
        command = Refusal(Reason.CONFLICT_OF_INTEREST)
    outcome = command if isinstance(command, Refusal) else visit.ask(order.id, command)
    if isinstance(outcome, Refusal):
        return _show(visit, visit.refusal_note(outcome), typed, status_of(outcome))
    desk, following = desk_of(visit), _next(visit, row)
    return visit.go(f"{desk.url(following.id) if following else desk.folder}?done={typed.decision}")


def _next(visit: Visit, row: StoredReview) -> StoredReview | None:
    """The next that this person may decide on: behind this one, or else from the beginning."""
    waiting = [one for one in visit.site.queries.reviews.queue(limit=_AHEAD).items if one.id != row.id]
    place = (row.changed_at, row.id)
    waiting.sort(key=lambda one: ((one.changed_at, one.id) < place, one.changed_at, one.id))
    for one in waiting:
        order = visit.site.queries.reviews.order_of(one)
        review = order.review(one.id) if order is not None else None
        if order is not None and review is not None:
            parts = [part for part in Part if _moderated(review, part) is not None]
            if any(_why_not(visit, order, review, part) is None for part in parts):
                return one
    return None


def _moderated(review: Review, part: Part) -> Moderated | None:
    if part is Part.REPLY:
        return review.reply.moderated if review.reply is not None else None
    return review.moderated


def _why_not(visit: Visit, order: Order, review: Review, part: Part) -> Reason | None:
    """What keeps this person from deciding, other ids of theirs included."""
    if in_conflict(visit, order):
        return Reason.CONFLICT_OF_INTEREST
    moment = ReviewMoment(order, review, part, visit.who(), visit.now)
    return why_not_to_review(REVIEW_GUARD[ModerateReview], moment)


def _show(
    visit: Visit, note: Note | None = None, typed: Typed | None = None, status: int = 200, *, lacking: bool = False
) -> Response:
    row, order, review = found_review(visit)
    desk, queries = desk_of(visit), visit.site.queries
    history = [event for _, event in queries.history(order.id)]
    forms = _forms(visit, desk, order, review, typed or Typed(), lacking=lacking)
    following = _next(visit, row) if any(form.blocked for form in forms) else None
    return visit.show(
        "moderation_case.html",
        status,
        title=desk.say(N_("Review: %(name)s"), name=desk.name(row.subject)),
        url=desk.url(row.id),
        folder=desk.folder,
        order_url=f"{STAFF_PATHS[visit.who().role]}/{order.id}",
        note=note,
        pill_view=standing_pill(desk, review.moderated),
        why=why_waiting(desk, row, contested=False),
        waits=desk.since(_since(visit, row)) if row.awaits or row.reports else "",
        automatic=review.automatic,
        versions=versions_of(desk, order, queries.reviews.versions(row)),
        answer=answer_of(desk, review, queries.reviews.reply(row)),
        reports=reports_of(desk, queries.reviews.reports(row.id)),
        past=past_of(desk, review, history),
        facts=facts_of(desk, order, review, row.author, row.subject),
        forms=forms,
        following=desk.url(following.id) if following else "",
        ready=canned_groups(visit.reader.language, MODERATION_REASONS),
    )


def _forms(
    visit: Visit, desk: ReviewDesk, order: Order, review: Review, typed: Typed, *, lacking: bool
) -> list[DecisionForm]:
    """A form for the review and one for its reply; the one that waits first."""
    found = []
    for part in Part:
        moderated = _moderated(review, part)
        if moderated is None:
            continue
        reason = _why_not(visit, order, review, part)
        mine = typed if typed.part == part.value else Typed()
        text = refusal_text(visit.reader.words, reason) if reason else None
        found.append(
            DecisionForm(
                part=part.value,
                title=desk.say(PARTS[part]),
                pill=standing_pill(desk, moderated),
                key=fresh_key(),
                choices=() if reason else verdicts_of(desk, part, moderated, mine.decision),
                reasons=mine.reasons,
                blocked=text.title if text else "",
                why=text.detail if text else "",
                first=moderated.awaits or part.value == typed.part,
                wrong=_lacking(desk, mine) if lacking and mine.part else "",
            )
        )
    if not any(form.first for form in found):
        found[0] = replace(found[0], first=True)
    return sorted(found, key=lambda form: not form.first)


def _lacking(desk: ReviewDesk, typed: Typed) -> str:
    if not typed.decision:
        return desk.say(N_("Choose what is to become of it."))
    return desk.say(N_("Write the reasons: the author reads them."))
