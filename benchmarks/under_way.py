"""Commands given to an engine in this process, so many of them under way at any time."""

import asyncio
import statistics
import time
from collections.abc import Callable, Iterable, Sequence

from benchmarks.patterns import Loaded
from fairhold.domain.actors import Actor, Role
from fairhold.domain.commands import Command, ConfirmReceipt
from fairhold.domain.ids import LineId, OrderId, PersonId
from fairhold.engine.kernel.envelope import Answer, Envelope
from fairhold.wiring import Application

Step = tuple[OrderId | None, Command, Actor]


def confirmations(orders: Iterable[Loaded]) -> list[Step]:
    """The first line of each, confirmed by its buyer."""
    return [
        (
            OrderId(one.id),
            ConfirmReceipt(lines=(LineId(f"{one.tag}-1"),), acknowledged=True),
            Actor(Role.BUYER, PersonId(one.buyer)),
        )
        for one in orders
    ]


def tell(
    app: Application, steps: Sequence[Step], width: int, name: str, until: Callable[[], bool] = lambda: False
) -> tuple[list[Answer], list[float]]:
    """Give these commands, each under a key of its own; the answers, and how many seconds each took.

    `until` ends it early. Every answer must be a success, and none a repeat.
    """
    waiting = iter(enumerate(steps))
    answers: list[tuple[int, Answer]] = []
    seconds: list[float] = []

    async def person() -> None:
        for number, (order, command, actor) in waiting:
            began = time.perf_counter()
            answer = await app.engine.submit(Envelope(order, command, actor, f"{name}/{number}", b"x" * 32))
            seconds.append(time.perf_counter() - began)
            assert isinstance(answer, Answer), answer
            assert not answer.repeated, f"{name}/{number} was done before"
            answers.append((number, answer))
            if until():
                return

    async def all_of_them() -> None:
        await asyncio.gather(*(person() for _ in range(width)))

    asyncio.run(all_of_them())
    return [answer for _, answer in sorted(answers, key=lambda pair: pair[0])], seconds


def percentile(values: Sequence[float], share: int) -> float:
    """The value below which so many of a hundred lie."""
    if len(values) < 2:
        return values[0] if values else 0.0
    return statistics.quantiles(values, n=100)[share - 1]
