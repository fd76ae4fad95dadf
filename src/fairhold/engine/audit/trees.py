"""A day's tree as it is kept: the root over its leaves, each block's root, and the way from one order's leaf to the root."""

from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from fairhold.engine.ports.heads import DailyHead, Heads, Leaf
from fairhold.proof import merkle
from fairhold.proof.bundle import HeadProof
from fairhold.proof.chain import HASH_BYTES
from fairhold.proof.heads import day_text, message

_ID_BYTES = 20
_ENTRY = _ID_BYTES + HASH_BYTES


class Tree(NamedTuple):
    """What is kept of a tree. `blocks`: the first order's id and the root of each block, one after the other."""

    root: bytes
    orders: int
    blocks: bytes


def planted(heads: Heads, day: int) -> Iterator[Tree | None]:
    """The tree over the day's leaves, at last; None after each block, so that whoever waits can do something else meanwhile."""
    count, first, blocks = 0, "", bytearray()
    while rows := heads.leaves(day, first, merkle.BLOCK + 1):
        own = rows[: merkle.BLOCK]
        blocks += own[0].order_id.encode() + merkle.root(hashes_of(own))
        count += len(own)
        if len(rows) == len(own):
            break
        first = rows[-1].order_id
        yield None
    yield Tree(merkle.root(_roots(blocks)), count, bytes(blocks))


def hashes_of(leaves: list[Leaf]) -> list[bytes]:
    """The leaves as the tree has them."""
    return [merkle.order_leaf(leaf.order_id, leaf.seq, leaf.head) for leaf in leaves]


def signed_text(head: DailyHead) -> bytes:
    """What the head's signature covers."""
    return message(head.day, head.previous, head.root, head.orders)


def proof_of(heads: Heads, order: str) -> HeadProof | None:
    """The way from the order to the newest head that covers it; None where none does yet, or where its tree is damaged."""
    for leaf in reversed(heads.leaves_of(order, order)):
        head = heads.head(leaf.day)
        # A day that is just being worked on has leaves and no head yet.
        if head is not None:
            return _way(heads, head, leaf)
    return None


def _way(heads: Heads, head: DailyHead, leaf: Leaf) -> HeadProof | None:
    block = bisect_right(_firsts(head.blocks), leaf.order_id) - 1
    roots = _roots(head.blocks)
    if not 0 <= block < len(roots):
        return None
    own = heads.leaves(head.day, _firsts(head.blocks)[block], merkle.BLOCK)
    own = own[: head.orders - block * merkle.BLOCK]
    hashes = hashes_of(own)
    if leaf not in own or merkle.root(hashes) != roots[block]:
        return None
    place = own.index(leaf)
    steps = merkle.path(hashes, place) + merkle.path(roots, block)
    return HeadProof(
        day=day_text(head.day),
        previous=head.previous.hex(),
        root=head.root.hex(),
        count=head.orders,
        public_key=head.public_key.hex(),
        signature=head.signature.hex(),
        seq=leaf.seq,
        index=block * merkle.BLOCK + place,
        path=[step.hex() for step in steps],
    )


def _firsts(blocks: bytes) -> list[str]:
    return [blocks[at : at + _ID_BYTES].decode("ascii", "replace") for at in range(0, len(blocks), _ENTRY)]


def _roots(blocks: bytes | bytearray) -> list[bytes]:
    return [bytes(blocks[at + _ID_BYTES : at + _ENTRY]) for at in range(0, len(blocks), _ENTRY)]
