"""Who acts next: a seed makes the plan while it is played, as busy and as unlucky as that seed has it."""

import random
from collections.abc import Iterator

from fairhold.domain.status import Status
from fairhold.simulation.mishaps import MISHAPS, Fault, Mishap, Point
from fairhold.simulation.plan import SAID, Kind, Setting, Step
from fairhold.simulation.play import Play

_AT_A_TIME = 48
"""Deals that are under way at once."""
_LONGEST = 25
"""A simulation has at most so many turns for each of its deals."""
_STUBBORN = 0.01
"""How likely a turn is that of somebody who asks the same without end."""
_BITS = 48
_PEOPLE, _TIME = 0.46, 0.64
"""Up to which draw somebody speaks, and time passes."""
_BY_ITSELF = (
    (0.76, Kind.SWEEP),
    (0.88, Kind.DELIVER),
    (0.92, Kind.NIGHT),
    (0.96, Kind.PAYOUTS),
    (0.975, Kind.REQUEST),
    (0.985, Kind.NEWS),
)
"""Up to which draw what happens by itself; beyond the last, a process ends and begins anew."""

SPEAKING: tuple[Mishap, ...] = (
    Point.BEFORE_LOADING,
    Point.AFTER_LOADING,
    Point.BEFORE_COMMIT,
    Point.AFTER_COMMIT,
    Fault.DATABASE_AWAY_ON_LOADING,
    Fault.DATABASE_AWAY_ON_WRITING,
    Fault.COMMIT_ANSWER_LOST,
    Fault.COMMIT_ANSWER_LOST_AND_AWAY,
    Fault.WRITE_BROKEN,
    Fault.OVERTAKEN,
    Fault.PROCESS_OVERTAKES,
)
_SWEEPING: tuple[Mishap, ...] = (
    Point.BEFORE_CLAIMING_ORDERS,
    Point.BETWEEN_CLAIM_AND_FIRE,
    # An order whose deadline cannot be written is put aside for a person, of whom there is none here.
    *(mishap for mishap in SPEAKING if mishap not in (Fault.WRITE_BROKEN, Fault.PROCESS_OVERTAKES)),
)
_DELIVERING: tuple[Mishap, ...] = (
    *(point for point in Point if "provider" in point or "carrier" in point or "messages" in point or "news" in point),
    Point.BETWEEN_CLAIM_AND_CALL,
    *(fault for fault in Fault if fault.name.startswith(("PROVIDER", "CARRIER", "NEWS"))),
    *SPEAKING[:-1],
)
_AT_NIGHT: tuple[Mishap, ...] = (
    *(point for point in Point if "keys" in point or "leaves" in point or "head" in point),
)
_NOTING: tuple[Mishap, ...] = (
    Point.BEFORE_NOTING,
    Point.AFTER_NOTING,
    Fault.DATABASE_AWAY_ON_NOTING,
    Fault.NOTING_ANSWER_LOST,
)
_PAYING_OUT: tuple[Mishap, ...] = (
    *_NOTING * 3,
    *SPEAKING[:-1],
    Point.BEFORE_PROVIDER_ACTS,
    Point.AFTER_PROVIDER_ACTED,
    Fault.PROVIDER_LATE,
    Fault.PROVIDER_TIMED_OUT_AFTER_ACTING,
)
MISHAPS_OF: dict[Kind, tuple[Mishap, ...]] = {
    Kind.SWEEP: _SWEEPING,
    Kind.DELIVER: (*_DELIVERING, *_NOTING),
    Kind.NIGHT: _AT_NIGHT,
    Kind.PAYOUTS: _PAYING_OUT,
    Kind.REQUEST: _PAYING_OUT,
    Kind.NEWS: (*_NOTING, *SPEAKING[:-1]),
}
"""What can befall which step; people's own steps meet the first ones."""


def setting(seed: int, processes: int = 1) -> Setting:
    """What a simulation with this seed begins with."""
    chance = random.Random(f"setting {seed}")
    return Setting(
        seed=seed,
        processes=processes,
        batch=chance.choice((256, 256, 16, 3)),
        policy=chance.choice(("aliexpress", "aliexpress", "fair", "vinted", "sharetribe", "strict")),
        quiet=chance.random() < 0.9,
    )


