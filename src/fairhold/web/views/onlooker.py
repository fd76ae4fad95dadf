"""Who of the staff looks at something outside its order, and how they read it."""

from dataclasses import dataclass

from fairhold.domain.actors import Actor
from fairhold.domain.instants import Instant
from fairhold.web.people import Directory
from fairhold.words import dates
from fairhold.words.names import provider_name
from fairhold.words.reader import Reader


@dataclass(frozen=True)
class Onlooker:
    """Who looks, when, in which language, and what everybody is called."""

    actor: Actor
    now: Instant
    reader: Reader
    names: Directory

    def say(self, message: str, **values: object) -> str:
        """A marked message in the reader's language."""
        return self.reader.words.gettext(message, **values)

    def provider(self, name: str) -> str:
        """What people call a payment provider."""
        return provider_name(self.reader.words, name)

    def moment(self, at: int) -> str:
        """«19 мая, 18:40»."""
        return dates.moment(self.reader, Instant(at), self.now)
