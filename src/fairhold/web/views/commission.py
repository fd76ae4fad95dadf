"""The commission broken down: what of it is a percentage, what is fixed, and what the payment provider kept."""

from fairhold.web.views.parts import Sum
from fairhold.web.views.sight import Sight
from fairhold.words.catalog import N_


def broken_down(sight: Sight, fee: int, fixed: int, provider: int, kind: str = "") -> list[Sum]:
    """What is taken of the seller as it is shown among other sums (minor units).

    In two where `fixed` of it is the commission's fixed part; `provider` of it is the payment provider's fee.
    """
    own = fee - provider
    found = [(N_("Commission"), own)]
    if fixed:
        found = [(N_("Commission, percentage"), own - fixed), (N_("Commission, fixed part"), fixed)]
    if provider:
        found.append((N_("Payment provider's fee"), provider))
    return [Sum(sight.say(name), sight.sum(amount), kind) for name, amount in found]
