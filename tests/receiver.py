"""A marketplace's server for webhooks to be sent to: it does what a test tells it, however rude that is."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field

from standardwebhooks import Webhook

PATIENCE = 20.0


@dataclass(frozen=True)
class Got:
    """A request that came in whole."""

    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    def verified(self, secret: str) -> object:
        """The body, once the signature has been checked as receivers do. Raises WebhookVerificationError."""
        return Webhook(secret).verify(self.body, self.headers)


Behaviour = Callable[[socket.socket, Got], None]
"""What is done with a connection once its request has come."""


def answering(status: int = 200, body: bytes = b"ok", **headers: str) -> Behaviour:
    """An ordinary answer; header names are written with underscores."""

    def answer(connection: socket.socket, got: Got) -> None:
        lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
        head = f"HTTP/1.1 {status} Whatever\r\ncontent-length: {len(body)}\r\n{lines}\r\n"
        connection.sendall(head.encode() + body)

    return answer


def saying(raw: bytes) -> Behaviour:
    """These bytes, whether they are HTTP or not, and then the line is cut."""
    return lambda connection, got: connection.sendall(raw)


def hanging_up(connection: socket.socket, got: Got) -> None:
    """Nothing at all."""


def hanging(connection: socket.socket, got: Got) -> None:
    """Nothing, for long."""
    with suppress(OSError):
        connection.settimeout(PATIENCE)
        connection.recv(1)


def dripping(connection: socket.socket, got: Got) -> None:
    """A byte of an answer now and then, without end."""
    with suppress(OSError):
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            connection.sendall(b"x")
            time.sleep(0.05)


def flooding(connection: socket.socket, got: Got) -> None:
    """A body without end."""
    with suppress(OSError):
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            connection.sendall(b"y" * 65_536)


@dataclass
class Receiver:
    """Takes requests one connection at a time or many at once, and does `behave` with each, or what `next` has first."""

    port: int
    scheme: str = "http"
    behave: Behaviour = field(default_factory=answering)
    next: list[Behaviour] = field(default_factory=list)
    got: list[Got] = field(default_factory=list)
    arrived: threading.Condition = field(default_factory=threading.Condition)
    connections: int = 0

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}/hooks"

    def wait(self, count: int, seconds: float = PATIENCE) -> list[Got]:
        """The requests that have come, once there are so many."""
        with self.arrived:
            assert self.arrived.wait_for(lambda: len(self.got) >= count, seconds), f"{len(self.got)} of {count} came"
            return list(self.got)

    def serve(self, connection: socket.socket) -> None:
        with closing(connection), suppress(OSError):
            connection.settimeout(PATIENCE)
            request = _read(connection)
            if request is None:
                return
            with self.arrived:
                behave = self.next.pop(0) if self.next else self.behave
                self.got.append(request)
                self.arrived.notify_all()
            behave(connection, request)


def _read(connection: socket.socket) -> Got | None:
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65_536)
        if not piece:
            return None
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    while len(body) < int(headers.get("content-length", "0")):
        body += connection.recv(65_536)
    return Got(first.split(" ")[1], headers, body)


@contextmanager
def receiving(trust: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """A receiver on a free port of this machine; with `trust` it speaks TLS."""
    listening = socket.create_server(("127.0.0.1", 0))
    receiver = Receiver(listening.getsockname()[1], "https" if trust else "http")

    def accept() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            receiver.connections += 1
            threading.Thread(target=take, args=(connection,), daemon=True).start()

    def take(connection: socket.socket) -> None:
        if trust is None:
            receiver.serve(connection)
            return
        connection.settimeout(PATIENCE)
        try:
            encrypted = trust.wrap_socket(connection, server_side=True)
        except OSError:
            connection.close()
            return
        receiver.serve(encrypted)

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(PATIENCE)
