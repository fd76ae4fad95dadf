"""`POST /reviews/{review}/report`: somebody says that a review should not be there. Moderators hear of it; no more happens."""

from fairhold.api.eyes import seen_review
from fairhold.api.parts import Call, Parts
from fairhold.api.problems import Problem
from fairhold.api.reading import Form
from fairhold.api.readings_reviews import detail_of
from fairhold.api.review_bodies import Reporting
from fairhold.api.wire_reviews import ReviewDetail
from fairhold.domain.instants import SECOND
from fairhold.domain.reasons import Reason, Refusal
from fairhold.domain.review import ReviewStatus
from fairhold.engine.review_reports import TooManyReports
from fairhold.words.problems import Fault

_FORM: Form[Reporting] = Form(Reporting)


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
    dry_run = asked.query.get("dry_run", False)
    kept = parts.reports.report(seen.row.id, call.actor, given.reason, given.text or "", dry_run=dry_run)
    if isinstance(kept, TooManyReports):
        return Problem(Fault.TOO_MANY_REPORTS, headers=((b"retry-after", str(kept.wait // SECOND).encode()),))
    return detail_of(parts, call, seen)
