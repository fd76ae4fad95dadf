"""What happens to commands that wait together: one transaction, one verdict each, and a fault that stays alone."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, cast

import pytest

from fairhold.domain.commands import CancelOrder, Command, ConfirmReceipt, Pay, ShipParcel
from fairhold.domain.ids import Lane, OrderId
from fairhold.domain.reasons import Reason, Refusal
from fairhold.engine.audit.auditing import audit
from fairhold.engine.kernel.core import Engine
from fairhold.engine.kernel.envelope import Answer, Envelope, Faulty, Outcome, Overloaded, Unavailable
from fairhold.engine.outside.destinations import Outside
from fairhold.engine.ports.store import Batch, Conflict, Store, StoreUnavailable
from fairhold.gateways.sandbox_payments import SandboxPayments
from fairhold.store import open_store
from tests.builders import BUYER, OPERATOR, SELLER, STRANGE_BUYER
from tests.engine.faulty import FaultyStore
from tests.engine.market import Market, placing


class Explode(Command, frozen=True):
    """A command that nobody knows how to decide."""

    NAME = "explode"


@contextmanager
def waiting(engine: Engine) -> Iterator[None]:
    """Hold the writer, so that everything submitted meanwhile waits and becomes one batch."""
    free, held = threading.Event(), threading.Event()

    def hold(writer: object) -> None:
        held.set()
        free.wait(60)

    thread = threading.Thread(target=engine.on_writer, args=(hold, engine.lanes[0]))
    thread.start()
    assert held.wait(60)
    try:
        yield
    finally:
        free.set()
        thread.join()


def together(engine: Engine, envelopes: list[Envelope]) -> list[Outcome | Faulty | Unavailable]:
    """Submit all while the writer is held, each by itself, and answer what became of them."""
    found: list[Outcome | Faulty | Unavailable] = []

    async def one(envelope: Envelope) -> Outcome | Faulty | Unavailable:
        try:
            return await engine.submit(envelope)
        except (Faulty, Unavailable) as error:
            return error

    async def run() -> None:
        with waiting(engine):
            tasks = [asyncio.create_task(one(envelope)) for envelope in envelopes]
            await asyncio.sleep(0.05)
        found.extend(await asyncio.gather(*tasks))

    asyncio.run(run())
    return found


@pytest.fixture
def faulty(market: Market) -> Iterator[tuple[Engine, FaultyStore]]:
    """A second engine on the market's store, whose writes can be made to fail."""
    market.app.engine.stop_waiting()
    store = FaultyStore(market.app.store)
    engine = Engine(cast(Store, store), market.clock, outside=Outside((SandboxPayments(),)))
    engine.start()
    yield engine, store
    engine.stop_waiting()


def of_order(order: str) -> Any:
    """A fault of every batch that writes this order."""

    def fault(batch: Batch) -> None:
        if any(row.id == order for row in batch.orders):
            raise RuntimeError("this row cannot be written")

    return fault


def test_commands_on_one_order_in_one_batch_are_decided_one_after_the_other(market: Market) -> None:
    order = market.placed()
    lines = tuple(line.id for line in order.lines)
    outcomes = together(
        market.app.engine,
        [
            market.envelope(order.id, Pay(method="sandbox:ok"), BUYER),
            market.envelope(order.id, Pay(method="sandbox:ok"), BUYER),
            market.envelope(order.id, ShipParcel(carrier="post", tracking_number="1"), SELLER),
            market.envelope(order.id, CancelOrder(), BUYER),
            market.envelope(order.id, ConfirmReceipt(lines=lines, acknowledged=True), BUYER),
        ],
    )
    paid, again, shipped, cancelled, confirmed = outcomes
    assert isinstance(paid, Answer)
    assert paid.order.version == 2
    assert again == Refusal(Reason.ALREADY_PAID)
    assert isinstance(shipped, Answer)
    assert cancelled == Refusal(Reason.ALREADY_SHIPPED)
    assert isinstance(confirmed, Answer)
    assert confirmed.order.money.settling == 2500
    assert market.now(order) == confirmed.order


def test_all_that_waits_is_written_in_one_transaction(market: Market, faulty: tuple[Engine, FaultyStore]) -> None:
    engine, store = faulty
    outcomes = together(engine, [market.envelope(None, placing(), BUYER) for _ in range(200)])
    assert all(isinstance(outcome, Answer) for outcome in outcomes)
    assert [len(batch.orders) for batch in store.batches] == [200]


def test_one_key_fifty_times_at_once_places_one_order(market: Market) -> None:
    outcomes = together(market.app.engine, [market.envelope(None, placing(), BUYER, "one") for _ in range(50)])
    answers = [outcome for outcome in outcomes if isinstance(outcome, Answer)]
    assert len(answers) == 50
    assert len({answer.order.id for answer in answers}) == 1
    assert sum(not answer.repeated for answer in answers) == 1
    assert market.app.queries.count_orders() == 1


