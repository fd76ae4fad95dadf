"""What time it is: the system's, or in the sandbox the system's plus an offset that only grows."""

import threading
import time
from typing import Protocol

from fairhold.domain.instants import Duration, Instant
from fairhold.engine.ports.store import Store

OFFSET_SETTING = "sandbox_clock_offset"


class Clock(Protocol):
    """Tells the time. Never goes back within one process."""

    def now(self) -> Instant:
        """This moment."""
        ...


class MovableClock(Clock, Protocol):
    """A clock that can be set forward."""

    def move_to(self, to: Instant) -> None:
        """Make it `to` now, unless it is later already."""
        ...


class SystemClock:
    """The machine's clock; where that is set back, this one stands still until it is caught up with."""

    def __init__(self) -> None:
        self._last = 0

    def now(self) -> Instant:
        """This moment."""
        self._last = now = max(self._last, time.time_ns() // 1000)
        return Instant(now)


class VirtualClock:
    """A clock that stands until it is moved: for replaying history and for tests."""

    def __init__(self, now: Instant) -> None:
        self._now = now

    def now(self) -> Instant:
        """The moment it was moved to."""
        return self._now

    def move_to(self, to: Instant) -> None:
        """Make it `to` now, unless it is later already."""
        self._now = max(self._now, to)


class SandboxClock:
    """The test clock: ticks like any clock, ahead of the machine's by an offset that the store's meta table keeps.

    The offset only grows, there and here. Asking the time reads no database; `look` does.
    """

    def __init__(self, store: Store, system: Clock | None = None) -> None:
        self._store = store
        self._system = system or SystemClock()
        self._offset = Duration(int(store.setting(OFFSET_SETTING) or 0))
        self._lock = threading.Lock()

    def now(self) -> Instant:
        """This moment, offset included."""
        return Instant(self._system.now() + self._offset)

    def move_to(self, to: Instant) -> None:
        """Make it `to` now, unless it is later already; the offset outlives the process."""
        with self._lock:
            offset = Duration(to - self._system.now())
            if offset > self._offset:
                # Another process may have moved it further.
                self._offset = Duration(max(offset, self._store.raise_setting(OFFSET_SETTING, offset)))

    def look(self) -> bool:
        """Take over what another process has set; whether that was anything new. Raises StoreUnavailable."""
        offset = Duration(int(self._store.setting(OFFSET_SETTING) or 0))
        with self._lock:
            later = offset > self._offset
            self._offset = max(self._offset, offset)
        return later
