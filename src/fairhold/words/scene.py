"""What a sentence about an event is made from, and what it becomes."""

from typing import NamedTuple

from fairhold.domain.instants import Instant
from fairhold.domain.order import Order
from fairhold.words import dates
from fairhold.words.money import money
from fairhold.words.reader import Reader


class Told(NamedTuple):
    """An event in words: a heading and, where there is more to say, a sentence."""

    title: str
    text: str = ""


class Scene(NamedTuple):
    """What a sentence needs beside its event: the order as it now is, the moment, the reader."""

    order: Order
    now: Instant
    reader: Reader

    def sum(self, amount: int) -> str:
        """An amount of the order."""
        return money(self.reader, amount, self.order.currency)

    def at(self, moment: Instant) -> str:
        """A moment inside a sentence."""
        return dates.moment_in_text(self.reader, moment, self.now)

    def until(self, moment: Instant) -> str:
        """A moment by itself, as after a colon."""
        return dates.moment(self.reader, moment, self.now)

    def say(self, message: str, **values: object) -> str:
        """A marked message in the reader's language."""
        return self.reader.words.gettext(message, **values)
