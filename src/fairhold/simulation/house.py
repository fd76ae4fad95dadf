"""The house: one database, and the server processes that serve it, die, and are started anew."""

import random
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from typing import TypeVar

from fairhold.domain.instants import Duration, Instant
from fairhold.engine.installation.clock import Clock, VirtualClock
from fairhold.engine.installation.settings import Settings
from fairhold.engine.ports.store import Batch, Store
from fairhold.simulation.faulty_store import Disk, FaultyStore
from fairhold.simulation.mishaps import Mishap, Mishaps
from fairhold.simulation.sellers import agree
from fairhold.simulation.world import World
from fairhold.store import open_store
from fairhold.store.urls import is_postgres
from fairhold.wiring import Application, build
from fairhold.wiring.building import StandIns

T = TypeVar("T")

Worlds = Callable[[Clock, Store], World]

SECRET = "the secret of every simulated house"  # noqa: S105 - so that no chance of the machine comes in by it
_FORGET_CLAIMS = "DELETE FROM claims"


class SkewedClock:
    """The machine's clock of one process: the true time, and how far it is off (microseconds)."""

    def __init__(self, true: Clock, off: int) -> None:
        self._true = true
        self._off = off
        self._last = 0

    def now(self) -> Instant:
        """This moment, as this machine has it."""
        self._last = max(self._last, self._true.now() + self._off)
        return Instant(self._last)


class Process:
    """One server process: the application as wiring puts it together, on a clock of its own."""

    def __init__(self, house: "House", number: int, off: Duration) -> None:
        self.number = number
        self.mishaps = Mishaps(house.happened)
        self.clock = SkewedClock(house.clock, off)
        self._held = ExitStack()
        chance = random.Random(f"{house.seed} {number} {house.started}")
        disk = Disk(house.wrote, lambda: house.meanwhile(self))
        self.app: Application = build(
            house.settings,
            clock=self.clock,
            migrate=False,
            history=house.quiet,
            stand_ins=StandIns(
                store=lambda store: self._opened(store, disk),
                outside=lambda outside: house.world.outside(outside, self.mishaps),
                chance=chance,
                payers=lambda found: house.world.payers(self.mishaps),  # type: ignore[return-value, arg-type]  # asked for payouts alone
            ),
        )
        self._held.enter_context(self.app.engine.on_this_thread())

    def _opened(self, store: Store, disk: Disk) -> Store:
        self._held.callback(store.close)
        return FaultyStore(store, self.mishaps, disk)

    def run(self, work: Callable[[Application], T], mishap: Mishap | None = None, occasion: int = 1) -> T:
        """Have the process do something while a mishap waits for it. Raises Crash where it died of that."""
        self.mishaps.arm(mishap, occasion)
        try:
            return work(self.app)
        finally:
            self.mishaps.arm(None)

    def end(self) -> None:
        """Give up every connection, as the machine does for a process that is no more."""
        self._held.close()


class House:
    """One installation. `processes` serve it; on SQLite that is one at a time.

    `wrote` is called for every batch that is durable, before anybody is told.
    """

    def __init__(
        self, seed: int, settings: Settings, begins: Instant, processes: int, *, quiet: bool, world: Worlds = World
    ) -> None:
        self.seed = seed
        self.settings = settings
        self.quiet = quiet
        self.clock = VirtualClock(begins)
        self.store = open_store(settings.database)
        """The database itself, past every fault and every process."""
        self.world = world(self.clock, self.store)
        self.happened: Counter[str] = Counter()
        self.started = 0
        self.wrote: Callable[[Batch], None] = lambda batch: None
        self.meanwhile: Callable[[Process], None] = lambda process: None
        self._processes: list[Process | None] = [None] * processes
        agree(seed, self.store)

    @property
    def places(self) -> int:
        """For how many processes there is room."""
        return len(self._processes)

    def process(self, place: int) -> Process:
        """The process at `place`, started if it is not there."""
        place %= self.places
        found = self._processes[place]
        if found is None:
            found = self.start(place, Duration(0))
        return found

    def start(self, place: int, off: Duration) -> Process:
        """Start a process, in place of the one that is there; its clock is off by so much."""
        place %= self.places
        self.stop(place)
        self.started += 1
        self._processes[place] = started = Process(self, place, off)
        return started

    def stop(self, place: int) -> None:
        """The process at `place` is no more; what it had claimed is free as soon as that is noticed."""
        found, self._processes[place % self.places] = self._processes[place % self.places], None
        if found is not None:
            found.end()
            if is_postgres(self.settings.database):
                self.store.tables().change((_FORGET_CLAIMS, ()))

    def living(self) -> list[Process]:
        """Every process that runs."""
        return [process for process in self._processes if process is not None]

    def close(self) -> None:
        """Stop all of them."""
        for place in range(self.places):
            self.stop(place)
        self.store.close()
