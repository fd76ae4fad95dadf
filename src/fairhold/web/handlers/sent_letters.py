"""What a sandbox has sent by letter, for everybody who tries it out: nobody else ever gets these."""

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from fairhold.engine.ports.mail import SentLetter, SentLetters
from fairhold.web.views.parts import Empty
from fairhold.web.visits import Visit
from fairhold.words import dates
from fairhold.words.catalog import N_

SHOWN = 50
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)
"""A letter brings its own styles, and nothing of it may run, send or reach the pages around it."""


def _sent(visit: Visit) -> SentLetters:
    if visit.site.sent is None:
        raise HTTPException(404)
    return visit.site.sent


def _one(visit: Visit) -> SentLetter:
    found = _sent(visit).letter(visit.request.path_params["letter"])
    if found is None:
        raise HTTPException(404)
    return found


def listed(visit: Visit) -> Response:
    """The newest letters."""
    empty = Empty(
        "mail",
        visit.say(N_("No letters yet")),
        visit.say(N_("Do something, or move the test clock: what would be sent to people appears here.")),
    )
    letters = [
        (letter, dates.moment(visit.reader, letter.at, visit.now), dates.to_the_second(letter.at))
        for letter in _sent(visit).newest(SHOWN)
    ]
    return visit.show("sent_letters.html", letters=letters, empty=None if letters else empty)


def one(visit: Visit) -> Response:
    """One letter, as its reader has it before them, and its plain text."""
    letter = _one(visit)
    return visit.show("sent_letter.html", letter=letter, when=dates.moment(visit.reader, letter.at, visit.now))


def body(visit: Visit) -> Response:
    """The letter's own page, for the frame on the sandbox's."""
    headers = {"Content-Security-Policy": _POLICY, "X-Frame-Options": "SAMEORIGIN", "Cache-Control": "no-store"}
    return HTMLResponse(_one(visit).html, headers=headers)
