"""Too many at once: those who are let in are answered as ever, the others hear at once that they should come again."""

import asyncio
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPResponse

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from fairhold.cli.crowding import Gate, refusing
from fairhold.cli.protocol import through
from fairhold.engine.kernel.envelope import RETRY_SECONDS
from fairhold.web.crowded import Crowded

go_on = threading.Event()


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Reads the body and answers when it may; below `/stream` it begins at once and ends then."""
    while (await receive()).get("more_body", False):
        pass
    if scope["path"].startswith("/stream"):
        await send({"type": "http.response.start", "status": 200, "headers": [(b"connection", b"close")]})
    while not go_on.is_set():  # noqa: ASYNC110 - it is set by another thread
        await asyncio.sleep(0.01)
    if not scope["path"].startswith("/stream"):
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})


@pytest.fixture
def gate() -> Gate:
    return Gate(refusing(Crowded(RETRY_SECONDS)), commands=2, others=1)


@pytest.fixture
def port(gate: Gate) -> Iterator[int]:
    """Where a server listens that lets in two commands and one visitor."""
    go_on.clear()
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, http=through(gate), lifespan="off", log_config=None, access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield listening.getsockname()[1]
    go_on.set()
    server.should_exit = True
    thread.join(20)


@contextmanager
def asking(port: int, method: str, path: str, **headers: str) -> Iterator[HTTPConnection]:
    """A request whose answer is not there yet."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        connection.request(method, path, headers=headers)
        yield connection


def until(gate: Gate, method: str, path: str, waiting: int) -> None:
    """So many wait in the line of such requests."""
    deadline = time.monotonic() + 60
    while gate.line(method, path).waiting != waiting:
        assert time.monotonic() < deadline, gate.line(method, path).waiting
        time.sleep(0.005)


def told(port: int, method: str, path: str, **headers: str) -> tuple[HTTPResponse, str]:
    with asking(port, method, path, **headers) as connection:
        answer = connection.getresponse()
        return answer, answer.read().decode()


def test_commands_beyond_the_line_are_told_to_come_again_and_the_others_are_answered(port: int, gate: Gate) -> None:
    with asking(port, "POST", "/v1/orders") as first, asking(port, "POST", "/v1/orders") as second:
        until(gate, "POST", "/v1/orders", 2)
        answer, body = told(port, "POST", "/v1/orders", **{"Accept-Language": "ru"})
        assert (answer.status, answer.headers["Retry-After"]) == (503, "2")
        problem = json.loads(body)
        assert (problem["type"].rpartition("/")[2], problem["status"]) == ("docs#overloaded", 503)
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.headers["Content-Language"] == "ru"
        go_on.set()
        assert [one.getresponse().status for one in (first, second)] == [200, 200]
    assert told(port, "POST", "/v1/orders")[0].status == 200


def test_pages_have_a_line_of_their_own_and_say_it_in_words(port: int, gate: Gate) -> None:
    with asking(port, "GET", "/orders"):
        until(gate, "GET", "/orders", 1)
        for language, title in (("ru", "Слишком много посетителей сразу"), ("en", "Too many people at once")):
            answer, page = told(port, "POST", "/orders/o1/receipt", **{"Accept-Language": language})
            assert (answer.status, answer.headers["Retry-After"]) == (503, "2")
            assert title in page
            assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'")
        assert "Слишком много" in told(port, "GET", "/", Cookie="fairhold_language=ru")[1]
        assert told(port, "GET", "/v1/orders")[0].status == 503
        with asking(port, "POST", "/v1/orders") as command:
            go_on.set()
            assert command.getresponse().status == 200


def test_whoever_watches_the_server_is_answered_in_any_case(port: int, gate: Gate) -> None:
    with asking(port, "GET", "/orders"):
        until(gate, "GET", "/orders", 1)
        with asking(port, "GET", "/health") as watching:
            until(gate, "GET", "/health", 2)
            go_on.set()
            assert watching.getresponse().status == 200


def test_what_has_begun_to_be_answered_and_what_is_still_being_sent_hold_no_place(port: int, gate: Gate) -> None:
    with asking(port, "GET", "/stream") as stream, socket.create_connection(("127.0.0.1", port)) as slow:
        assert stream.getresponse().status == 200
        slow.sendall(b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nab")
        time.sleep(0.1)
        assert gate.line("GET", "/").waiting == 0
        with asking(port, "GET", "/orders"):
            until(gate, "GET", "/orders", 1)
            assert told(port, "GET", "/orders")[0].status == 503


def test_whoever_goes_away_gives_the_place_back(port: int, gate: Gate) -> None:
    with socket.create_connection(("127.0.0.1", port)) as impatient:
        impatient.sendall(b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n" * 3)
        until(gate, "GET", "/a", 3)
    go_on.set()
    until(gate, "GET", "/a", 0)
    assert told(port, "GET", "/orders")[0].status == 200
