"""What a policy says of payouts, a sentence for each option."""

from collections.abc import Callable

from fairhold.domain.policy import Policy

_WHEN = {
    "daily": "every day at midnight (UTC)",
    "weekly": "on Mondays at midnight (UTC)",
    "monthly": "on the first of the month at midnight (UTC)",
    "on_request": "when somebody asks for it",
}


def _on_request(policy: Policy) -> str:
    names = policy.payouts.on_request
    return f"Through {', '.join(names)} only when somebody asks." if names else "That holds for every payment provider."


def _minimum(policy: Policy) -> str:
    sums = policy.payouts.minimum
    if not any(sums.values()):
        return "However little it is."
    told = ", ".join(f"{amount} {currency}" for currency, amount in sums.items())
    return f"Less than this waits for more (minor units): {told}."


def _reserve(policy: Policy) -> str:
    points = policy.payouts.reserve_basis_points
    if not points:
        return "Nothing of it is kept back."
    return f"Of what was released to a new seller lately {points / 100:g} % is kept back."


def _lately(policy: Policy) -> str:
    days = policy.payouts.reserve_days
    return f"What is kept back of it is kept for {days} day{'s' * (days != 1)}."


def _new(policy: Policy) -> str:
    days = policy.payouts.new_seller_days
    return f"A seller is new for {days} day{'s' * (days != 1)} after their first money."


PAYOUT_SENTENCES: dict[str, Callable[[Policy], str]] = {
    "payouts.schedule": lambda p: f"What is released to sellers is paid out {_WHEN[p.payouts.schedule]}.",
    "payouts.on_request": _on_request,
    "payouts.minimum": _minimum,
    "payouts.reserve_basis_points": _reserve,
    "payouts.reserve_days": _lately,
    "payouts.new_seller_days": _new,
}
"""By the dotted key of the option."""
