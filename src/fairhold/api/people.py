"""`/keys` and `/sign-in-links`: who may call, and whom the marketplace lets in."""

from typing import Any

from fairhold.api.acting import Given
from fairhold.api.parts import Call, Parts
from fairhold.api.people_bodies import KeyRotation, NewKey, NewSignInLink
from fairhold.api.problems import Problem
from fairhold.api.shapes import Out
from fairhold.api.webhook_bodies import Nothing
from fairhold.api.wire_people import KeyList, KeyOut, SignInLink
from fairhold.domain.actors import PEOPLE
from fairhold.domain.instants import Instant, hours
from fairhold.domain.reasons import Refusal
from fairhold.engine.accounts.key_ring import SCOPES, Made
from fairhold.engine.accounts.marketplace_sign_in import Known
from fairhold.engine.accounts.refusals import Denial, Denied
from fairhold.engine.ports.admission import ApiKey
from fairhold.engine.ports.mail_addresses import read_address
from fairhold.words.dates import rfc3339
from fairhold.words.faults import Fault

Answer = Out | Problem | Refusal
LINKS = "/sign-in/link"
"""Where a hand-over's link leads to, on the pages."""
_NOT_FOUND = Problem(Fault.KEY_NOT_FOUND)
_REFUSED = {
    Denial.KEY_INVALID: Problem(Fault.INVALID_VALUE, "scopes"),
    Denial.TOO_MANY_KEYS: Problem(Fault.TOO_MANY_KEYS),
    Denial.KEY_SPENT: Problem(Fault.KEY_REPLACED),
}


def listed(parts: Parts, call: Call) -> Answer:
    """All keys; there are never more than a page of them."""
    return KeyList([_out(parts, key) for key in parts.members.keys.all()], None)


def make(parts: Parts, call: Call, given: Given[NewKey] | Problem) -> Answer:
    """A new key, with no more rights than the one that asks."""
    if isinstance(given, Problem):
        return given
    body = given.body
    if not set(body.scopes) <= set(SCOPES):
        return Problem(Fault.INVALID_VALUE, "scopes")
    beyond = _beyond(call, body.roles, body.scopes)
    return beyond or _told(
        parts, parts.members.keys.make(body.label, body.roles, body.scopes, _once(call, given, "make"))
    )


def rotate(parts: Parts, call: Call, given: Given[KeyRotation] | Problem) -> Answer:
    """A new key in the place of one that the asking key could have made."""
    old = parts.members.keys.one(call.names["key"])
    if old is None:
        return _NOT_FOUND
    if isinstance(given, Problem):
        return given
    beyond = _beyond(call, old.roles, old.scopes)
    if beyond is not None:
        return beyond
    made = parts.members.keys.replace(old.id, hours(given.body.overlap_hours), _once(call, given, f"rotate {old.id}"))
    return _NOT_FOUND if made is None else _told(parts, made)


def revoke(parts: Parts, call: Call, given: Given[Nothing] | Problem) -> Answer:
    """Let a key count no more."""
    if parts.members.keys.one(call.names["key"]) is None:
        return _NOT_FOUND
    if isinstance(given, Problem):
        return given
    revoked = parts.members.keys.revoke(call.names["key"])
    return _NOT_FOUND if revoked is None else _out(parts, revoked)


def sign_in_link(parts: Parts, call: Call, given: Given[NewSignInLink] | Problem) -> Answer:
    """A link that signs this person in, once and soon."""
    if isinstance(given, Problem):
        return given
    body = given.body
    email = read_address(body.email) if body.email else None
    if body.email and email is None:
        return Problem(Fault.INVALID_VALUE, "email")
    beyond = _beyond(call, body.roles, ())
    if beyond is not None:
        return beyond
    known = Known(body.person, body.roles, body.name, email, body.language)
    token, until = parts.members.handovers.link(known, body.next, _once(call, given, "link"))
    return SignInLink(f"{parts.url}{LINKS}/{token}", rfc3339(until))


def _beyond(call: Call, roles: tuple[str, ...], scopes: tuple[str, ...]) -> Problem | None:
    """Nobody gives what they have not."""
    grant = call.caller.grant
    if not set(roles) & PEOPLE <= grant.roles:
        return Problem(Fault.ROLE_NOT_GRANTED, "roles")
    if not all(call.caller.has(scope) for scope in scopes):
        return Problem(Fault.SCOPE_NOT_GRANTED, "scopes")
    return None


def _once(call: Call, given: Given[Any], what: str) -> str | None:
    """What tells this request from all others, where it has a key: the same one again is answered the same."""
    if given.key is None:
        return None
    return "\0".join((call.caller.grant.id, str(call.actor), what, given.key, given.canonical.decode()))


def _told(parts: Parts, made: Made | Denied) -> Answer:
    return _REFUSED[made.why] if isinstance(made, Denied) else _out(parts, made.row, made.key)


def _out(parts: Parts, key: ApiKey, told: str | None = None) -> KeyOut:
    return KeyOut(
        id=key.id,
        label=key.label,
        roles=list(key.roles),
        scopes=list(key.scopes),
        live=parts.members.keys.is_live(key),
        created_at=rfc3339(Instant(key.created_at)),
        key=told,
        used_at=_moment(key.used_at),
        revoked_at=_moment(key.revoked_at),
        replaced_by=key.replaced_by,
    )


def _moment(at: int | None) -> str | None:
    return None if at is None else rfc3339(Instant(at))
