"""What is kept of daily heads: the heads themselves, and which order had which chain at the end of which day."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from fairhold.domain.ids import Lane, OrderId
from fairhold.domain.instants import Instant


class DailyHead(NamedTuple):
    """A row of `daily_heads`: the signed root over the chains of the orders that changed on `day` (from 1970, UTC).

    `orders` says how many those are, `previous` is the hash of the head before. `blocks` has, for each 1024 orders, the first
    one's id and the root over them. `made_at` is when it was signed (microseconds), with the private half of `public_key`.
    """

    day: int
    previous: bytes
    root: bytes
    orders: int
    blocks: bytes
    public_key: bytes
    signature: bytes
    made_at: int


class Leaf(NamedTuple):
    """A row of `daily_leaves`: at the end of `day` the order had `seq` events, and its chain this head."""

    day: int
    order_id: str
    seq: int
    head: bytes


class Chains(Protocol):
    """What a reader answers about the events that heads are made of."""

    def commitments(self, order: OrderId, up_to: int) -> list[bytes]:
        """What the order's chain is made of, up to a version: `committed` of each event, the first one first."""
        ...

    def first_written(self, lane: Lane, since: Instant) -> Instant | None:
        """When the first of the lane's events that were written from then on was written, by `written_at`."""
        ...

    def written(self, lane: Lane, since: Instant, until: Instant, limit: int) -> list[tuple[int, str, int]]:
        """(written_at, order id, seq) of the lane's events written from `since` to before `until`, by `written_at`.

        Of those written at the same moment all or some: where all that were answered are of one, ask for more.
        """
        ...


class Heads(Protocol):
    """Small tables apart from the orders; of several databases, in the home database."""

    def add_leaves(self, leaves: Sequence[Leaf]) -> None:
        """Keep these; of an order and day that are there already, the first stays."""
        ...

    def leaves(self, day: int, first: str, limit: int) -> list[Leaf]:
        """Leaves of a day by order id, from the order `first` on."""
        ...

    def leaves_of(self, first: str, last: str) -> list[Leaf]:
        """All leaves of the orders whose ids lie between these, both included, by order and day."""
        ...

    def add_head(self, head: DailyHead) -> None:
        """Keep the head of a day; the first of a day stays."""
        ...

    def head(self, day: int) -> DailyHead | None:
        """The head of that day."""
        ...

    def heads(self, before: int | None, limit: int) -> list[DailyHead]:
        """The newest first, those of days before `before`, or the newest of all."""
        ...
