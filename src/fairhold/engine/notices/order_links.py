"""Links for letters: each opens one order for one person to look at, and signs nobody in.

A letter is forwarded, opened by filters and lies in a mailbox for years. So the link lets somebody see the little that
the letter told anyway and choose a way on; whatever changes the order asks for the signed-in buyer (S9, S13, S14).
"""

import base64
import hashlib
import hmac
from binascii import Error
from typing import NamedTuple

from fairhold.domain.ids import ORDER_ID_LENGTH, OrderId, PersonId, is_order_id
from fairhold.domain.instants import SECOND, Instant, after, days
from fairhold.engine.installation.clock import Clock

FOLDER = "/letters"
"""Where the links lead to."""
LIFETIME = days(30)
_SIGNATURE = 16
_MOMENT = 6
_LONGEST = 200


class Linked(NamedTuple):
    """What a link is for. `expired`: it was ours, and its time is over."""

    order: OrderId
    person: PersonId
    expired: bool


class OrderLinks:
    """Makes and reads the links of one installation. They hold for 30 days."""

    def __init__(self, secret: str, clock: Clock) -> None:
        self._key = hashlib.sha256(b"fairhold link in a letter\n" + secret.encode()).digest()
        self._clock = clock

    def signed_order_link(self, order: OrderId, person: PersonId) -> str:
        """The path at which `person` may look at the order that is theirs, to be put into a letter to them."""
        ends = after(self._clock.now(), LIFETIME) // SECOND
        payload = ends.to_bytes(_MOMENT, "big") + order.encode() + person.encode()
        return f"{FOLDER}/{self._written(payload)}"

    def read(self, token: str) -> Linked | None:
        """Whom and what the last part of a path is for, or None where we never made it."""
        if not token.isascii() or len(token) > _LONGEST:
            return None
        try:
            raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        except (Error, ValueError):
            return None
        signature, payload = raw[:_SIGNATURE], raw[_SIGNATURE:]
        if not hmac.compare_digest(signature, self._signature(payload)) or self._written(payload) != token:
            return None
        order = payload[_MOMENT : _MOMENT + ORDER_ID_LENGTH].decode()
        person = payload[_MOMENT + ORDER_ID_LENGTH :].decode()
        assert is_order_id(order), "nothing else is signed"
        ends = Instant(int.from_bytes(payload[:_MOMENT], "big") * SECOND)
        return Linked(OrderId(order), PersonId(person), self._clock.now() >= ends)

    def _written(self, payload: bytes) -> str:
        return base64.urlsafe_b64encode(self._signature(payload) + payload).decode().rstrip("=")

    def _signature(self, payload: bytes) -> bytes:
        return hmac.digest(self._key, payload, "sha256")[:_SIGNATURE]
