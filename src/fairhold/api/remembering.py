"""What sellers are known for, kept for a minute: how fast they ship is read out of a hundred orders."""

from collections import OrderedDict
from threading import Lock
from typing import NamedTuple

from fairhold.domain.actors import Role
from fairhold.domain.ids import PersonId
from fairhold.domain.instants import MINUTE, Instant, after
from fairhold.domain.reputation import day_of
from fairhold.engine.queries import Queries
from fairhold.engine.reputation_queries import Reputation

MOST = 1000
"""Sellers that are remembered; the longest unasked is forgotten first."""


class _Kept(NamedTuple):
    at: Instant
    found: Reputation


class Reputations:
    """Reputation by seller; safe from any thread.

    What is kept counts for a minute of the engine's clock, within one day, and only while no review has come, gone or
    changed since: one look tells. So figures are always those of now, and shipping speed is at most a minute old.
    """

    def __init__(self, queries: Queries, most: int = MOST) -> None:
        self._queries = queries
        self._most = most
        self._kept: OrderedDict[PersonId, _Kept] = OrderedDict()
        self._turn = Lock()

    def of(self, seller: PersonId) -> Reputation:
        """What the seller is known for."""
        now = self._queries.now()
        with self._turn:
            kept = self._kept.get(seller)
            if kept is not None:
                self._kept.move_to_end(seller)
        if kept is not None and self._is_fresh(kept, seller, now):
            return kept.found
        found = self._queries.reputation.reputation(seller)
        with self._turn:
            self._kept[seller] = _Kept(now, found)
            self._kept.move_to_end(seller)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return found

    def _is_fresh(self, kept: _Kept, seller: PersonId, now: Instant) -> bool:
        if not kept.at <= now < after(kept.at, MINUTE) or day_of(now) != day_of(kept.at):
            return False
        return self._queries.reputation.tally(Role.SELLER, seller) == kept.found.whole
