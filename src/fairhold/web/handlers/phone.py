"""What makes an app of the pages: its manifest, the service worker, and the page for when there is no network.

All three are the same for everybody; no cookie is read, so that a device may keep them.
"""

import hashlib
import json
from collections.abc import Callable
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from fairhold.web.visits import Desk
from fairhold.words.catalog import DEFAULT_LANGUAGE, N_, Language, words_of

# The colours of tokens.css: the header's surface, and the ground of the page while the app starts.
SURFACE, DARK_SURFACE, GROUND = "#ffffff", "#161d26", "#f4f6f8"
_WORKER = files("fairhold.web").joinpath("static", "service-worker.js").read_bytes()
_NEEDED = ("tokens.css", "fairhold.css", "pages.css", "icons.svg", "favicon.svg", "phone.js")
"""The files without which the offline page is none."""
_ICONS = (
    ("icon-192.png", "192x192", "any"),
    ("icon-512.png", "512x512", "any"),
    ("icon-maskable-192.png", "192x192", "maskable"),
    ("icon-maskable-512.png", "512x512", "maskable"),
)
_ASK_AGAIN = {"Cache-Control": "no-cache"}


def manifest(desk: Desk, language: Language) -> Response:
    """The app's manifest (W3C Web Application Manifest) in one language."""
    words, assets = words_of(language), desk.assets
    said = {
        "id": "/",
        "name": desk.site.marketplace,
        "short_name": desk.site.marketplace[:12],
        "description": words.gettext(N_("Holds your money until the goods are in your hands.")),
        "lang": language.value,
        "dir": "ltr",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": GROUND,
        "theme_color": SURFACE,
        "categories": ["shopping", "finance"],
        "icons": [
            {"src": assets.url(name), "sizes": sizes, "type": "image/png", "purpose": purpose}
            for name, sizes, purpose in _ICONS
        ],
        "shortcuts": [
            {"name": words.gettext(name), "url": url}
            for name, url in ((N_("My orders"), "/orders"), (N_("Reviews"), "/reviews"), (N_("Support"), "/help"))
        ],
    }
    body = json.dumps(said, ensure_ascii=False)
    return Response(body, headers=_ASK_AGAIN, media_type="application/manifest+json; charset=utf-8")


def offline(desk: Desk, language: Language) -> Response:
    """The page for when there is no network. Its script shows what this device has seen; it offers nothing to do."""
    text = desk.templates.render(language, "offline.html", {"language": language.value})
    return HTMLResponse(text, headers={**_ASK_AGAIN, "Content-Language": language.value})


def worker(desk: Desk, language: Language) -> Response:
    """The service worker: its version changes with everything that it keeps, so that browsers fetch that anew."""
    page = f"/offline/{language}"
    addresses = [desk.assets.url(name) for name in _NEEDED]
    kept = b"\n".join([_WORKER, bytes(offline(desk, language).body), *(address.encode() for address in addresses)])
    version = hashlib.sha256(kept).hexdigest()[:12]
    head = f"const VERSION = {json.dumps(version)}, PAGE = {json.dumps(page)}, FILES = {json.dumps(addresses)};\n"
    return Response(head.encode() + _WORKER, headers=_ASK_AGAIN, media_type="text/javascript; charset=utf-8")


def phone_routes(desk: Desk) -> list[BaseRoute]:
    """Where browsers look for the app."""
    known = {language.value: language for language in Language}

    def named(answer: Callable[[Desk, Language], Response]) -> Callable[[Request], Response]:
        def serve(request: Request) -> Response:
            language = known.get(request.path_params["language"])
            return Response("Fairhold: 404", 404) if language is None else answer(desk, language)

        return serve

    def serve_worker(request: Request) -> Response:
        return worker(desk, known.get(request.query_params.get("lang", ""), DEFAULT_LANGUAGE))

    return [
        Route("/manifest/{language}.webmanifest", named(manifest), methods=["GET"]),
        Route("/offline/{language}", named(offline), methods=["GET"]),
        Route("/service-worker.js", serve_worker, methods=["GET"]),
    ]
