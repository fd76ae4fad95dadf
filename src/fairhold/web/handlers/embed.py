"""The block of reviews for other sites: a page for a frame, the script that puts it there, and its photos.

Nothing here reads or sets a cookie, and nobody is signed in: whoever embeds the block learns nothing about who looks at it.
"""

from collections.abc import Callable
from importlib.resources import files

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from fairhold.domain.actors import Role
from fairhold.domain.commands import Person, Short
from fairhold.domain.ids import PersonId
from fairhold.engine.ports.store import StoreUnavailable
from fairhold.engine.reading.reviews import Filter
from fairhold.web.handlers.photos import SHARED as PHOTO_HEADERS
from fairhold.web.handlers.photos import shown
from fairhold.web.handlers.public_caching import revalidated
from fairhold.web.views.embed import THEMES, entries
from fairhold.web.views.public import product_url, rating_of
from fairhold.web.visits import Desk
from fairhold.words.catalog import Language, negotiate
from fairhold.words.reader import reader_of

NEWEST = 5
_PEOPLES = Filter(ratings=(1, 2, 3, 4, 5))
"""Reviews that people wrote, and no trace of one that was withdrawn."""
_SCRIPT = files("fairhold.web").joinpath("static", "embed.js").read_bytes()
_OF_A_SCRIPT = "public, max-age=3600"


def block(desk: Desk, request: Request) -> Response:
    """The page for the frame. `lang` and `theme` are in its address, so that it is the same for everybody."""
    try:
        seller = PersonId(msgspec.convert(request.path_params["seller"], Person))
        sku = msgspec.convert(request.path_params["sku"], Short)
    except msgspec.ValidationError:
        raise HTTPException(404) from None
    given, asked = request.query_params, request.query_params.get("lang", "")
    known = {language.value: language for language in Language}
    reader = reader_of(known.get(asked) or negotiate(request.headers.get("accept-language")), desk.site.zone)
    theme = given.get("theme", "")
    queries = desk.site.queries
    tally = queries.reputation.product_tally(seller, sku)
    rows = queries.reviews.about_product(seller, sku, wanted=_PEOPLES, limit=NEWEST).items
    text = desk.templates.render(
        reader.language,
        "embed.html",
        {
            "language": reader.language.value,
            "theme": theme if theme in THEMES else "auto",
            "rating": rating_of(reader, tally),
            "entries": entries(reader, desk.site.directory, rows),
            "url": product_url(seller, sku) if tally.people + tally.automatic else "",
            "seller": desk.site.directory.name(Role.SELLER, seller, reader.language),
            "marketplace": desk.site.marketplace,
        },
    )
    headers = {"Content-Language": reader.language.value, "X-Robots-Tag": "noindex"}
    if asked not in known:
        headers["Vary"] = "Accept-Language"
    return revalidated(HTMLResponse(text, headers=headers), request.headers.get("if-none-match"), text.encode())


def script(desk: Desk, request: Request) -> Response:
    """The script that puts the block into a page."""
    headers = {"X-Robots-Tag": "noindex", "Cross-Origin-Resource-Policy": "cross-origin"}
    response = Response(_SCRIPT, media_type="text/javascript; charset=utf-8", headers=headers)
    return revalidated(response, request.headers.get("if-none-match"), _SCRIPT, _OF_A_SCRIPT)


def photo(desk: Desk, request: Request) -> Response:
    """A photo that a published review shows to everybody."""
    found = desk.site.photos.seen_by_all(request.path_params["photo"])
    if found is None:
        raise HTTPException(404)
    small = request.query_params.get("size") == "thumb"
    return shown(request, desk.site.photos, found, dict(PHOTO_HEADERS), thumb=small)


Frame = Callable[[Desk, Request], Response]

_TABLE: tuple[tuple[str, Frame], ...] = (
    ("/embed/reviews.js", script),
    ("/embed/photos/{photo}", photo),
    ("/embed/reviews/{seller}/{sku:path}", block),
)


def embed_routes(desk: Desk) -> list[BaseRoute]:
    """Everything that other sites load from here."""
    return [Route(path, _serve(desk, answer), methods=["GET"]) for path, answer in _TABLE]


def _serve(desk: Desk, answer: Frame) -> Callable[[Request], object]:
    async def serve(request: Request) -> Response:
        return await run_in_threadpool(_answer, desk, request, answer)

    return serve


def _answer(desk: Desk, request: Request, answer: Frame) -> Response:
    """In a frame there is nothing to lead anybody to: what cannot be shown is a line of plain text."""
    try:
        return answer(desk, request)
    except HTTPException as error:
        return Response("Fairhold: 404", error.status_code, media_type="text/plain")
    except StoreUnavailable:
        return Response("Fairhold: 503", 503, {"Retry-After": "5"}, media_type="text/plain")
