"""`/photos/{photo}`: a picture for the person who is signed in, or for everybody where a published review shows it."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from fairhold.engine.intake.photos import Photos
from fairhold.engine.ports.photos import Photo
from fairhold.web.visits import Visit

HEADERS = {
    # Whoever signs in after somebody on a shared computer must not find that person's pictures: the browser asks again.
    "Cache-Control": "private, no-cache",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Content-Disposition": 'inline; filename="photo.jpg"',
    "Cross-Origin-Resource-Policy": "same-origin",
}


SHARED = {**HEADERS, "Cache-Control": "public, max-age=300"}
"""What everybody may see is kept a little: a review that is taken down is gone soon after."""


def photo(visit: Visit) -> Response:
    """A photo that one of the person's sides may see, or that everybody may; small with `?size=thumb`."""
    photos, name = visit.site.photos, visit.request.path_params["photo"]
    small = visit.query("size", 10) == "thumb"
    for actor in visit.person.actors if visit.person else ():
        found = photos.seen_by(actor, name)
        if found is not None:
            return shown(visit.request, photos, found, {**HEADERS, "Vary": "Cookie"}, thumb=small)
    found = photos.seen_by_all(name)
    if found is None:
        raise HTTPException(404)
    headers = {**(SHARED if visit.person is None else HEADERS), "Vary": "Cookie"}
    return shown(visit.request, photos, found, headers, thumb=small)


def shown(request: Request, photos: Photos, found: Photo, headers: dict[str, str], *, thumb: bool) -> Response:
    """The picture itself, or 304 where the asker has it."""
    tag = f'"{found.sha256[:32]}{"-thumb" if thumb else ""}"'
    headers = {**headers, "ETag": tag}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(photos.picture(found, thumb=thumb), headers=headers, media_type="image/jpeg")
