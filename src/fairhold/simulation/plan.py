"""A plan: what happens in a simulation, step by step. It is made as it is played, can be played again, and cut short."""

from enum import StrEnum

import msgspec

from fairhold.domain.instants import SECOND, Instant

BEGINS = Instant(1_767_600_000 * SECOND)
"""2026-01-05T08:00:00Z: when every simulation begins."""
SKEW = 2 * SECOND
"""How far the clock of a process may be off, either way."""


class Kind(StrEnum):
    """What a step is."""

    PLACE = "place"
    ASK = "ask"
    STUBBORN = "stubborn"
    AGAIN = "again"
    WAIT = "wait"
    WAKE = "wake"
    SWEEP = "sweep"
    DELIVER = "deliver"
    NIGHT = "night"
    RESTART = "restart"
    TELL = "tell"
    PAYOUTS = "payouts"
    REQUEST = "request"
    NEWS = "news"


SAID = frozenset({Kind.PLACE, Kind.ASK, Kind.STUBBORN, Kind.AGAIN})
"""Steps in which people speak; those that are `joined` go into one batch."""


class Step(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True):
    """One thing that happens. `chance` decides all that is open in it, so that it can be played without its neighbours.

    `deal` numbers the order that it is about, `place` the process that does it; a `mishap` strikes at its `occasion`.
    `joined`: in one batch with the step before it.
    """

    kind: Kind
    chance: int
    deal: int = -1
    place: int = 0
    joined: bool = False
    mishap: str | None = None
    occasion: int = 1

    def __str__(self) -> str:
        """One line for a person."""
        about = f" deal {self.deal}" if self.deal >= 0 else ""
        befalls = f", {self.mishap} at occasion {self.occasion}" if self.mishap else ""
        return f"{'  with it, ' if self.joined else ''}{self.kind}{about} (process {self.place}{befalls})"


class Setting(msgspec.Struct, frozen=True, array_like=True):
    """What a simulation has from its first moment: everything else follows from it and from the steps."""

    seed: int
    processes: int = 1
    batch: int = 256
    policy: str = "aliexpress"
    quiet: bool = False
    """Nobody in the house listens to news."""


class Plan(msgspec.Struct, frozen=True):
    """A simulation from the start, as it can be written to a file."""

    setting: Setting
    steps: tuple[Step, ...]


def turns(steps: tuple[Step, ...]) -> list[list[Step]]:
    """The steps in groups, each of which happens at once."""
    found: list[list[Step]] = []
    for step in steps:
        if step.joined and found and step.kind in SAID and found[-1][-1].kind in SAID:
            found[-1].append(step)
        else:
            found.append([step])
    return found


def write(plan: Plan) -> bytes:
    """The plan as JSON."""
    return msgspec.json.encode(plan)


def read(data: bytes) -> Plan:
    """The plan in this JSON. Raises msgspec.ValidationError or msgspec.DecodeError."""
    return msgspec.json.decode(data, type=Plan)
