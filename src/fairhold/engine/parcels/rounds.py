"""Asking providers about parcels: each within its limits, each parcel as often as its age is worth.

A thread of its own: a provider that hangs must not keep deadlines waiting. Whatever dies when, a parcel is asked about again
when the lease of its row ends; to be told the same once more changes nothing.
"""

import random
import threading
from collections.abc import Callable, Sequence

import structlog

from fairhold.domain.instants import DAY, HOUR, MINUTE, SECOND, Duration, Instant, after
from fairhold.engine.installation.clock import Clock
from fairhold.engine.installation.metrics import Metrics
from fairhold.engine.kernel.envelope import Overloaded, Unavailable
from fairhold.engine.kernel.own_thread import OwnThread
from fairhold.engine.outside.destinations import TryLater, Unreadable
from fairhold.engine.outside.tracking import Report, Tracker, Wanted
from fairhold.engine.parcels.by_number import Parcels
from fairhold.engine.parcels.schedule import next_look
from fairhold.engine.ports.parcels import Parcel, ParcelRows, ParcelState, ProviderTurns
from fairhold.engine.ports.store import StoreUnavailable

_log = structlog.get_logger("fairhold.tracking")

LEASE = Duration(10 * MINUTE)
"""Longer than any call takes, with each of its time limits reached."""
FIRST_LOOK = Duration(15 * MINUTE)
"""After a provider was told of a parcel: they have to ask the carrier first."""
SHORTEST_REST, LONGEST_REST = 30 * SECOND, HOUR
"""How long a provider is left alone after a failure, doubling."""
ASK_AGAIN = Duration(DAY)
MOST_REFUSALS = 7
"""How often, a day apart, a parcel is offered to a provider that does not take it: carriers announce numbers late."""
EARLY_KEPT = Duration(60 * DAY)
"""For how long a scan waits for its parcel."""
FINISHED_KEPT = Duration(400 * DAY)
"""Since shipping: beyond the year within which a number is compared with those of other orders."""
MOSCOW = 3 * HOUR
"""Where the only provider with a limit for a day has its midnight."""
SILENT_FOR = 3 * DAY
MOST_SILENT = 500
"""Of parcels that nobody told of for so long, so many at a time are looked at, whether they are still to be followed."""
MOST_DUE = 3000
LONGEST_SLEEP = 1.0
FAILED_SLEEP = 5.0
TIDY_EVERY = HOUR


