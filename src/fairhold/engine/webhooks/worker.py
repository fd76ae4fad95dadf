"""Sends what waits for the marketplace's endpoints: a thread that hands out work, and for each attempt a thread of its own.

An endpoint keeps a few of them busy at most, one while it fails, so that a slow one holds up nobody else. Several processes
share the work: each delivery is claimed before it is tried. Whatever dies in the middle is tried again under the same id
once its claim has lapsed.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue

import structlog

from fairhold.domain.instants import HOUR, SECOND, Instant
from fairhold.engine.installation.clock import Clock
from fairhold.engine.installation.metrics import Metrics
from fairhold.engine.kernel.own_thread import OwnThread
from fairhold.engine.ports.store import StoreUnavailable
from fairhold.engine.ports.webhooks import Claimed, DeliveryState, Endpoint, OffBecause, WebhookRows
from fairhold.engine.webhooks.schedule import GIVEN_UP, HELD_FOR, KEPT
from fairhold.engine.webhooks.trying import Tried, Trier

_log = structlog.get_logger("fairhold.webhooks")

AT_ONCE = 8
"""Attempts on one endpoint at the same time; one while it fails."""
CLAIM_SECONDS = 120
"""How long what a process has claimed is left to it: longer than any attempt lasts."""
LONGEST_SLEEP = 1.0
STOP_SECONDS = 3.0
_FORGET_AT_ONCE = 500

Notice = Callable[[Endpoint, OffBecause], None]
"""Tells somebody that an endpoint was turned off."""


def to_nobody(endpoint: Endpoint, because: OffBecause) -> None:
    """The log, the figures and the operator's pages say it anyway."""


