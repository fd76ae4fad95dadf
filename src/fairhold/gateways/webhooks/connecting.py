"""Connections for webhooks: a name is looked up once, all its addresses are checked, and one of just those is called.

So no second look-up can lead elsewhere, whatever a name server says a moment later. TLS still names and checks the host.
Everything about one request has one deadline together: who sends a byte now and then does not stretch it.
"""

import socket
import ssl
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import httpcore2

from fairhold.gateways.webhooks.addresses import Network, may_be_called

CONNECT_SECONDS = 5.0
MOST_ADDRESSES = 8
"""Addresses of one name that are tried, one after the other."""
_PIECE = 16_384


class NotPublic(Exception):
    """The name leads to an address that may not be called."""


class NoAddress(Exception):
    """The name cannot be looked up."""


class Connector(httpcore2.NetworkBackend):
    """Opens the connection of one request that has to be over at `until` (of `time.monotonic`)."""

    def __init__(self, until: float, allowed: Sequence[Network]) -> None:
        self._until = until
        self._allowed = allowed

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the deadline counts
        local_address: str | None = None,  # noqa: ARG002 - httpcore's port asks for it
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002 - likewise
    ) -> httpcore2.NetworkStream:
        """A connection to one of the addresses of `host`. Raises NoAddress, NotPublic, ConnectTimeout or ConnectError."""
        failure: Exception | None = None
        for family, address in resolve(host, port, self._allowed)[:MOST_ADDRESSES]:
            found = socket.socket(family, socket.SOCK_STREAM)
            try:
                found.settimeout(min(CONNECT_SECONDS, _left(self._until, httpcore2.ConnectTimeout)))
                found.connect(address)
                found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            except OSError as error:
                found.close()
                failure = error
            except BaseException:
                found.close()
                raise
            else:
                return Stream(found, self._until)
        if isinstance(failure, TimeoutError):
            raise httpcore2.ConnectTimeout(str(failure))
        raise httpcore2.ConnectError(str(failure))


def resolve(host: str, port: int, allowed: Sequence[Network]) -> list[tuple[int, Any]]:
    """The addresses of a name, each with its family. Raises NoAddress, or NotPublic where any of them may not be called."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NoAddress(str(error)) from error
    known = [(int(family), where) for family, _, _, _, where in found]
    if not all(may_be_called(str(where[0]), allowed) for _, where in known):
        raise NotPublic(host)
    return known


class Stream(httpcore2.NetworkStream):
    """A connection that nobody can keep open past its deadline."""

    def __init__(self, connection: socket.socket, until: float) -> None:
        self._socket = connection
        self._until = until

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - the deadline counts
        """What comes next."""
        with _explained(httpcore2.ReadTimeout, httpcore2.ReadError):
            self._socket.settimeout(_left(self._until, httpcore2.ReadTimeout))
            return self._socket.recv(max_bytes)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 - the deadline counts
        """Send all of it."""
        rest = memoryview(buffer)
        with _explained(httpcore2.WriteTimeout, httpcore2.WriteError):
            while rest:
                self._socket.settimeout(_left(self._until, httpcore2.WriteTimeout))
                rest = rest[self._socket.send(rest[:_PIECE]) :]

    def close(self) -> None:
        """Hang up."""
        with suppress(OSError):
            self._socket.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002 - the deadline counts
    ) -> httpcore2.NetworkStream:
        """Go on encrypted, with whoever shows a certificate for `server_hostname`."""
        with _explained(httpcore2.ConnectTimeout, httpcore2.ConnectError):
            self._socket.settimeout(_left(self._until, httpcore2.ConnectTimeout))
            try:
                wrapped = ssl_context.wrap_socket(self._socket, server_hostname=server_hostname)
            except BaseException:
                self.close()
                raise
            return Stream(wrapped, self._until)

    def get_extra_info(self, info: str) -> Any:
        """What httpcore asks of a connection: whether it is encrypted, and its socket."""
        if info == "ssl_object":
            return self._socket if isinstance(self._socket, ssl.SSLSocket) else None
        return self._socket if info == "socket" else None


def _left(until: float, over: type[Exception]) -> float:
    """Seconds until then; raises `over` where there are none."""
    left = until - time.monotonic()
    if left <= 0:
        raise over("the time for this request is over")
    return left


@contextmanager
def _explained(late: type[Exception], broken: type[Exception]) -> Iterator[None]:
    """The socket's errors as httpcore knows them; those of TLS stay what they are."""
    try:
        yield
    except TimeoutError as error:
        raise late(str(error)) from error
    except ssl.SSLError:
        raise
    except OSError as error:
        raise broken(str(error)) from error