def test_one_key_with_another_body_in_the_same_batch_is_refused(market: Market) -> None:
    order = market.paid()
    first = ShipParcel(carrier="post", tracking_number="1")
    other = ShipParcel(carrier="post", tracking_number="2")
    one, two = together(
        market.app.engine,
        [market.envelope(order.id, first, SELLER, "k"), market.envelope(order.id, other, SELLER, "k")],
    )
    assert isinstance(one, Answer)
    assert two == Refusal(Reason.IDEMPOTENCY_KEY_REUSED)


def test_a_repeat_answers_the_order_as_it_was_then(market: Market) -> None:
    order = market.placed()
    first = market.ask(order.id, Pay(method="sandbox:ok"), BUYER, "pay")
    assert isinstance(first, Answer)
    market.advance(3600 * 1_000_000)
    market.tell(order.id, ShipParcel(carrier="post", tracking_number="1"), SELLER)
    repeated = market.ask(order.id, Pay(method="sandbox:ok"), BUYER, "pay")
    assert isinstance(repeated, Answer)
    assert (repeated.order, repeated.now, repeated.repeated) == (first.order, first.now, True)


def test_a_refusal_is_not_kept_under_its_key(market: Market) -> None:
    order = market.placed()
    ship = ShipParcel(carrier="post", tracking_number="1")
    assert market.refused(order.id, ship, SELLER, "k").reason is Reason.NOT_PAID
    market.tell(order.id, Pay(method="sandbox:ok"), BUYER)
    assert market.tell(order.id, ship, SELLER, "k").shipments


def test_a_command_that_cannot_be_decided_fails_alone(market: Market) -> None:
    order = market.placed()
    outcomes = together(
        market.app.engine,
        [
            market.envelope(None, placing(), BUYER),
            market.envelope(order.id, Explode(), OPERATOR),
            market.envelope(order.id, Pay(method="sandbox:ok"), BUYER),
        ],
    )
    assert [type(outcome) for outcome in outcomes] == [Answer, Faulty, Answer]


def test_a_command_that_cannot_be_written_fails_alone(market: Market, faulty: tuple[Engine, FaultyStore]) -> None:
    engine, store = faulty
    orders = [place(engine, market) for _ in range(20)]
    store.before = of_order(orders[7])
    outcomes = together(engine, [market.envelope(order, Pay(method="sandbox:ok"), BUYER) for order in orders])
    assert [type(outcome) for outcome in outcomes] == [Answer] * 7 + [Faulty] + [Answer] * 12


def place(engine: Engine, market: Market) -> OrderId:
    answer = engine.submit_waiting(market.envelope(None, placing(), BUYER))
    assert isinstance(answer, Answer)
    return answer.order.id


def test_a_conflict_is_decided_again(market: Market, faulty: tuple[Engine, FaultyStore]) -> None:
    engine, store = faulty
    order = place(engine, market)
    left = [3]

    def conflicts(batch: Batch) -> None:
        if left[0]:
            left[0] -= 1
            raise Conflict("somebody was faster")

    store.before = conflicts
    outcomes = together(engine, [market.envelope(order, Pay(method="sandbox:ok"), BUYER) for _ in range(2)])
    assert [type(outcome) for outcome in outcomes] == [Answer, Refusal]


def test_a_command_that_is_always_overtaken_is_told_to_come_again(
    market: Market, faulty: tuple[Engine, FaultyStore]
) -> None:
    engine, store = faulty
    orders = [place(engine, market) for _ in range(4)]

    def conflicts(batch: Batch) -> None:
        if any(row.id == orders[2] for row in batch.orders):
            raise Conflict("somebody is always faster")

    store.before = conflicts
    outcomes = together(engine, [market.envelope(order, Pay(method="sandbox:ok"), BUYER) for order in orders])
    assert [type(outcome) for outcome in outcomes] == [Answer, Answer, Unavailable, Answer]


@pytest.mark.parametrize("lost", [StoreUnavailable("the connection broke"), RuntimeError("what was that?")])
def test_a_commit_whose_answer_was_lost_is_found_and_nothing_is_done_twice(
    lost: Exception, market: Market, faulty: tuple[Engine, FaultyStore]
) -> None:
    engine, store = faulty
    order = place(engine, market)
    left = [1]

    def breaks(batch: Batch) -> None:
        if left[0]:
            left[0] -= 1
            raise lost

    store.after = breaks
    outcomes = together(
        engine,
        [market.envelope(order, Pay(method="sandbox:ok"), BUYER), market.envelope(None, placing(), BUYER)],
    )
    assert [type(outcome) for outcome in outcomes] == [Answer, Answer]
    assert market.kinds(market.now(outcomes[0].order)) == ["OrderPlaced", "PaymentReceived"]  # type: ignore[union-attr]
    assert market.app.queries.count_orders() == 2


