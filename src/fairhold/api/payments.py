"""What payment providers send: who sent it first, then what it says, then the orders."""

from collections.abc import Mapping

from fairhold.api.parts import Parts
from fairhold.api.problems import Problem
from fairhold.api.rows import Route
from fairhold.api.wire_news import PaymentNewsTaken
from fairhold.domain.reasons import Reason, Refusal
from fairhold.engine.kernel.envelope import Unavailable
from fairhold.engine.outside.destinations import TryLater, Unreadable
from fairhold.words.faults import Fault

MOST_BYTES = 1024 * 1024
AT_ONCE = 8
"""Messages that are read at the same time: the provider is asked back for each, and may be slow."""
MOST_WAITING = 200
"""So many wait for that; more are told to come again, as providers do."""


def take(
    parts: Parts, route: Route, headers: Mapping[str, str], body: bytes, address: str
) -> PaymentNewsTaken | Problem | Refusal:
    """Tell the orders what the message tells. Blocks; raises Unavailable and StoreUnavailable.

    What is of no order here is taken, too: whoever sent it has done their part.
    """
    name = route.inbound or ""
    if name not in parts.payments.providers:
        return Refusal(Reason.NOT_FOUND)
    try:
        taken = parts.payments.take(name, headers, body, address)
    except Unreadable:
        return Problem(Fault.SIGNATURE_INVALID)
    except TryLater as later:
        raise Unavailable(str(later)) from None
    return PaymentNewsTaken(taken.orders, taken.news)
