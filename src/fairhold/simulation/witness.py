"""Who watches a simulation: told of every answer and of what the provider did, and shown every order that a step touched."""

from collections.abc import Collection
from typing import Protocol

from fairhold.domain.instants import Instant
from fairhold.engine.kernel.envelope import Answer, Envelope
from fairhold.simulation.auditor import Operation


class Witness(Protocol):
    """Keeps books of its own. Every method raises where something is wrong; `step` and `now` are for its words."""

    def acknowledged(self, envelope: Envelope, answer: Answer, now: Instant) -> None:
        """A caller was given this answer; `now` is the latest that any clock may show."""
        ...

    def unanswered(self, envelope: Envelope) -> None:
        """A caller was never told whether this happened."""
        ...

    def stated(self, line: Operation) -> None:
        """The provider's statement has one more line."""
        ...

    def shown(self, order: str, reader: str, types: Collection[str]) -> None:
        """The reader (`buyer:ann`) was shown these kinds of events of the order."""
        ...

    def look(self, step: int, now: Instant, orders: Collection[str]) -> None:
        """After a step: these orders it wrote, or may have written."""
        ...

    def reopened(self, step: int, now: Instant) -> None:
        """A process died, or was ended, and another was started."""
        ...

    def settled(self, step: int, now: Instant) -> None:
        """After a sweep and with nothing left to deliver: nothing is overdue."""
        ...

    def finish(self, step: int, now: Instant) -> None:
        """At the end: everything, from the first event on."""
        ...
