"""The policies of this installation: the presets, and the one that FAIRHOLD_POLICY chooses."""

import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from importlib import resources
from pathlib import Path

import msgspec

from fairhold.domain import liveness
from fairhold.domain.order import Order
from fairhold.domain.policy import Policy, PolicyProblem, read_policy, review_terms

Today = Callable[[Order], Order]
"""Puts the rules of the day into an order that was loaded."""

PRESETS = ("aliexpress", "fair", "vinted", "sharetribe", "strict")


class PolicyError(Exception):
    """A policy file cannot be used; `problems` name each key at fault."""

    def __init__(self, source: str, problems: tuple[PolicyProblem, ...]) -> None:
        super().__init__(f"{source}: " + "; ".join(f"{problem.key} {problem.message}" for problem in problems))
        self.source = source
        self.problems = problems


def parse_policy(text: str, source: str) -> Policy:
    """The policy in a TOML text. Raises PolicyError that names `source` and every key at fault.

    Under a policy that is let through, money is never held for ever.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(source, (PolicyProblem("policy", f"is not TOML: {error}"),)) from None
    policy = read_policy(table)
    problems = liveness.check(policy) if isinstance(policy, Policy) else policy
    if not isinstance(policy, Policy) or problems:
        raise PolicyError(source, problems)
    return policy


def preset_text(name: str) -> str:
    """A preset's file as it stands, comments included."""
    return resources.files("fairhold").joinpath("policies", f"{name}.toml").read_text(encoding="utf-8")


@cache
def preset(name: str) -> Policy:
    """A policy that comes with Fairhold; checking one takes a while, and it stays as it is."""
    return parse_policy(preset_text(name), f"{name}.toml")


class PolicyBook:
    """Policies by name; under no name, the one this marketplace chose."""

    def __init__(self, policies: Mapping[str, Policy], default: str) -> None:
        self._policies = dict(policies)
        self.default = self._policies[default]
        self._reviews = {name: review_terms(policy.reviews) for name, policy in self._policies.items()}

    def today(self, order: Order) -> Order:
        """The order under the rules of reviews that its policy has today; unchanged where they are those it was placed under."""
        rules = self._reviews.get(order.terms.policy.name)
        if rules is None or rules is order.terms.reviews or rules == order.terms.reviews:
            return order
        return msgspec.structs.replace(order, review_terms=rules)

    def get(self, name: str | None = None) -> Policy | None:
        """The policy of that name, or the marketplace's own; None for a name nobody knows."""
        return self.default if name is None else self._policies.get(name)

    def all(self) -> tuple[Policy, ...]:
        """Every policy, the marketplace's own first."""
        return (self.default, *(policy for policy in self._policies.values() if policy is not self.default))


def read_policies(chosen: str = "aliexpress") -> PolicyBook:
    """All presets, and `chosen`: a preset's name or the path of a TOML file. Raises PolicyError."""
    policies = {name: preset(name) for name in PRESETS}
    if chosen in policies:
        return PolicyBook(policies, chosen)
    path = Path(chosen)
    if path.suffix != ".toml" and not path.exists():
        raise PolicyError(
            "FAIRHOLD_POLICY", (PolicyProblem(chosen, f"is neither a file nor one of {', '.join(PRESETS)}"),)
        )
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyError("FAIRHOLD_POLICY", (PolicyProblem(chosen, f"cannot be read: {error}"),)) from None
    own = parse_policy(text, chosen)
    policies[own.name] = own
    return PolicyBook(policies, own.name)
