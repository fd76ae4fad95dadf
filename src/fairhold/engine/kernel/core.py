"""The engine: a queue, and a thread that decides and writes what waits in it, a batch at a time."""

import asyncio
import random
import threading
import time
from collections import Counter as Tally
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from typing import TypeVar

import structlog

from fairhold.domain.evolve import fold
from fairhold.domain.ids import Lane, is_order_id, lane_of
from fairhold.domain.instants import SECOND, Instant
from fairhold.domain.reasons import Refusal
from fairhold.engine.installation.clock import Clock
from fairhold.engine.installation.metrics import Metrics
from fairhold.engine.installation.policies import Today
from fairhold.engine.kernel.batch import Draft, halves, landed
from fairhold.engine.kernel.codec import decode_event
from fairhold.engine.kernel.envelope import Answer, Envelope, Faulty, Outcome, Unavailable
from fairhold.engine.kernel.minting import CHANCE, Mint, placing_lane
from fairhold.engine.kernel.news import NEWS
from fairhold.engine.kernel.queue import FairQueue, Item, Recall, Ticket, Verdict, answer
from fairhold.engine.outside.destinations import Outside
from fairhold.engine.ports.store import Batch, Conflict, Store, StoreUnavailable, Writer

T = TypeVar("T")
Writers = Callable[[Lane], Writer]

_log = structlog.get_logger("fairhold.engine")

CONFLICT_RETRIES = 8
"""How often one command that other processes keep overtaking is decided anew before its caller is told to come again."""


