"""Two writers of one engine under more commands than one of them can take: nothing is overtaken, doubled or lost."""

import asyncio
import random

import pytest

from fairhold.domain.reasons import Refusal
from fairhold.engine.audit.auditing import audit
from fairhold.engine.installation.settings import Settings
from fairhold.engine.kernel.envelope import Answer, Envelope
from fairhold.wiring import build
from tests.builders import BUYER
from tests.engine.market import placing
from tests.engine.test_together import anything

pytestmark = pytest.mark.postgres


def test_a_flood_on_few_orders_and_few_keys_is_decided_in_order_and_leaves_the_books_whole(migrated: str) -> None:
    app = build(Settings(database=migrated, sandbox=True, batch=16))
    app.start(background=False)
    chance = random.Random(7)

    async def flood() -> tuple[list[Answer | Refusal], list[list[int]]]:
        placed = await app.engine.submit_many(
            [Envelope(None, placing(), BUYER, f"p{n % 20}", b"x") for n in range(200)]
        )
        orders = {answer.order.id: answer.order for answer in placed if isinstance(answer, Answer)}
        assert len(orders) == 20, "ten repeats of each key place one order"
        told = []
        for n in range(1500):
            order = chance.choice(list(orders.values()))
            command, actor = anything(chance, order)
            told.append(Envelope(order.id, command, actor, f"k{n % 900}", f"{command}{actor}".encode()))
        answers = await asyncio.gather(*(app.engine.submit(envelope) for envelope in told))
        versions: dict[str, list[int]] = {}
        for answer in answers:
            if isinstance(answer, Answer) and not answer.repeated:
                versions.setdefault(answer.order.id, []).append(answer.order.version)
        return answers, list(versions.values())

    answers, versions = asyncio.run(flood())
    assert len(app.engine._threads) == 2
    assert len(answers) == 1500
    assert versions
    for each in versions:
        assert each == sorted(each), "commands on one order are decided in the order in which they were asked"
    assert audit(app.store) == []
    app.close()
