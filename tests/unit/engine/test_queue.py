"""The queue: bounded, and everybody gets their turn."""

import asyncio
import threading
import time
from collections import deque

import pytest

from fairhold.domain.commands import CancelOrder
from fairhold.domain.ids import Lane, OrderId
from fairhold.domain.reasons import Reason, Refusal
from fairhold.engine.kernel.envelope import Envelope, Overloaded, Unavailable
from fairhold.engine.kernel.queue import FairQueue, Item, Ticket, answer
from tests.builders import BUYER


def items(count: int, source: str = "a") -> list[Item]:
    ticket = Ticket(count, None)
    return [Item(Envelope(None, CancelOrder(), BUYER, source=source), Lane(0), ticket, n) for n in range(count)]


def sources(taken: list[Item]) -> str:
    return "".join(item.envelope.source for item in taken)


def test_what_one_source_puts_in_comes_out_in_order() -> None:
    queue = FairQueue(100)
    put = items(10)
    queue.put("a", put)
    assert queue.take(4)[1] + queue.take(100)[1] == put
    assert len(queue) == 0


def test_several_sources_take_turns() -> None:
    queue = FairQueue(100)
    queue.put("a", items(6, "a"))
    queue.put("b", items(2, "b"))
    queue.put("c", items(1, "c"))
    assert sources(queue.take(5)[1]) == "abcab"
    assert sources(queue.take(5)[1]) == "aaaa"


def test_a_source_that_floods_waits_behind_nobody_but_itself() -> None:
    queue = FairQueue(10_000)
    queue.put("a", items(5000, "a"))
    queue.put("b", items(3, "b"))
    assert sources(queue.take(256)[1]).count("b") == 3


def test_one_source_may_not_fill_the_whole_queue() -> None:
    queue = FairQueue(8)
    queue.put("a", items(6))
    with pytest.raises(Overloaded) as caught:
        queue.put("a", items(1))
    assert caught.value.retry_after_seconds == 1
    queue.put("b", items(2, "b"))
    with pytest.raises(Overloaded):
        queue.put("c", items(1, "c"))
    assert len(queue) == 8


def test_many_at_once_get_into_a_queue_where_none_of_theirs_wait() -> None:
    queue = FairQueue(8)
    queue.put("a", items(1000))
    assert len(queue) == 1000
    with pytest.raises(Overloaded):
        queue.put("b", items(1, "b"))


def test_jobs_come_with_the_next_taking() -> None:
    queue = FairQueue(8)
    done: list[int] = []
    queue.do(lambda: done.append(1))
    queue.put("a", items(1))
    jobs, taken = queue.take(8)
    assert (len(jobs), len(taken)) == (1, 1)


def test_a_closed_queue_is_emptied_and_then_says_that_it_is_over() -> None:
    queue = FairQueue(8)
    queue.put("a", items(1))
    queue.close()
    with pytest.raises(Unavailable):
        queue.put("a", items(1))
    with pytest.raises(Unavailable):
        queue.do(lambda: None)
    assert len(queue.take(8)[1]) == 1
    assert queue.take(8) == ([], [])


def test_taking_waits_until_there_is_something() -> None:
    queue = FairQueue(8)
    started = time.monotonic()
    threading.Timer(0.05, lambda: queue.put("a", items(1))).start()
    assert len(queue.take(8)[1]) == 1
    assert time.monotonic() - started >= 0.04


def test_an_event_loop_is_woken_once_for_all_of_its_commands() -> None:
    async def run() -> int:
        loop = asyncio.get_running_loop()
        calls = 0
        call = loop.call_soon_threadsafe

        def counted(*arguments: object) -> object:
            nonlocal calls
            calls += 1
            return call(*arguments)  # type: ignore[arg-type]

        loop.call_soon_threadsafe = counted  # type: ignore[method-assign,assignment]
        tickets = [Ticket(1, loop) for _ in range(50)]
        verdict = Refusal(Reason.NOT_FOUND)
        waiting = [(Item(Envelope(None, CancelOrder(), BUYER), Lane(0), ticket, 0), verdict) for ticket in tickets]
        thread = threading.Thread(target=answer, args=(waiting,))
        thread.start()
        for ticket in tickets:
            assert await ticket.future == [verdict]
        thread.join()
        return calls

    assert asyncio.run(run()) == 1


def test_whoever_gave_up_waiting_disturbs_nobody() -> None:
    async def run() -> None:
        loop = asyncio.get_running_loop()
        gone, there = Ticket(1, loop), Ticket(1, loop)
        gone.future.cancel()
        verdict = Refusal(Reason.NOT_FOUND)
        answer([(Item(Envelope(None, CancelOrder(), BUYER), Lane(0), t, 0), verdict) for t in (gone, there)])
        assert await there.future == [verdict]

    asyncio.run(run())