class Engine:
    """Takes commands from any thread or event loop and acknowledges each when it is durable.

    `today` puts the rules of the day into an order. `queue` bounds how many may wait, `batch` how many one transaction
    writes. One thread writes; where the store takes `writers` more than one, a second decides the next batch while the
    first is on its way to the disk. It steps in only where a quarter of a batch is waiting: two small batches cost the
    database more than one.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        *,
        outside: Outside | None = None,
        metrics: Metrics | None = None,
        today: Today = lambda order: order,
        queue: int = 8192,
        batch: int = 256,
        chance: random.Random = CHANCE,
    ) -> None:
        self._store = store
        self._clock = clock
        self._outside = outside or Outside()
        self._today = today
        self._reader = store.reader()
        self._metrics = metrics or Metrics()
        self._queue = FairQueue(queue)
        self._limit = batch
        self._lanes = tuple(store.lanes())
        self._placing = tuple(store.placing())
        self._known = frozenset(self._lanes)
        self._mint = Mint(chance)
        self._last = Instant(0)
        self._turn = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._here = False
        self._writers: Writers
        self._ready: Future[None] = Future()
        self.on_message: Callable[[], None] = lambda: None
        """Called when a batch put something into the outbox that should not wait a second, as news may."""
        self._metrics.watch_queue(lambda: len(self._queue))

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """Every lane that is swept and delivered: those in which orders are placed, or once were."""
        return self._lanes

    @property
    def running(self) -> bool:
        """Whether commands are taken."""
        return bool(self._threads) and self._threads[0].is_alive() and self._ready.done()

    def start(self) -> None:
        """Begin to take commands. Raises StoreUnavailable where the database cannot be written."""
        assert not self._threads, "an engine starts once"
        self._threads = [threading.Thread(target=self._run, name="fairhold-writer", daemon=True)]
        if self._store.writers > 1:
            self._threads.append(threading.Thread(target=self._run_second, name="fairhold-writer-2", daemon=True))
        for thread in self._threads:
            thread.start()
        self._ready.result()

    @contextmanager
    def on_this_thread(self) -> Iterator[None]:
        """As long as it lasts, whoever submits and waits does the writing too, and no thread runs: for one thread alone.

        What happens then follows from what is asked and from nothing else. Whatever is raised meanwhile and is no
        `Exception` ends the engine where it stood, as the death of its process would.
        """
        assert not self._threads, "an engine that runs has a thread for that"
        self._queue.seconds = lambda: self._clock.now() / SECOND
        with self._connections() as writers:
            self._writers, self._here = writers, True
            try:
                yield
            finally:
                self._here = False
                self._queue.close()

    async def stop(self) -> None:
        """Take nothing more in, finish what waits, and end the writer."""
        await asyncio.get_running_loop().run_in_executor(None, self.stop_waiting)

    def stop_waiting(self) -> None:
        """As `stop`, for a thread."""
        self._queue.close()
        for thread in self._threads:
            thread.join()

    async def submit(self, envelope: Envelope) -> Outcome:
        """Answer one command. Raises Overloaded, Unavailable or Faulty."""
        ticket = Ticket(1, asyncio.get_running_loop())
        self._put(ticket, (envelope,))
        [verdict] = await ticket.future
        outcome = self._outcome(verdict)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    async def submit_many(self, envelopes: Sequence[Envelope]) -> list[Outcome | Faulty | Unavailable]:
        """Answer many commands, in order where they name one order; a failure stands in its own place. Raises Overloaded."""
        if not envelopes:
            return []
        ticket = Ticket(len(envelopes), asyncio.get_running_loop())
        self._put(ticket, envelopes)
        return [self._outcome(verdict) for verdict in await ticket.future]

    def submit_waiting(self, envelope: Envelope) -> Outcome:
        """As `submit`, blocking this thread."""
        [outcome] = self.submit_many_waiting((envelope,))
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def submit_many_waiting(self, envelopes: Sequence[Envelope]) -> list[Outcome | Faulty | Unavailable]:
        """As `submit_many`, blocking this thread."""
        if not envelopes:
            return []
        ticket = Ticket(len(envelopes), None)
        self._put(ticket, envelopes)
        self._write_here()
        return [self._outcome(verdict) for verdict in ticket.wait()]

    def on_writer(self, work: Callable[[Writer], T], lane: Lane) -> T:
        """Run `work` with the lane's writing connection, between two batches; blocks until it has run."""
        done: Future[T] = Future()

        def job() -> None:
            try:
                done.set_result(work(self._writers(lane)))
            except Exception as error:  # noqa: BLE001 - it is raised again where it was asked for
                done.set_exception(error)

        self._queue.do(job)
        self._write_here()
        return done.result()

    def _put(self, ticket: Ticket, envelopes: Sequence[Envelope]) -> None:
        items = [Item(envelope, self._lane(envelope), ticket, index) for index, envelope in enumerate(envelopes)]
        self._queue.put(envelopes[0].source, items)

    def _lane(self, envelope: Envelope) -> Lane:
        if envelope.order is None:
            return placing_lane(envelope.key, self._placing)
        lane = lane_of(envelope.order) if is_order_id(envelope.order) else None
        # An id that was never minted here is looked for where it cannot be found.
        return lane if lane in self._known else self._lanes[0]

    def _outcome(self, verdict: Verdict) -> Outcome | Faulty | Unavailable:
        if not isinstance(verdict, Recall):
            return verdict
        events = self._reader.events(verdict.order, verdict.version)
        if len(events) != verdict.version:
            return Faulty(f"the key names version {verdict.version} of {verdict.order}, which is not there")
        made = self._today(fold([decode_event(stored.data) for stored in events]))
        return Answer(made, verdict.at, repeated=True)

    # What follows runs on the writers' threads.

    def _write_here(self) -> None:
        while self._here and self._queue.waits:
            self._write_next()

    def _run(self) -> None:
        with self._connections() as writers:
            self._writers = writers
            failed = _any_opens(self._lanes, writers)
            if failed is not None:
                self._ready.set_exception(failed)
                return
            self._ready.set_result(None)
            while self._write_next():
                continue

    def _write_next(self) -> bool:
        """Wait for something to do and do it; False: the queue is closed."""
        jobs, items = self._queue.take(self._limit)
        for job in jobs:
            job()
        self._serve_all(self._writers, items)
        return bool(jobs or items)

    def _run_second(self) -> None:
        with self._connections() as writers:
            while items := self._queue.take_many(self._limit, max(1, self._limit // 4)):
                self._serve_all(writers, items)

    @contextmanager
    def _connections(self) -> Iterator[Writers]:
        """This thread's writers by lane, opened when first asked for."""
        with ExitStack() as connections:
            opened: dict[Lane, Writer] = {}

            def writers(lane: Lane) -> Writer:
                if lane not in opened:
                    opened[lane] = connections.enter_context(self._store.writer(lane))
                return opened[lane]

            yield writers

    def _serve_all(self, writers: Writers, items: list[Item]) -> None:
        by_lane: dict[Lane, list[Item]] = {}
        for item in items:
            by_lane.setdefault(item.lane, []).append(item)
        for lane, group in by_lane.items():
            self._serve(writers, lane, group)

    def _serve(self, writers: Writers, lane: Lane, items: list[Item]) -> None:
        started = time.perf_counter()
        try:
            verdicts = self._write(writers, lane, items)
        except Exception as error:  # noqa: BLE001 - nothing here is expected to raise; whoever waits must still be told
            _log.exception("batch failed", lane=lane, commands=len(items))
            verdicts = [(item, Faulty(type(error).__name__)) for item in items]
        self._queue.done(items)
        answer(verdicts)
        try:
            self._count(verdicts, time.perf_counter() - started)
        except Exception:  # noqa: BLE001 - a figure that cannot be counted must not end the writer
            _log.exception("batch not counted", lane=lane)

    def _write(
        self, writers: Writers, lane: Lane, items: Sequence[Item], attempt: int = 0
    ) -> list[tuple[Item, Verdict]]:
        """Load, decide and write; whatever cannot be written together is halved until only what is at fault fails."""
        draft = Draft(lane, self._now(), self._mint, self._outside, self._today)
        batch: Batch | None = None
        verdicts: list[tuple[Item, Verdict]] = []
        try:
            writer = writers(lane)
            draft.load(writer, items)
            verdicts = [(item, draft.answer(item.envelope)) for item in items]
            batch = draft.batch()
            if batch is not None:
                writer.write(batch)
        except Conflict as conflict:
            return self._again(writers, lane, items, conflict, attempt)
        except Exception as error:  # noqa: BLE001 - logged and told to whom it concerns
            if batch is None or not self._landed(writers, lane, batch):
                return self._fail(writers, lane, items, error)
        if batch is not None and any(message.destination != NEWS for message in batch.outbox):
            self.on_message()
        return verdicts

    def _again(
        self, writers: Writers, lane: Lane, items: Sequence[Item], conflict: Conflict, attempt: int
    ) -> list[tuple[Item, Verdict]]:
        overtaken = [item for item in items if _at_fault(item, conflict)]
        if not overtaken and len(items) > 1:
            return self._halve(writers, lane, items)
        if attempt >= CONFLICT_RETRIES:
            return [(item, Unavailable("other processes keep changing this order")) for item in items]
        if 0 < len(overtaken) < len(items):
            # Commands on one order are overtaken together, so each order still hears of its own in turn.
            others = [item for item in items if not _at_fault(item, conflict)]
            return self._write(writers, lane, others, attempt) + self._write(writers, lane, overtaken, attempt + 1)
        return self._write(writers, lane, items, attempt + 1)

    def _fail(
        self, writers: Writers, lane: Lane, items: Sequence[Item], error: Exception
    ) -> list[tuple[Item, Verdict]]:
        if isinstance(error, StoreUnavailable):
            cut_off = [item for item in items if (item.envelope.order or "", item.envelope.key) in error.keys]
            if 0 < len(cut_off) < len(items):
                others = [item for item in items if item not in cut_off]
                return self._fail(writers, lane, cut_off, error) + self._write(writers, lane, others)
            _log.error("store unavailable", lane=lane, commands=len(items), error=str(error))
            return [(item, Unavailable(str(error))) for item in items]
        if len(items) > 1:
            return self._halve(writers, lane, items)
        name = items[0].envelope.command.NAME
        _log.error("command cannot be written", command=name, order=items[0].envelope.order, exc_info=error)
        return [(items[0], Faulty(f"{name}: {type(error).__name__}"))]

    def _halve(self, writers: Writers, lane: Lane, items: Sequence[Item]) -> list[tuple[Item, Verdict]]:
        self._metrics.split()
        first, second = halves(items)
        return self._write(writers, lane, first) + self._write(writers, lane, second)

    def _landed(self, writers: Writers, lane: Lane, batch: Batch) -> bool:
        try:
            return landed(writers(lane), batch)
        except Exception:  # noqa: BLE001 - then nobody can tell, and each key will
            return False

    def _now(self) -> Instant:
        with self._turn:
            self._last = max(self._last, self._clock.now())
            return self._last

    def _count(self, verdicts: Sequence[tuple[Item, Verdict]], seconds: float) -> None:
        outcomes: Tally[tuple[str, str]] = Tally()
        refusals: Tally[str] = Tally()
        for item, verdict in verdicts:
            outcomes[item.envelope.command.NAME, _kind(verdict)] += 1
            if isinstance(verdict, Refusal):
                refusals[verdict.reason.value] += 1
        self._metrics.batch(len(verdicts), seconds, outcomes, refusals)


def _any_opens(lanes: Sequence[Lane], writers: Callable[[Lane], Writer]) -> Exception | None:
    """Open the first lane that can be written; the others follow when they are asked for. What is wrong where none can."""
    failed: Exception | None = None
    for lane in lanes:
        try:
            writers(lane)
        except StoreUnavailable as error:
            failed = failed or error
        except Exception as error:  # noqa: BLE001 - raised again by `start`
            return error
        else:
            return None
    return failed


def _at_fault(item: Item, conflict: Conflict) -> bool:
    envelope = item.envelope
    return envelope.order in conflict.orders or (envelope.order or "", envelope.key) in conflict.keys


def _kind(verdict: Verdict) -> str:
    if isinstance(verdict, Answer):
        return "repeated" if verdict.repeated else "done"
    if isinstance(verdict, Recall):
        return "repeated"
    return "refused" if isinstance(verdict, Refusal) else "failed"
