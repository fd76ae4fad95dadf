"""A small server in a thread: what a provider's fake answers, and how a bad day of it looks."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Protocol


class Mood(Enum):
    """How it answers, whatever it is asked."""

    WELL = auto()
    BUSY = auto()
    BROKEN = auto()
    KEY_REFUSED = auto()
    ELSEWHERE = auto()
    NONSENSE = auto()
    TOO_MUCH = auto()
    SILENT = auto()
    CUT_OFF = auto()


@dataclass(frozen=True)
class Asked:
    """A request; names of headers in small letters."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Answer:
    """What comes back."""

    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


class Fake(Protocol):
    """A provider. `asked` is what it was asked so far."""

    mood: Mood
    asked: list[Asked]

    def answer(self, asked: Asked) -> Answer:
        """What it says on a good day."""
        ...


_MOODS = {
    Mood.BUSY: Answer(b"{}", 429, {"Retry-After": "7"}),
    Mood.BROKEN: Answer(b"<html>bad gateway</html>", 502),
    Mood.KEY_REFUSED: Answer(b"{}", 401),
    Mood.ELSEWHERE: Answer(b"", 302, {"Location": "http://127.0.0.1:9/"}),
    Mood.NONSENSE: Answer(b"\xff<not what anybody documents"),
    Mood.TOO_MUCH: Answer(b" " * 5_000_000),
}


@contextmanager
def served(fake: Fake) -> Iterator[str]:
    """The base URL under which it answers."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.command, self.path, headers, body)
            fake.asked.append(asked)
            if fake.mood is Mood.SILENT:
                time.sleep(1.5)
                return
            if fake.mood is Mood.CUT_OFF:
                self.wfile.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{")
                self.close_connection = True
                return
            self._send(_MOODS.get(fake.mood) or fake.answer(asked))

        do_GET = do_POST  # noqa: N815 - as the library calls it

        def _send(self, answer: Answer) -> None:
            self.send_response(answer.status)
            for name, value in {**answer.headers, "content-length": str(len(answer.body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
