"""The calls on evidence against chargebacks."""

from fairhold.api import contests
from fairhold.api.contest_bodies import Evidence
from fairhold.api.rows import Route, change, read
from fairhold.api.wire_contests import ContestOut
from fairhold.domain.actors import Role

_OPERATOR = frozenset({Role.OPERATOR})

CONTEST_ROUTES: tuple[Route, ...] = (
    change(
        "/chargebacks/{chargeback}/evidence",
        "contestChargeback",
        "Hand in evidence against a chargeback through the payment provider: the order's goods, parcels and history, and a note."
        " The bank takes it a single time: asked again with the same note it answers what was asked, another note is refused;"
        " what the provider refused may be asked anew.",
        Evidence,
        contests.ask,
        ContestOut,
        _OPERATOR,
        "unknown_chargeback",
        "chargeback_ended",
        "evidence_asked_before",
        "evidence_not_taken",
        "too_late_for_evidence",
        "idempotency_key_reused",
    ),
    read(
        "/chargebacks/{chargeback}/evidence",
        "getContest",
        "How it stands with evidence against a chargeback.",
        contests.one,
        ContestOut,
        _OPERATOR,
    )._replace(codes=("unknown_chargeback", "evidence_not_asked")),
)
