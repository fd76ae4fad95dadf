"""The courier: takes what waits in the outbox to its destination and brings the answer back as a command."""

import random
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

import structlog

from fairhold.domain.actors import SYSTEM
from fairhold.domain.commands import Command
from fairhold.domain.ids import Lane, OrderId
from fairhold.domain.instants import HOUR, SECOND, Duration, Instant
from fairhold.domain.reasons import Refusal
from fairhold.engine.installation.clock import Clock
from fairhold.engine.installation.metrics import Metrics
from fairhold.engine.kernel.core import Engine
from fairhold.engine.kernel.each import each_lane
from fairhold.engine.kernel.envelope import Answer, Envelope, Faulty, Outcome, Unavailable
from fairhold.engine.kernel.news import NEWS
from fairhold.engine.kernel.sweeper import submit_patiently
from fairhold.engine.outside.destinations import AtWork, NotNow, Outside
from fairhold.engine.ports.store import OutboxMessage, StoreUnavailable

_log = structlog.get_logger("fairhold.courier")

CLAIM = 500
MOST_ATTEMPTS = 12
"""With doubling pauses of at most an hour this gives a destination about six hours before a person must look."""

FAR_AT_ONCE = 8
"""Destinations over the network take tenths of a second each, or many seconds on a bad day."""

AGAIN = Duration(10 * SECOND)
"""How soon news is told again that could not be noted down."""


