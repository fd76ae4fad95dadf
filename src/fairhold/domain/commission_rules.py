"""What the marketplace takes, as its policy says it: a percentage and a fixed part, by category and by seller (S2)."""

from collections.abc import Iterator
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from fairhold.domain.money import is_currency

MAX_FIXED = 10**9
"""The most that is charged for a line, in minor units: ten million roubles."""

MAX_SELLERS = 1000
"""How many sellers may have a commission of their own: all of a policy is read when it is loaded, and listed by the API."""

BasisPoints = Annotated[int, Meta(ge=0, le=10_000)]
Bearer = Literal["marketplace", "seller"]
"""Who bears what a payment provider keeps of a payment."""
Category = Annotated[str, Meta(min_length=1, max_length=60)]
FixedPart = Annotated[int, Meta(ge=0, le=MAX_FIXED)]
ByCurrency = dict[str, FixedPart]
Seller = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@+~=-]{0,63}$(?!\n)")]


class SellersCommission(
    msgspec.Struct, frozen=True, gc=False, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What one seller is charged; each option that is given replaces the general one of that name, all of it."""

    basis_points: BasisPoints | None = None
    categories: dict[Category, BasisPoints] | None = None
    fixed: ByCurrency | None = None
    category_fixed: dict[Category, ByCurrency] | None = None


class CommissionRules(msgspec.Struct, frozen=True, gc=False, kw_only=True, forbid_unknown_fields=True):
    """The marketplace's share of what is released: a percentage, and a fixed part for each line of an order.

    Both by category where one is named, and by seller where one has their own. What a payment provider keeps of a payment is
    borne by the marketplace or, pro rata of what is released, by the seller; its share of what is refunded likewise.
    """

    basis_points: BasisPoints = 500
    categories: dict[Category, BasisPoints] = {}
    fixed: ByCurrency = {}
    category_fixed: dict[Category, ByCurrency] = {}
    sellers: Annotated[dict[Seller, SellersCommission], Meta(max_length=MAX_SELLERS)] = {}
    provider_fees: Bearer = "marketplace"
    provider_fees_on_refund: Bearer = "marketplace"

    def of_seller(self, seller: str | None) -> "CommissionRules":
        """These rules as they are for `seller`."""
        own = self.sellers.get(seller) if seller is not None else None
        if own is None:
            return self
        given = {name: value for name in own.__struct_fields__ if (value := getattr(own, name)) is not None}
        return msgspec.structs.replace(self, **given)

    def fixed_in(self, currency: str) -> tuple[int, dict[str, int]]:
        """What a line costs in orders in `currency`: in general, and in categories in which it is another sum."""
        usual = self.fixed.get(currency, 0)
        others = {category: table.get(currency, usual) for category, table in self.category_fixed.items()}
        return usual, {category: fixed for category, fixed in others.items() if fixed != usual}


def not_currencies(rules: CommissionRules) -> Iterator[str]:
    """The dotted keys under which a fixed part stands in what is no currency."""
    yield from _not_currencies("commission", rules.fixed, rules.category_fixed)
    for seller, own in rules.sellers.items():
        yield from _not_currencies(f"commission.sellers.{seller}", own.fixed or {}, own.category_fixed or {})


def _not_currencies(where: str, fixed: ByCurrency, by_category: dict[str, ByCurrency]) -> Iterator[str]:
    tables = {"fixed": fixed, **{f"category_fixed.{category}": table for category, table in by_category.items()}}
    for name, table in tables.items():
        yield from (f"{where}.{name}.{code}" for code in table if not is_currency(code))
