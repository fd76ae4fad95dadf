"""The audit of daily heads: each signed, each following the one before, and each saying what its orders' histories say."""

from collections.abc import Iterator, Sequence

from fairhold.engine.audit.findings import Finding, Kind
from fairhold.engine.audit.trees import planted, signed_text
from fairhold.engine.ports.heads import DailyHead, Heads, Leaf
from fairhold.engine.ports.store import StoredEvent
from fairhold.proof.chain import head_of
from fairhold.proof.heads import FIRST, day_text, link
from fairhold.proof.keys import is_signed

_PAGE = 200


def all_heads(heads: Heads) -> list[DailyHead]:
    """Every head, the oldest first."""
    found: list[DailyHead] = []
    while page := heads.heads(found[-1].day if found else None, _PAGE):
        found += page
    return found[::-1]


def check_heads(heads: Heads, made: Sequence[DailyHead]) -> Iterator[Finding]:
    """Whether each head is signed, follows the one before, and stands over its leaves."""
    previous = FIRST
    for head in made:
        day = day_text(head.day)
        if head.previous != previous:
            yield Finding(Kind.HEAD, None, f"the head of {day} does not follow the one before it")
        if not is_signed(head.public_key, head.signature, signed_text(head)):
            yield Finding(Kind.HEAD, None, f"the head of {day} is not signed with its key")
        previous = link(signed_text(head))
        *_, tree = planted(heads, head.day)
        if tree is None or tree[:3] != (head.root, head.orders, head.blocks):
            yield Finding(Kind.HEAD, None, f"the head of {day} is not the root over its orders")


def check_leaves(order: str, events: Sequence[StoredEvent], leaves: Sequence[Leaf]) -> Iterator[Finding]:
    """Whether the order's history is still what each daily head says it was."""
    commitments = [event.committed for event in events]
    for leaf in leaves:
        if leaf.seq > len(events) or head_of(order, commitments[: leaf.seq]) != leaf.head:
            what = f"events 1 to {leaf.seq} are not those that stand under the head of {day_text(leaf.day)}"
            yield Finding(Kind.HEAD, order, what)
