"""Making daily heads: the chains of all orders that changed on a day, under one signed root, once the day is over.

A day is that of writing, in UTC, so that what is written late stands under the head of the day on which it was written and
nothing falls between two. It is done in short portions, which can be begun again at any time: a day's head follows from
the events alone, whoever makes it, and where several processes do, the first to write it has made it for all.
"""

from collections.abc import Iterator, Sequence

import structlog

from fairhold.domain.ids import Lane, OrderId
from fairhold.domain.instants import DAY, MINUTE, Duration, Instant
from fairhold.engine.audit.trees import planted, signed_text
from fairhold.engine.installation.clock import Clock
from fairhold.engine.ports.heads import Chains, DailyHead, Heads, Leaf
from fairhold.proof.chain import head_of
from fairhold.proof.heads import FIRST, day_text, link, message
from fairhold.proof.keys import Signer

_log = structlog.get_logger("fairhold.heads")

MARGIN = Duration(10 * MINUTE)
"""How long after its end a day is left open: longer than any transaction lasts that began in it."""
LOOK_EVERY = Duration(10 * MINUTE)
PORTION = 200
"""Orders whose chains are read in one go."""
_PAGE = 5_000
"""Events whose orders are looked up in one go."""


class Sealer:
    """Makes the heads of days that are over."""

    def __init__(self, reader: Chains, heads: Heads, lanes: Sequence[Lane], signer: Signer, clock: Clock) -> None:
        self._reader = reader
        self._heads = heads
        self._lanes = lanes
        self._signer = signer
        self._clock = clock
        self._work: Iterator[None] | None = None
        self._look_at = Instant(0)

    def once(self) -> bool:
        """Do a portion of what there is to do; whether there is more. Blocks shortly; raises StoreUnavailable."""
        if self._work is None:
            now = self._clock.now()
            if now < self._look_at:
                return False
            self._look_at = Instant(now + LOOK_EVERY)
            self._work = self._days()
        try:
            next(self._work)
        except StopIteration:
            self._work = None
            return False
        except BaseException:
            # Begun again from the start of the day: leaves that are there already stay.
            self._work = None
            raise
        return True

    def finish(self) -> None:
        """Make every head that is due. Blocks."""
        self._look_at = Instant(0)
        while self.once():
            continue

    def _days(self) -> Iterator[None]:
        newest = self._heads.heads(None, 1)
        last = newest[0] if newest else None
        while (day := self._next_day(last)) is not None:
            for lane in self._lanes:
                yield from self._leaves(lane, day)
            yield from self._head(day, last)
            last = self._heads.head(day)

    def _next_day(self, last: DailyHead | None) -> int | None:
        """The first day since the last head on which anything was written, if it is over."""
        since = Instant(0 if last is None else (last.day + 1) * DAY)
        first = [at for lane in self._lanes if (at := self._reader.first_written(lane, since)) is not None]
        day = min(first, default=None)
        if day is None or self._clock.now() < (day // DAY + 1) * DAY + MARGIN:
            return None
        return day // DAY

    def _leaves(self, lane: Lane, day: int) -> Iterator[None]:
        """Keep the chain of each order of the lane as it was at the end of the day."""
        latest: dict[str, int] = {}
        at, end, limit = Instant(day * DAY), Instant((day + 1) * DAY), _PAGE
        while True:
            rows = self._reader.written(lane, at, end, limit)
            for _, order, seq in rows:
                latest[order] = max(seq, latest.get(order, 0))
            if len(rows) < limit:
                break
            # The next page begins with the last moment of this one, of which it may not have all.
            limit = _PAGE if rows[-1][0] > at else 2 * limit
            at = Instant(rows[-1][0])
            yield
        orders = sorted(latest)
        for start in range(0, len(orders), PORTION):
            self._heads.add_leaves([self._leaf(day, order, latest[order]) for order in orders[start : start + PORTION]])
            yield

    def _leaf(self, day: int, order: str, seq: int) -> Leaf:
        commitments = self._reader.commitments(OrderId(order), seq)
        if len(commitments) != seq:
            _log.critical("events are missing: run the audit", order=order, expected=seq, found=len(commitments))
        return Leaf(day, order, seq, head_of(order, commitments))

    def _head(self, day: int, last: DailyHead | None) -> Iterator[None]:
        for tree in planted(self._heads, day):
            if tree is None:
                yield
                continue
            previous = FIRST if last is None else link(signed_text(last))
            signature = self._signer.sign(message(day, previous, tree.root, tree.orders))
            now = self._clock.now()
            head = DailyHead(day, previous, tree.root, tree.orders, tree.blocks, self._signer.public, signature, now)
            self._heads.add_head(head)
            _log.info("daily head made", day=day_text(day), orders=tree.orders)
