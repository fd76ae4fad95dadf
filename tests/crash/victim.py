"""A server without a network: many people give commands at once, and each answer is written down when it is there.

`python victim.py DATABASE ROUND` runs until it is killed. A line of its output is one acknowledged command:
`key order version`.
"""

import asyncio
import os
import sys

from fairhold.domain.commands import CancelOrder, Pay, ShipParcel
from fairhold.domain.ids import OrderId
from fairhold.engine.installation.settings import Settings
from fairhold.engine.kernel.envelope import Answer, Envelope
from fairhold.wiring import Application, build
from tests.builders import BUYER, SELLER
from tests.engine.market import placing

WORKERS = 24


def steps(worker: int, count: int) -> tuple[str, str, str]:
    """The steps of this worker's order number `count`."""
    return ("place", "pay", "ship" if (worker + count) % 2 else "cancel")


def envelope(key: str, step: str, order: OrderId | None) -> Envelope:
    """The command of a step; the same key always stands for the same one."""
    if step == "place":
        return Envelope(None, placing(), BUYER, key, b"place")
    command, actor = {
        "pay": (Pay(method="sandbox:ok"), BUYER),
        "ship": (ShipParcel(carrier="post", tracking_number="FH-DELIVERED-1"), SELLER),
        "cancel": (CancelOrder(), BUYER),
    }[step]
    return Envelope(order, command, actor, key, step.encode())


async def work(app: Application, round_: str, worker: int) -> None:
    """Live through one order after the other."""
    count = 0
    while True:
        order: OrderId | None = None
        for step in steps(worker, count):
            key = f"{round_}/{worker}/{count}/{step}"
            answer = await app.engine.submit(envelope(key, step, order))
            assert isinstance(answer, Answer), answer
            order = answer.order.id
            os.write(1, f"{key} {order} {answer.order.version}\n".encode())
        count += 1


async def main() -> None:
    """Run until killed."""
    app = build(Settings(database=sys.argv[1], sandbox=True))
    app.start()
    await asyncio.gather(*(work(app, sys.argv[2], worker) for worker in range(WORKERS)))


if __name__ == "__main__":
    asyncio.run(main())
