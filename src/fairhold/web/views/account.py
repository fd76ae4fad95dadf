"""What the page of an account shows: sessions, passkeys, the picture for an app."""

from collections.abc import Sequence
from dataclasses import dataclass

import segno
from markupsafe import Markup

from fairhold.domain.instants import Instant
from fairhold.engine.ports.accounts import Passkey
from fairhold.engine.ports.admission import Session
from fairhold.words import dates
from fairhold.words.catalog import N_
from fairhold.words.reader import Reader

_MEANS = {
    "password": N_("by password"),
    "passkey": N_("by passkey"),
    "oidc": N_("by the marketplace"),
    "handover": N_("from the marketplace"),
}


@dataclass(frozen=True)
class SessionRow:
    """A place where somebody is signed in."""

    id: str
    device: str
    about: str
    seen: str
    here: bool


@dataclass(frozen=True)
class PasskeyRow:
    """A passkey of somebody's."""

    id: str
    name: str
    about: str


def session_rows(reader: Reader, live: Sequence[Session], own: Session, now: Instant) -> list[SessionRow]:
    """This browser first, then the others, the newest first."""
    ordered = sorted(live, key=lambda one: one.token_hash != own.token_hash)
    return [_row(reader, one, now, here=one.token_hash == own.token_hash) for one in ordered]


def _row(reader: Reader, session: Session, now: Instant, *, here: bool) -> SessionRow:
    words = reader.words
    means = words.gettext(_MEANS[session.means]) if session.means in _MEANS else ""
    since = dates.moment_in_text(reader, Instant(session.created_at), now)
    return SessionRow(
        session.token_hash.hex(),
        session.device or words.gettext("Unknown browser"),
        words.gettext("Signed in %(moment)s, %(means)s", moment=since, means=means),
        words.gettext("Seen %(moment)s", moment=dates.moment_in_text(reader, Instant(session.seen_at), now)),
        here,
    )


def passkey_rows(reader: Reader, passkeys: Sequence[Passkey], now: int) -> list[PasskeyRow]:
    """The oldest first."""
    words, at = reader.words, Instant(now)
    return [
        PasskeyRow(
            one.id,
            one.name or words.gettext("Passkey"),
            words.gettext("Last used %(moment)s", moment=dates.moment_in_text(reader, one.used_at, at))
            if one.used_at
            else words.gettext("Added %(moment)s", moment=dates.moment_in_text(reader, one.added_at, at)),
        )
        for one in passkeys
    ]


def qr_of(text: str) -> Markup:
    """A QR code as a path of SVG: dark on light in both themes, as cameras want it."""
    code = segno.make(text, error="m", micro=False)
    drawn = code.svg_inline(border=4, svgclass="qr", lineclass="qr__line", omitsize=True, light="#fff", dark="#000")
    return Markup(drawn)  # noqa: S704 - it is drawn from numbers alone