def test_a_closed_loop_is_no_reason_to_leave_the_others_waiting() -> None:
    loop = asyncio.new_event_loop()
    gone = Ticket(1, loop)
    loop.close()
    there = Ticket(1, None)
    verdict = Refusal(Reason.NOT_FOUND)
    answer([(Item(Envelope(None, CancelOrder(), BUYER), Lane(0), t, 0), verdict) for t in (gone, there)])
    assert there.wait() == [verdict]


def about(order: str, count: int = 1, source: str = "a") -> list[Item]:
    ticket = Ticket(count, None)
    named = Envelope(OrderId(order), CancelOrder(), BUYER, source=source)
    return [Item(named, Lane(0), ticket, n) for n in range(count)]


def test_what_one_writer_is_at_work_on_no_other_gets_and_nothing_overtakes() -> None:
    queue = FairQueue(100)
    first, second, other = about("x"), about("x", 2), about("y")
    queue.put("a", first)
    assert queue.take(8)[1] == first
    queue.put("a", [*second, *other])
    assert queue.take_many(8, 1) == other
    queue.done(other)
    assert len(queue) == 2
    queue.done(first)
    assert queue.take(8)[1] == second


def test_the_same_key_for_placing_goes_to_one_writer_at_a_time() -> None:
    queue = FairQueue(100)
    ticket = Ticket(2, None)
    same = [Item(Envelope(None, CancelOrder(), BUYER, "key"), Lane(0), ticket, n) for n in range(2)]
    queue.put("a", same[:1])
    assert queue.take(1)[1] == same[:1]
    queue.put("a", [*same[1:], *about("y")])
    assert [item.subject for item in queue.take(8)[1]] == ["y"]
    queue.done(same[:1])
    assert queue.take(8)[1] == same[1:]


def test_a_source_whose_commands_must_wait_holds_up_no_other() -> None:
    queue = FairQueue(100)
    mine = about("x")
    queue.put("a", mine)
    queue.take(1)
    queue.put("a", about("x", 3))
    queue.put("b", about("y", 3, "b"))
    assert sources(queue.take(8)[1]) == "bbb"
    queue.done(mine)
    assert sources(queue.take(8)[1]) == "aaa"


def test_a_second_writer_waits_until_enough_is_there() -> None:
    queue = FairQueue(100)
    taken: list[list[Item]] = []
    thread = threading.Thread(target=lambda: taken.append(queue.take_many(100, 5)))
    thread.start()
    queue.put("a", about("x", 4))
    thread.join(0.1)
    assert thread.is_alive()
    queue.put("a", about("y"))
    thread.join(10)
    assert [len(items) for items in taken] == [5]


def test_a_writer_that_waits_for_another_goes_on_when_that_one_is_done() -> None:
    queue = FairQueue(100)
    first, second = about("x"), about("x")
    queue.put("a", first)
    queue.take(8)
    queue.put("a", second)
    taken: list[list[Item]] = []
    thread = threading.Thread(target=lambda: taken.append(queue.take(8)[1]))
    thread.start()
    thread.join(0.1)
    assert thread.is_alive()
    queue.done(first)
    thread.join(10)
    assert taken == [second]


def test_a_closed_queue_sends_the_second_writer_home_and_gives_the_first_what_is_left() -> None:
    queue = FairQueue(100)
    first = about("x")
    queue.put("a", first)
    queue.take(8)
    queue.put("a", about("x", 2))
    queue.close()
    assert queue.take_many(8, 1) == []
    queue.done(first)
    assert len(queue.take(8)[1]) == 2
    assert queue.take(8) == ([], [])


def test_work_for_which_nobody_waits_goes_in_short_batches_while_people_ask() -> None:
    queue = FairQueue(10_000)
    queue.put("sweeper", items(1000, "sweeper"))
    assert len(queue.take(256)[1]) == 256
    queue.put("a", items(2, "a"))
    taken = sources(queue.take(256)[1])
    assert (taken.count("a"), taken.count("sweeper")) == (2, 64)
    assert sources(queue.take(256)[1]) == "sweeper" * 64
    assert sources(queue.take(2)[1]) == "sweeper"


def test_half_of_what_waits_is_left_to_a_second_writer() -> None:
    queue = FairQueue(1000)
    second: list[list[Item]] = []
    thread = threading.Thread(target=lambda: second.append(queue.take_many(100, 30)))
    thread.start()
    while not queue._second_waits:
        time.sleep(0.001)
    with queue._changed:
        # The second writer is waiting; what is put in now, the first is asked for before it can wake.
        queue._sources["a"] = deque(items(80))
        queue._turns.append("a")
        queue._length = 80
        assert queue._share_of(100) == 40
        assert len(queue._take_turns(queue._share_of(100))) == 40
        queue._tell()
    thread.join(10)
    assert [len(taken) for taken in second] == [40]
    queue.put("a", items(50))
    assert len(queue.take(100)[1]) == 50
