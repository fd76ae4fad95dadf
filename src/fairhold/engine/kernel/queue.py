"""The queue before the writer: bounded, and fair between those who fill it."""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from time import monotonic

from fairhold.domain.ids import Lane, OrderId
from fairhold.domain.instants import Instant
from fairhold.engine.kernel.envelope import Envelope, Faulty, Outcome, Overloaded, Unavailable


class Recall:
    """The answer to a repeated command: the order as it was at `version`; whoever asked folds it, not the writer."""

    __slots__ = ("at", "order", "version")

    def __init__(self, order: OrderId, version: int, at: Instant) -> None:
        self.order = order
        self.version = version
        self.at = at


Verdict = Outcome | Recall | Faulty | Unavailable
"""What the writer says about one command."""


class Ticket:
    """What somebody waits with: for one command or for several at once, on an event loop or in a thread."""

    __slots__ = ("_finished", "_future", "_left", "_lock", "_loop", "verdicts")

    def __init__(self, commands: int, loop: asyncio.AbstractEventLoop | None) -> None:
        self.verdicts: list[Verdict] = [Unavailable()] * commands
        self._left = commands
        self._lock = threading.Lock()
        self._loop = loop
        self._future: asyncio.Future[list[Verdict]] | None = loop.create_future() if loop else None
        self._finished: threading.Event | None = None if loop else threading.Event()

    @property
    def future(self) -> asyncio.Future[list[Verdict]]:
        """What the coroutine awaits."""
        assert self._future is not None, "this ticket is waited for in a thread"
        return self._future

    def wait(self) -> list[Verdict]:
        """Block this thread until all verdicts are there."""
        assert self._finished is not None, "this ticket is waited for on an event loop"
        self._finished.wait()
        return self.verdicts

    def put(self, index: int, verdict: Verdict) -> bool:
        """Note one verdict; whether it was the last one missing."""
        with self._lock:
            self.verdicts[index] = verdict
            self._left -= 1
            return not self._left

    def finish(self) -> asyncio.AbstractEventLoop | None:
        """Let a waiting thread go on; for a coroutine, the loop on which `settle` is to be called."""
        if self._finished is not None:
            self._finished.set()
        return self._loop

    def settle(self) -> None:
        """Let the waiting coroutine go on. Only on its own loop."""
        if not self.future.done():
            self.future.set_result(self.verdicts)


class Item:
    """One command in the queue, and where its verdict goes.

    `subject` is what two writers must not decide upon at once: the order, or for placing the key.
    """

    __slots__ = ("envelope", "index", "lane", "subject", "ticket")

    def __init__(self, envelope: Envelope, lane: Lane, ticket: Ticket, index: int) -> None:
        self.envelope = envelope
        self.lane = lane
        self.ticket = ticket
        self.index = index
        self.subject: str | None = envelope.order or envelope.key


def answer(verdicts: Iterable[tuple[Item, Verdict]]) -> None:
    """Hand out verdicts: each event loop is woken once, however many of its commands are done."""
    by_loop: dict[asyncio.AbstractEventLoop, list[Ticket]] = {}
    for item, verdict in verdicts:
        if item.ticket.put(item.index, verdict) and (loop := item.ticket.finish()) is not None:
            by_loop.setdefault(loop, []).append(item.ticket)
    for loop, tickets in by_loop.items():
        try:
            loop.call_soon_threadsafe(_settle, tickets)
        except RuntimeError:
            continue  # the loop was closed: nobody waits any more


def _settle(tickets: list[Ticket]) -> None:
    for ticket in tickets:
        ticket.settle()


BACKGROUND = frozenset({"sweeper", "courier"})
"""Sources of work for which nobody waits."""
_RECENTLY = 1.0
"""For how many seconds after somebody's command such work goes in short batches."""


