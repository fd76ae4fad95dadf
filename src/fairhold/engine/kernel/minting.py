"""New ids: time-ordered, never twice from one process, not to be guessed from one another."""

import hashlib
import random
import threading
from collections.abc import Sequence

from fairhold.domain.ids import CHANCE_BITS, Lane, OrderId, order_id
from fairhold.domain.instants import DAY, Instant
from fairhold.domain.review import ReviewId

_ALL = (1 << CHANCE_BITS) - 1

CHANCE = random.SystemRandom()
"""The machine's own chance, not to be guessed; a simulation hands in one that begins with a number."""


class Mint:
    """Makes order ids. Inside one millisecond the random part only grows, so ids keep the order in which they were made."""

    def __init__(self, chance: random.Random = CHANCE) -> None:
        self._from = chance
        self._lock = threading.Lock()
        self._millisecond = -1
        self._chance = 0

    def order_id(self, now: Instant, lane: Lane) -> OrderId:
        """A fresh id for an order placed now in `lane`."""
        with self._lock:
            millisecond = now // 1000
            if millisecond > self._millisecond:
                # The top bit stays free, so that growing inside the millisecond has room.
                self._millisecond, self._chance = millisecond, self._from.getrandbits(CHANCE_BITS - 1)
            else:
                self._chance += 1 + self._from.getrandbits(16)
                if self._chance > _ALL:
                    self._millisecond, self._chance = self._millisecond + 1, self._from.getrandbits(CHANCE_BITS - 1)
            return order_id(self._millisecond, self._chance, lane)

    def salts(self, length: int) -> bytes:
        """So many bytes of chance, for the salts of commitments."""
        return self._from.randbytes(length)

    def review_id(self, now: Instant, lane: Lane) -> ReviewId:
        """A fresh id for a review written now in `lane`. It sorts by day and tells no more: a moment would tell the order."""
        milliseconds = now // DAY * (DAY // 1000) + self._from.randrange(DAY // 1000)
        return ReviewId(order_id(milliseconds, self._from.getrandbits(CHANCE_BITS), lane))


def placing_lane(key: str | None, lanes: Sequence[Lane]) -> Lane:
    """The lane in which an order is placed: it follows from the idempotency key, so that a repeat looks where the first went.

    Each lane draws a number for the key and the highest wins: a lane that is added takes its share of the keys from the
    others, and no key goes from one old lane to another.
    """
    if len(lanes) == 1:
        return lanes[0]
    if key is None:
        return CHANCE.choice(lanes)
    text = key.encode("utf-8", "surrogatepass")
    return max(lanes, key=lambda lane: hashlib.blake2b(text, digest_size=8, salt=lane.to_bytes(2)).digest())
