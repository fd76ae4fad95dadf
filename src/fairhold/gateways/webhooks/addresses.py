"""Which addresses lie in the public internet, and may be called on behalf of whoever typed a URL.

After IANA's registries of special-purpose addresses (RFC 6890 and what updates it). Of IPv6 only what is given out as global
unicast counts, without those parts of it that embed or stand for other addresses.
"""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address

NOT_PUBLIC: tuple[tuple[str, str], ...] = (
    ("0.0.0.0/8", "this network"),
    ("10.0.0.0/8", "private"),
    ("100.64.0.0/10", "behind a provider's NAT"),
    ("127.0.0.0/8", "loopback"),
    ("169.254.0.0/16", "link-local, metadata of clouds"),
    ("172.16.0.0/12", "private"),
    ("192.0.0.0/24", "IETF protocols, metadata of a cloud"),
    ("192.0.2.0/24", "documentation"),
    ("192.88.99.0/24", "6to4 relays"),
    ("192.168.0.0/16", "private"),
    ("198.18.0.0/15", "benchmarks"),
    ("198.51.100.0/24", "documentation"),
    ("203.0.113.0/24", "documentation"),
    ("224.0.0.0/4", "multicast"),
    ("240.0.0.0/4", "reserved, broadcast"),
    ("2001::/23", "IETF protocols, Teredo"),
    ("2001:db8::/32", "documentation"),
    ("2002::/16", "6to4, which embeds IPv4"),
    ("3fff::/20", "documentation"),
)
"""Networks that are nobody's business, and what they are for."""

GLOBAL_IPV6 = ip_network("2000::/3")
"""All else of IPv6 is loopback, link-local, private, multicast, maps or translates IPv4, or is not given out."""

NEVER: tuple[str, ...] = ("169.254.0.0/16", "fe80::/10", "fd00:ec2::/32", "100.100.100.200/32", "192.0.0.192/32")
"""Where clouds tell a machine its own secrets: not even called where the operator allows a network around it."""

_NOT_PUBLIC = tuple(ip_network(network) for network, _ in NOT_PUBLIC)
_NEVER = tuple(ip_network(network) for network in NEVER)


def may_be_called(text: str, allowed: Sequence[Network] = ()) -> bool:
    """Whether this address, as the resolver writes it, is public or lies in a network that the operator allows."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if _within(address, _NEVER) or getattr(address, "scope_id", None) is not None:
        return False
    return _within(address, allowed) or is_public(address)


def is_public(address: Address) -> bool:
    """Whether the address belongs to the public internet."""
    if isinstance(address, IPv6Address) and address not in GLOBAL_IPV6:
        return False
    return not _within(address, _NOT_PUBLIC)


def _within(address: Address, networks: Sequence[Network]) -> bool:
    return any(address in network for network in networks)
