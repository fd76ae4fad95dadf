"""What carriers and tracking services send: the signature first, then the body, then the orders."""

from collections.abc import Mapping

from fairhold.api.auth import TRACKING, Caller, Keys
from fairhold.api.http import Head
from fairhold.api.parts import Parts
from fairhold.api.problems import Problem
from fairhold.api.reading import Form
from fairhold.api.rows import Route
from fairhold.api.wire_news import NewsTaken
from fairhold.domain.reasons import Reason, Refusal
from fairhold.engine.outside.destinations import Unreadable
from fairhold.engine.outside.tracking import CarrierWord, Inbound
from fairhold.words.faults import Fault

MOST_BYTES = 1024 * 1024
"""A parcel's whole history is told each time; a thousand scans fit."""

_WORD: Form[CarrierWord] = Form(CarrierWord)


def trusted(route: Route, keys: Keys, head: Head) -> bool | Problem | Refusal:
    """Whether an operator's key vouches for the caller, so that no signature is looked for; or what is wrong with the key."""
    if not route.keyless or head.authorization is None:
        return False
    caller: Caller | Problem = keys.caller(head)
    if isinstance(caller, Problem):
        return caller
    if caller.actor.role not in route.roles:
        return Refusal(Reason.NOT_ALLOWED)
    return True if caller.has(TRACKING) else Problem(Fault.SCOPE_NOT_GRANTED)


def take(
    parts: Parts, route: Route, headers: Mapping[str, str], body: bytes, *, is_trusted: bool
) -> NewsTaken | Problem | Refusal:
    """Tell the orders what the message tells. Blocks; raises Unavailable and StoreUnavailable.

    News of numbers that no parcel has are taken, too: whoever sends them has done their part.
    """
    inbound: Inbound | None = parts.inbound.get(route.inbound or "")
    if inbound is None:
        return Refusal(Reason.NOT_FOUND)
    if not is_trusted and not inbound.is_signed(headers, body):
        return Problem(Fault.SIGNATURE_INVALID)
    if route.body is CarrierWord:
        word = _WORD.read(body)
        if isinstance(word, Problem):
            return word
    try:
        news = inbound.read(body)
    except Unreadable:
        return Problem(Fault.INVALID_VALUE, "checkpoints" if route.body else None, "instant" if route.body else None)
    taken = parts.parcels.take(inbound.name, news)
    return NewsTaken(taken.parcels, taken.scans)
