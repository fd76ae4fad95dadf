"""What a server had promised before it died, and whether the one after it keeps it."""

from collections.abc import Sequence
from typing import NamedTuple

from fairhold.domain.ids import OrderId
from fairhold.engine.kernel.envelope import Answer
from fairhold.wiring import Application
from tests.crash.victim import WORKERS, envelope, steps


class Acknowledged(NamedTuple):
    """An answer that somebody got: the command's key, `round/worker/number/step`, and the order that it made or changed."""

    key: str
    order: OrderId
    version: int


def broken(app: Application, acknowledged: Sequence[Acknowledged]) -> list[str]:
    """Every acknowledged command that is not answered again, and the same way."""
    given = [(one, one.key.rpartition("/")[2]) for one in acknowledged]
    commands = [envelope(one.key, step, None if step == "place" else one.order) for one, step in given]
    found = []
    for (key, order, version), again in zip(acknowledged, app.engine.submit_many_waiting(commands), strict=True):
        same = isinstance(again, Answer) and (again.repeated, again.order.id, again.order.version)
        if same != (True, order, version):
            found.append(f"{key} was acknowledged as version {version} of {order}, and is now {same or again}")
    return found


def resolved(app: Application, round_: str, acknowledged: Sequence[Acknowledged], workers: int = WORKERS) -> set[str]:
    """Give once more what each worker had given last, whose answer never came; the orders that this round made.

    Raises AssertionError where a key has two answers.
    """
    made = {key.rpartition("/")[0]: order for key, order, _ in acknowledged}
    last: dict[int, tuple[int, str, OrderId]] = {}
    for key, order, _ in acknowledged:
        _, by, number, step = key.split("/")
        last[int(by)] = int(number), step, order
    for worker in range(workers):
        count, step, known = last.get(worker, (-1, "cancel", OrderId("")))
        next_count, name = following(worker, count, step)
        key = f"{round_}/{worker}/{next_count}/{name}"
        command = envelope(key, name, None if name == "place" else known)
        first, second = app.engine.submit_waiting(command), app.engine.submit_waiting(command)
        assert isinstance(first, Answer)
        assert isinstance(second, Answer)
        assert second.repeated
        assert (first.order.id, first.order.version) == (second.order.id, second.order.version)
        made[key.rpartition("/")[0]] = first.order.id
    return set(made.values())


def following(worker: int, count: int, step: str) -> tuple[int, str]:
    """The command that a worker gave after its last acknowledged one."""
    names = steps(worker, max(count, 0))
    if count >= 0 and step in names[:-1]:
        return count, names[names.index(step) + 1]
    return count + 1, "place"
