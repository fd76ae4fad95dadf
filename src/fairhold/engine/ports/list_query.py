"""Which orders a list shows."""

from typing import NamedTuple


class ListQuery(NamedTuple):
    """Which orders to list: newest first, `limit` of those whose id is below `before` (or the newest)."""

    buyer: str | None = None
    seller: str | None = None
    """Of one buyer, of one seller or, where both are None, of everybody."""
    tab: int = 0
    """A bit of the tab mask; 0 for all."""
    search: str = ""
    """Case-folded text that the search column contains; empty for all."""
    among: int = 1000
    """How many orders, the newest of that person and tab, are looked through for `search`."""
    number: int | None = None
    """The number that people read (`order_number`, without its dash): several orders may have the same."""
    before: str | None = None
    after: str | None = None
    """Going back to newer pages: ids above this one, still answered newest first."""
    limit: int = 50
