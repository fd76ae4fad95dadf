"""What every event says, and what several of them carry."""

import msgspec

from fairhold.domain.instants import Instant
from fairhold.domain.spans import Span


class EventBase(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True, tag_field="type"):
    """What every event says. `at`: when it took effect; `by`: who did it."""

    at: Instant
    by: str


class Restored(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """Units under protection again.

    Its end, the end of their window where they were delivered, and the seller's term where their parcel came back.
    """

    span: Span
    protection_ends: Instant
    window_ends: Instant | None = None
    ship_again_by: Instant | None = None
