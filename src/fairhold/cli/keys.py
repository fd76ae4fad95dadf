"""`fairhold keys`: API keys are made, listed and revoked; only their hashes are kept."""

from typing import Annotated

from cyclopts import Parameter

from fairhold.cli.options import Database, settings_from
from fairhold.cli.stopping import CLEAN, Stop
from fairhold.cli.stores import existing_store
from fairhold.cli.terminal import say, say_json
from fairhold.domain.actors import PEOPLE
from fairhold.domain.instants import Instant, hours
from fairhold.engine.accounts.key_ring import SCOPES, KeyRing, Made
from fairhold.engine.accounts.refusals import Denied
from fairhold.engine.installation.clock import SystemClock
from fairhold.engine.ports.admission import ApiKey
from fairhold.engine.ports.store import Store
from fairhold.words.account_refusals import explain_denial
from fairhold.words.catalog import Language, words_of
from fairhold.words.dates import to_the_second

_ROLES = tuple(sorted(PEOPLE))
Json = Annotated[bool, Parameter(help="Print it as JSON.", negative="")]


def create(
    *,
    label: Annotated[str, Parameter(help="What it is for, so that the list says more than an id.")] = "",
    roles: Annotated[
        str, Parameter(help=f"The roles it may speak for, by commas: {', '.join(_ROLES)}.")
    ] = "buyer,seller",
    scopes: Annotated[str, Parameter(help=f"What else it may reach, by commas: {', '.join(SCOPES)}.")] = "",
    json: Json = False,
    database: Database = None,
) -> int:
    """Make an API key and print it, this once: only its hash is kept.

    A running server takes it within two seconds.
    """
    wanted, reach = _chosen("role", roles, _ROLES), _chosen("scope", scopes, SCOPES)
    if not wanted:
        raise Stop("A key that speaks for nobody is of no use.", f"Name roles: --roles {','.join(_ROLES[:2])}")
    with existing_store(settings_from(database=database)) as store:
        made = _ring(store).make(" ".join(label.split()), wanted, reach)
    return _tell(made, json=json)


def rotate(
    key: Annotated[str, Parameter(help="The key's id, from the list.")],
    /,
    *,
    overlap_hours: Annotated[int, Parameter(help="For how many hours the old key counts beside the new one.")] = 24,
    json: Json = False,
    database: Database = None,
) -> int:
    """Make a key with the same rights and print it, this once; the old one counts for a while longer."""
    with existing_store(settings_from(database=database)) as store:
        made = _ring(store).replace(key, hours(max(0, min(overlap_hours, 720))))
    if made is None:
        raise Stop(f"There is no key {key}.", "`fairhold keys list` names them.")
    return _tell(made, json=json)


def _ring(store: Store) -> KeyRing:
    # Keys made here come of chance alone, so the installation's secret is not asked for.
    return KeyRing(store.access(), SystemClock(), "")


def _tell(made: Made | Denied, *, json: bool) -> int:
    if isinstance(made, Denied):
        title, detail = explain_denial(words_of(Language.EN), made)
        raise Stop(title, detail)
    row = made.row
    if json:
        say_json({"id": row.id, "key": made.key, "roles": row.roles, "scopes": row.scopes})
    else:
        say(f"{made.key}\n")
        say(f"Id {row.id}, for {', '.join(row.roles)}. Keep the key now: it cannot be shown again.")
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
        until += f", used {_when(key.used_at)}" if key.used_at is not None else ""
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
        "used_at": _when(key.used_at) or None,
    }
