"""Uvicorn's HTTP with a short way out: an answer that is known whole is written at once.

Through ASGI's own messages an answer goes as a list of headers, each looked at again by the server, and in two pieces.
Whoever finds `fairhold.answer` among the extensions of a request (`fairhold.api.http.ANSWER`) may call it instead.
"""

import asyncio
import urllib.parse
from typing import TYPE_CHECKING, Any

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from fairhold.api.http import ANSWER
from fairhold.cli.crowding import MOST_CONNECTIONS, Gate, Line

if TYPE_CHECKING:
    from uvicorn._types import ASGI3Application

_MOST_UNREAD = 65_536


class Exchange(RequestResponseCycle):
    """One request and its answer."""

    _handed_over = False
    _line: Line | None = None

    def wait_in(self, line: Line) -> None:
        """All of the request is here: it waits for its answer from now on."""
        if self._line is None and not self.response_started:
            self._line = line
            line.waiting += 1

    def leave(self) -> None:
        """Its answer has begun, or nobody waits for it any more."""
        if self._line is not None:
            self._line.waiting -= 1
            self._line = None

    async def send(self, message: Any) -> None:
        """A piece of the answer."""
        self.leave()
        await super().send(message)

    async def run_asgi(self, app: "ASGI3Application") -> None:
        """Let the application answer it, and leave nothing behind that only the garbage collector could find."""
        try:
            await super().run_asgi(app)
        finally:
            # The short way out leads from the scope back to here. Left in, each request would be a ring of objects, and
            # the collector would stop the server for some 70 ms each few thousand requests to take them apart.
            self.scope["extensions"].pop(ANSWER, None)
            self.leave()

    def answer(self, status: int, headers: bytes, body: bytes) -> bool:
        """Write the whole answer; `headers` is a block of lines. False: it has to go the long way."""
        if self.access_log or self.response_started or self.flow.write_paused:
            return False
        self.leave()
        if self.disconnected:
            return True
        parts = [STATUS_LINE[status]]
        for name, value in self.default_headers:
            parts += (name, b": ", value, b"\r\n")
        parts += (headers, b"\r\n" if self.keep_alive else b"connection: close\r\n\r\n", body)
        self.transport.write(b"".join(parts))
        self.response_started = self.response_complete = True
        self.waiting_for_100_continue = False
        self.message_event.set()
        if not self.keep_alive:
            self.transport.close()
        self.on_response()
        return True

    async def receive(self) -> Any:
        """The body, at once where all of it is here; after that, word that the caller has gone."""
        waits = self.more_body or self.waiting_for_100_continue or self.disconnected or self.response_complete
        if waits or self._handed_over:
            return await super().receive()
        self._handed_over = True
        body, self.body = bytes(self.body), bytearray()
        self.message_event.clear()
        return {"type": "http.request", "body": body, "more_body": False}


class Protocol(HttpToolsProtocol):
    """A connection. Nothing here speaks WebSocket, so that is not looked for; who is let in, the gate says."""

    gate: Gate | None = None

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.access_log = self.access_log and self.config.access_log
        self._line: Line | None = None

    def on_message_begin(self) -> None:
        """A request comes."""
        self.url = b""
        self.expect_100_continue = False
        self.headers = []

    def on_headers_complete(self) -> None:
        """Its headers are here: begin to answer it, or let it wait for those before it."""
        parser = self.parser
        version = parser.get_http_version()
        url = httptools.parse_url(self.url)
        path = url.path.decode("ascii")
        extensions: dict[str, Any] = {}
        scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": self.asgi_version, "spec_version": "2.3"},
            "http_version": version,
            "server": self.server,
            "client": self.client,
            "scheme": self.scheme,
            "root_path": self.root_path,
            "headers": self.headers,
            "state": self.app_state.copy(),
            "method": parser.get_method().decode("ascii"),
            "path": self.root_path + (urllib.parse.unquote(path) if "%" in path else path),
            "raw_path": self.root_path.encode("ascii") + url.path,
            "query_string": url.query or b"",
            "extensions": extensions,
        }
        self.scope = scope  # type: ignore[assignment]  # uvicorn names the keys one by one
        before = self.cycle
        self.cycle = cycle = Exchange(
            scope=self.scope,
            transport=self.transport,
            flow=self.flow,
            logger=self.logger,
            access_logger=self.access_logger,
            access_log=self.access_log,
            default_headers=self.server_state.default_headers,
            message_event=asyncio.Event(),
            expect_100_continue=self.expect_100_continue,
            keep_alive=version != "1.0" and parser.should_keep_alive(),
            on_response=self.on_response_complete,
        )
        extensions[ANSWER] = cycle.answer
        app: ASGI3Application = self.app
        if self.gate is not None:
            self._line = self.gate.line(scope["method"], path)
            if self.gate.is_full(self._line, path, len(self.connections)):
                cycle.keep_alive = cycle.keep_alive and len(self.connections) <= MOST_CONNECTIONS
                app = self.gate.refuse  # type: ignore[assignment]  # Starlette's and uvicorn's names for the same
        if before is None or before.response_complete:  # type: ignore[redundant-expr]  # none before the first request
            self._start_asgi_task(cycle, app)
        else:
            self.flow.pause_reading()
            self.pipeline.appendleft((cycle, app))

    def on_body(self, body: bytes) -> None:
        """A piece of its body."""
        cycle = self.cycle
        if cycle.response_complete:
            return
        cycle.body += body
        if len(cycle.body) > _MOST_UNREAD:
            self.flow.pause_reading()
        cycle.message_event.set()

    def on_message_complete(self) -> None:
        """All of it is here."""
        cycle = self.cycle
        if not cycle.response_complete:
            cycle.more_body = False
            cycle.message_event.set()
            if self._line is not None and isinstance(cycle, Exchange):
                cycle.wait_in(self._line)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is there any more: what was asked behind something else is not even begun."""
        for cycle, _ in self.pipeline:
            if isinstance(cycle, Exchange):
                cycle.leave()
        super().connection_lost(exc)


def through(gate: Gate) -> type[Protocol]:
    """Connections that pass this gate."""
    return type("Gated", (Protocol,), {"gate": gate})
