"""Notifications of YooKassa: where they come from, and which object they are about. They carry no signature.

So nothing of what stands in one is believed but the name of the object, which is then read again («Incoming notifications»:
check the sender's address, or the object's status). Repeated, late and out of order they tell what is true now. One that is not
answered with 200 is sent again for 24 hours.
"""

import re
from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import NamedTuple

import msgspec

from fairhold.engine.outside.destinations import Unreadable

NETWORKS = (
    "77.75.153.0/25",
    "77.75.154.128/25",
    "77.75.156.11/32",
    "77.75.156.35/32",
    "185.71.76.0/27",
    "185.71.77.0/27",
    "2a02:5180::/32",
)
"""Where notifications come from («Incoming notifications», the section on IP addresses)."""

_ID = re.compile(r"[0-9A-Za-z-]{8,64}")


class About(NamedTuple):
    """What a notification is about: `kind` is `payment`, `refund`, `payout`, `deal` or something that is not known yet."""

    kind: str
    id: str


class _Object(msgspec.Struct, frozen=True):
    id: str


class _Notification(msgspec.Struct, frozen=True):
    type: str
    event: str
    object: _Object


class Senders:
    """Whose connections are listened to."""

    def __init__(self, networks: Iterable[str] = NETWORKS) -> None:
        self._networks: tuple[IPv4Network | IPv6Network, ...] = tuple(ip_network(one) for one in networks)

    def has(self, address: str) -> bool:
        """Whether `address` is one of them; an IPv4 address may come in the clothes of IPv6."""
        try:
            found = ip_address(address.strip())
        except ValueError:
            return False
        if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
            found = found.ipv4_mapped
        return any(found in network for network in self._networks)


def is_id(text: str) -> bool:
    """Whether this can be the name of one of its objects: it becomes part of a path."""
    return _ID.fullmatch(text) is not None


def about(body: bytes) -> About:
    """Which object a notification is about.

    Raises:
        Unreadable: it is not what YooKassa documents.

    """
    try:
        said = msgspec.json.decode(body, type=_Notification)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable(str(error)) from None
    if said.type != "notification" or not is_id(said.object.id):
        raise Unreadable("no notification about an object")
    return About(said.event.partition(".")[0], said.object.id)
