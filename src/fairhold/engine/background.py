"""What happens without anybody asking: deadlines are swept, the outbox delivered, days sealed, the sandbox's time moved."""

import threading
import time
from contextlib import ExitStack
from functools import partial
from typing import NamedTuple

import structlog

from fairhold.domain.ids import Lane
from fairhold.domain.instants import DAY, HOUR, SECOND, Duration, Instant
from fairhold.engine.audit.sealer import Sealer
from fairhold.engine.installation.clock import Clock, SandboxClock, VirtualClock
from fairhold.engine.kernel.core import Engine
from fairhold.engine.kernel.each import each_lane
from fairhold.engine.kernel.envelope import Unavailable
from fairhold.engine.kernel.outbox import Courier
from fairhold.engine.kernel.own_thread import OwnThread
from fairhold.engine.kernel.sweeper import Sweeper
from fairhold.engine.notices.notifier import Notifier
from fairhold.engine.notices.post_office import PostOffice
from fairhold.engine.payments.sandbox_news import SandboxNews
from fairhold.engine.payouts.paymaster import Paymaster
from fairhold.engine.ports.store import StoreUnavailable, Writer

_log = structlog.get_logger("fairhold.background")

LONGEST_SLEEP = 1.0
SHORTEST_SLEEP = 0.02
LONGEST_ADVANCE = Duration(3653 * DAY)
"""Ten years: further than any deadline, and far from the year in which an instant no longer fits."""
KEYS_KEPT = Duration(400 * DAY)
"""How long after an order was closed the keys of its commands are still known (the public contract)."""
FORGET = 1000
"""Orders whose keys are forgotten in one transaction; looked for once an hour."""
LOOK_SECONDS = 0.25
"""How often a process looks whether another has moved the sandbox's clock."""
OTHERS_SECONDS = 60.0
"""How long one waits for what other processes have claimed: longer than the claims of one that died last."""
STEPS = 500
"""A jump is walked in at most this many steps; scans are played at their own microsecond in any case."""


