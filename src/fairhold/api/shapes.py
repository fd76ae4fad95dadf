"""What every shape of an answer is made of."""

from typing import Annotated

import msgspec
from msgspec import Meta

At = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]


class Out(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """An answer or a part of one; what has a default is left out where it has that value."""


class ActionOut(Out, frozen=True):
    """What the caller may do: now, or not now because of `code`."""

    name: str
    available: bool
    code: str | None = None
