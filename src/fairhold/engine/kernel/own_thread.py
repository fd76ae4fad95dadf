"""Work that goes on by itself: a thread that takes one turn after the other until it is stopped."""

import threading
from collections.abc import Callable


class OwnThread:
    """A thread that takes turns. `turn` answers how many seconds the next one may wait (0: there is more to do at once).

    `failed` is told what a turn raised, and answers the same. `ending` is called in the thread when it has been stopped.
    """

    def __init__(
        self,
        name: str,
        turn: Callable[[], float],
        failed: Callable[[Exception], float],
        ending: Callable[[], None] = lambda: None,
    ) -> None:
        self._name = name
        self._turn = turn
        self._failed = failed
        self._ending = ending
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None
        self.stopping = False
        """Whether what takes long ought to end."""

    def start(self) -> None:
        """Begin, once."""
        assert self._thread is None, f"{self._name} begins once"
        self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End after the turn that is being taken now, for good. Blocks."""
        self.stopping = True
        self._wake.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def wake(self) -> None:
        """There may be something to do: the next turn waits no longer."""
        self._wake.set()

    def _run(self) -> None:
        while not self.stopping:
            # Whoever wakes it during a turn may have come too late for that one.
            self._wake.clear()
            try:
                pause = self._turn()
            except Exception as error:  # noqa: BLE001 - whatever it met, the next turn may do better
                pause = self._failed(error)
            if pause and not self.stopping:
                self._wake.wait(pause)
        self._ending()
