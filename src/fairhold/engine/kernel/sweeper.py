"""Fires deadlines that nobody else came to fire. The engine is right without it; lists and money are only later."""

import time
from collections.abc import Sequence
from functools import partial

import structlog

from fairhold.domain.actors import SYSTEM
from fairhold.domain.commands import ApplyDeadlines
from fairhold.domain.deadlines import next_deadline
from fairhold.domain.ids import Lane, OrderId
from fairhold.domain.instants import Instant
from fairhold.domain.order import Order
from fairhold.domain.reviewing import is_reviewable
from fairhold.engine.installation.clock import Clock
from fairhold.engine.installation.metrics import Metrics
from fairhold.engine.kernel.core import Engine
from fairhold.engine.kernel.each import each_lane
from fairhold.engine.kernel.envelope import Answer, Envelope, Faulty, Outcome, Overloaded, Unavailable
from fairhold.engine.ports.store import Writer

_log = structlog.get_logger("fairhold.sweeper")

CLAIM = 2000
"""Orders per claim; they go through the same queue and the same batches as everybody's commands."""


class Sweeper:
    """Finds due orders lane by lane and asks the engine to apply their deadlines.

    Its first sweep tries parked orders again: what held them up may have been mended with the restart, and money that
    nobody ever looks at would be held for ever. What is still stuck is parked, and cried about, once more.
    """

    def __init__(self, engine: Engine, clock: Clock, metrics: Metrics | None = None, *, claim: int = CLAIM) -> None:
        self._engine = engine
        self._clock = clock
        self._metrics = metrics or Metrics()
        self._claim = claim
        self._retried: set[Lane] = set()

    def once(self) -> int:
        """Fire everything that is due now; how many orders moved on. Blocks; raises Unavailable, after all lanes' turns."""
        now = self._clock.now()
        return sum(each_lane(self._engine.lanes, lambda lane: self._sweep(lane, now)))

    def _sweep(self, lane: Lane, now: Instant) -> int:
        if lane not in self._retried:
            self._engine.on_writer(partial(_unpark, lane), lane)
            self._retried.add(lane)
        fired = 0
        idle: set[str] = set()
        while orders := self._due(lane, now):
            outcomes = submit_patiently(
                self._engine,
                [Envelope(OrderId(order), ApplyDeadlines(), SYSTEM, source="sweeper") for order in orders],
            )
            for order, outcome in zip(orders, outcomes, strict=True):
                if isinstance(outcome, Unavailable):
                    raise outcome
                stuck = _why_stuck(outcome, now, seen_idle=order in idle)
                if stuck is not None:
                    self._park(lane, OrderId(order), stuck)
                elif isinstance(outcome, Answer) and outcome.events:
                    fired += 1
                else:
                    idle.add(order)
                    if isinstance(outcome, Answer) and is_reviewable(outcome.order):
                        self._put_off(lane, outcome.order)
            if len(orders) < self._claim and not idle:
                break
        return fired

    def _due(self, lane: Lane, now: Instant) -> list[str]:
        orders = self._engine.on_writer(lambda writer: writer.due_orders(lane, now, self._claim), lane)
        self._metrics.overdue(len(orders))
        return orders

    def _put_off(self, lane: Lane, order: Order) -> None:
        """Write anew when the order is due: the rules of the day may have moved it since it was written."""
        due = next_deadline(order)
        self._engine.on_writer(lambda writer: writer.put_off(lane, order.id, order.version, due), lane)

    def _park(self, lane: Lane, order: OrderId, why: str) -> None:
        _log.critical("order parked: its deadlines do not move on", order=order, why=why)
        self._metrics.parked("order")
        self._engine.on_writer(lambda writer: writer.park_order(lane, order), lane)


def _unpark(lane: Lane, writer: Writer) -> None:
    count = writer.unpark_orders(lane)
    if count:
        _log.warning("parked orders are tried again", orders=count, lane=lane)


def _why_stuck(outcome: Outcome | Faulty | Unavailable, now: Instant, *, seen_idle: bool) -> str | None:
    """Why sweeping this order again would come to nothing; None where it moved on, or somebody else was faster once."""
    if not isinstance(outcome, Answer):
        return str(outcome)
    earliest = next_deadline(outcome.order)
    if earliest is not None and earliest <= now:
        return f"still due at {earliest}"
    if not outcome.events and seen_idle:
        return "its column says due, the order itself does not"
    return None


def submit_patiently(engine: Engine, envelopes: Sequence[Envelope]) -> list[Outcome | Faulty | Unavailable]:
    """Submit and wait; while the queue is full, try again: work of our own has time."""
    while True:
        try:
            return engine.submit_many_waiting(envelopes)
        except Overloaded:
            time.sleep(0.05)