class Schedule:
    """Makes turns until `lifecycles` orders have run their course, or the time for it is over."""

    def __init__(self, setting: Setting, lifecycles: int) -> None:
        self._chance = random.Random(f"schedule {setting.seed}")
        self._processes = setting.processes
        self._lifecycles = lifecycles
        self._placed = 0
        self._luck = self._chance.choice((0.0, 0.05, 0.1, 0.2, 0.3))
        """How likely a turn meets a mishap."""
        self._busy = self._chance.choice((4, 8, 16))
        """Deals of which somebody asks something in one turn."""

    def turns(self, play: Play) -> Iterator[list[Step]]:
        """What happens next, one turn at a time; each is to be played before the next is asked for."""
        for _ in range(_LONGEST * max(self._lifecycles, 8)):
            if self._placed >= self._lifecycles and all(deal.over for deal in play.deals.values()):
                break
            yield self._turn(play)
        yield from self._last()

    def _last(self) -> Iterator[list[Step]]:
        """Nothing goes wrong any more, what was paid is told once more, and everything that is due happens."""
        for _ in range(3):
            yield [Step(Kind.TELL, self._draw())]
            for kind in (Kind.WAIT, Kind.SWEEP, Kind.DELIVER, Kind.NIGHT, Kind.PAYOUTS):
                yield [Step(kind, self._draw())]

    def _draw(self) -> int:
        return self._chance.getrandbits(_BITS)

    def _turn(self, play: Play) -> list[Step]:
        chance = self._chance
        draw = chance.random()
        place = chance.randrange(self._processes)
        if draw < _PEOPLE:
            return self._people(play, place)
        if draw < _TIME:
            return [Step(Kind.WAKE if draw > _TIME - 0.03 else Kind.WAIT, self._draw())]
        for until, kind in _BY_ITSELF:
            if draw < until:
                return [self._struck(Step(kind, self._draw(), place=place))]
        return [Step(Kind.RESTART, self._draw(), place=place)]

    def _people(self, play: Play, place: int) -> list[Step]:
        chance = self._chance
        going = [number for number, deal in play.deals.items() if not deal.over]
        steps: list[Step] = []
        for _ in range(min(self._lifecycles - self._placed, max(0, _AT_A_TIME - len(going)), self._busy)):
            steps.append(Step(Kind.PLACE, self._draw(), self._placed))
            self._placed += 1
        fresh = [number for number in going if _stands_at(play, number, Status.AWAITING_PAYMENT)]
        about = fresh[: self._busy]
        about += chance.sample(going, min(self._busy, len(going)))
        if play.deals and chance.random() < 0.5:
            about.append(chance.choice(list(play.deals)))
        steps += [Step(Kind.ASK, self._draw(), deal) for deal in about]
        if going and chance.random() < _STUBBORN:
            steps = [Step(Kind.STUBBORN, self._draw(), chance.choice(self._worth_insisting(play, going)))]
        if chance.random() < 0.2:
            steps.append(Step(Kind.AGAIN, self._draw()))
        if not steps:
            return [Step(Kind.WAIT, self._draw())]
        turn = [Step(one.kind, one.chance, one.deal, place, joined=n > 0) for n, one in enumerate(steps)]
        turn[0] = self._struck(turn[0])
        return turn

    def _worth_insisting(self, play: Play, going: list[int]) -> list[int]:
        """The deals about which somebody may ask without end: in turn those of many units, those in dispute, and any."""
        crowded = [number for number in going if play.deals[number].crowded]
        disputed = [number for number in going if _stands_at(play, number, Status.IN_DISPUTE)]
        return self._chance.choice((crowded, disputed, going)) or going

    def _struck(self, step: Step) -> Step:
        """The step, with a mishap where its luck has run out."""
        chance = self._chance
        # Of what happens by itself there is often nothing to do, and then nothing to befall it.
        if chance.random() >= self._luck * (1 if step.kind in SAID else 3):
            return step
        mishap = chance.choice(MISHAPS_OF.get(step.kind, SPEAKING))
        if mishap is Fault.PROCESS_OVERTAKES and self._processes == 1:
            return step
        return Step(
            step.kind,
            step.chance,
            step.deal,
            step.place,
            step.joined,
            mishap.value,
            chance.choice((1, 1, 1, 2, 3)),
        )


def _stands_at(play: Play, number: int, status: Status) -> bool:
    row = play.deals[number].row
    return row is not None and row.status == status


__all__ = ["MISHAPS", "MISHAPS_OF", "Schedule", "setting"]
