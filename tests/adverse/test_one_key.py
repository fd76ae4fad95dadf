"""Fifty callers with one idempotency key at once: whatever the call, they do what one would have done, and are told the same.

Every call of the description that changes something is tried, whichever there are.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from itertools import count

import pytest

from fairhold.api.table import ROUTES
from fairhold.wiring import Application
from tests.api.client import Response
from tests.api.every_call import ask, document, headers_of, sandbox, world
from tests.api.ways import Asked, World

__all__ = ["sandbox", "world"]

CALLERS = 50
CHANGING = [route.name for route in ROUTES if route.method != "GET"]
AS_IT_IS = {
    "redeliver",
    "redeliverFailed",
    "testWebhook",
    "writeToSupport",
    "makeSignInLink",
    "makePayout",
    "payOutAgain",
    "reconcile",
}
"""Answers that tell how far something has come, which goes on meanwhile; and a link that is sealed anew each time it is told."""
GONE = "removeWebhook"
"""Whoever comes later is told that there is no such endpoint any more; the note of the key may be gone with it."""
_keys = count(1)


@pytest.mark.slow
@pytest.mark.parametrize("name", CHANGING)
def test_fifty_with_one_key_do_what_one_does(name: str, world: World, sandbox: Application) -> None:
    # The first of its kind makes accounts and the like, which the next ones find.
    effect(sandbox, world, name, ask(world, name), 1)
    once, [single] = effect(sandbox, world, name, ask(world, name), 1)
    fifty, answers = effect(sandbox, world, name, ask(world, name), CALLERS)
    for grown in (once, fifty) if name == GONE else ():
        grown.pop("tickets", None)
    assert fifty == once, "rows by table: fifty callers and one"
    told = Counter((answer.status, answer.code if answer.status >= 400 else "") for answer in answers)
    late = told.pop((404, "webhook_not_found"), 0) if name == GONE else 0
    assert told == {(single.status, ""): CALLERS - late}, f"one alone was told {single.body!r}"
    if name not in AS_IT_IS | {GONE}:
        assert len({answer.body for answer in answers}) == 1


def effect(
    sandbox: Application, world: World, name: str, asked: Asked, callers: int
) -> tuple[Counter[str], Sequence[Response]]:
    """By how many rows each table grew, and what each caller was told."""
    operation = document().find_operation_by_id(name)
    path = operation.path.format(**asked.names)
    headers = headers_of(asked) | {"idempotency-key": f"together-{next(_keys)}"}
    query = "&".join(f"{key}={value}" for key, value in asked.query.items())
    before = rows(sandbox)

    async def all_at_once() -> list[Response]:
        client = world.operator
        return await asyncio.gather(
            *(client._send(operation.method.upper(), path, query, [asked.sent], headers) for _ in range(callers))
        )

    answers = world.operator.runner.run(all_at_once())
    grown = rows(sandbox)
    grown.subtract(before)
    return Counter({table: count for table, count in grown.items() if count}), answers


def rows(sandbox: Application) -> Counter[str]:
    """How many rows each table has."""
    tables = sandbox.store.tables()
    named = "SELECT name FROM sqlite_master WHERE type = 'table'"
    if not sandbox.settings.database.startswith("sqlite"):
        named = "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()"
    names = [str(row[0]) for row in tables.rows(named)]
    return Counter({name: int(tables.rows(f'SELECT count(*) FROM "{name}"')[0][0]) for name in names})
