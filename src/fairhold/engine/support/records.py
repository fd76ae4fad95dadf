"""Conversations with support as something that a person takes out, and that is forgotten with them."""

from fairhold.domain.actors import Role
from fairhold.engine.ports.support import SupportRows


class SupportRecords:
    """What a person and support said to each other, whichever side of an order the person was on."""

    name = "support"

    def __init__(self, rows: SupportRows) -> None:
        self._rows = rows

    def taken_out(self, person: str) -> object:
        """Each message as it stands in the conversation; of the staff, only that they wrote it."""
        return [
            {
                "order": said.order,
                "at": said.at,
                "by": said.by if said.by == said.person else said.by.partition(":")[0],
                "text": said.text,
                "photos": said.photos,
                "note": said.note,
            }
            for said in self._rows.of_people(_sides(person))
        ]

    def forget(self, person: str) -> None:
        """Keep no conversation of this person: what it did to money stands in the orders' own histories."""
        self._rows.forget_people(_sides(person))


def _sides(person: str) -> list[str]:
    return [f"{role.value}:{person}" for role in (Role.BUYER, Role.SELLER)]
