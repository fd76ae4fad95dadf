"""Several processes behind one port: a parent that serves nothing itself keeps them running and stops them together.

Each worker has a listening socket of its own on the same port (`SO_REUSEPORT`), and the kernel deals connections out among
them by their addresses. With one socket for all, whoever wakes first takes all connections that wait, and connections
stay where they are for as long as they are kept alive: see docs/scaling.md for what was measured. The parent holds the
sockets open too, so that connections to a worker that died wait for the next one instead of being refused.
"""

import os
import select
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import structlog

from fairhold.cli.serving import GRACE_SECONDS
from fairhold.cli.stopping import CANNOT, CLEAN, FOUND_SOMETHING

_log = structlog.get_logger("fairhold.workers")

Serve = Callable[[int, socket.socket, Callable[[], None]], int]
"""What a worker does, given its number from 1, its socket, and what to call when it answers; its exit code."""

_LIVED_SECONDS = 10.0
"""A worker that served for so long was well: the next one starts at once."""
_LONGEST_PAUSE = 30.0
_GIVE_UP = 5
"""How often in a row every worker may die before it is ready, until the parent gives up."""


@dataclass
class Slot:
    """A place for a worker."""

    number: int
    listening: socket.socket
    process: int = 0
    started: float = 0.0
    ready: bool = False
    failures: int = 0
    start_at: float = 0.0


class Workers:
    """The parent. `run` returns in the parent with its exit code and in each worker with the worker's."""

    def __init__(self, sockets: Sequence[socket.socket], serve: Serve, ready: Callable[[], None]) -> None:
        self._slots = [Slot(number, listening) for number, listening in enumerate(sockets, 1)]
        self._serve = serve
        self._tell_ready = ready
        self._parent = os.getpid()
        self._stops: list[int] = []
        self._code = CLEAN
        self._up = False

    def run(self) -> int:
        """Serve until SIGTERM or SIGINT; then stop all workers gently and wait for them."""
        with _noted(self._stops.append) as (waker, before), _pair() as (lifeline, held), _pair() as (news, tell):
            stopping = 0
            deadline = float("inf")
            while True:
                if not stopping and not self._stops:
                    for slot in self._due():
                        if self._fork(slot):
                            before()
                            held.close()
                            return self._work(slot, lifeline, tell)
                if len(self._stops) > stopping:
                    # The second signal in a row asks for haste.
                    self._signal(signal.SIGTERM if not stopping else signal.SIGINT)
                    if not stopping:
                        deadline = time.monotonic() + GRACE_SECONDS + 10
                        for slot in self._slots:
                            slot.listening.close()
                    stopping = len(self._stops)
                if stopping and not any(slot.process for slot in self._slots):
                    return self._code
                if time.monotonic() > deadline:
                    _log.error("workers did not end in time and are killed")
                    self._code = FOUND_SOMETHING
                    self._signal(signal.SIGKILL)
                    deadline = float("inf")
                select.select([waker, news], [], [], self._pause(deadline))
                _drain(waker)
                self._hear(_drain(news))
                self._reap(stopping=bool(stopping))

    def _due(self) -> list[Slot]:
        now = time.monotonic()
        return [slot for slot in self._slots if not slot.process and slot.start_at <= now]

    def _pause(self, deadline: float) -> float | None:
        waits = [slot.start_at for slot in self._slots if not slot.process and not self._stops]
        first = min([*waits, deadline])
        return None if first == float("inf") else max(0.0, first - time.monotonic())

    def _fork(self, slot: Slot) -> bool:
        """Start a worker; whether this is it."""
        slot.started, slot.ready = time.monotonic(), False
        slot.process = os.fork()
        return slot.process == 0

    def _work(self, slot: Slot, lifeline: socket.socket, tell: socket.socket) -> int:
        # Ctrl-C reaches every process of the terminal's group, and two signals would mean haste.
        os.setpgid(0, 0)
        for other in self._slots:
            if other is not slot:
                other.listening.close()
        threading.Thread(target=_end_with_parent, args=(lifeline,), name="fairhold-lifeline", daemon=True).start()
        return self._serve(slot.number, slot.listening, lambda: tell.sendall(bytes([slot.number])))

    def _hear(self, numbers: bytes) -> None:
        for slot in self._slots:
            slot.ready = slot.ready or slot.number in numbers
        if not self._up and all(slot.ready for slot in self._slots):
            self._up = True
            self._tell_ready()

    def _reap(self, *, stopping: bool) -> None:
        while any(slot.process for slot in self._slots):
            process, status = os.waitpid(-1, os.WNOHANG)
            if not process:
                return
            slot = next((slot for slot in self._slots if slot.process == process), None)
            if slot is not None:
                slot.process = 0
                self._ended(slot, process, os.waitstatus_to_exitcode(status), stopping=stopping)

    def _ended(self, slot: Slot, process: int, code: int, *, stopping: bool) -> None:
        if stopping:
            if code not in (CLEAN, -signal.SIGTERM):
                self._code = self._code or FOUND_SOMETHING
            return
        now = time.monotonic()
        slot.failures = 0 if slot.ready and now - slot.started >= _LIVED_SECONDS else slot.failures + 1
        pause = min(_LONGEST_PAUSE, 2.0 ** (slot.failures - 2)) if slot.failures > 1 else 0.0
        slot.start_at = now + pause
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        if not self._up:
            # What is wrong has been said by the worker itself.
            self._give_up(code if code > 0 else CANNOT)
        elif all(other.failures >= _GIVE_UP and not other.process for other in self._slots):
            _log.error("no worker can be started any more", tried=_GIVE_UP)
            self._give_up(CANNOT)
        else:
            _log.error("worker died; starting another", worker=slot.number, pid=process, how=how, in_seconds=pause)

    def _give_up(self, code: int) -> None:
        self._code = code
        self._stops.append(signal.SIGTERM)

    def _signal(self, number: int) -> None:
        for slot in self._slots:
            if slot.process:
                os.kill(slot.process, number)


def _end_with_parent(lifeline: socket.socket) -> None:
    """Nobody holds the other end but the parent: once it is gone, however that came, this worker stops gently."""
    lifeline.recv(1)
    os.kill(os.getpid(), signal.SIGTERM)


@contextmanager
def _noted(note: Callable[[int], None]) -> Iterator[tuple[socket.socket, Callable[[], None]]]:
    """Signals are noted and wake whoever reads the answered socket; and what a new process calls to be as before."""
    with _pair() as (waker, poke):
        waker.setblocking(False)
        poke.setblocking(False)
        stops = (signal.SIGTERM, signal.SIGINT)
        before = {number: signal.signal(number, lambda got, _: note(got)) for number in stops}
        before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda got, _: None)
        woken = signal.set_wakeup_fd(poke.fileno(), warn_on_full_buffer=False)

        def restore() -> None:
            signal.set_wakeup_fd(woken)
            for number, handler in before.items():
                signal.signal(number, handler)

        try:
            yield waker, restore
        finally:
            restore()


@contextmanager
def _pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    one, other = socket.socketpair()
    with one, other:
        yield one, other


def _drain(end: socket.socket) -> bytes:
    found = b""
    while select.select([end], [], [], 0)[0]:
        found += end.recv(4096)
    return found
