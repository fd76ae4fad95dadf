"""A stateful fake over real HTTP: Starlette on the loopback address, in a thread of its own."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.gateways.fakes.served import Answer, Asked


class Answering(Protocol):
    """A fake. `asked` is what it was asked so far."""

    asked: list[Asked]

    def answer(self, asked: Asked) -> Answer:
        """What it says."""
        ...


@contextmanager
def served_fast(fake: Answering) -> Iterator[str]:
    """The base URL under which it answers."""

    async def endpoint(request: Request) -> Response:
        query = f"?{request.url.query}" if request.url.query else ""
        headers = {name.lower(): value for name, value in request.headers.items()}
        asked = Asked(request.method, request.url.path + query, headers, await request.body())
        fake.asked.append(asked)
        answer = await run_in_threadpool(fake.answer, asked)
        return Response(answer.body, answer.status, answer.headers, media_type="application/json")

    app = Starlette(routes=[Route("/{path:path}", endpoint, methods=["GET", "POST", "DELETE"])])
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, lifespan="off", log_config=None, access_log=False, timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.005)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
    finally:
        server.should_exit = True
        thread.join(20)
        listening.close()
