"""What a simulation must have come across, and what it cannot: each exception with its reason."""

from collections import Counter
from typing import get_args

from fairhold.domain.events import Event
from fairhold.domain.reasons import Reason
from fairhold.simulation.mishaps import MISHAPS

Counts = dict[str, Counter[str]]
KINDS = ("events", "refusals", "mishaps", "steps")

ALONE: frozenset[str] = frozenset({"process_overtakes"})
"""Mishaps that take several processes on one database, and so PostgreSQL."""

NEVER: dict[str, str] = {
    Reason.UNKNOWN_POLICY.name: "the API and the pages look policies up; the engine is handed the policy itself",
    Reason.PHOTO_NOT_YOURS.name: "the API and the pages look photos up; the engine is handed what they found",
}
"""Refusals that no command can meet in the engine, and why."""


def expected(*, alone: bool = True) -> dict[str, frozenset[str]]:
    """What there is, by what is counted; `alone`: one process serves the database at a time."""
    return {
        "events": frozenset(str(event.__struct_config__.tag) for event in get_args(Event)),
        "refusals": frozenset(reason.name for reason in Reason) - NEVER.keys(),
        "mishaps": frozenset(MISHAPS) - (ALONE if alone else frozenset()),
    }


def missing(counts: Counts, *, alone: bool = True) -> dict[str, list[str]]:
    """What there is and never came up, by what is counted."""
    found = {
        kind: sorted(name for name in names if not counts[kind][name]) for kind, names in expected(alone=alone).items()
    }
    return {kind: names for kind, names in found.items() if names}
