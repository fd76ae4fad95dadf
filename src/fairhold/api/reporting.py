"""`POST /reviews/{review}/report`: somebody says that a review should not be there. Moderators hear of it; no more happens."""

from fairhold.api.eyes import Seen, seen_review
from fairhold.api.parts import Call, Parts
from fairhold.api.problems import Problem
from fairhold.api.reading import Form
from fairhold.api.readings_reviews import detail_of
from fairhold.api.review_bodies import Reporting
from fairhold.api.wire_reviews import ReviewDetail
from fairhold.domain.actors import Actor
from fairhold.domain.ids import OrderId, lane_of
from fairhold.domain.instants import DAY, HOUR, SECOND, Instant
from fairhold.domain.reasons import Reason, Refusal
from fairhold.domain.review import ReviewStatus
from fairhold.engine.review_ports import StoredReport
from fairhold.words.problems import Fault

_FORM: Form[Reporting] = Form(Reporting)
_LOOKED_AT = 200


def report(parts: Parts, call: Call, asked: Call | Problem, body: bytes | Problem) -> ReviewDetail | Problem | Refusal:
    """Keep the report, once a person; the answer is the review as this person sees it. `asked` has the parameters."""
    seen = seen_review(parts, call)
    if isinstance(seen, Refusal):
        return seen
    if isinstance(asked, Problem):
        return asked
    given = body if isinstance(body, Problem) else _FORM.read(body)
    if isinstance(given, Problem):
        return given
    if seen.review.status is not ReviewStatus.PUBLISHED:
        return Refusal(Reason.NOT_PUBLISHED)
    if not _has_reported(parts, seen, call.actor):
        too_many = _too_many(parts, call.actor)
        if too_many is not None:
            return too_many
        if not asked.query.get("dry_run", False):
            row = StoredReport(
                lane=lane_of(OrderId(seen.row.order_id)),
                review_id=seen.row.id,
                reporter=str(call.actor),
                reason=given.reason.value,
                text=given.text or "",
                at=parts.queries.now(),
            )
            parts.reports.add_report(row)
    return detail_of(parts, call, seen)


def _has_reported(parts: Parts, seen: Seen, actor: Actor) -> bool:
    """Whether one of the latest reports is this person's; an earlier one is not counted twice either, but may be refused."""
    return any(one.reporter == str(actor) for one in parts.queries.reviews.reports(seen.row.id, _LOOKED_AT))


def _too_many(parts: Parts, actor: Actor) -> Problem | None:
    """The refusal of whoever has reported as often as a day allows, with the time after which one more is taken."""
    limit, now = parts.reports_a_day, parts.queries.now()
    if limit is None or _since(parts, actor, Instant(now - DAY)) < limit:
        return None
    hours = next((h for h in range(1, 24) if _since(parts, actor, Instant(now - DAY + h * HOUR)) < limit), 24)
    return Problem(Fault.TOO_MANY_REPORTS, headers=((b"retry-after", str(hours * HOUR // SECOND).encode()),))


def _since(parts: Parts, actor: Actor, at: Instant) -> int:
    return parts.reports.reports_since(str(actor), at)
