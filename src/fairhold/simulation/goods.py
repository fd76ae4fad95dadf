"""Orders as people place them, under every policy that ships and under made-up ones; and orders that nobody should place."""

import random
from collections.abc import Callable
from functools import cache
from typing import Any

import msgspec

from fairhold.domain.actors import Actor, Role
from fairhold.domain.commands import NewLine, PlaceOrder
from fairhold.domain.destination import Destination
from fairhold.domain.instants import DAY, Instant
from fairhold.domain.liveness import check
from fairhold.domain.money import Currency
from fairhold.domain.policy import Policy
from fairhold.engine.installation.policies import PRESETS, preset
from fairhold.simulation.people import BUYERS, OPERATOR, SELLERS, Ask

MANY = 60
"""More units than an order may have parcels or disputes."""

_CURRENCIES = ("RUB", "RUB", "USD", "EUR", "JPY", "KWD")
_CATEGORIES = (None, None, "books", "electronics")
_PRICES = (1, 9, 10, 333, 1000, 99_999, 1_234_567)

_FIXED = {"fixed": {"RUB": 1000, "USD": 30, "EUR": 25, "JPY": 1, "KWD": 7}}
_SELLERS_FEES = {"provider_fees": "seller"}
_SELLERS_FEES_IN_ANY_CASE = {**_SELLERS_FEES, "provider_fees_on_refund": "seller"}

_VARIANTS: tuple[dict[str, Any], ...] = (
    {"receipt": {"settlement_delay_hours": 0}, "commission": _FIXED},
    {"receipt": {"buyer_undo_minutes": 30, "accident_freeze_hours": 12}, "commission": {**_FIXED, **_SELLERS_FEES}},
    {"receipt": {"delivery_evidence": True, "seller_marks_delivered": True}, "commission": _FIXED},
    {"protection": {"on_lapse": "extend_once"}, "commission": _FIXED},
    {
        "protection": {"on_lapse": "dispute", "extensions": 1},
        "disputes": {"refund_undecided_after_days": 30},
        "commission": _SELLERS_FEES,
    },
    {"commission": {"basis_points": 333, "categories": {"books": 1250, "electronics": 10_000}}},
    {"commission": {"basis_points": 10_000}, "reviews": {"bar": "any_dispute_unless_refunded"}},
    {"commission": _FIXED, "receipt": {"settlement_delay_hours": 1}},
    {"commission": {"basis_points": 1500, "categories": {"books": 9990}, **_SELLERS_FEES}},
    {"commission": {**_FIXED, **_SELLERS_FEES}, "receipt": {"settlement_delay_hours": 0}},
    {"commission": {**_FIXED, **_SELLERS_FEES_IN_ANY_CASE}, "receipt": {"window_days": 3}},
    {
        "commission": {
            "basis_points": 9_000,
            "fixed": {"RUB": 99, "EUR": 500},
            "category_fixed": {"books": {"RUB": 10**9, "JPY": 3}, "electronics": {"EUR": 0, "USD": 1}},
            "sellers": {
                "shop-1": {"basis_points": 0, "fixed": {"RUB": 333, "KWD": 5}},
                "shop-2": {"categories": {"books": 5000}, "category_fixed": {}},
                "shop-3": {"fixed": {}},
            },
        }
    },
    {
        "reviews": {"publication": "blind", "revision": "any", "automatic": "same_for_five"},
        "commission": _SELLERS_FEES_IN_ANY_CASE,
    },
    {
        "reviews": {"revision": "none", "automatic": "five_for_silent_buyer", "bar": "none"},
        "commission": _SELLERS_FEES,
    },
    {"reviews": {"window_days": 2, "revision": "upward"}, "providers": [{"name": "sandbox", "ceiling_days": 70}]},
    {"providers": [{"name": "sandbox", "ceiling_days": 30}], "receipt": {"window_days": 3}},
)
"""What a marketplace may change in the usual policy; those that hold money for ever are left out, as loading would."""


