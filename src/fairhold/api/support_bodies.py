"""Bodies of the calls to support."""

from typing import Literal

from fairhold.api.bodies import Wire
from fairhold.api.dispute_bodies import PhotoIds
from fairhold.domain.commands import Statement

Side = Literal["buyer", "seller"]


class Writing(Wire, frozen=True, kw_only=True):
    """A message. Staff say with whom they speak (`side`); photos are the caller's own, and staff send none."""

    text: Statement
    photos: PhotoIds = ()
    side: Side | None = None


class Claiming(Wire, frozen=True, kw_only=True):
    """Whose conversation, and whether the caller sees to it from now on."""

    side: Side = "buyer"
    claimed: bool = True
