"""The API in front of the pages: `/v1`, its description, and what those who run it look at."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from functools import cache

import msgspec
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fairhold.api import openapi
from fairhold.api.docs import docs_page, style_sheet
from fairhold.api.http import STRICT_TRANSPORT
from fairhold.api.parts import Application
from fairhold.api.service import PREFIX, Api
from fairhold.words.catalog import negotiate

_PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"
_POLICY = "default-src 'self'; base-uri 'none'; frame-ancestors 'none'"
_FOR_AN_HOUR = {"cache-control": "public, max-age=3600", "vary": "Accept-Language"}


class Front:
    """What is below `/v1` goes straight to the API, whatever characters the path has; everything else to `rest`.

    So a call pays nothing for the layers that pages need.
    """

    def __init__(self, calls: ASGIApp, rest: ASGIApp) -> None:
        self._calls = calls
        self._rest = rest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on as it is."""
        if scope["type"] == "http" and is_call(scope["path"].removeprefix(scope.get("root_path", ""))):
            await self._calls(scope, receive, send)
        else:
            await self._rest(scope, receive, _with_headers(send, scope) if scope["type"] == "http" else send)


def _with_headers(send: Send, scope: Scope) -> Send:
    """Adds what every answer has that is not the API's: no guessing of types, and by TLS nothing but TLS from now on."""
    more = [(b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"same-origin")]

    async def send_on(message: Message) -> None:
        if message["type"] == "http.response.start":
            there = {name for name, _ in message["headers"]}
            own = [header for header in more if header[0] not in there]
            message["headers"] = [
                *message["headers"],
                *own,
                *([STRICT_TRANSPORT] if scope["scheme"] == "https" else []),
            ]
        await send(message)

    return send_on


def is_call(path: str) -> bool:
    """Whether a request for this path is a call of the API."""
    return path.startswith(PREFIX) and path[len(PREFIX) :][:1] in ("", "/")


def face(
    application: Application,
    *pages: BaseRoute,
    lifespan: Callable[[Starlette], AbstractAsyncContextManager[None]] | None = None,
) -> ASGIApp:
    """The API of `application`, its description, and `pages` beside it, as one ASGI application."""
    return Front(Api(application), Starlette(routes=[*routes(application), *pages], lifespan=lifespan))


@cache
def _description() -> bytes:
    return msgspec.json.encode(openapi.document())


def routes(application: Application) -> list[BaseRoute]:
    """What those who build on the API and those who run it look at."""
    description = _description()

    async def health(request: Request) -> Response:
        running = application.engine.running
        body = msgspec.json.encode({"status": "ok" if running else "starting"})
        headers = {"cache-control": "no-store"} | ({} if running else {"retry-after": "1"})
        return Response(body, 200 if running else 503, headers, "application/json")

    async def metrics(request: Request) -> Response:
        # With several workers the others are asked, too.
        text = await run_in_threadpool(application.metrics.text)
        return Response(text, headers={"cache-control": "no-store"}, media_type=_PROMETHEUS)

    async def openapi_json(request: Request) -> Response:
        return Response(description, headers=_FOR_AN_HOUR, media_type="application/json")

    async def docs(request: Request) -> Response:
        language = negotiate(request.headers.get("accept-language"))
        headers = {
            **_FOR_AN_HOUR,
            "content-language": language.value,
            "vary": "Accept-Language",
            "content-security-policy": _POLICY,
        }
        return Response(docs_page(language), headers=headers, media_type="text/html; charset=utf-8")

    async def style(request: Request) -> Response:
        return Response(style_sheet(), headers=_FOR_AN_HOUR, media_type="text/css; charset=utf-8")

    return [
        Route("/health", health, name="health"),
        Route("/metrics", metrics, name="metrics"),
        Route("/openapi.json", openapi_json, name="openapi"),
        Route("/docs", docs, name="docs"),
        Route("/docs/style.css", style, name="docs_style"),
    ]