@cache
def policies() -> tuple[Policy, ...]:
    """Every preset, and the variants."""
    made = [msgspec.convert({"name": f"simulated-{n}", **changes}, Policy) for n, changes in enumerate(_VARIANTS)]
    return (*map(preset, PRESETS), *(policy for policy in made if not check(policy)))


def placing(chance: random.Random, now: Instant) -> Ask:
    """An order that makes sense, mostly a small one."""
    buyer, seller = chance.choice(BUYERS), chance.choice(SELLERS)
    policy = policies()[0] if chance.random() < 0.3 else chance.choice(policies())
    many = chance.random() < 0.02
    lines = tuple(_line(chance, many) for _ in range(chance.choice((1, 1, 1, 2, 2, 3))))
    goods = sum(line.unit_price * line.quantity for line in lines)
    shipping, protection = policy.shipping, policy.protection
    command = PlaceOrder(
        buyer=buyer,
        seller=seller,
        currency=Currency(chance.choice(_CURRENCIES)),
        lines=lines,
        policy=policy,
        shipping=chance.choice((0, 0, 1, 100, 499)),
        discount=min(goods, chance.choice((0, 0, 1, 77, 1000))),
        tax=chance.choice((1, 19)) if chance.random() < 0.2 else 1 if goods < 1078 else 0,
        shipping_days=chance.choice((None, None, 1, shipping.deadline_max_days)),
        protection_days=chance.choice((None, None, protection.min_days, protection.max_days)),
        promised_by=chance.choice((None, None, Instant(now + chance.randrange(1, 60) * DAY))),
        destination=chance.choice((None, Destination(country="RU", town="Tver", postcode="170000"))),
    )
    return Ask(command, OPERATOR if chance.random() < 0.1 else Actor(Role.BUYER, buyer))


def _line(chance: random.Random, many: bool) -> NewLine:
    return NewLine(
        sku=chance.choice(("lamp", "cup", "book", "phone")),
        title="Goods of a simulation",
        quantity=chance.choice((MANY,) * 5 + (600,)) if many else chance.choice((1, 1, 1, 2, 3, 5)),
        unit_price=chance.choice(_PRICES),
        category=chance.choice(_CATEGORIES),
    )


def _no_goods(command: PlaceOrder, now: Instant) -> dict[str, Any]:
    return {"lines": ()}


def _free(command: PlaceOrder, now: Instant) -> dict[str, Any]:
    free = tuple(msgspec.structs.replace(line, unit_price=0) for line in command.lines)
    return {"lines": free, "discount": 0, "shipping": 0, "tax": 0}


def _priceless(command: PlaceOrder, now: Instant) -> dict[str, Any]:
    dear = tuple(msgspec.structs.replace(line, unit_price=10**12, quantity=1000) for line in command.lines)
    return {"lines": dear, "discount": 0}


_ODD: tuple[Callable[[PlaceOrder, Instant], dict[str, Any]], ...] = (
    _no_goods,
    _free,
    _priceless,
    lambda command, now: {"seller": command.buyer},
    lambda command, now: {"currency": "ZZZ"},
    lambda command, now: {"discount": 10**15},
    lambda command, now: {"shipping_days": command.policy.shipping.deadline_max_days + 1},
    lambda command, now: {"protection_days": command.policy.protection.min_days - 1},
    lambda command, now: {"protection_days": command.policy.protection.max_days + 1},
    lambda command, now: {"promised_by": Instant(now - DAY)},
    lambda command, now: {"promised_by": Instant(now + 401 * DAY)},
)


def odd_placing(chance: random.Random, now: Instant) -> Ask:
    """An order that must be refused."""
    command, actor = placing(chance, now)
    assert isinstance(command, PlaceOrder)
    if chance.random() < 0.2:
        return Ask(command, Actor(chance.choice((Role.BUYER, Role.SELLER)), chance.choice((*BUYERS, *SELLERS))))
    return Ask(msgspec.structs.replace(command, **chance.choice(_ODD)(command, now)), actor)
