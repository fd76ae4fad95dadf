"""The server's HTTP, byte by byte on a real connection: answers written at once, and answers that go the long way."""

import asyncio
import gc
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection, HTTPResponse

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from fairhold.api.http import ANSWER
from fairhold.cli.protocol import Exchange, Protocol

gone: list[str] = []


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Echoes method, path and body; below `/slow` it takes its time, below `/long` it goes the long way."""
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body", False):
            break
    path = scope["path"]
    assert "mine" not in scope["state"], "what one request keeps, no other sees"
    scope["state"]["mine"] = path
    if path == "/gone":
        gone.append((await receive())["type"])
        return
    if path.startswith("/slow"):
        await asyncio.sleep(0.1)
    said = f"{scope['method']} {path} {scope['query_string'].decode()} {len(body)}".encode()
    shown = b"" if scope["method"] == "HEAD" else said
    length = b"content-length: %d\r\n" % len(said)
    if path.startswith("/long") or not scope["extensions"][ANSWER](201, length + b"x-at-once: yes\r\n", shown):
        await send({"type": "http.response.start", "status": 201, "headers": [(b"content-length", b"%d" % len(said))]})
        await send({"type": "http.response.body", "body": shown})


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """Where the server listens."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, http=Protocol, lifespan="off", log_config=None, access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield listening.getsockname()[1]
    server.should_exit = True
    thread.join(20)


def exchange(port: int, sent: bytes, answers: int, methods: str = "GET") -> list[tuple[int, str, bytes, bool]]:
    """Send these bytes; status, `x-at-once`, body and whether the connection goes on, of so many answers."""
    found = []
    with closing(socket.create_connection(("127.0.0.1", port), timeout=20)) as connection:
        connection.sendall(sent)
        stream = connection.makefile("rb")
        for _ in range(answers):
            answer = HTTPResponse(_Stream(stream), method=methods)  # type: ignore[arg-type]  # all it wants is makefile
            answer.begin()
            body = answer.read()
            found.append((answer.status, answer.getheader("x-at-once", "no"), body, not answer.will_close))
        if found and not found[-1][3]:
            assert stream.read() == b"", "nothing comes behind the last answer"
    return found


class _Stream:
    """A stream of several answers, of which none closes it."""

    def __init__(self, stream: object) -> None:
        self._stream = stream

    def makefile(self, mode: str) -> "_Stream":
        return self

    def close(self) -> None:
        pass

    def flush(self) -> None:
        pass

    def __getattr__(self, name: str) -> object:
        return getattr(self._stream, name)


GET = b"GET %b HTTP/1.1\r\nHost: here\r\n\r\n"


def test_requests_sent_in_one_go_are_answered_in_their_order(port: int) -> None:
    found = exchange(port, GET % b"/slow" + GET % b"/long" + GET % b"/a%20b?c=d", 3)
    assert found == [
        (201, "yes", b"GET /slow  0", True),
        (201, "no", b"GET /long  0", True),
        (201, "yes", b"GET /a b c=d 0", True),
    ]


def test_a_connection_is_closed_where_the_caller_wants_that(port: int) -> None:
    closed = b"GET /x HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n"
    assert exchange(port, closed, 1) == [(201, "yes", b"GET /x  0", False)]
    assert exchange(port, b"GET /x HTTP/1.0\r\n\r\n", 1) == [(201, "yes", b"GET /x  0", False)]


def test_a_head_request_is_answered_without_a_body_and_the_connection_goes_on(port: int) -> None:
    head = GET.replace(b"GET", b"HEAD")
    found = exchange(port, head % b"/x" + head % b"/long", 2, "HEAD")
    assert found == [(201, "yes", b"", True), (201, "no", b"", True)]


def test_bodies_come_whole_whatever_their_size_and_form(port: int) -> None:
    post = b"POST /x HTTP/1.1\r\nHost: here\r\n"
    large = post + b"Content-Length: 1000000\r\n\r\n" + b"x" * 1_000_000
    chunked = post + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n"
    found = exchange(port, large + chunked + GET % b"/y", 3)
    assert [body for _, _, body, _ in found] == [b"POST /x  1000000", b"POST /x  7", b"GET /y  0"]


def test_a_body_that_comes_in_pieces_is_waited_for(port: int) -> None:
    with closing(socket.create_connection(("127.0.0.1", port), timeout=20)) as connection:
        connection.sendall(b"POST /x HTTP/1.1\r\nHost: here\r\nContent-Length: 6\r\n\r\nabc")
        time.sleep(0.05)
        connection.sendall(b"def")
        assert connection.recv(1000).endswith(b"POST /x  6")


def test_a_caller_who_asks_first_is_told_to_go_on(port: int) -> None:
    with closing(socket.create_connection(("127.0.0.1", port), timeout=20)) as connection:
        connection.sendall(
            b"POST /x HTTP/1.1\r\nHost: here\r\nContent-Length: 3\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"
        )
        assert connection.recv(1000).startswith(b"HTTP/1.1 100 Continue")
        connection.sendall(b"abc")
        assert b"POST /x  3" in connection.makefile("rb").read()


def test_whoever_goes_away_is_noticed_and_leaves_the_server_in_good_health(port: int) -> None:
    for path in (b"/slow", b"/gone"):
        with closing(socket.create_connection(("127.0.0.1", port), timeout=20)) as connection:
            connection.sendall(GET % path)
    deadline = time.monotonic() + 20
    while not gone and time.monotonic() < deadline:
        time.sleep(0.01)
    assert gone == ["http.disconnect"]
    assert exchange(port, GET % b"/x", 1) == [(201, "yes", b"GET /x  0", True)]


def test_what_is_no_http_is_refused(port: int) -> None:
    with closing(socket.create_connection(("127.0.0.1", port), timeout=20)) as connection:
        connection.sendall(b"nonsense\r\n\r\n")
        assert connection.makefile("rb").read().startswith(b"HTTP/1.1 400 ")


def test_a_client_library_is_served_on_one_connection(port: int) -> None:
    with closing(HTTPConnection("127.0.0.1", port, timeout=20)) as client:
        for body in (b"", b"abc", b"x" * 100_000):
            client.request("POST", "/x", body)
            assert client.getresponse().read() == b"POST /x  %d" % len(body)


@pytest.mark.parametrize("path", [b"/x", b"/long"])
def test_an_answered_request_is_gone_without_the_garbage_collector(port: int, path: bytes) -> None:
    """A ring of objects a request would stop a busy server for 70 ms whenever the collector takes some thousands apart."""
    gc.collect()
    gc.disable()
    try:
        exchange(port, GET % path * 20, 20)
        left = sum(isinstance(one, Exchange) for one in gc.get_objects())
    finally:
        gc.enable()
    assert left <= 2, "the last one is kept by its connection"