class Courier:
    """Delivers at least once, first in first out per order and destination; a stuck message holds up only its own thread."""

    def __init__(
        self,
        engine: Engine,
        clock: Clock,
        outside: Outside,
        metrics: Metrics | None = None,
        *,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._outside = outside
        self._metrics = metrics or Metrics()
        self._chance = chance

    def once(self, until: Instant | None = None, *, at_own_time: bool = False) -> int:
        """Deliver what is due by `until` (now); how many messages went. Blocks; raises Unavailable, after all lanes' turns.

        `at_own_time` has each answer decided as of the instant for which its message was meant: how a sandbox plays time.
        """
        until = self._clock.now() if until is None else until
        return sum(each_lane(self._engine.lanes, lambda lane: self._deliver_lane(lane, until, at_own_time=at_own_time)))

    def _deliver_lane(self, lane: Lane, until: Instant, *, at_own_time: bool) -> int:
        went = 0
        while claim := first_of_each_order(
            self._engine.on_writer(lambda writer: writer.due_messages(lane, until, CLAIM), lane)
        ):
            went += len(claim)
            self._announce(lane, [message for message in claim if message.destination == NEWS], until)
            others = [message for message in claim if message.destination != NEWS]
            if others:
                self._round(lane, others, until, at_own_time=at_own_time)
        return went

    def _round(self, lane: Lane, claim: Sequence[OutboxMessage], until: Instant, *, at_own_time: bool) -> None:
        marks: list[OutboxMessage] = []
        envelopes: list[Envelope] = []
        asked: list[tuple[OutboxMessage, int]] = []
        for message, commands in zip(claim, self._told_of(claim), strict=True):
            if isinstance(commands, AtWork):
                marks.append(message._replace(not_before=Instant(until + commands.rest), error=str(commands)[:500]))
                continue
            if isinstance(commands, Exception):
                marks.append(self._later(message, until, f"{type(commands).__name__}: {commands}"))
                continue
            if not commands:
                marks.append(message._replace(state="done", attempts=message.attempts + 1, error=None))
                continue
            at = Instant(message.not_before) if at_own_time else None
            for command in commands:
                answers = (
                    message._replace(attempts=message.attempts + 1, error=None) if command is commands[-1] else None
                )
                envelopes.append(
                    Envelope(OrderId(message.order_id), command, SYSTEM, source="courier", answers=answers, at=at)
                )
            asked.append((message, len(commands)))
        outcomes = iter(submit_patiently(self._engine, envelopes))
        for message, count in asked:
            mark = self._settled(message, [next(outcomes) for _ in range(count)], until)
            if mark is not None:
                marks.append(mark)
        self._metrics.delivered("done", len(claim) - sum(mark.state != "done" for mark in marks))
        if marks:
            self._engine.on_writer(lambda writer: writer.mark_messages(marks), lane)

    def _announce(self, lane: Lane, news: Sequence[OutboxMessage], until: Instant) -> None:
        """Tell of what happened. Where telling all at once does not work, one that cannot be told stays behind alone."""
        later = self._told(news, until)
        if later and len(news) > 1:
            later = [mark for message in news for mark in self._told([message], until)]
        kept = {message.order_id for message in later}
        told = [message for message in news if message.order_id not in kept]
        if told:
            self._engine.on_writer(lambda writer: writer.forget_messages(told), lane)
            self._metrics.delivered("done", len(told))
        if later:
            self._engine.on_writer(lambda writer: writer.mark_messages(later), lane)

    def _told(self, news: Sequence[OutboxMessage], until: Instant) -> list[OutboxMessage]:
        """Those of `news` that are to be told again, as they are to be marked."""
        if not news:
            return []
        try:
            if self._outside.news is None:
                raise NotNow("nobody listens to news")
            self._outside.news.deliver(news)
        except StoreUnavailable as error:
            # Not the news' fault, however long it lasts: it is never parked for it.
            again = Instant(until + AGAIN)
            return [message._replace(not_before=again, error=str(error)[:500]) for message in news]
        except Exception as error:  # noqa: BLE001 - whatever a listener does, the news is told again
            if len(news) > 1:
                return list(news)
            return [self._later(message, until, f"{type(error).__name__}: {error}") for message in news]
        return []

    def _told_of(self, claim: Sequence[OutboxMessage]) -> list[tuple[Command, ...] | Exception]:
        """What the destination of each answers, or what went wrong there; several at a time where some are far away."""
        if sum(self._outside.is_far(message.destination) for message in claim) < 2:
            return [self._asked(message) for message in claim]
        with ThreadPoolExecutor(FAR_AT_ONCE) as pool:
            return list(pool.map(self._asked, claim))

    def _asked(self, message: OutboxMessage) -> tuple[Command, ...] | Exception:
        try:
            return self._commands(message)
        except Exception as error:  # noqa: BLE001 - whatever a gateway does, the message is tried again
            return error

    def _commands(self, message: OutboxMessage) -> tuple[Command, ...]:
        destination = self._outside.destination(message.destination)
        if destination is None:
            raise NotNow(f"nobody takes messages for {message.destination}")
        return destination.deliver(message)

    def _settled(
        self, message: OutboxMessage, outcomes: Sequence[Outcome | Faulty | Unavailable], until: Instant
    ) -> OutboxMessage | None:
        """How to mark the message; None where the transaction of its answer has done that."""
        for outcome in outcomes:
            if isinstance(outcome, Unavailable):
                raise outcome
            if isinstance(outcome, Faulty):
                return self._later(message, until, str(outcome))
        last = outcomes[-1]
        if isinstance(last, Refusal):
            # The destination has done its part; that the order no longer wants to hear of it is not the destination's fault.
            return message._replace(state="done", attempts=message.attempts + 1, error=f"refused: {last.reason}")
        assert isinstance(last, Answer)
        return None

    def _later(self, message: OutboxMessage, until: Instant, error: str) -> OutboxMessage:
        attempts = message.attempts + 1
        if attempts >= MOST_ATTEMPTS:
            _log.critical("message parked", order=message.order_id, destination=message.destination, error=error)
            self._metrics.parked("message")
            self._metrics.delivered("parked")
            return message._replace(state="parked", attempts=attempts, error=error[:500])
        self._metrics.delivered("retried")
        pause = min(SECOND << attempts, HOUR)
        not_before = until + pause // 2 + int(pause * self._chance())
        return message._replace(attempts=attempts, not_before=not_before, error=error[:500])


def first_of_each_order(messages: Iterable[OutboxMessage]) -> list[OutboxMessage]:
    """The earliest message of each order, so that one order hears of things in the order of their times."""
    first: dict[str, OutboxMessage] = {}
    for message in sorted(messages, key=lambda message: (message.not_before, message.seq, message.n)):
        first.setdefault(message.order_id, message)
    return list(first.values())
