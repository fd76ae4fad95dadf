"""Reconciliation as time passes: in a thread of its own, for a provider that hangs must not keep deadlines waiting."""

import structlog

from fairhold.domain.instants import MINUTE, SECOND, Duration, Instant
from fairhold.engine.books.reconciliation import Reconciler
from fairhold.engine.installation.metrics import Metrics
from fairhold.engine.kernel.own_thread import OwnThread

_log = structlog.get_logger("fairhold.reconciliation")

LOOK_SECONDS = 2.0
"""How often it is looked whether a provider's turn has come; a look is one row a provider."""
FAILED_SECONDS = 15.0
COUNT_EVERY = Duration(MINUTE)


class ReconciliationWorker:
    """Compares what is due, and counts what is open for `/metrics`. Several processes may each have one."""

    def __init__(self, reconciler: Reconciler, metrics: Metrics) -> None:
        self._reconciler = reconciler
        self._metrics = metrics
        self._count_at = Instant(0)
        self._thread = OwnThread("fairhold-reconciliation", self._take_turn, _failed)

    def start(self) -> None:
        """Begin; nothing is done where there is no provider."""
        if self._reconciler.providers:
            self._thread.start()

    def stop(self) -> None:
        """End after the page of a statement that is being read."""
        self._reconciler.halt()
        self._thread.stop()

    def once(self) -> int:
        """Compare what is due now; how many providers were asked. Blocks; raises StoreUnavailable."""
        done = self._reconciler.once()
        now = self._reconciler.now()
        if done or now >= self._count_at:
            self._count_at = Instant(now + COUNT_EVERY)
            self._count(now)
        return done

    def _count(self, now: Instant) -> None:
        found = self._reconciler.rows.open_by_provider()
        for name in {*found, *self._reconciler.providers}:
            one = found.get(name)
            age = 0.0 if one is None else (now - one.oldest) / SECOND
            self._metrics.differences(name, 0 if one is None else one.items, age)

    def _take_turn(self) -> float:
        self.once()
        return LOOK_SECONDS


def _failed(error: Exception) -> float:
    """The database may be back in a moment."""
    _log.warning("reconciliation failed; trying again", error=f"{type(error).__name__}: {error}")
    return FAILED_SECONDS
