"""What happened where somebody turned to support: the third part of `events.py`."""

from fairhold.domain.actors import Role
from fairhold.domain.event_shape import EventBase
from fairhold.domain.instants import Instant
from fairhold.domain.spans import Span


class AccidentReported(EventBase, frozen=True, kw_only=True, tag="accident_reported"):
    """The buyer says that these units, worth `amount`, were confirmed by accident; support answers by `due` (S16).

    `settles`: where the policy holds the money here meanwhile, until when it now stays, stretch by stretch.
    """

    spans: tuple[Span, ...]
    amount: int
    due: Instant
    settles: tuple[tuple[Span, Instant], ...] = ()
    text: str | None = None


class AccidentOverdue(EventBase, frozen=True, kw_only=True, tag="accident_overdue"):
    """Support has not answered in time: the duty is the operator's too. It moves no money."""


class AccidentDeclined(EventBase, frozen=True, kw_only=True, tag="accident_declined"):
    """Support does not take the confirmation back, for these `reasons`; the money leaves when it would have."""

    settles: tuple[tuple[Span, Instant], ...]
    reasons: str


class ExtensionPassedOn(EventBase, frozen=True, kw_only=True, tag="extension_passed_on"):
    """Nobody answered the buyer's request in time: it is `to`'s to answer, by `due` where there is somebody after them."""

    to: Role
    due: Instant | None = None
