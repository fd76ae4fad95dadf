"""Letters as the engine knows them: how they are queued, who writes them out, and who carries them away."""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple, Protocol

from fairhold.domain.instants import Duration, Instant


class Mail(NamedTuple):
    """A letter to be sent. The same `key` is only ever sent once.

    `to` is an address as `mail_addresses.py` reads it, `person` whom it concerns (their id without a role; None:
    nobody yet). `template` names how it is written (`words/letters/`), `values` what is filled in: plain JSON, instants as
    whole microseconds, amounts in minor units.
    """

    key: str
    to: str
    person: str | None
    language: str
    template: str
    values: Mapping[str, object]
    not_before: Instant


class MailQueue(Protocol):
    """Takes letters. Safe from any thread."""

    def post(self, mail: Mail) -> bool:
        """Queue durably; False where that key is queued, or was sent, already. Raises StoreUnavailable."""
        ...


class Written(NamedTuple):
    """A letter written out. `unsubscribe` is the address that one press in a mail program calls (RFC 8058)."""

    subject: str
    text: str
    html: str
    unsubscribe: str | None = None


class LetterWriter(Protocol):
    """Writes letters out at the moment they are sent."""

    def write(self, mail: Mail, now: Instant) -> Written | None:
        """The letter; None where what it would say has stopped being true, or its reader wants none of the kind.

        Raises StoreUnavailable; LookupError where no letter has that name, KeyError where a value is missing.
        """
        ...


class Outgoing(NamedTuple):
    """What a transport is given: the letter, to whom, and under which key however often it is tried."""

    key: str
    to: str
    language: str
    at: Instant
    written: Written


class Sent(NamedTuple):
    """The letter was taken over."""


class TryLater(NamedTuple):
    """It could not be taken now; why, without an address."""

    why: str


class Refused(NamedTuple):
    """It will never be taken. `address`: because of whom it is to, so that nothing more is sent there."""

    why: str
    address: bool


Fate = Sent | TryLater | Refused


class Transport(Protocol):
    """Carries letters away."""

    def send(self, letters: Sequence[Outgoing]) -> Iterator[Fate]:
        """What became of each, in their order, as it is known. Each takes a bounded time; never raises for what a server does."""
        ...


class MailState(StrEnum):
    """What became of a letter. `dropped`: it was no longer true, or not wanted, when its time came."""

    WAITING = "waiting"
    SENT = "sent"
    DROPPED = "dropped"
    PARKED = "parked"


class Queued(NamedTuple):
    """A letter that somebody has claimed: nobody else sends it meanwhile. `attempts` counts this one too."""

    mail: Mail
    attempts: int


class MailRows(MailQueue, Protocol):
    """The queue's rows. Safe from any thread and from several processes; raises StoreUnavailable."""

    def claim(self, now: Instant, lease: Duration, limit: int) -> list[Queued]:
        """Take what is due, soonest first, for as long as the lease: who dies meanwhile leaves it to others after that."""
        ...

    def retry(self, key: str, not_before: Instant, why: str) -> None:
        """Try again later."""
        ...

    def finish(self, key: str, state: MailState, at: Instant, why: str | None = None) -> None:
        """Nothing more is done about it. Of what was sent or dropped only the key is kept: letters hold personal data."""
        ...

    def next_due(self) -> Instant | None:
        """When the next waiting letter is to go."""
        ...

    def drop_for(self, person: str, at: Instant) -> None:
        """Drop what still waits for this person, who is being forgotten."""
        ...

    def forget_before(self, before: Instant) -> int:
        """Forget the keys of what was finished before, a portion at a time; how many."""
        ...


class SentLetter(NamedTuple):
    """A letter that was sent into a folder: what its reader would have before them. `html` asks no other server for anything."""

    name: str
    to: str
    subject: str
    at: Instant
    text: str
    html: str


class SentLetters(Protocol):
    """What a sandbox has sent. Safe from any thread."""

    def newest(self, limit: int) -> list[SentLetter]:
        """The latest letters, newest first."""
        ...

    def letter(self, name: str) -> SentLetter | None:
        """The letter of that name."""
        ...
