"""The chain of an order's events: each is committed to by a salted hash, and each link hashes all before it.

A link holds the commitment and not the event. So a text can be forgotten later, by rewriting the event and dropping its
salt: nobody can guess the old text from the commitment, and the chain over the commitments is still whole.
"""

from collections.abc import Iterable
from hashlib import sha256

SALT_BYTES = 16
HASH_BYTES = 32
NO_SALT = bytes(SALT_BYTES)
"""Stands for the salt of events that were stored before there were salts: one rule reads every commitment in one way only."""

_ORIGIN = b"fairhold order chain v1\n"


def commitment(salt: bytes, body: bytes) -> bytes:
    """SHA-256 of the salt (16 bytes) and the event's bytes as they are stored."""
    return sha256(salt + body).digest()


def origin(order: str) -> bytes:
    """Where the chain of that order begins: two orders with the same events have different chains."""
    return sha256(_ORIGIN + order.encode()).digest()


def linked(head: bytes, seq: int, committed: bytes) -> bytes:
    """The head once event number `seq` (from 1; four bytes, the highest first) is there."""
    return sha256(head + seq.to_bytes(4) + committed).digest()


def head_of(order: str, commitments: Iterable[bytes]) -> bytes:
    """The head of an order's chain over the commitments of its events, the first event first."""
    head = origin(order)
    for seq, committed in enumerate(commitments, 1):
        head = linked(head, seq, committed)
    return head
