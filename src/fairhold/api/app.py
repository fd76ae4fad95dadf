"""The API as routes to put beside the pages: `/v1`, its description, and what those who run it look at."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from fairhold.api import openapi
from fairhold.api.docs import docs_page, style_sheet
from fairhold.api.parts import Application
from fairhold.api.service import PREFIX, Api
from fairhold.words.catalog import negotiate

_PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"
_POLICY = "default-src 'self'; base-uri 'none'; frame-ancestors 'none'"
_FOR_AN_HOUR = {"cache-control": "public, max-age=3600", "vary": "Accept-Language"}


def routes(application: Application) -> list[BaseRoute]:
    """Everything that the API answers for `application`."""
    description = msgspec.json.encode(openapi.document())

    async def health(request: Request) -> Response:
        running = application.engine.running
        body = msgspec.json.encode({"status": "ok" if running else "starting"})
        headers = {"cache-control": "no-store"} | ({} if running else {"retry-after": "1"})
        return Response(body, 200 if running else 503, headers, "application/json")

    async def metrics(request: Request) -> Response:
        return Response(application.metrics.text(), headers={"cache-control": "no-store"}, media_type=_PROMETHEUS)

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
        Mount(PREFIX, app=Api(application), name="api"),
        Route("/health", health, name="health"),
        Route("/metrics", metrics, name="metrics"),
        Route("/openapi.json", openapi_json, name="openapi"),
        Route("/docs", docs, name="docs"),
        Route("/docs/style.css", style, name="docs_style"),
    ]
