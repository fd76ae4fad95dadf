"""`POST /reviews/{review}/report`: somebody says that a review should not be there. Moderators hear of it; no more happens."""

from fairhold.api.acting import Given
from fairhold.api.eyes import seen_review
from fairhold.api.parts import Call, Parts
from fairhold.api.problems import Problem
from fairhold.api.readings_reviews import detail_of
from fairhold.api.review_bodies import Reporting
from fairhold.api.wire_reviews import ReviewDetail
from fairhold.domain.instants import SECOND
from fairhold.domain.reasons import Reason, Refusal
from fairhold.domain.review import ReviewStatus
from fairhold.engine.intake.review_reports import TooManyReports
from fairhold.words.faults import Fault


def report(parts: Parts, call: Call, given: Given[Reporting] | Problem) -> ReviewDetail | Problem | Refusal:
    """Keep the report, once a person; the answer is the review as this person sees it."""
    seen = seen_review(parts, call)
    if isinstance(seen, Refusal):
        return seen
    if isinstance(given, Problem):
        return given
    if seen.review.status is not ReviewStatus.PUBLISHED:
        return Refusal(Reason.NOT_PUBLISHED)
    said, dry_run = given.body, call.query.get("dry_run", False)
    kept = parts.reports.report(seen.row.id, call.actor, said.reason, said.text or "", dry_run=dry_run)
    if isinstance(kept, TooManyReports):
        return Problem(Fault.TOO_MANY_REPORTS, headers=((b"retry-after", str(kept.wait // SECOND).encode()),))
    return detail_of(parts, call, seen)
