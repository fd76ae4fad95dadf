"""The page for whoever comes while too many wait: made once, so that showing it costs nothing."""

from functools import cache

from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.types import Receive, Scope, Send

from fairhold.web.assets import Assets
from fairhold.web.rendering import Templates
from fairhold.web.security import HEADERS
from fairhold.web.visits import language_of
from fairhold.words.catalog import Language


class Crowded:
    """Answers every request with 503 and when to come again. Nothing that was sent has been read."""

    def __init__(self, seconds: int) -> None:
        self._seconds = seconds
        self._page = cache(self._make)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        language = language_of(Request(scope))
        headers = {**HEADERS, "Retry-After": str(self._seconds), "Content-Language": language.value}
        await HTMLResponse(self._page(language), 503, headers)(scope, receive, send)

    def _make(self, language: Language) -> str:
        return Templates(Assets()).render(language, "crowded.html", {"language": language.value})
