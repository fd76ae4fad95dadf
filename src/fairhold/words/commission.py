"""What the marketplace takes, in words: a percentage, and a fixed part for each line of an order."""

from collections.abc import Iterable

from fairhold.domain.commission_rules import CommissionRules
from fairhold.domain.order import Order
from fairhold.domain.policy import Terms
from fairhold.words.catalog import N_
from fairhold.words.money import money, percent
from fairhold.words.reader import Reader


def rate(reader: Reader, basis_points: int, fixed: Iterable[tuple[str, int]]) -> str:
    """«5 %», or «5 % + 10 ₽ с каждой позиции»; `fixed` has minor units by currency, and is shown where it is anything."""
    sums = [money(reader, amount, currency) for currency, amount in fixed if amount]
    if not sums:
        return percent(reader, basis_points)
    return reader.words.gettext(
        N_("%(rate)s + %(fixed)s for each line of an order"), rate=percent(reader, basis_points), fixed=" / ".join(sums)
    )


def of_order(reader: Reader, order: Order) -> str:
    """What an order's lines cost its seller, the payment provider's fee with it where they bear that."""
    return with_providers_fee(reader, rate_of(reader, order), order.terms)


def rate_of(reader: Reader, order: Order) -> str:
    """The marketplace's own part of it, each commission that there is among the lines once."""
    terms = order.terms
    charged = dict.fromkeys(
        (terms.commission_for(line.category), terms.fixed_for(line.category)) for line in order.lines
    )
    return "; ".join(rate(reader, points, [(order.currency, fixed)]) for points, fixed in charged)


def with_providers_fee(reader: Reader, told: str, rules: Terms | CommissionRules) -> str:
    """`told` of the commission, and beside it what else the seller bears under these rules."""
    if rules.provider_fees == "marketplace":
        return told
    if rules.provider_fees_on_refund == "marketplace":
        return reader.words.gettext(N_("%(rate)s + the payment provider's fee"), rate=told)
    return reader.words.gettext(N_("%(rate)s + the payment provider's fee, also for what is refunded"), rate=told)
