"""Pages that everybody sees alike: whoever is not signed in may keep one for a minute, and ask whether it has changed."""

import hashlib
import re

from starlette.responses import Response

from fairhold.web.visits import Visit

SHARED = "public, max-age=60"
_OF_THE_MOMENT = re.compile(rb' data-now="[^"]*"|<p class="sandbox">.*?</p>', re.DOTALL)
"""What a page says of the moment at which it was made, in the sandbox of its clock, too: that alone makes it no other page."""


def cached(visit: Visit, template: str, **content: object) -> Response:
    """The page; for whoever is not signed in with a validator, and 304 where they have it already."""
    response = visit.show(template, 200, **content)
    if visit.person is not None:
        return response
    return revalidated(
        response, visit.request.headers.get("if-none-match"), _OF_THE_MOMENT.sub(b"", bytes(response.body))
    )


def revalidated(response: Response, known: str | None, content: bytes, lifetime: str = SHARED) -> Response:
    """The response with an `ETag` of `content`, or 304 where the asker knows that one (RFC 9110, 13.1.2)."""
    tag = f'W/"{hashlib.sha256(content).hexdigest()[:32]}"'
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = lifetime
    if known is None or tag not in re.findall(r'W/"[^"]*"', known):
        return response
    kept = ("etag", "cache-control", "vary", "content-language", "x-robots-tag")
    headers = {name: value for name, value in response.headers.items() if name in kept}
    return Response(status_code=304, headers=headers)