class Rounds:
    """Asks whoever is due. `once` makes the calls that may be made now; `start` does so as time passes."""

    def __init__(
        self,
        rows: ParcelRows,
        turns: ProviderTurns,
        parcels: Parcels,
        trackers: Sequence[Tracker],
        clock: Clock,
        metrics: Metrics | None = None,
        *,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._rows = rows
        self._turns = turns
        self._parcels = parcels
        self._trackers = tuple(trackers)
        self._clock = clock
        self._metrics = metrics or Metrics()
        self._chance = chance
        self._failures = dict.fromkeys((tracker.name for tracker in trackers), 0)
        self._turn = threading.Lock()
        self._thread = OwnThread("fairhold-tracking", self._take_turn, _failed)
        self._tidy_at = Instant(0)
        parcels.on_parcel = self._thread.wake

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after the call that is being made, for good."""
        self._thread.stop()
        for tracker in self._trackers:
            tracker.close()

    def once(self) -> int:
        """Make the calls that may be made now; how many parcels they were about. Blocks; raises StoreUnavailable, Unavailable."""
        with self._turn:
            self._tidy()
            return sum(self._round(tracker) for tracker in self._trackers)

    def _round(self, tracker: Tracker) -> int:
        now = self._clock.now()
        due = {} if self._thread.stopping else self._rows.due(tracker.name, now, MOST_DUE)
        day = (now + MOSCOW) // DAY
        if not due or not self._turns.take(tracker.name, now, tracker.pause, day, tracker.calls_a_day):
            return 0
        left = None if tracker.calls_a_day is None else tracker.calls_a_day - self._turns.calls(tracker.name, day) + 1
        return self._call(tracker, due, left, now)

    def _call(self, tracker: Tracker, due: dict[ParcelState, int], left: int | None, now: Instant) -> int:
        claimed = self._rows.claim_ticket(tracker.name, now, LEASE)
        if claimed:
            ticket = claimed[0].ticket or ""
            return self._asked(tracker, claimed, now, lambda _: tracker.collect(ticket))
        for state in (ParcelState.NEW, ParcelState.REFUSED):
            if due.get(state):
                claimed = self._rows.claim(tracker.name, state, now, LEASE, tracker.batch(due[state], left))
                return self._registered(tracker, claimed, now) if claimed else 0
        waiting = due.get(ParcelState.FOLLOWED, 0)
        claimed = self._rows.claim(tracker.name, ParcelState.FOLLOWED, now, LEASE, tracker.batch(waiting, left))
        return self._asked(tracker, claimed, now, tracker.ask) if claimed else 0

    def _registered(self, tracker: Tracker, parcels: Sequence[Parcel], now: Instant) -> int:
        report = self._report(tracker, parcels, now, tracker.register)
        if report is None:
            return len(parcels)
        settled = []
        for parcel in parcels:
            why = report.refused.get(parcel.written)
            settled.append(_refused(parcel, why, now) if why else _followed(parcel, after(now, FIRST_LOOK), now))
        self._rows.settle(settled)
        return len(parcels)

    def _asked(
        self, tracker: Tracker, parcels: Sequence[Parcel], now: Instant, ask: Callable[[Sequence[Wanted]], Report]
    ) -> int:
        report = self._report(tracker, parcels, now, ask)
        if report is None:
            return len(parcels)
        if report.ticket is not None:
            due = after(now, report.ready)
            self._rows.settle([parcel._replace(ticket=report.ticket, due_at=due, asked_at=now) for parcel in parcels])
            return len(parcels)
        # First what was told, then when to ask again: who dies between the two asks once more.
        self._parcels.take(tracker.name, report.news)
        self._rows.settle([self._next(tracker, parcel, report, now) for parcel in parcels])
        return len(parcels)

    def _next(self, tracker: Tracker, parcel: Parcel, report: Report, now: Instant) -> Parcel:
        if parcel.written in report.unknown and tracker.registers:
            return parcel._replace(state=ParcelState.NEW, due_at=now, ticket=None, asked_at=now)
        why = report.refused.get(parcel.written)
        if why:
            return _refused(parcel, why, now)
        shipment = self._parcels.shipment(parcel)
        return _followed(parcel, None if shipment is None else next_look(shipment, now), now)

    def _report(
        self,
        tracker: Tracker,
        parcels: Sequence[Parcel],
        now: Instant,
        call: Callable[[Sequence[Wanted]], Report],
    ) -> Report | None:
        """What a call brought; where it brought nothing, the provider and these parcels are left alone for a while."""
        try:
            report = call([Wanted(parcel.written, parcel.carrier) for parcel in parcels])
        except (TryLater, Unreadable) as failure:
            rest = self._rest(tracker, failure)
            _log.warning("a provider could not answer", provider=tracker.name, error=str(failure), rest=rest // SECOND)
            self._metrics.tracked(tracker.name, "failed")
            self._turns.rest(tracker.name, after(now, rest))
            again = after(now, rest)
            self._rows.settle([parcel._replace(due_at=again, error=str(failure)[:200]) for parcel in parcels])
            return None
        self._failures[tracker.name] = 0
        self._metrics.tracked(tracker.name, "answered")
        return report

    def _rest(self, tracker: Tracker, failure: Exception) -> Duration:
        wanted = failure.rest if isinstance(failure, TryLater) else None
        failures = self._failures[tracker.name]
        self._failures[tracker.name] = failures + 1
        if wanted is not None:
            return wanted
        pause = min(SHORTEST_REST << min(failures, 12), LONGEST_REST)
        return Duration(pause // 2 + int(pause // 2 * self._chance()))

    def _tidy(self) -> None:
        """Once an hour: parcels whose provider is gone get another, old ones are given up, scans that waited too long dropped."""
        now = self._clock.now()
        if now < self._tidy_at:
            return
        self._tidy_at = Instant(now + TIDY_EVERY)
        self._rows.forget_early(Instant(now - EARLY_KEPT))
        self._rows.forget_finished(Instant(now - FINISHED_KEPT))
        if self._trackers:
            names = [tracker.name for tracker in self._trackers]
            astray = {parcel: self._parcels.assigned(parcel) for parcel in self._rows.astray(names, MOST_DUE)}
            self._rows.settle([now_ for before, now_ in astray.items() if now_ != before])
        for parcel in self._rows.silent(Instant(now - SILENT_FOR), Instant(now - SILENT_FOR), MOST_SILENT):
            shipment = self._parcels.shipment(parcel)
            if shipment is None or next_look(shipment, now) is None:
                self._rows.settle([_followed(parcel, None, now)])

    def _take_turn(self) -> float:
        return 0.0 if self.once() else LONGEST_SLEEP


def _failed(error: Exception) -> float:
    """One bad answer must not end the rounds."""
    if isinstance(error, StoreUnavailable | Unavailable | Overloaded):
        _log.warning("parcels cannot be asked about; trying again", error=str(error))
    else:
        _log.error("asking about parcels failed; trying again", exc_info=error)
    return FAILED_SLEEP


def _followed(parcel: Parcel, due: Instant | None, now: Instant) -> Parcel:
    state = ParcelState.FINISHED if due is None else ParcelState.FOLLOWED
    return parcel._replace(state=state, due_at=due, attempts=0, asked_at=now, ticket=None, error=None)


def _refused(parcel: Parcel, why: str, now: Instant) -> Parcel:
    attempts = parcel.attempts + 1
    due = after(now, ASK_AGAIN) if attempts < MOST_REFUSALS else None
    return parcel._replace(
        state=ParcelState.REFUSED, due_at=due, attempts=attempts, asked_at=now, ticket=None, error=why[:200]
    )
