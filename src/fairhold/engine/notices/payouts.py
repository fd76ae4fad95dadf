"""What sellers are told of their payouts: once for all orders in one."""

from collections.abc import Callable, Sequence

from fairhold.domain.actors import Role
from fairhold.engine.notices.notifying import key_of
from fairhold.engine.notices.tellings import Topic
from fairhold.engine.ports.notices import Kind, Notice, recipient_of
from fairhold.engine.ports.payouts import Payout, PayoutStage

Tell = Callable[[Sequence[Notice]], None]
"""Puts notices into people's inboxes, and letters about them into the queue."""


class PayoutNotices:
    """Tells sellers."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell

    def ended(self, payout: Payout) -> None:
        """A payout has come to its end, good or bad."""
        seller = recipient_of(Role.SELLER, payout.account.seller)
        good = payout.stage is PayoutStage.DONE
        topic = Topic.PAYOUT_SENT if good else Topic.PAYOUT_STOPPED
        facts: dict[str, object] = {
            "currency": payout.account.currency,
            "sum": payout.arrived if good else payout.arrived or payout.amount,
            "payout": payout.id,
        }
        at = payout.done_at or payout.made_at
        key = key_of(f"{payout.id}/{payout.tries}/{topic}", seller)
        self._tell([Notice(key, seller, topic, Kind.MONEY, None, at, facts)])