class CannotAdvance(ValueError):
    """The clock does not go there: `reason` is `not_movable`, `backwards` or `too_far`."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class Workers(NamedTuple):
    """Whoever does by itself what is due. `paymaster` is None where nothing is paid out, `sandbox` where banks are real."""

    sweeper: Sweeper
    courier: Courier
    sealer: Sealer
    notifier: Notifier
    mail: PostOffice
    paymaster: Paymaster | None
    sandbox: SandboxNews | None = None


class Background:
    """A thread that sweeps and delivers, about once a second and whenever something is due sooner.

    `others`: other processes may serve the same data, so that they too sweep, and move the sandbox's clock.
    """

    def __init__(self, engine: Engine, clock: Clock, workers: Workers, *, others: bool = False) -> None:
        self._engine = engine
        self._clock = clock
        self._sweeper, self._courier, self._sealer, self._notifier, self._mail, self._paymaster, self._sandbox = workers
        self._others = others
        self._turn = threading.Lock()
        self._thread = OwnThread("fairhold-background", self._take_turn, _failed)
        self._forget_at = Instant(0)
        self._ended = threading.Event()
        engine.on_message = self._thread.wake

    def start(self) -> None:
        """Begin."""
        self._thread.start()
        if self._others and isinstance(self._clock, SandboxClock):
            threading.Thread(target=self._look, args=(self._clock,), name="fairhold-clock", daemon=True).start()

    def stop(self) -> None:
        """End after what is being done now."""
        self._ended.set()
        self._thread.stop()

    def tick(self) -> int:
        """Sweep and deliver once, and do a portion of what is done at night; how much there was. Blocks; raises Unavailable."""
        with self._turn, ExitStack() as all_of_it:
            # Whatever one of them meets, the others have their turn.
            done: list[int] = []
            all_of_it.callback(lambda: done.append(self._sealer.once()))
            all_of_it.callback(lambda: done.append(self._hear_back(self._clock.now())))
            all_of_it.callback(lambda: done.append(self._courier.once()))
            all_of_it.callback(lambda: done.append(self._sweeper.once()))
            all_of_it.callback(lambda: done.append(self._notifier.remind(self._clock.now())))
            all_of_it.callback(self._forget_keys)
        return sum(done)

    def _forget_keys(self) -> None:
        now = self._clock.now()
        if now < self._forget_at:
            return
        # Where a database does not answer, its keys wait for the next time.
        self._forget_at = Instant(now + HOUR)
        each_lane(self._engine.lanes, partial(self._forget_lane, Instant(now - KEYS_KEPT)))

    def _forget_lane(self, closed_before: Instant, lane: Lane) -> None:
        while self._engine.on_writer(partial(_forget, lane, closed_before), lane) >= FORGET:
            continue

    def _take_turn(self) -> float:
        return 0.0 if self.tick() else self._until_next()

    def _until_next(self) -> float:
        wake = _first(self._next_wake(), self._notifier.next_reminder())
        if wake is None:
            return LONGEST_SLEEP
        return min(LONGEST_SLEEP, max(SHORTEST_SLEEP, (wake - self._clock.now()) / SECOND))

    def _next_wake(self) -> Instant | None:
        found = each_lane(self._engine.lanes, lambda lane: self._engine.on_writer(partial(_next_wake, lane), lane))
        return min((wake for wake in found if wake is not None), default=None)

    def advance(self, to: Instant) -> Instant:
        """Make it `to`, with what is due on the way happening at its own time and in its own order; answers the new moment.

        Blocks until everything due by then has happened and the outbox holds nothing that could go. Raises CannotAdvance.
        """
        clock = self._clock
        if not isinstance(clock, SandboxClock | VirtualClock):
            raise CannotAdvance("not_movable", "only a sandbox's clock can be moved")
        with self._turn:
            start = clock.now()
            if to < start:
                raise CannotAdvance("backwards", "the clock never goes back")
            if to - start > LONGEST_ADVANCE:
                raise CannotAdvance("too_far", "the clock moves by ten years at most")
            stride = max(1, (to - start) // STEPS)
            wake = self._next_to_play()
            while wake is not None and wake <= to and clock.now() < to:
                self._play(clock, min(to, max(wake, Instant(clock.now() + stride))))
                wake = self._next_to_play()
            self._play(clock, to)
            if self._others:
                moved = time.monotonic()
                self._wait_for_others(to)
                if isinstance(clock, SandboxClock):
                    # Whoever asks another process next is to find the same time there.
                    time.sleep(max(0.0, moved + LOOK_SECONDS * 1.5 - time.monotonic()))
            if isinstance(clock, SandboxClock):
                # Only now does no process write as of a day that is over.
                self._sealer.finish()
            return clock.now()

    def _wait_for_others(self, to: Instant) -> None:
        """Until what is due by then has happened, whoever had claimed it. Raises Unavailable."""
        deadline = time.monotonic() + OTHERS_SECONDS
        while (wake := self._next_wake()) is not None and wake <= to:
            if time.monotonic() > deadline:
                raise Unavailable("another process has not finished what was due; ask again")
            if not self._sweeper.once() + self._courier.once():
                time.sleep(SHORTEST_SLEEP)

    def _look(self, clock: SandboxClock) -> None:
        while not self._ended.wait(LOOK_SECONDS):
            try:
                if clock.look():
                    self._thread.wake()
            except (StoreUnavailable, RuntimeError):
                continue  # whoever needs the database says so

    def _next_to_play(self) -> Instant | None:
        payouts = None if self._paymaster is None else self._paymaster.next_due()
        back = None if self._sandbox is None else self._sandbox.next_due()
        return _first(self._next_wake(), self._notifier.next_reminder(), self._mail.next_due(), payouts, back)

    def _pay_out(self, step: Instant) -> int:
        return 0 if self._paymaster is None else self._paymaster.once(step)

    def _hear_back(self, step: Instant) -> int:
        return 0 if self._sandbox is None else self._sandbox.once(step)

    def _by_step(self, step: Instant) -> int:
        swept, went = self._sweeper.once(), self._courier.once()
        return swept + went + self._notifier.remind(step) + self._hear_back(step) + self._pay_out(step)

    def _play(self, clock: SandboxClock | VirtualClock, step: Instant) -> None:
        self._courier.once(step, at_own_time=True)
        # What people are reminded of comes before the deadlines themselves, however far one step goes.
        self._notifier.remind(step)
        self._mail.once(step)
        clock.move_to(step)
        while self._by_step(step):
            continue
        self._mail.once(step)


def _failed(error: Exception) -> float:
    """The database or a destination may be back in a moment."""
    if isinstance(error, StoreUnavailable | Unavailable):
        _log.warning("background work failed; trying again", error=str(error))
    else:
        _log.error("background work failed; trying again", exc_info=error)
    return LONGEST_SLEEP


def _first(*wakes: Instant | None) -> Instant | None:
    return min((wake for wake in wakes if wake is not None), default=None)


def _forget(lane: Lane, closed_before: Instant, writer: Writer) -> int:
    return writer.forget_keys(lane, closed_before, FORGET)


def _next_wake(lane: Lane, writer: Writer) -> Instant | None:
    return writer.next_wake(lane)
