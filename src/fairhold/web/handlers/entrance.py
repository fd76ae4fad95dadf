"""The home page, signing in and out, the language, and the pages that explain."""

from collections.abc import Iterable
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from fairhold.domain.actors import Role
from fairhold.web import sessions
from fairhold.web.people import Person
from fairhold.web.security import way_back
from fairhold.web.views.rules import example_of, help_of, rules_of
from fairhold.web.views.shell import HOMES
from fairhold.web.visits import LANGUAGE_COOKIE, Visit
from fairhold.words.catalog import Language
from fairhold.words.names import role_name

A_YEAR_SECONDS = 365 * 24 * 3600


@dataclass(frozen=True)
class Face:
    """Somebody to sign in as."""

    key: str
    name: str
    initials: str
    roles: str
    note: str


def _faces(visit: Visit, people: Iterable[Person]) -> tuple[Face, ...]:
    language, words = visit.reader.language, visit.reader.words
    found = []
    for person in people:
        name = person.name(language)
        roles = ", ".join(role_name(words, actor.role) for actor in person.actors)
        found.append(Face(person.key, name, person.initials(language), roles, person.note(language)))
    return tuple(found)


def home(visit: Visit) -> Response:
    """For whoever is signed in, their own orders; for others, what this is."""
    if visit.person is not None and visit.actor is not None:
        return visit.go(HOMES[visit.actor.role])
    return visit.show("home.html", rules=rules_of(visit.site.policy, visit.reader), example=example_of(visit.reader))


def faces_of(visit: Visit) -> tuple[tuple[Face, ...], tuple[Face, ...]]:
    """The demo's people and its staff, to be chosen from in the sandbox; elsewhere nobody."""
    there = list(visit.site.directory) if visit.site.sandbox else []
    traders = [person for person in there if not _is_staff(person)]
    return _faces(visit, traders), _faces(visit, [person for person in there if _is_staff(person)])


def _is_staff(person: Person) -> bool:
    return any(actor.role in (Role.SUPPORT, Role.OPERATOR, Role.MEDIATOR) for actor in person.actors)


def be_somebody(visit: Visit) -> Response:
    """Begin a session as the chosen one of the demo's people."""
    person = visit.site.directory.person(visit.field("person", 100)) if visit.site.sandbox else None
    if person is None:
        raise HTTPException(404)
    otherwise = HOMES[person.actors[0].role] if person.actors else "/"
    response = visit.go(way_back(visit.field("next", 500), otherwise))
    sessions.sign_in(visit.request, response, visit.site.access, person.key)
    return response


def sign_out(visit: Visit) -> Response:
    """End the session."""
    response = visit.go("/")
    sessions.sign_out(visit.request, response, visit.site.access)
    return response


def language(visit: Visit) -> Response:
    """Remember the chosen language and go back to where the person was."""
    chosen = visit.request.path_params["language"]
    if chosen not in {known.value for known in Language}:
        raise HTTPException(404)
    response = RedirectResponse(way_back(visit.query("next", 1000), "/"), 303)
    response.set_cookie(LANGUAGE_COOKIE, chosen, max_age=A_YEAR_SECONDS, path="/", samesite="lax", httponly=True)
    return response


def rules(visit: Visit) -> Response:
    """The marketplace's rules of protection, in plain words, out of its policy."""
    return visit.show("rules.html", rules=rules_of(visit.site.policy, visit.reader))


def support_info(visit: Visit) -> Response:
    """How to reach support, and what it can still do."""
    return visit.show("help.html", help=help_of(visit.site.policy, visit.reader))