def test_while_the_store_is_away_commands_are_told_so_and_may_be_repeated(
    market: Market, faulty: tuple[Engine, FaultyStore]
) -> None:
    engine, store = faulty

    def away(batch: Batch) -> None:
        raise StoreUnavailable("the disk is full")

    store.before = away
    envelope = market.envelope(None, placing(), BUYER)
    with pytest.raises(Unavailable, match="disk is full"):
        engine.submit_waiting(envelope)
    store.before = lambda batch: None
    answer = engine.submit_waiting(envelope)
    assert isinstance(answer, Answer)
    assert not answer.repeated


def test_a_dry_run_says_what_would_happen_and_writes_nothing(
    market: Market, faulty: tuple[Engine, FaultyStore]
) -> None:
    engine, store = faulty
    answer = engine.submit_waiting(Envelope(None, placing(), BUYER, dry_run=True))
    assert isinstance(answer, Answer)
    assert answer.order.version == 1
    assert not store.batches
    assert market.app.queries.order(answer.order.id) is None


def test_a_dry_run_between_others_is_decided_upon_them_and_changes_nothing(market: Market) -> None:
    order = market.placed()
    pay, cancel = Pay(method="sandbox:ok"), CancelOrder()
    outcomes = together(
        market.app.engine,
        [
            market.envelope(order.id, pay, BUYER),
            Envelope(order.id, cancel, BUYER, dry_run=True),
            market.envelope(order.id, ShipParcel(carrier="post", tracking_number="1"), SELLER),
        ],
    )
    dry = outcomes[1]
    assert isinstance(dry, Answer)
    assert dry.order.money.refunded == 2500
    assert market.now(order).money.held == 2500


def test_what_a_stranger_names_does_not_exist_for_them(market: Market) -> None:
    order = market.placed()
    assert market.refused(order.id, Pay(method="sandbox:ok"), STRANGE_BUYER).reason is Reason.NOT_FOUND


@pytest.mark.parametrize("name", ["nothing", "", "0" * 20, "z" * 20, "ÄÖÜ", "\ud800", "00000000000000000001"])
def test_what_is_no_order_of_ours_is_not_found(name: str, market: Market) -> None:
    assert market.refused(OrderId(name), CancelOrder(), OPERATOR).reason is Reason.NOT_FOUND


def test_a_full_queue_says_so_and_another_source_still_gets_in(tmp_path: Path) -> None:
    market = Market(tmp_path / "small.db", queue=8)
    engine = market.app.engine

    async def flood() -> tuple[int, int, Outcome]:
        with waiting(engine):
            flood = [Envelope(None, placing(), BUYER, f"f{n}", source="flood") for n in range(20)]
            tasks = [asyncio.create_task(engine.submit(envelope)) for envelope in flood]
            await asyncio.sleep(0.05)
            calm = asyncio.create_task(engine.submit(Envelope(None, placing(), BUYER, "calm", source="calm")))
            await asyncio.sleep(0.05)
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        refused = sum(isinstance(outcome, Overloaded) for outcome in outcomes)
        return len(outcomes) - refused, refused, await calm

    done, refused, calm = asyncio.run(flood())
    assert (done, refused) == (6, 14)
    assert isinstance(calm, Answer)
    market.app.close()


def test_a_stopping_engine_finishes_what_waits_and_takes_nothing_more(market: Market) -> None:
    async def run() -> list[Outcome]:
        with waiting(market.app.engine):
            tasks = [
                asyncio.create_task(market.app.engine.submit(market.envelope(None, placing(), BUYER))) for _ in range(5)
            ]
            await asyncio.sleep(0.02)
            stopping = asyncio.create_task(market.app.engine.stop())
            await asyncio.sleep(0.02)
        await stopping
        with pytest.raises(Unavailable):
            await market.app.engine.submit(market.envelope(None, placing(), BUYER))
        return await asyncio.gather(*tasks)

    assert all(isinstance(outcome, Answer) for outcome in asyncio.run(run()))


def test_a_thousand_commands_in_one_submission_are_answered_in_their_places(market: Market) -> None:
    envelopes = [market.envelope(None, placing(), BUYER) for _ in range(500)]
    envelopes += [market.envelope(None, Explode(), BUYER)]
    outcomes = asyncio.run(market.app.engine.submit_many(envelopes))
    assert [type(outcome) for outcome in outcomes[:500]] == [Answer] * 500
    assert outcomes[500] == Refusal(Reason.NOT_FOUND)


def test_a_second_engine_on_the_same_file_does_not_start(tmp_path: Path) -> None:
    market = Market(tmp_path / "taken.db")
    with closing(open_store(market.database)) as store:
        second = Engine(store, market.clock)
        with pytest.raises(StoreUnavailable):
            second.start()
    market.app.close()


def test_work_on_the_writer_raises_where_it_was_asked_for(market: Market) -> None:
    def broken(writer: object) -> None:
        raise KeyError("x")

    with pytest.raises(KeyError):
        market.app.engine.on_writer(broken, Lane(0))
    assert audit(market.app.store) == []
