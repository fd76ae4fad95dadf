"""The commission broken down: what of it is a percentage, and what is fixed."""

from fairhold.web.views.parts import Sum
from fairhold.web.views.sight import Sight
from fairhold.words.catalog import N_


def broken_down(sight: Sight, fee: int, fixed: int, kind: str = "") -> list[Sum]:
    """The commission `fee` as it is shown among other sums; in two where `fixed` of it is its fixed part (minor units)."""
    if not fixed:
        return [Sum(sight.say(N_("Commission")), sight.sum(fee), kind)]
    return [
        Sum(sight.say(N_("Commission, percentage")), sight.sum(fee - fixed), kind),
        Sum(sight.say(N_("Commission, fixed part")), sight.sum(fixed), kind),
    ]
