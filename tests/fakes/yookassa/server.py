"""YooKassa on loopback: its HTTP on good days and bad ones, and its notifications. One server for all tests of a process."""

import asyncio
import json
import random
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from typing import Any

import httpx2
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.fakes.yookassa.fake import Fault, YooKassaFake
from tests.fakes.yookassa.things import Problem
from tests.gateways.fakes.patience import SILENT_FOR

Endpoint = Callable[[Request], Awaitable[Response]]

_INTERNAL = {
    "type": "error",
    "id": "1",
    "code": "internal_server_error",
    "description": "Try again",
    "retry_after": 1800,
}
_INSTEAD: dict[Fault | None, Callable[[], Response]] = {
    Fault.BROKEN_BEFORE: lambda: JSONResponse(_INTERNAL, 500),
    Fault.BUSY: lambda: JSONResponse({"type": "error", "code": "too_many_requests"}, 429, {"Retry-After": "7"}),
    Fault.NOT_LET_IN: lambda: JSONResponse({"type": "error", "code": "invalid_credentials"}, 401),
    Fault.ELSEWHERE: lambda: Response(status_code=302, headers={"Location": "http://127.0.0.1:9/"}),
    Fault.TURNED_AWAY: lambda: Response("<h1>404 Not Found</h1>", 404, media_type="text/html"),
}
_AFTERWARDS: dict[Fault | None, Callable[[], Response]] = {
    Fault.BROKEN_AFTER: lambda: JSONResponse(_INTERNAL, 500),
    Fault.AT_WORK: lambda: JSONResponse({"type": "processing", "description": "Wait", "retry_after": 1800}, 202),
    Fault.NONSENSE: lambda: Response(b"\xff<not what anybody documents"),
    Fault.TOO_MUCH: lambda: Response(b" " * 5_000_000),
    Fault.CUT_OFF: lambda: JSONResponse({"code": "timeout", "description": "Request Timeout"}, 408),
}


@contextmanager
def served(fake: YooKassaFake) -> Iterator[str]:
    """The base URL under which it answers."""

    async def endpoint(request: Request) -> Response:
        path = request.path_params["path"].removeprefix("v3/")
        headers = {name.lower(): value for name, value in request.headers.items()}
        fake.calls.append((request.method, path, headers.get("idempotence-key", "")))
        fault = fake.take_fault(request.method, path)
        if fault in _INSTEAD:
            return _INSTEAD[fault]()
        try:
            said = fake.answer(request.method, path, dict(request.query_params), headers, await request.body())
        except Problem as problem:
            return JSONResponse(problem.shown, problem.status)
        if fault is Fault.SILENT_AFTER:
            await asyncio.sleep(SILENT_FOR)
        return _AFTERWARDS[fault]() if fault in _AFTERWARDS else JSONResponse(said)

    with _house().door(endpoint) as url:
        yield f"{url}/v3/"


@contextmanager
def listening(hear: Callable[[bytes, str], int]) -> Iterator[str]:
    """A URL to which notifications can be sent; `hear` gets body and address and says with which status it is answered."""

    async def endpoint(request: Request) -> Response:
        body, client = await request.body(), request.client
        assert client is not None
        # What hears may ask the fake, which must not wait for the loop that this runs in.
        return Response(status_code=await asyncio.to_thread(hear, body, client.host))

    with _house().door(endpoint) as url:
        yield f"{url}/notifications"


def post(url: str, notices: Iterable[bytes], *, times: int = 1, shuffled: int | None = None) -> list[int]:
    """Send notifications from loopback, each `times` times, in the order that the seed `shuffled` makes; the statuses."""
    sent = [one for one in notices for _ in range(times)]
    if shuffled is not None:
        random.Random(shuffled).shuffle(sent)
    with httpx2.Client(timeout=20) as client:
        return [client.post(url, content=one, headers={"content-type": "application/json"}).status_code for one in sent]


def forged(event: str, **thing: Any) -> bytes:
    """A notification that nobody at YooKassa sent."""
    return json.dumps({"type": "notification", "event": event, "object": thing}).encode()


class _House:
    """A server whose doors are told apart by the first part of their paths."""

    def __init__(self) -> None:
        self._doors: dict[str, Endpoint] = {}
        self._numbers = count(1)
        app = Starlette(routes=[Route("/{door}/{path:path}", self._answer, methods=["GET", "POST"])])
        listens = socket.create_server(("127.0.0.1", 0))
        self._url = f"http://127.0.0.1:{listens.getsockname()[1]}"
        server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_config=None, access_log=False, ws="none"))
        threading.Thread(target=server.run, kwargs={"sockets": [listens]}, daemon=True).start()
        deadline = time.monotonic() + 20
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.01)
        assert server.started

    @contextmanager
    def door(self, endpoint: Endpoint) -> Iterator[str]:
        name = str(next(self._numbers))
        self._doors[name] = endpoint
        try:
            yield f"{self._url}/{name}"
        finally:
            del self._doors[name]

    async def _answer(self, request: Request) -> Response:
        endpoint = self._doors.get(request.path_params["door"])
        return Response(status_code=410) if endpoint is None else await endpoint(request)


_house = cache(_House)