class FairQueue:
    """Commands by source. Each source gets its turn, and none may fill more than three quarters of the whole.

    Several writers may take from it: what is asked of an order that one of them is at work on waits until that one is done,
    so that commands on an order are decided in the order in which they came.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._share = max(1, capacity * 3 // 4)
        lock = threading.Lock()
        self._changed = threading.Condition(lock)
        self._plenty = threading.Condition(lock)
        self._least = 0
        self._second_waits = False
        self._sources: dict[str, deque[Item]] = {}
        self._turns: deque[str] = deque()
        self._jobs: deque[Callable[[], None]] = deque()
        self._length = 0
        self._closed = False
        self._at_work: set[str] = set()
        self._asked_at = -_RECENTLY
        self.seconds: Callable[[], float] = monotonic
        """By which it tells what is recent."""

    def __len__(self) -> int:
        return self._length

    @property
    def waits(self) -> bool:
        """Whether there is anything to take."""
        return bool(self._jobs) or self._length > 0

    def put(self, source: str, items: Sequence[Item]) -> None:
        """Queue all of them or none. Raises Overloaded when there is no room, Unavailable when closed."""
        with self._changed:
            if self._closed:
                raise Unavailable("the engine is stopping")
            waiting = self._sources.get(source)
            mine = len(waiting) if waiting else 0
            # Many at once (the batch endpoint) may overfill an idle queue: they could never get in otherwise.
            if mine and (self._length + len(items) > self._capacity or mine + len(items) > self._share):
                raise Overloaded(1)
            if not mine and self._length >= self._capacity:
                raise Overloaded(1)
            if waiting is None:
                self._sources[source] = waiting = deque()
                self._turns.append(source)
            waiting.extend(items)
            self._length += len(items)
            if source not in BACKGROUND:
                self._asked_at = self.seconds()
            self._tell()

    def do(self, job: Callable[[], None]) -> None:
        """Have the writer's thread run `job` between two batches. Raises Unavailable when closed."""
        with self._changed:
            if self._closed:
                raise Unavailable("the engine is stopping")
            self._jobs.append(job)
            self._changed.notify()

    def take(self, limit: int) -> tuple[list[Callable[[], None]], list[Item]]:
        """Wait until something is there, then take all jobs and up to `limit` items. Nothing at all: closed and empty."""
        with self._changed:
            while True:
                jobs = list(self._jobs)
                self._jobs.clear()
                taken = self._take_turns(self._share_of(limit))
                if jobs or taken or (self._closed and not self._length):
                    return jobs, taken
                self._changed.wait()

    def _share_of(self, limit: int) -> int:
        """Half of what waits where a second writer has nothing to do and can take the other half."""
        if self._second_waits and self._length >= 2 * self._least:
            return min(limit, (self._length + 1) // 2)
        return limit

    def take_many(self, limit: int, least: int) -> list[Item]:
        """As `take`, for a second writer: without jobs, and only once `least` items wait. Nothing: closed."""
        with self._plenty:
            self._least = least
            while not self._closed:
                if self._length >= least:
                    taken = self._take_turns(limit)
                    if taken:
                        return taken
                self._second_waits = True
                self._plenty.wait()
                self._second_waits = False
            return []

    def done(self, items: Iterable[Item]) -> None:
        """A writer that had taken these is done with them."""
        with self._changed:
            self._at_work.difference_update([item.subject for item in items if item.subject is not None])
            if self._length:
                self._tell()

    def _tell(self) -> None:
        """Wake whoever can do with what is waiting."""
        self._changed.notify()
        if self._least and self._length >= self._least:
            self._plenty.notify()

    def _take_turns(self, limit: int) -> list[Item]:
        taken: list[Item] = []
        busy = frozenset(self._at_work)
        stuck: list[str] = []
        # Whoever asks while deadlines are swept waits for the batch that is being written: it is kept short for them.
        spare = limit if self.seconds() - self._asked_at > _RECENTLY else max(1, limit // 4)
        while self._turns and len(taken) < limit:
            # A source alone takes what it likes; among several each takes one and goes to the end.
            source = self._turns.popleft()
            waiting = self._sources[source]
            count = 1 if self._turns else min(len(waiting), limit - len(taken))
            if source in BACKGROUND:
                count = min(count, spare)
                spare -= count
                if not count:
                    stuck.append(source)
                    continue
            found = _free(waiting, count, busy) if busy else [waiting.popleft() for _ in range(count)]
            taken += found
            if not waiting:
                del self._sources[source]
            elif len(found) < count:
                stuck.append(source)
            else:
                self._turns.append(source)
        self._turns.extend(stuck)
        self._length -= len(taken)
        self._at_work.update([item.subject for item in taken if item.subject is not None])
        return taken

    def close(self) -> None:
        """Take nothing more in; what is queued is still taken out."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            self._plenty.notify_all()


def _free(waiting: deque[Item], count: int, busy: frozenset[str]) -> list[Item]:
    """Take up to `count` items whose subject nobody is at work on; the others stay where they were."""
    found: list[Item] = []
    passed: list[Item] = []
    while waiting and len(found) < count:
        item = waiting.popleft()
        (passed if item.subject in busy else found).append(item)
    waiting.extendleft(reversed(passed))
    return found
