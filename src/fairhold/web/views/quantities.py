"""How many of an item: chosen from a list, or written where the list would be long."""

from dataclasses import dataclass

from fairhold.web.views.sight import Sight
from fairhold.words.catalog import N_

LONGEST_LIST = 50


@dataclass(frozen=True)
class Choice:
    """A quantity that can be chosen: «1 из 2»."""

    value: int
    text: str


def choices_of(sight: Sight, most: int) -> tuple[Choice, ...]:
    """All quantities up to `most`, all of them first; none where nobody would want the list: then a number is written."""
    if not 1 < most <= LONGEST_LIST:
        return ()
    return tuple(
        Choice(number, sight.say(N_("%(number)d of %(all)d"), number=number, all=most)) for number in range(most, 0, -1)
    )
