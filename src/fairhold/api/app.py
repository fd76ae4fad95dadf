"""The API as routes to put beside the pages: `/v1`, its description, and what those who run it look at."""

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import URLPath
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, NoMatchFound, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from fairhold.api import openapi
from fairhold.api.docs import docs_page, style_sheet
from fairhold.api.parts import Application
from fairhold.api.service import PREFIX, Api
from fairhold.words.catalog import negotiate

_PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"
_POLICY = "default-src 'self'; base-uri 'none'; frame-ancestors 'none'"
_FOR_AN_HOUR = {"cache-control": "public, max-age=3600", "vary": "Accept-Language"}


class Below(BaseRoute):
    """Everything below a prefix, whatever characters it has: a `Mount` lets paths with a line break through to others."""

    def __init__(self, prefix: str, app: ASGIApp) -> None:
        self._prefix = prefix
        self._app = app

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether the path lies below the prefix."""
        path: str = scope["path"].removeprefix(scope.get("root_path", ""))
        below = path.startswith(self._prefix) and path[len(self._prefix) :][:1] in ("", "/")
        return (Match.FULL, {}) if below and scope["type"] == "http" else (Match.NONE, {})

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on as it is."""
        await self._app(scope, receive, send)

    def url_path_for(self, name: str, /, **path_params: object) -> URLPath:
        """No pages link to calls by name."""
        raise NoMatchFound(name, path_params)


def routes(application: Application) -> list[BaseRoute]:
    """Everything that the API answers for `application`."""
    description = msgspec.json.encode(openapi.document())

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
        Below(PREFIX, Api(application)),
        Route("/health", health, name="health"),
        Route("/metrics", metrics, name="metrics"),
        Route("/openapi.json", openapi_json, name="openapi"),
        Route("/docs", docs, name="docs"),
        Route("/docs/style.css", style, name="docs_style"),
    ]
