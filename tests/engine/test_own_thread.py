"""Work that goes on by itself: turn after turn, whatever one of them meets."""

import threading
from queue import SimpleQueue

from fairhold.engine.kernel.own_thread import OwnThread

SOON = 30.0
"""Seconds within which what is to happen has happened, on any machine."""
LONG = 3600.0


class Work:
    """Turns that say what they are told to: how long the next may wait, or what they met."""

    def __init__(self) -> None:
        self.ways: SimpleQueue[float | Exception] = SimpleQueue()
        self.met: list[Exception] = []
        self.taken = threading.Semaphore(0)
        self.ended = threading.Event()
        self.thread = OwnThread("of-a-test", self._turn, self._failed, self.ended.set)

    def _turn(self) -> float:
        way = self.ways.get(timeout=SOON)
        self.taken.release()
        if isinstance(way, Exception):
            raise way
        return way

    def _failed(self, error: Exception) -> float:
        self.met.append(error)
        return 0.0

    def is_taken(self) -> bool:
        return self.taken.acquire(timeout=SOON)


def test_there_is_another_turn_at_once_where_there_was_something_to_do_and_after_a_failure() -> None:
    work, wrong = Work(), ValueError("no")
    for way in (0.0, wrong, 0.0, LONG):
        work.ways.put(way)
    work.thread.start()
    assert all(work.is_taken() for _ in range(4))
    work.thread.stop()
    assert work.met == [wrong]
    assert work.ended.is_set()


def test_whoever_wakes_it_ends_the_pause_also_while_a_turn_is_taken() -> None:
    work = Work()
    work.thread.start()
    # The first turn is under way, or about to be, and waits for what it is to say.
    work.ways.put(LONG)
    assert work.is_taken()
    work.thread.wake()
    work.ways.put(LONG)
    assert work.is_taken()
    work.thread.stop()
    assert not work.met


def test_who_never_began_ends_at_once_and_says_that_it_is_over() -> None:
    work = Work()
    work.thread.stop()
    assert work.thread.stopping
    assert not work.ended.is_set(), "there was no thread in which to end"
