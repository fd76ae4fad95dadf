"""`fairhold people`: the first operator is invited here; later ones too, and roles are given and taken."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from cyclopts import Parameter

from fairhold.cli.options import Database, settings_from
from fairhold.cli.stopping import CLEAN, Stop
from fairhold.cli.stores import existing_store
from fairhold.cli.terminal import say, say_json
from fairhold.domain.actors import PEOPLE, Role
from fairhold.domain.commands import PERSON_PATTERN
from fairhold.engine.accounts.letters import PATHS
from fairhold.engine.accounts.tickets import Purpose
from fairhold.engine.ports.accounts import Account
from fairhold.wiring import Application, build
from fairhold.words.catalog import Language

_ROLES = tuple(sorted(PEOPLE))
Json = Annotated[bool, Parameter(help="Print it as JSON.", negative="")]
Who = Annotated[str, Parameter(help="An e-mail address, or a person's id.")]


def invite(
    email: Annotated[str, Parameter(help="Where the letter goes.")],
    /,
    *,
    roles: Annotated[str, Parameter(help=f"The sides that they take, by commas: {', '.join(_ROLES)}.")] = "operator",
    person: Annotated[str, Parameter(help="Their id at the marketplace; a new one when not given.")] = "",
    language: Annotated[Language, Parameter(help="The letter's language.")] = Language.RU,
    database: Database = None,
) -> int:
    """Invite somebody: queue a letter with a link by which they choose a password, and print the link.

    The link works once, within a week. Whoever has it takes the place: hand it over as you would a key.
    """
    wanted = _chosen(roles)
    if person and not re.fullmatch(PERSON_PATTERN, person, re.ASCII):
        raise Stop(f"{person!r} cannot be a person's id.", "Letters, digits and . _ @ + ~ = - are taken, up to 64.")
    with _opened(database) as app:
        url = app.settings.url
        known = app.members.accounts.by_email(email)
        if known is not None:
            raise Stop(f"{email} has an account already: {known.person}.", "`fairhold people roles` gives it roles.")
        try:
            token = app.members.entrance.invite(email, wanted, language.value, url, person)
        except ValueError:
            raise Stop(
                f"{email!r} is no e-mail address that can be written to.", "It looks like name@example.org."
            ) from None
    say(f"{url}{PATHS[Purpose.WELCOME]}?token={token}\n")
    say(f"For {email}: {', '.join(wanted)}. The link works once, within a week.")
    return CLEAN


def list_(*, json: Json = False, database: Database = None) -> int:
    """List the staff: everybody who has any role but buyer and seller."""
    with _opened(database) as app:
        staff = [(one, app.members.factors.of(one)) for one in app.members.accounts.staff()]
    if json:
        say_json(
            [
                {"person": one.person, "name": one.name, "email": one.email, "roles": one.roles, "second_step": has.any}
                for one, has in staff
            ]
        )
        return CLEAN
    for one, has in staff:
        step = "second step" if has.any else "no second step yet"
        say(f"{one.person}  {one.email or ''}  {', '.join(one.roles)}  {step}  {one.name}")
    if not staff:
        say("No staff. `fairhold people invite name@example.org --roles operator` makes the first.")
    return CLEAN


def roles(
    who: Who,
    roles: Annotated[str, Parameter(help=f"The sides that they take from now on, by commas: {', '.join(_ROLES)}.")],
    /,
    *,
    database: Database = None,
) -> int:
    """Give somebody these roles and no others. They are signed out everywhere."""
    wanted = _chosen(roles)
    with _opened(database) as app:
        account: Account | None = app.members.accounts.by_email(who) or app.members.accounts.account(who)
        if account is None:
            raise Stop(f"There is no account of {who}.", "`fairhold people invite` makes one.")
        app.members.accounts.set_roles(account, wanted)
    say(f"{account.person}: {', '.join(wanted)}.")
    return CLEAN


@contextmanager
def _opened(database: str | None) -> Iterator[Application]:
    """The application of a database that is there, without anything running."""
    settings = settings_from(database=database)
    with existing_store(settings):
        pass
    app = build(settings, migrate=False)
    try:
        yield app
    finally:
        app.close()


def _chosen(text: str) -> tuple[Role, ...]:
    wanted = dict.fromkeys(part.strip() for part in text.split(",") if part.strip())
    for one in wanted:
        if one not in _ROLES:
            raise Stop(f"There is no role {one!r}.", f"There are: {', '.join(_ROLES)}.")
    if not wanted:
        raise Stop("No role is named.", f"There are: {', '.join(_ROLES)}.")
    return tuple(Role(one) for one in wanted)
