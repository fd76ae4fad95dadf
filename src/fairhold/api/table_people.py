"""The calls on keys and on those whom the marketplace lets in: a part of the table of routes."""

from fairhold.api import people
from fairhold.api.people_bodies import KeyRotation, NewKey, NewSignInLink
from fairhold.api.rows import Route, change, read
from fairhold.api.webhook_bodies import Nothing
from fairhold.api.wire_people import KeyList, KeyOut, SignInLink
from fairhold.domain.actors import PEOPLE, Role

KEYS, SIGN_IN = "keys", "sign_in"
"""Scopes: to make keys, and to let people in."""
_OPERATOR = frozenset({Role.OPERATOR})

PEOPLE_ROUTES: tuple[Route, ...] = (
    read(
        "/keys", "listKeys", "The API's keys, the oldest first, revoked ones too.", people.listed, KeyList, _OPERATOR
    )._replace(scope=KEYS),
    change(
        "/keys",
        "makeKey",
        "A new key, with no more rights than the one that asks. It is told in this answer alone.",
        NewKey,
        people.make,
        KeyOut,
        _OPERATOR,
        "role_not_granted",
        "scope_not_granted",
        "too_many_keys",
    )._replace(status=201, scope=KEYS),
    change(
        "/keys/{key}/rotation",
        "rotateKey",
        "A new key with the same rights, told in this answer alone; for a while the old one counts too.",
        KeyRotation,
        people.rotate,
        KeyOut,
        _OPERATOR,
        "key_replaced",
    )._replace(scope=KEYS),
    change(
        "/keys/{key}/revocation",
        "revokeKey",
        "Let a key count no more, from now on and for good.",
        Nothing,
        people.revoke,
        KeyOut,
        _OPERATOR,
    )._replace(scope=KEYS),
    change(
        "/sign-in-links",
        "makeSignInLink",
        "A link that signs in a person whom the marketplace knows, once, within two minutes: send their browser there."
        " Never for staff. Links made under one idempotency key sign in once together.",
        NewSignInLink,
        people.sign_in_link,
        SignInLink,
        PEOPLE,
        "role_not_granted",
    )._replace(status=201, scope=SIGN_IN),
)
