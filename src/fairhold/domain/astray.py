"""Refunds that are decided and not with the buyer: they came back, or are sent once more (*ours*).

An order's status counts a refund as soon as it is decided. Whoever reads «Money returned to you» looks for it in their bank.
"""

from collections.abc import Iterator
from enum import StrEnum

from fairhold.domain.actors import Role
from fairhold.domain.bank_reach import taken_by_bank
from fairhold.domain.order import Order, Refund
from fairhold.domain.status import Status, headline, stages


class Astray(StrEnum):
    """Where such a refund is, in order of what is told first."""

    CAME_BACK = "came_back"
    SENT_AGAIN = "sent_again"


def instead_of_headline(order: Order, role: Role | None = None) -> Astray | None:
    """What is told in the headline's place; None where that is true as it stands, or something open comes first."""
    if stages(order) or (role is Role.SELLER and headline(order) is not Status.REFUNDED):
        return None
    return _first(sums_astray(order))


def sums_astray(order: Order) -> dict[Astray, int]:
    """How much of what the order's money calls refunded is where (minor units)."""
    sums: dict[Astray, int] = {}
    for where, refund in _refunds_astray(order):
        sums[where] = sums.get(where, 0) + refund.amount
    return sums


def all_astray(order: Order) -> Astray | None:
    """Where all is that the order's money calls refunded; None where it is with the buyer, or some of it."""
    return None if arrived(order) else _first(sums_astray(order))


def arrived(order: Order) -> int:
    """What the order's money calls refunded without what is astray of it (minor units)."""
    return max(0, order.money.refunded - sum(sums_astray(order).values()))


def _first(found: dict[Astray, int]) -> Astray | None:
    return next((where for where in Astray if where in found), None)


def _refunds_astray(order: Order) -> Iterator[tuple[Astray, Refund]]:
    """What a bank has taken itself meanwhile is with the buyer."""
    again = {refund.again for refund in order.refunds if refund.again}
    for refund in order.refunds:
        if refund.waits:
            if not taken_by_bank(order, refund):
                yield Astray.CAME_BACK, refund
        elif refund.is_owed and refund.number in again:
            yield Astray.SENT_AGAIN, refund
