"""Addresses of e-mail as they are taken: one mailbox, written in one line, its domain in any script (RFC 5321, IDNA 2008)."""

import re
import unicodedata

import idna

LONGEST = 254
"""Characters of an address on the wire (RFC 5321, 4.5.3.1.3)."""
LONGEST_LOCAL = 64

_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_TOP = re.compile(r"[a-z]{2,}|xn--[a-z0-9-]+")


def read_address(text: str) -> str | None:
    """The address with its domain in lower case and as people write it; None where it is none that we write to.

    The part before the @ keeps its letters as they are. Quoted ones, and those that are not ASCII, are not taken: few
    servers deliver to them. Nor are domains without a dot, or addresses by number.
    """
    local, at, domain = text.strip().rpartition("@")
    if not at or len(local) > LONGEST_LOCAL or not _LOCAL.fullmatch(local):
        return None
    wire = _on_the_wire(domain)
    if wire is None or len(local) + 1 + len(wire) > LONGEST:
        return None
    return f"{local}@{idna.decode(wire)}"


def on_the_wire(address: str) -> str:
    """The address as servers are told it, its domain in ASCII. Raises ValueError for what `read_address` does not take."""
    local, _, domain = address.rpartition("@")
    wire = _on_the_wire(domain)
    if wire is None or not _LOCAL.fullmatch(local):
        raise ValueError("no address of e-mail")
    return f"{local}@{wire}"


def _on_the_wire(domain: str) -> str | None:
    try:
        wire = idna.encode(unicodedata.normalize("NFC", domain), uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return None
    # An underscore or an empty label does not pass IDNA; a last label of digits would be an address by number.
    return wire if "." in wire and _TOP.fullmatch(wire.rpartition(".")[2]) else None
