"""The deals of a simulation as people know them: what each was seen as last, which may be long ago, and what was asked of it."""

import hashlib
import random

import msgspec

from fairhold.domain.actors import SYSTEM
from fairhold.domain.commands import Command, PlaceOrder
from fairhold.domain.ids import OrderId
from fairhold.domain.order import Order
from fairhold.engine.installation.policies import Today
from fairhold.engine.kernel.codec import decode_order, encode
from fairhold.engine.kernel.envelope import Answer, Envelope
from fairhold.engine.ports.store import StoredOrder
from fairhold.simulation.goods import MANY
from fairhold.simulation.people import Ask


class Deal:
    """An order, once it is placed: the page that people have before them, and the newest row, which they may not have seen."""

    __slots__ = ("crowded", "expected", "id", "row", "seen")

    def __init__(self, number: OrderId, expected: int) -> None:
        self.id = number
        self.expected = expected
        """What the buyer is to pay, as it follows from what they ordered (minor units)."""
        self.crowded = False
        """Whether so much was ordered of something that it can be taken apart without end."""
        self.seen: Order | None = None
        self.row: StoredOrder | None = None

    @property
    def over(self) -> bool:
        """Whether nothing is open and nothing will happen by itself."""
        return self.row is not None and self.row.closed_at is not None and self.row.next_deadline_at is None

    def look(self, today: Today) -> Order:
        """Load the page anew."""
        assert self.row is not None, "a deal has a row once it is placed"
        if self.seen is None or self.seen.version != self.row.version:
            self.seen = today(decode_order(self.row.snapshot))
        return self.seen


class Given(msgspec.Struct):
    """A command that was given under a key, and what was answered; None: nobody knows whether it happened."""

    envelope: Envelope
    answer: Answer | None = None


class Notebook:
    """What was asked under which key. The newest are remembered: those are what people repeat."""

    _KEPT = 400

    def __init__(self) -> None:
        self._known: list[Given] = []
        self._unsure: list[Given] = []

    def note(self, envelope: Envelope, answer: Answer | None) -> None:
        """This was answered so, or not at all."""
        if envelope.key is None or envelope.dry_run:
            return
        kept = self._known if answer is not None else self._unsure
        kept.append(Given(envelope, answer))
        if len(kept) > self._KEPT:
            del kept[: self._KEPT // 2]

    def again(self, chance: random.Random) -> Envelope | None:
        """Something to be asked once more: first what nobody knows about."""
        if self._unsure and chance.random() < 0.8:
            return self._unsure.pop(chance.randrange(len(self._unsure))).envelope
        return chance.choice(self._known).envelope if self._known else None


def envelope(order: OrderId | None, ask: Ask, key: str | None, *, dry_run: bool = False) -> Envelope:
    """The command on its way, as a face would put it."""
    command, actor = ask
    source = "world" if actor == SYSTEM else str(actor)
    return Envelope(order, command, actor, key, fingerprint(order, ask), dry_run=dry_run, source=source)


def fingerprint(order: OrderId | None, ask: Ask) -> bytes:
    """Of order, actor and body, as a face makes it."""
    command, actor = ask
    text = f"{order} {actor} {command.NAME} ".encode()
    return hashlib.sha256(text + encode(command)).digest()


def is_crowded(command: Command) -> bool:
    """Whether it orders dozens of something."""
    return isinstance(command, PlaceOrder) and any(line.quantity >= MANY for line in command.lines)


def to_pay(command: Command) -> int:
    """What the buyer pays for what they ordered (minor units)."""
    assert isinstance(command, PlaceOrder)
    goods = sum(line.unit_price * line.quantity for line in command.lines)
    return goods - command.discount + command.shipping + command.tax
