"""The simulator plays with real clients of payment providers and their stateful fakes, in place of the simple gateway."""

from __future__ import annotations

import secrets
import sys
from collections import Counter
from collections.abc import Callable, Collection

import pytest

from fairhold.domain.instants import DAY, HOUR, Instant
from fairhold.engine.kernel.envelope import Answer, Envelope
from fairhold.simulation import goods, schedule, sensible
from fairhold.simulation.auditor import Auditor, Operation
from fairhold.simulation.house import House
from fairhold.simulation.plan import BEGINS, Kind
from fairhold.simulation.provider import IN_STEPS
from fairhold.simulation.simulate import Report, simulate
from fairhold.simulation.watching import watched
from tests.simulation.near import AtStripe, AtYooKassa, Fake, FakeWorld

FAKES: dict[str, Callable[[], Fake]] = {"stripe": AtStripe, "yookassa": AtYooKassa}
ROUNDS = 12
"""After so many times of six hours nothing more is under way."""
TELLING = (
    (0.62, Kind.SWEEP),
    (0.80, Kind.DELIVER),
    (0.82, Kind.NIGHT),
    (0.86, Kind.PAYOUTS),
    (0.875, Kind.REQUEST),
    (0.985, Kind.NEWS),
)
"""Who pays on a page needs more of the world than who pays at once: as `schedule._BY_ITSELF`."""


class AtTheEnd:
    """The auditor, who does not see the statement; at the end it is laid beside the books."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._auditor: Auditor = watched(house, statement=False)

    def __getattr__(self, name: str) -> object:
        return getattr(self._auditor, name)

    def acknowledged(self, envelope: Envelope, answer: Answer, now: Instant) -> None:
        self._auditor.acknowledged(envelope, answer, now)

    def stated(self, line: Operation) -> None:
        """What the simple provider says of payments at once is not looked at here."""

    def shown(self, order: str, reader: str, types: Collection[str]) -> None:
        self._auditor.shown(order, reader, types)

    def finish(self, step: int, now: Instant) -> None:
        """Bad days are over: everything is told and heard, and everything due is done."""
        house, world = self._house, self._house.world
        assert isinstance(world, FakeWorld)
        process = house.process(0)
        for _ in range(ROUNDS):
            house.clock.move_to(Instant(house.clock.now() + 6 * HOUR))
            world.fake.is_at(house.clock.now())
            world.settle()
            for tell in world.all_news():
                process.run(tell)
            process.run(lambda app: (app.courier.once(), app.sweeper.once(), app.courier.once()))
        assert world.is_silent, "somebody does not want to hear what the provider tells"
        self._auditor.finish(step, Instant(house.clock.now() + 2 * DAY))
        ours, theirs = booked(house), stated(world, house.clock.now())
        assert ours == theirs, f"by our books the provider has {ours}, by its statement {theirs}"


def booked(house: House) -> dict[str, int]:
    """What the provider has for us by our books, by currency."""
    rows = house.store.tables().rows(
        "SELECT account, balance FROM balances WHERE account LIKE ?", f"provider:{IN_STEPS}:%"
    )
    found: Counter[str] = Counter()
    for account, balance in rows:
        found[account.rpartition(":")[2]] -= balance
    return {currency: amount for currency, amount in found.items() if amount}


def stated(world: FakeWorld, now: Instant) -> dict[str, int]:
    """The same by its statement."""
    found: Counter[str] = Counter()
    for line in world.client().statement(BEGINS, Instant(now + 2 * DAY)):
        found[line.currency] += line.amount - line.fee
    return {currency: amount for currency, amount in found.items() if amount}


@pytest.fixture(params=list(FAKES))
def provider(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Nearly everybody pays there; YooKassa takes roubles."""
    name: str = request.param
    monkeypatch.setitem(sensible.OF_ORDER, "pay", (0.5, sensible.OF_ORDER["pay"][1]))
    monkeypatch.setattr(schedule, "_BY_ITSELF", TELLING)
    monkeypatch.setattr(schedule, "_TIME", 0.56)
    if name == "yookassa":
        monkeypatch.setattr(goods, "_CURRENCIES", ("RUB",))
    return name


MOST_RUNS = 8


def play(provider: str, seed: int, lifecycles: int) -> tuple[Report, FakeWorld]:
    worlds: list[FakeWorld] = []

    def made(*around: object) -> FakeWorld:
        worlds.append(FakeWorld(FAKES[provider](), *around))  # type: ignore[arg-type]  # a clock and a store
        return worlds[0]

    report = simulate(seed, lifecycles, watched=AtTheEnd, world=made)  # type: ignore[arg-type]  # the rest is passed on
    return report, worlds[0]


@pytest.mark.parametrize("lifecycles", [12, pytest.param(100, marks=pytest.mark.slow)])
def test_with_a_providers_client_and_its_fake_nothing_is_wrong_and_the_books_are_the_statement(
    provider: str, lifecycles: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """Webhooks come late, twice and in any order; banks take back and send back; questions and answers are lost."""
    # Of a dozen orders it may be that none is paid in time, or that all are lost with a process that dies while they
    # are placed: then another dozen has its turn.
    for _ in range(MOST_RUNS):
        seed = secrets.randbelow(10**9)
        report, world = play(provider, seed, lifecycles)
        with capsys.disabled():
            sys.stdout.write(
                f"\n{provider}, seed {seed}: {report.completed} orders, {world.paid} payments, {world.asked} questions\n"
            )
        assert report.failure is None, f"seed {seed}: {report.failure.error}"
        if report.counts["events"].get("payment_received"):
            return
    raise AssertionError(f"of {MOST_RUNS * lifecycles} orders none was paid in time")


def test_the_same_seed_gives_the_same_events_with_a_fake_too(provider: str) -> None:
    first, again = (play(provider, 11, 6)[0] for _ in range(2))
    assert first.failure is None
    assert first.event_hash == again.event_hash
