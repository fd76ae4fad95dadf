"""The operator's page of the API's keys: which there are, a new one, one in the place of another, one that counts no more."""

import hashlib

from starlette.exceptions import HTTPException
from starlette.responses import Response

from fairhold.domain.instants import Instant, hours
from fairhold.engine.accounts.key_ring import SCOPES, Made
from fairhold.engine.accounts.refusals import Denied
from fairhold.web import sessions
from fairhold.web.handlers.sign_in import wrong
from fairhold.web.views.api_keys import OVERLAPS, ROLES, key_rows, overlap_choices, role_choices, scope_choices
from fairhold.web.views.parts import Note
from fairhold.web.visits import Visit
from fairhold.words.catalog import N_

FOLDER = "/operator/keys"


def page(visit: Visit) -> Response:
    """All keys, and the form for another."""
    return _page(visit)


def _page(visit: Visit, denied: Denied | None = None) -> Response:
    fault = wrong(visit, denied) if denied else None
    done = (
        Note(visit.say(N_("The key counts no more.")), "", "safe", "ok") if visit.query("done") == "revoked" else None
    )
    now = Instant(sessions.now())
    answer = visit.show(
        "keys.html",
        fault.status if fault else 200,
        rows=key_rows(visit.reader, visit.site.members.keys.all(), now),
        roles=role_choices(visit.reader, visit.fields("role")),
        scopes=scope_choices(visit.reader, visit.fields("scope")),
        overlaps=overlap_choices(visit.reader),
        label=visit.field("label", 200),
        note=fault.note if fault else done,
    )
    return fault.told(answer) if fault else answer


def _once(visit: Visit, what: str) -> str:
    """What tells this form from all others: sent twice, it makes one key."""
    said = "\0".join((visit.signed_in.person if visit.signed_in else "", what, visit.field("key", 100)))
    return hashlib.sha256(said.encode()).hexdigest()


def make(visit: Visit) -> Response:
    """A new key, shown this once."""
    roles = [role for role in visit.fields("role") if role in ROLES]
    scopes = [scope for scope in visit.fields("scope") if scope in SCOPES]
    made = visit.site.members.keys.make(visit.field("label", 200), roles, scopes, _once(visit, "make"))
    return _page(visit, made) if isinstance(made, Denied) else _shown(visit, made)


def rotate(visit: Visit) -> Response:
    """A key in the place of another, which counts for a while longer."""
    chosen = visit.field("overlap", 5)
    overlap = hours(int(chosen)) if chosen in {str(one) for one in OVERLAPS} else hours(OVERLAPS[0])
    old = visit.request.path_params["key"]
    made = visit.site.members.keys.replace(old, overlap, _once(visit, f"rotate {old}"))
    if made is None:
        raise HTTPException(404)
    return _page(visit, made) if isinstance(made, Denied) else _shown(visit, made)


def revoke(visit: Visit) -> Response:
    """Let a key count no more."""
    if visit.site.members.keys.revoke(visit.request.path_params["key"]) is None:
        raise HTTPException(404)
    return visit.go(f"{FOLDER}?done=revoked")


def _shown(visit: Visit, made: Made) -> Response:
    return visit.show("key.html", key=made.key, row=key_rows(visit.reader, [made.row], Instant(sessions.now()))[0])
