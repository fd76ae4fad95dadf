"""Bodies of the calls on inboxes and contacts."""

from typing import Annotated, Literal

from msgspec import Meta

from fairhold.api.bodies import ONE_LINE, Wire
from fairhold.engine.ports.mail_addresses import LONGEST
from fairhold.engine.ports.notices import Kind

MOST_READ = 200


class Reading(Wire, frozen=True):
    """Which notices were read; without `notices`, all that are there."""

    notices: Annotated[tuple[Annotated[str, Meta(max_length=64)], ...], Meta(max_length=MOST_READ)] | None = None


class LetterWishes(Wire, frozen=True):
    """Of which kinds no letters are wanted. Those about money and disputes cannot be turned off."""

    unwanted: Annotated[tuple[Literal["parcels", "conversation", "reviews"], ...], Meta(max_length=len(Kind))]


class NewContact(Wire, frozen=True):
    """Where somebody is written to: `zone` is an IANA name. Without `email` they get no letters, and have their inbox."""

    language: Literal["ru", "en"]
    zone: Annotated[str, Meta(min_length=1, max_length=64, pattern=ONE_LINE)] = "UTC"
    email: Annotated[str, Meta(min_length=3, max_length=LONGEST + 2, pattern=ONE_LINE)] | None = None
    name: Annotated[str, Meta(min_length=1, max_length=100, pattern=ONE_LINE)] | None = None
