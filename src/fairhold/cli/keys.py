"""`fairhold keys`: API keys are made, listed and revoked; only their hashes are kept."""

import secrets
from typing import Annotated

from cyclopts import Parameter

from fairhold.api.auth import TRACKING, key_hash
from fairhold.cli.options import Database, settings_from
from fairhold.cli.stopping import CLEAN, Stop
from fairhold.cli.stores import existing_store
from fairhold.cli.terminal import say, say_json
from fairhold.domain.actors import PEOPLE
from fairhold.domain.instants import Instant
from fairhold.engine.admission import ApiKey
from fairhold.engine.clock import SystemClock
from fairhold.words.dates import to_the_second

SCOPES = (TRACKING,)
_ROLES = tuple(sorted(PEOPLE))
Json = Annotated[bool, Parameter(help="Print it as JSON.", negative="")]


def create(
    *,
    label: Annotated[str, Parameter(help="What it is for, so that the list says more than an id.")] = "",
    roles: Annotated[
        str, Parameter(help=f"The roles it may speak for, by commas: {', '.join(_ROLES)}.")
    ] = "buyer,seller",
    scopes: Annotated[str, Parameter(help="tracking: it may report what carriers say about parcels.")] = "",
    json: Json = False,
    database: Database = None,
) -> int:
    """Make an API key and print it, this once: only its hash is kept.

    A running server takes it within two seconds.
    """
    key = f"fh_{secrets.token_urlsafe(32)}"
    made = ApiKey(
        id=secrets.token_hex(4),
        key_hash=key_hash(key.encode()),
        label=label[:200],
        roles=_chosen("role", roles, _ROLES),
        scopes=_chosen("scope", scopes, SCOPES),
        created_at=SystemClock().now(),
    )
    if not made.roles:
        raise Stop("A key that speaks for nobody is of no use.", f"Name roles: --roles {','.join(_ROLES[:2])}")
    with existing_store(settings_from(database=database)) as store:
        store.access().add_api_key(made)
    if json:
        say_json({"id": made.id, "key": key, "roles": made.roles, "scopes": made.scopes})
    else:
        say(f"{key}\n")
        say(f"Id {made.id}, for {', '.join(made.roles)}. Keep the key now: it cannot be shown again.")
    return CLEAN


def list_(*, json: Json = False, database: Database = None) -> int:
    """List all keys, revoked ones too. The keys themselves are not kept anywhere."""
    with existing_store(settings_from(database=database)) as store:
        keys = store.access().api_keys()
    if json:
        say_json([_told(key) for key in keys])
        return CLEAN
    for key in keys:
        until = f"revoked {_when(key.revoked_at)}" if key.revoked_at is not None else "valid"
        told = ", ".join((*key.roles, *(f"scope {scope}" for scope in key.scopes)))
        say(f"{key.id}  {_when(key.created_at)}  {until}  {told}  {key.label}".rstrip())
    if not keys:
        say("No keys. `fairhold keys create` makes one.")
    return CLEAN


def revoke(key: Annotated[str, Parameter(help="The key's id, from the list.")], /, *, database: Database = None) -> int:
    """Make a key count no more, from now on and for good. A running server notices within two seconds."""
    with existing_store(settings_from(database=database)) as store:
        access = store.access()
        found = next((one for one in access.api_keys() if one.id == key), None)
        if found is None:
            raise Stop(f"There is no key {key}.", "`fairhold keys list` names them.")
        access.revoke_api_key(key, SystemClock().now())
    again = found.revoked_at is not None
    say(f"{key} was revoked already." if again else f"{key} is revoked.")
    return CLEAN


def _chosen(what: str, text: str, known: tuple[str, ...]) -> tuple[str, ...]:
    wanted = dict.fromkeys(part.strip() for part in text.split(",") if part.strip())
    for one in wanted:
        if one not in known:
            raise Stop(f"There is no {what} {one!r}.", f"There are: {', '.join(known)}.")
    return tuple(str(one) for one in wanted)


def _when(at: int | None) -> str:
    return to_the_second(Instant(at)) if at is not None else ""


def _told(key: ApiKey) -> dict[str, object]:
    return {
        "id": key.id,
        "label": key.label,
        "roles": key.roles,
        "scopes": key.scopes,
        "created_at": _when(key.created_at),
        "revoked_at": _when(key.revoked_at) or None,
    }
