"""What of an order's money has left for its seller, part by part, as the auditor keeps it."""

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Part:
    """A part of a payout; sums in minor units. `seq` is the event that began it, `fee` what the provider kept of it."""

    payout: str
    amount: int
    account: str
    seq: int
    state: str = "started"
    reference: str = ""
    why: str = ""
    fee: int = 0
    returned: int = 0
    taken_back: int = 0
    asked_back: int = 0
    asked: dict[int, int] = field(default_factory=dict)
    """By the event that asked for it: what was asked back."""
    waits: bool = True
    """A message about it is on its way to the provider."""

    @property
    def left(self) -> int:
        """What of it the seller has, or is to have."""
        return self.amount - self.taken_back if self.state in ("started", "sent") else 0

    @property
    def came_back(self) -> int:
        """What of it is booked as being here again after it had left."""
        return self.returned + self.taken_back


def with_seller(parts: Iterable[Part]) -> int:
    """What the seller has, or is to have, of all of them."""
    return sum(part.left for part in parts)


def asked_for(parts: Iterable[Part]) -> int:
    """What the provider was asked to pass on and has not answered for."""
    return sum(part.amount for part in parts if part.state == "started")


def kept_of(parts: Iterable[Part]) -> int:
    """What the provider kept for passing them on."""
    return sum(part.fee for part in parts)
