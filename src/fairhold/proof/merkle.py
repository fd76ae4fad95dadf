"""Trees of hashes as in RFC 6962, section 2.1: leaves and nodes are hashed apart, a lone node moves up as it is.

A large tree is kept as the roots of its blocks of `BLOCK` leaves: these are nodes of the tree, so that a path costs one
block's leaves and the roots, however many leaves there are.
"""

from collections.abc import Sequence
from hashlib import sha256

BLOCK = 1024
"""Leaves of a block; a power of two, or its root would be no node of the tree."""

EMPTY = sha256(b"").digest()
_LEAF, _NODE = b"\x00", b"\x01"


def leaf(content: bytes) -> bytes:
    """The hash of a leaf."""
    return sha256(_LEAF + content).digest()


def order_leaf(order: str, seq: int, head: bytes) -> bytes:
    """The leaf that says: at the end of the day this order had `seq` events, and its chain this head."""
    return leaf(order.encode() + seq.to_bytes(4) + head)


def node(left: bytes, right: bytes) -> bytes:
    """The hash of two nodes together."""
    return sha256(_NODE + left + right).digest()


def root(hashes: Sequence[bytes]) -> bytes:
    """The root over these leaves, or over the roots of blocks."""
    level = list(hashes)
    while len(level) > 1:
        level = _above(level)
    return level[0] if level else EMPTY


def path(hashes: Sequence[bytes], index: int) -> list[bytes]:
    """What has to be added to the leaf at `index` to arrive at the root, from the bottom up."""
    assert 0 <= index < len(hashes), "a path begins at a leaf"
    found, level = [], list(hashes)
    while len(level) > 1:
        beside = index ^ 1
        if beside < len(level):
            found.append(level[beside])
        level, index = _above(level), index // 2
    return found


def root_by_path(start: bytes, index: int, count: int, steps: Sequence[bytes]) -> bytes | None:
    """The root of a tree of `count` leaves at which the path arrives; None where it has the wrong length (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < count:
        return None
    reached, place, last = start, index, count - 1
    for step in steps:
        if last == 0:
            return None
        if place & 1 or place == last:
            reached = node(step, reached)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            reached = node(reached, step)
        place, last = place >> 1, last >> 1
    return reached if last == 0 else None


def _above(level: list[bytes]) -> list[bytes]:
    pairs = [node(left, right) for left, right in zip(level[::2], level[1::2], strict=False)]
    return [*pairs, level[-1]] if len(level) % 2 else pairs
