"""What a caller did wrong, as a value, and that value as `application/problem+json` (RFC 9457) in the caller's language."""

from typing import NamedTuple

import msgspec

from fairhold.domain.reasons import Blame, Reason, Refusal, blame
from fairhold.words.catalog import Words
from fairhold.words.faults import Fault
from fairhold.words.problems import fault_text
from fairhold.words.refusals import explain

MEDIA_TYPE = b"application/problem+json"

STATUSES: dict[Fault, int] = {
    Fault.UNAUTHORIZED: 401,
    Fault.ROLE_NOT_GRANTED: 403,
    Fault.SCOPE_NOT_GRANTED: 403,
    Fault.ACTOR_MISSING: 422,
    Fault.ACTOR_INVALID: 422,
    Fault.SIGNATURE_INVALID: 401,
    Fault.ROUTE_NOT_FOUND: 404,
    Fault.METHOD_NOT_ALLOWED: 405,
    Fault.ACCOUNT_NOT_FOUND: 404,
    Fault.HEAD_NOT_FOUND: 404,
    Fault.SANDBOX_ONLY: 404,
    Fault.NOT_IN_A_BATCH: 422,
    Fault.IDEMPOTENCY_KEY_MISSING: 422,
    Fault.IDEMPOTENCY_KEY_INVALID: 422,
    Fault.UNSUPPORTED_MEDIA_TYPE: 415,
    Fault.BODY_TOO_LARGE: 413,
    Fault.MALFORMED_JSON: 422,
    Fault.NESTED_TOO_DEEPLY: 422,
    Fault.DUPLICATE_FIELD: 422,
    Fault.UNKNOWN_FIELD: 422,
    Fault.MISSING_FIELD: 422,
    Fault.INVALID_VALUE: 422,
    Fault.MALFORMED_FORM: 422,
    Fault.PHOTO_TOO_LARGE: 413,
    Fault.UNSUPPORTED_PHOTO_TYPE: 422,
    Fault.PHOTO_UNREADABLE: 422,
    Fault.PHOTO_TOO_MANY_PIXELS: 422,
    Fault.PHOTO_TOO_SMALL: 422,
    Fault.TOO_MANY_PHOTOS: 429,
    Fault.TOO_MANY_REPORTS: 429,
    Fault.WEBHOOK_NOT_FOUND: 404,
    Fault.DIFFERENCE_NOT_FOUND: 404,
    Fault.DIFFERENCE_CLOSED: 409,
    Fault.KEY_NOT_FOUND: 404,
    Fault.KEY_REPLACED: 409,
    Fault.TOO_MANY_KEYS: 409,
    Fault.PAYOUT_NOT_FOUND: 404,
    Fault.PAYEE_NOT_FOUND: 404,
    Fault.UNKNOWN_PROVIDER: 422,
    Fault.NOTHING_DUE: 409,
    Fault.SELLER_OWES: 409,
    Fault.NO_PAYOUT_ACCOUNT: 409,
    Fault.ACCOUNT_NOT_PAYABLE: 409,
    Fault.PAYOUTS_PARKED: 409,
    Fault.ALL_RESERVED: 409,
    Fault.NOT_STOPPED: 409,
    Fault.ACCOUNT_NUMBER: 422,
    Fault.NO_ONBOARDING: 422,
    Fault.SELLER_REFUSED: 409,
    Fault.WEBHOOK_URL_UNUSABLE: 422,
    Fault.TOO_MANY_WEBHOOKS: 409,
    Fault.WEBHOOK_OFF: 409,
    Fault.EVIDENCE_NOT_ASKED: 404,
    Fault.EVIDENCE_ASKED_BEFORE: 409,
    Fault.EVIDENCE_NOT_TAKEN: 409,
    Fault.TOO_LATE_FOR_EVIDENCE: 409,
    Fault.BANK_TASK_NOT_FOUND: 404,
    Fault.BANK_OWN_ORDER: 403,
    Fault.BANK_ANOTHER_WORD: 409,
    Fault.BANK_SETTLED: 409,
    Fault.TOO_MANY_MESSAGES: 429,
    Fault.UNKNOWN_PARAMETER: 422,
    Fault.INVALID_PARAMETER: 422,
    Fault.INVALID_CURSOR: 422,
    Fault.OVERLOADED: 503,
    Fault.UNAVAILABLE: 503,
    Fault.INTERNAL_ERROR: 500,
}
"""The HTTP status of each fault of the transport."""

_BY_BLAME = {Blame.REQUEST: 422, Blame.STATE: 409, Blame.ROLE: 403, Blame.UNKNOWN: 404}

REASON_STATUSES: dict[Reason, int] = {reason: _BY_BLAME[blame(reason)] for reason in Reason}
"""The HTTP status of each reason of the domain."""


class Problem(NamedTuple):
    """A fault of the transport. `field` is what is at fault; `hint` names what was expected there, `limit` the bound."""

    fault: Fault
    field: str | None = None
    hint: str | None = None
    limit: str = ""
    headers: tuple[tuple[bytes, bytes], ...] = ()

    @property
    def status(self) -> int:
        """The HTTP status."""
        return STATUSES[self.fault]


class ProblemOut(msgspec.Struct, kw_only=True, rename={"kind": "type"}, omit_defaults=True):
    """Why nothing happened, as RFC 9457 writes it. `code` is stable; `title` and `detail` are for people."""

    kind: str
    title: str
    status: int
    detail: str
    code: str
    field: str | None = None


class Told(NamedTuple):
    """A problem ready to send."""

    status: int
    body: ProblemOut


def tell(problem: Problem | Refusal, words: Words) -> Told:
    """The problem in the language of `words`."""
    if isinstance(problem, Refusal):
        code, status = problem.reason.value, REASON_STATUSES[problem.reason]
        title, detail = explain(words, problem)
    else:
        code, status = problem.fault.value, problem.status
        title, detail = fault_text(words, problem.fault, problem.hint, problem.limit)
    return Told(
        status,
        ProblemOut(kind=f"/docs#{code}", title=title, status=status, detail=detail, code=code, field=problem.field),
    )
