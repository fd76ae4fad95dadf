"""What comes back in the sandbox as time passes: its provider sends no notifications, so it is asked what has come back since."""

from collections.abc import Callable
from typing import Protocol

from fairhold.domain.instants import Instant
from fairhold.engine.outside.payment_seen import Seen
from fairhold.engine.ports.sandbox import SandboxRows

TOLD = "sandbox_told"
"""The setting that says up to when what came back has been told."""


class Memory(Protocol):
    """Where that is kept."""

    def setting(self, name: str) -> str | None:
        """A setting's value."""
        ...

    def raise_setting(self, name: str, value: int) -> int:
        """Write a number unless a larger one stands there; answers the larger."""
        ...


class SandboxNews:
    """Tells of refunds, transfers and payouts that banks sent back. Told twice, as where processes meet, they change nothing."""

    def __init__(
        self, rows: SandboxRows, seen: Callable[[str], Seen], tell: Callable[[Seen], None], memory: Memory
    ) -> None:
        self._rows = rows
        self._seen = seen
        self._tell = tell
        self._memory = memory

    def once(self, until: Instant) -> int:
        """Tell of what came back by then, oldest first; how much it was. Raises StoreUnavailable and Unavailable."""
        since = self._told()
        found = self._rows.came_back(Instant(since + 1), Instant(until + 1))
        for entry in found:
            self._tell(self._seen(entry.name))
        if found:
            self._memory.raise_setting(TOLD, until)
        return len(found)

    def next_due(self) -> Instant | None:
        """When the next of those comes back that are known. Raises StoreUnavailable."""
        return self._rows.next_to_come_back(self._told())

    def _told(self) -> Instant:
        return Instant(int(self._memory.setting(TOLD) or -1))
