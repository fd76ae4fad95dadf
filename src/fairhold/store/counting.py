"""From how many orders have which mask of tabs to how many stand in each tab."""

from collections.abc import Iterable


def by_bit(masks: Iterable[tuple[int, int]], most: int | None) -> dict[int, int]:
    """How many orders have each bit, and under 0 how many there are; out of (mask, count), none of them above `most`."""
    counts = {0: 0}
    for mask, count in masks:
        counts[0] += count
        left = mask
        while left:
            bit = left & -left
            counts[bit] = counts.get(bit, 0) + count
            left ^= bit
    return counts if most is None else {bit: min(count, most) for bit, count in counts.items()}
