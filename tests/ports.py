"""Ports of servers whose port is known before they run, or that are killed and started again: nobody else is given them.

A port that the system hands out is handed to somebody else as soon as it is free: to a server of another test, or to whoever
calls one.
"""

import secrets
import socket
from pathlib import Path

FIRST, FEWEST = 20_000, 1_000
HANDED_OUT = Path("/proc/sys/net/ipv4/ip_local_port_range")


def port_of_its_own(host: str = "127.0.0.1") -> int:
    """A port that nobody listens on, below those that the system hands out."""
    handed_out = int(HANDED_OUT.read_text(encoding="ascii").split()[0])
    # Where the system leaves none alone, one of many is not likely to be given away just now.
    last = handed_out if handed_out >= FIRST + FEWEST else 2 * FIRST
    while True:
        port = FIRST + secrets.randbelow(last - FIRST)
        try:
            socket.create_server((host, port)).close()
        except OSError:
            continue
        return port
