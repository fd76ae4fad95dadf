"""`/photos/{photo}`: a picture for the person who is signed in."""

from starlette.exceptions import HTTPException
from starlette.responses import Response

from fairhold.web.visits import Visit

HEADERS = {
    # Whoever signs in after somebody on a shared computer must not find that person's pictures: the browser asks again.
    "Cache-Control": "private, no-cache",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Content-Disposition": 'inline; filename="photo.jpg"',
    "Cross-Origin-Resource-Policy": "same-origin",
}


def photo(visit: Visit) -> Response:
    """A photo that one of the person's sides may see; small with `?size=thumb`."""
    photos, name = visit.site.photos, visit.request.path_params["photo"]
    for actor in visit.person.actors if visit.person else ():
        found = photos.seen_by(actor, name)
        if found is not None:
            thumb = visit.query("size", 10) == "thumb"
            tag = f'"{found.sha256[:32]}{"-thumb" if thumb else ""}"'
            headers = {**HEADERS, "ETag": tag, "Vary": "Cookie"}
            if visit.request.headers.get("if-none-match") == tag:
                return Response(status_code=304, headers=headers)
            return Response(photos.picture(found, thumb=thumb), headers=headers, media_type="image/jpeg")
    raise HTTPException(404)
