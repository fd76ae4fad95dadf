"""Of two things at one instant the deadline counts, as DOMAIN says: whoever comes first, on whichever server."""

import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from fairhold.domain.actors import SYSTEM
from fairhold.domain.commands import ApplyDeadlines, Command, ConfirmReceipt, OpenDispute, Pay, RecordCheckpoint
from fairhold.domain.instants import DAY, Instant
from fairhold.domain.order import Order, ParcelStatus
from fairhold.domain.reasons import Reason, Refusal
from fairhold.engine.kernel.envelope import Answer, Outcome
from tests.builders import BUYER, open_dispute
from tests.engine.market import Market

WINDOW = 7 * DAY
CALLERS = 50


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.slow])])
def markets(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Market, Market]]:
    """The engine that people ask and the one that sweeps: on PostgreSQL two servers, on SQLite the only one there is."""
    if request.param == "sqlite":
        both = (Market(tmp_path / "instant.db"),) * 2
    else:
        url = request.getfixturevalue("migrated")
        both = (Market(url), Market(url))
    yield both
    for market in set(both):
        market.app.close()


def delivered(market: Market) -> Order:
    """An order whose window ends seven days from now."""
    order = market.shipped("FH-SLOW-1")
    scan = RecordCheckpoint(shipment=order.shipments[0].id, status=ParcelStatus.DELIVERED, at=market.clock.now())
    return market.tell(order.id, scan, SYSTEM)


def move(markets: tuple[Market, Market], length: int) -> None:
    """Let so much time pass on both servers, with nobody sweeping meanwhile."""
    moment = Instant(markets[0].clock.now() + length)
    for market in markets:
        market.clock.move_to(moment)


def confirming(order: Order) -> ConfirmReceipt:
    return ConfirmReceipt(lines=tuple(line.id for line in order.lines), acknowledged=True)


def disputing(order: Order) -> OpenDispute:
    return open_dispute(order.lines[0].id)


def at_once(*works: Callable[[], Outcome]) -> list[Outcome]:
    """What each says when all begin together."""
    said: dict[int, Outcome] = {}
    together = threading.Barrier(len(works))

    def run(number: int) -> None:
        together.wait()
        said[number] = works[number]()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [said[number] for number in range(len(works))]


def told(first: str, person: Callable[[], Outcome], deadline: Callable[[], Outcome]) -> Outcome:
    """What the person hears, where that one or the deadline is first, or both come at once."""
    if first == "both at once":
        return at_once(person, deadline)[0]
    if first == "person":
        said, _ = person(), deadline()
    else:
        _, said = deadline(), person()
    return said


@pytest.mark.parametrize("given", [confirming, disputing], ids=["confirmation", "dispute"])
@pytest.mark.parametrize("first", ["person", "deadline", "both at once"])
def test_at_the_instant_itself_the_deadline_wins_whoever_is_first(
    markets: tuple[Market, Market], first: str, given: Callable[[Order], Command]
) -> None:
    people, sweep = markets
    order = delivered(people)
    move(markets, WINDOW)
    person = partial(people.ask, order.id, given(order), BUYER)
    deadline = partial(sweep.ask, order.id, ApplyDeadlines(), SYSTEM)
    said = told(first, person, deadline)
    assert isinstance(said, Refusal), said
    assert people.kinds(order)[-1] == "PortionsReleased"
    assert people.now(order).money.held == 0
    people.assert_clean()


@pytest.mark.parametrize("first", ["person", "deadline", "both at once"])
def test_a_microsecond_earlier_the_person_wins_whoever_is_first(markets: tuple[Market, Market], first: str) -> None:
    people, sweep = markets
    order = delivered(people)
    move(markets, WINDOW - 1)
    person = partial(people.ask, order.id, confirming(order), BUYER)
    deadline = partial(sweep.ask, order.id, ApplyDeadlines(), SYSTEM)
    said = told(first, person, deadline)
    assert isinstance(said, Answer), said
    assert people.kinds(order)[-1] == "ReceiptConfirmed"
    people.assert_clean()


def test_paying_at_the_payment_deadline_itself_is_too_late_whoever_is_first(markets: tuple[Market, Market]) -> None:
    people, sweep = markets
    orders = [people.placed() for _ in range(6)]
    move(markets, DAY)
    for number, order in enumerate(orders):
        pay = partial(people.ask, order.id, Pay(method="sandbox:ok"), BUYER)
        lapse = partial(sweep.ask, order.id, ApplyDeadlines(), SYSTEM)
        works = (pay, lapse) if number % 2 else (lapse, pay)
        said = at_once(*works)[works.index(pay)]
        assert isinstance(said, Refusal)
        assert said.reason is Reason.ORDER_CLOSED
        assert people.kinds(order) == ["OrderPlaced", "OrderCancelled"]
    people.assert_clean()


def test_of_fifty_who_confirm_one_line_under_keys_of_their_own_one_does(markets: tuple[Market, Market]) -> None:
    order = delivered(markets[0])
    move(markets, 0)
    envelopes = [markets[0].envelope(order.id, confirming(order), BUYER) for _ in range(CALLERS)]
    said = at_once(
        *(partial(markets[n % 2].app.engine.submit_waiting, envelope) for n, envelope in enumerate(envelopes))
    )
    done = [one for one in said if isinstance(one, Answer)]
    assert len(done) == 1
    assert {one.reason for one in said if isinstance(one, Refusal)} == {Reason.ALREADY_CONFIRMED}
    assert markets[0].kinds(order).count("ReceiptConfirmed") == 1
    markets[0].assert_clean()


def test_of_fifty_with_one_key_on_two_servers_one_acts_and_all_are_told_the_same(
    markets: tuple[Market, Market],
) -> None:
    order = delivered(markets[0])
    move(markets, 0)
    envelope = markets[0].envelope(order.id, confirming(order), BUYER, "one key")
    said = at_once(*(partial(markets[n % 2].app.engine.submit_waiting, envelope) for n in range(CALLERS)))
    answers = [one for one in said if isinstance(one, Answer)]
    assert len(answers) == CALLERS
    assert sorted(one.repeated for one in answers) == [False, *[True] * (CALLERS - 1)]
    assert {one.order.version for one in answers} == {markets[0].now(order).version}
    assert markets[0].kinds(order).count("ReceiptConfirmed") == 1
    markets[0].assert_clean()
