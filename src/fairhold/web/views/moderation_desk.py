"""How a moderator sees reviews outside their orders: where they are kept, and what everybody is called."""

from dataclasses import dataclass

from fairhold.domain.actors import Role
from fairhold.domain.ids import PersonId
from fairhold.domain.instants import Duration
from fairhold.web.views.onlooker import Onlooker
from fairhold.words import dates
from fairhold.words.names import role_name

REVIEW_FOLDERS = {Role.MEDIATOR: "/mediation/reviews", Role.OPERATOR: "/operator/reviews"}
"""Where each of those who moderate has the reviews."""


@dataclass(frozen=True)
class ReviewDesk(Onlooker):
    """Whoever moderates reviews."""

    @property
    def folder(self) -> str:
        """Where this person has the reviews."""
        return REVIEW_FOLDERS[self.actor.role]

    def url(self, review: str) -> str:
        """The page of a review."""
        return f"{self.folder}/{review}"

    def since(self, at: int) -> str:
        """How long ago that was: «2 дня 4 часа»."""
        return dates.length(self.reader, Duration(max(0, self.now - at)))

    def name(self, who: str) -> str:
        """The name of somebody as events have them: `buyer:ann`."""
        role, _, person = who.partition(":")
        return self.names.name(Role(role), PersonId(person), self.reader.language)

    def person(self, who: str) -> str:
        """«Анна Смирнова, покупатель»."""
        role = Role(who.partition(":")[0])
        return (
            f"{self.name(who)} ({role_name(self.reader.words, role).lower()})"
            if role is not Role.SYSTEM
            else "Fairhold"
        )
