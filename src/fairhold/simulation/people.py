"""Who there is: a small town in which everybody knows everybody, so that conflicts of interest come up."""

import random
from typing import NamedTuple

from fairhold.domain.actors import SYSTEM, Actor, Role
from fairhold.domain.commands import Command
from fairhold.domain.ids import PersonId
from fairhold.domain.order import Order

BUYERS = tuple(PersonId(f"buyer-{number}") for number in range(1, 13))
SELLERS = tuple(PersonId(f"shop-{number}") for number in range(1, 7))
MEDIATORS = tuple(Actor(Role.MEDIATOR, PersonId(name)) for name in ("mia", "max", "mara"))
SUPPORT = tuple(Actor(Role.SUPPORT, PersonId(name)) for name in ("sam", "sue"))
OPERATOR = Actor(Role.OPERATOR, PersonId("ops"))


class Ask(NamedTuple):
    """A command, and who gives it."""

    command: Command
    actor: Actor


def buyer_of(order: Order) -> Actor:
    """The order's buyer."""
    return Actor(Role.BUYER, order.buyer)


def seller_of(order: Order) -> Actor:
    """The order's seller."""
    return Actor(Role.SELLER, order.seller)


def somebody(chance: random.Random, order: Order, role: Role) -> Actor:
    """Somebody who may speak in that role on this order."""
    match role:
        case Role.BUYER:
            return buyer_of(order)
        case Role.SELLER:
            return seller_of(order)
        case Role.MEDIATOR:
            return chance.choice(MEDIATORS)
        case Role.SUPPORT:
            return chance.choice(SUPPORT)
        case Role.OPERATOR:
            return OPERATOR
    return SYSTEM


def anybody(chance: random.Random, order: Order) -> Actor:
    """Anybody at all: strangers, staff who trade here themselves, and those whom it concerns."""
    role = chance.choice(tuple(Role))
    if chance.random() < 0.5:
        return somebody(chance, order, role)
    people = (order.buyer, order.seller, *BUYERS, *SELLERS)
    return SYSTEM if role is Role.SYSTEM else Actor(role, chance.choice(people))
