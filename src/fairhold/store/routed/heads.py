"""Daily heads, which lie in the home database: one head over all databases."""

from collections.abc import Callable, Sequence

from fairhold.engine.ports.heads import DailyHead, Leaf
from fairhold.store.routed.databases import Database


class RoutedHeads:
    """Daily heads; safe from any thread. Every method raises StoreUnavailable while the home is away."""

    def __init__(self, home: Callable[[], Database]) -> None:
        self._home = home

    def add_leaves(self, leaves: Sequence[Leaf]) -> None:
        """Keep these; of an order and day that are there already, the first stays."""
        home = self._home()
        with home.asked():
            home.store.heads().add_leaves(leaves)

    def leaves(self, day: int, first: str, limit: int) -> list[Leaf]:
        """Leaves of a day by order id, from the order `first` on."""
        home = self._home()
        with home.asked():
            return home.store.heads().leaves(day, first, limit)

    def leaves_of(self, first: str, last: str) -> list[Leaf]:
        """All leaves of the orders whose ids lie between these, both included, by order and day."""
        home = self._home()
        with home.asked():
            return home.store.heads().leaves_of(first, last)

    def add_head(self, head: DailyHead) -> None:
        """Keep the head of a day; the first of a day stays."""
        home = self._home()
        with home.asked():
            home.store.heads().add_head(head)

    def head(self, day: int) -> DailyHead | None:
        """The head of that day."""
        home = self._home()
        with home.asked():
            return home.store.heads().head(day)

    def heads(self, before: int | None, limit: int) -> list[DailyHead]:
        """The newest first, those of days before `before`, or the newest of all."""
        home = self._home()
        with home.asked():
            return home.store.heads().heads(before, limit)
