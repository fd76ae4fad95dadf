"""How people come to ask something of an order: sensibly, by mistake, in bad faith, twice, or without end."""

import random

from fairhold.domain.ids import OrderId
from fairhold.domain.instants import Instant
from fairhold.domain.order import Order
from fairhold.domain.payment import UNDER_WAY
from fairhold.engine.kernel.envelope import Envelope
from fairhold.simulation.deals import envelope
from fairhold.simulation.foolish import anything, in_bad_faith
from fairhold.simulation.people import Ask
from fairhold.simulation.plan import Kind, Step
from fairhold.simulation.sensible import sensible, world_speaks
from fairhold.simulation.stubborn import stubborn

_SENSIBLE, _WORLD, _ANYTHING, _BAD_FAITH = 0.74, 0.82, 0.94, 1.0
"""Up to which draw somebody does what."""
_STAYS_AWAY = 0.1
"""Of those who have a page before them on which to pay, so many do something else first."""


def asked(chance: random.Random, step: Step, order: OrderId, seen: Order, now: Instant) -> list[Envelope]:
    """What is put to the engine in this step, by somebody who has the order before them as it was `seen`."""
    if step.kind is Kind.STUBBORN:
        again = stubborn(chance, seen)
        return [envelope(order, ask, f"{step.deal}.{step.chance}.{n}") for n, ask in enumerate(again)]
    ask = _one(chance, seen, now)
    if ask is None:
        return []
    key = f"{step.deal}.{step.chance}"
    made = envelope(order, ask, key)
    return [made, *_once_more(chance, order, seen, now, made, ask, key)]


def _one(chance: random.Random, seen: Order, now: Instant) -> Ask | None:
    draw = chance.random()
    if draw < _SENSIBLE:
        on_page = any(attempt.page and attempt.state in UNDER_WAY for attempt in seen.attempts)
        return (
            world_speaks(chance, seen, now)
            if on_page and chance.random() > _STAYS_AWAY
            else sensible(chance, seen, now)
        )
    if draw < _WORLD:
        return world_speaks(chance, seen, now)
    if draw < _ANYTHING:
        return anything(chance, seen, now)
    found = sensible(chance, seen, now)
    return None if found is None else in_bad_faith(chance, seen, now, found)


def _once_more(
    chance: random.Random, order: OrderId, seen: Order, now: Instant, made: Envelope, ask: Ask, key: str
) -> list[Envelope]:
    """A double click: the same request, the same under another key, or another under the same key; or a look beforehand."""
    draw = chance.random()
    if draw < 0.03:
        return [made]
    if draw < 0.06:
        return [envelope(order, ask, f"{key}.2")]
    if draw < 0.075:
        return [envelope(order, anything(chance, seen, now), key)]
    if draw < 0.085:
        return [envelope(order, ask, None)]
    if draw < 0.1:
        return [envelope(order, ask, None, dry_run=True)]
    return []
