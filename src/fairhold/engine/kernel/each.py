"""Work on every lane, of which one whose database does not answer must not hold up the others."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from fairhold.domain.ids import Lane
from fairhold.engine.kernel.envelope import Unavailable
from fairhold.engine.ports.store import StoreUnavailable

T = TypeVar("T")


def each_lane(lanes: Iterable[Lane], work: Callable[[Lane], T]) -> list[T]:
    """What `work` answers for each lane. Raises the first StoreUnavailable or Unavailable once all lanes had their turn."""
    found: list[T] = []
    failed: StoreUnavailable | Unavailable | None = None
    for lane in lanes:
        try:
            found.append(work(lane))
        except (StoreUnavailable, Unavailable) as error:
            failed = failed or error
    if failed is not None:
        raise failed
    return found
