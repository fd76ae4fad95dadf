"""What the buyer says of a confirmation that was an accident, and what support made of it (S16)."""

from enum import StrEnum

import msgspec

from fairhold.domain.instants import Instant


class AccidentState(StrEnum):
    """What became of a report: support owes an answer, or has said no. Where support says yes, the confirmation is gone."""

    REPORTED = "reported"
    DECLINED = "declined"


class Accident(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """Support owes an answer about every portion that is `reported`, by `due`; once `overdue`, so does the operator."""

    reported_at: Instant
    due: Instant
    overdue: bool = False