class WebhookWorker:
    """Sends webhooks of one installation, from this process."""

    def __init__(
        self,
        rows: WebhookRows,
        trier: Trier,
        clock: Clock,
        metrics: Metrics,
        *,
        notice: Notice = to_nobody,
        claim: int = CLAIM_SECONDS,
    ) -> None:
        self._rows = rows
        self._trier = trier
        self._clock = clock
        self._metrics = metrics
        self._notice = notice
        self._claim_seconds = claim
        self._thread = OwnThread("fairhold-webhooks", self._take_turn, _failed, self._end)
        self._busy: Counter[str] = Counter()
        self._done: SimpleQueue[Tried | str] = SimpleQueue()
        self._unrecorded: list[Tried] = []
        self._forget_at = Instant(0)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Begin nothing more, and note down what ends within a few seconds. What does not is tried again later."""
        self._thread.stop()

    def wake(self) -> None:
        """There is something to send."""
        self._thread.wake()

    def once(self) -> int:
        """Send what is due and wait for what comes of it; how many attempts that were. Raises StoreUnavailable."""
        started = self._hand_out()
        while self._busy.total():
            self._collect(wait=True)
        self._record()
        return started

    def _take_turn(self) -> float:
        self._collect()
        self._record()
        self._hand_out()
        self._forget()
        return self._until_next()

    def _end(self) -> None:
        until = time.monotonic() + STOP_SECONDS
        while self._busy.total() and time.monotonic() < until:
            self._collect(wait=True)
        try:
            self._record()
        except StoreUnavailable as error:
            _log.warning("attempts were not noted down; they are made again", error=str(error))

    def _until_next(self) -> float:
        due = self._rows.due(self._machine())
        # Where as many are under way as may be, whoever ends wakes this thread.
        free = [at for endpoint, at in due.items() if not self._busy[endpoint]]
        now = self._clock.now()
        return min([LONGEST_SLEEP, *(max(0.02, (at - now) / SECOND) for at in free if at > now)])

    @staticmethod
    def _machine() -> int:
        """The machine's clock in microseconds: only for claims, which nobody sees."""
        return time.time_ns() // 1000

    def _hand_out(self) -> int:
        now, machine = self._clock.now(), self._machine()
        due = [name for name, at in self._rows.due(machine).items() if at <= now]
        if not due:
            return 0
        endpoints = {endpoint.id: endpoint for endpoint in self._rows.endpoints() if endpoint.on}
        free = {name: self._free(endpoints[name]) for name in due if name in endpoints}
        most = {name: count for name, count in free.items() if count > 0}
        if not most:
            return 0
        until = machine + self._claim_seconds * SECOND
        claimed = self._rows.claim(most, now, machine, until, HELD_FOR)
        for one in claimed:
            self._begin(endpoints[one.delivery.endpoint], one)
        return len(claimed)

    def _free(self, endpoint: Endpoint) -> int:
        return (AT_ONCE if endpoint.failing_since is None else 1) - self._busy[endpoint.id]

    def _begin(self, endpoint: Endpoint, claimed: Claimed) -> None:
        self._busy[endpoint.id] += 1
        threading.Thread(
            target=self._attempt, args=(endpoint, claimed), name=f"fairhold-webhook-{endpoint.id}", daemon=True
        ).start()

    def _attempt(self, endpoint: Endpoint, claimed: Claimed) -> None:
        done: Tried | str = endpoint.id
        try:
            done = self._trier.attempt(endpoint, claimed.delivery, claimed.payload)
        except Exception:  # noqa: BLE001 - a bug of ours; the claim lapses, and it is tried again
            _log.exception("webhook attempt failed", endpoint=endpoint.id, message=claimed.delivery.message)
        finally:
            self._done.put(done)
            self._thread.wake()

    def _collect(self, *, wait: bool = False) -> None:
        """Take in what has ended; with `wait`, for one more at most a second."""
        while True:
            try:
                done = self._done.get(timeout=LONGEST_SLEEP) if wait else self._done.get_nowait()
            except Empty:
                return
            wait = False
            self._busy[done if isinstance(done, str) else done.result.before.endpoint] -= 1
            if isinstance(done, Tried):
                self._unrecorded.append(done)

    def _record(self) -> None:
        done = self._unrecorded
        if not done:
            return
        now = self._clock.now()
        self._rows.record([tried.result for tried in done], now, HELD_FOR)
        # What follows is noted once more with the next attempt where it fails now.
        self._unrecorded = []
        for tried in done:
            self._metrics.webhook(_result(tried))
        for name in {tried.result.before.endpoint for tried in done}:
            self._judge(name, [tried for tried in done if tried.result.before.endpoint == name], now)

    def _judge(self, id: str, done: Sequence[Tried], now: Instant) -> None:
        """Note whether the endpoint works, and turn it off where it has not for long, or is gone."""
        if any(tried.result.attempt.trouble is None for tried in done):
            self._rows.failing(id, None)
            return
        self._rows.failing(id, now)
        endpoint = self._rows.endpoint(id)
        if endpoint is None or not endpoint.on:
            return
        long = endpoint.failing_since is not None and now - endpoint.failing_since >= GIVEN_UP
        because = OffBecause.GONE if any(tried.gone for tried in done) else OffBecause.FAILING if long else None
        if because is None:
            return
        # Told first: whoever dies in between tells it again, under the same key.
        self._notice(endpoint, because)
        if self._rows.turn_off(id, because, now):
            _log.critical("webhook endpoint turned off", endpoint=id, because=because.value)
            self._metrics.parked("webhook_endpoint")

    def _forget(self) -> None:
        now = self._clock.now()
        if now < self._forget_at:
            return
        if self._rows.forget(Instant(now - KEPT), _FORGET_AT_ONCE) < _FORGET_AT_ONCE:
            self._forget_at = Instant(now + HOUR)


def _result(tried: Tried) -> str:
    state = tried.result.after.state
    return "retried" if state is DeliveryState.WAITING else state.value


def _failed(error: Exception) -> float:
    """Whatever it is, webhooks go on in a moment."""
    if isinstance(error, StoreUnavailable):
        _log.warning("webhooks wait for the database", error=str(error))
    else:
        _log.error("webhooks failed; trying again", exc_info=error)
    return LONGEST_SLEEP
