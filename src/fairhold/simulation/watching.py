"""Who watches a simulation that is no test of the simulator itself: the auditor, on the database past every fault."""

import msgspec

from fairhold.domain.policy import review_terms
from fairhold.engine.installation.policies import read_policies
from fairhold.simulation.auditor import Auditor, Rows
from fairhold.simulation.house import House
from fairhold.simulation.plan import SKEW


def watched(house: House, *, statement: bool = True) -> Auditor:
    """The auditor of this house; the rules of reviews of the day are those of its policies."""
    policies = read_policies(house.settings.policy).all()
    rules = {policy.name: msgspec.to_builtins(review_terms(policy.reviews)) for policy in policies}
    return Auditor(Rows(house.store.tables().rows), skew=2 * SKEW, rules_today=rules, statement=statement)
