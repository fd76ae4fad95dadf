"""Settings of the marketplace's own sign-in: FAIRHOLD_OIDC_*, all or none of them."""

from collections.abc import Mapping
from urllib.parse import urlsplit

import msgspec

from fairhold.engine.installation.settings_errors import SettingsError

_NEEDED = ("FAIRHOLD_OIDC_CLIENT_ID", "FAIRHOLD_OIDC_CLIENT_SECRET")
_ROLES = ("buyer", "seller")


class IdentitySettings(msgspec.Struct, frozen=True, kw_only=True):
    """An OpenID Connect provider. `person_claim` has the marketplace's own id of a person, `roles` what they may be."""

    issuer: str
    client_id: str
    client_secret: str
    name: str
    scopes: str = "openid profile email"
    person_claim: str = "sub"
    roles: tuple[str, ...] = ("buyer",)


def read_identity(environment: Mapping[str, str], marketplace: str, *, sandbox: bool) -> IdentitySettings | None:
    """The provider that is set, if any. Raises SettingsError."""
    issuer = environment.get("FAIRHOLD_OIDC_ISSUER")
    if not issuer:
        return None
    parts = urlsplit(issuer)
    if parts.scheme != "https" and not (parts.scheme == "http" and sandbox):
        raise SettingsError("FAIRHOLD_OIDC_ISSUER", f"must begin with https://, outside of the sandbox, not {issuer!r}")
    if not parts.hostname or parts.query or parts.fragment or parts.username is not None:
        raise SettingsError("FAIRHOLD_OIDC_ISSUER", f"must look like https://id.example.org, not {issuer!r}")
    for variable in _NEEDED:
        if not environment.get(variable):
            raise SettingsError(variable, "must be set, as FAIRHOLD_OIDC_ISSUER is")
    roles = tuple(part for part in environment.get("FAIRHOLD_OIDC_ROLES", "buyer").replace(",", " ").split() if part)
    if not roles or not set(roles) <= set(_ROLES):
        raise SettingsError(
            "FAIRHOLD_OIDC_ROLES", "may name buyer and seller: staff sign in with a second step of ours"
        )
    scopes = environment.get("FAIRHOLD_OIDC_SCOPES") or "openid profile email"
    if "openid" not in scopes.split():
        raise SettingsError("FAIRHOLD_OIDC_SCOPES", "must have openid among them")
    return IdentitySettings(
        issuer=issuer,
        client_id=environment["FAIRHOLD_OIDC_CLIENT_ID"],
        client_secret=environment["FAIRHOLD_OIDC_CLIENT_SECRET"],
        name=environment.get("FAIRHOLD_OIDC_NAME") or marketplace,
        scopes=scopes,
        person_claim=environment.get("FAIRHOLD_OIDC_PERSON_CLAIM") or "sub",
        roles=roles,
    )
