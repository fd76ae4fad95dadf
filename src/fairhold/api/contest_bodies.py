"""Bodies of the calls on evidence against chargebacks."""

from typing import Annotated

from msgspec import Meta

from fairhold.api.bodies import Wire
from fairhold.domain.commands import PROSE_PATTERN
from fairhold.engine.ports.contests import LONGEST_NOTE

Note = Annotated[
    str,
    Meta(
        max_length=LONGEST_NOTE,
        pattern=PROSE_PATTERN,
        description="What the bank should know beside the order's history, in a language that it reads.",
    ),
]


class Evidence(Wire, frozen=True, kw_only=True):
    """What is said to the bank besides the order's goods, parcels and history."""

    note: Note = ""
