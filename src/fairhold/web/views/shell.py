"""What surrounds every page: sections, the switch between sides, language, account."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from fairhold.domain.actors import Actor, Role
from fairhold.domain.instants import Instant
from fairhold.web.people import Person
from fairhold.web.views.inbox import Bell
from fairhold.words import dates
from fairhold.words.catalog import N_, Language, Words
from fairhold.words.names import role_name
from fairhold.words.reader import Reader

HOMES = {
    Role.BUYER: "/orders",
    Role.SELLER: "/selling",
    Role.SUPPORT: "/support",
    Role.MEDIATOR: "/mediation/disputes",
    Role.OPERATOR: "/operator",
}
_SECTIONS: dict[Role, tuple[tuple[str, str], ...]] = {
    Role.BUYER: (
        ("/orders", N_("My orders")),
        ("/reviews", N_("Reviews")),
        ("/shop", N_("Shop")),
        ("/help", N_("Support")),
    ),
    Role.SELLER: (
        ("/selling", N_("Orders")),
        ("/selling/money", N_("Money")),
        ("/selling/reviews", N_("Reviews")),
        ("/help", N_("Support")),
    ),
    Role.SUPPORT: (
        ("/support/chats", N_("Chats")),
        ("/support", N_("Orders")),
        ("/support/disputes", N_("Disputes")),
        ("/support/disputes/numbers", N_("Numbers")),
    ),
    Role.MEDIATOR: (
        ("/mediation/disputes", N_("Disputes")),
        ("/mediation/reviews", N_("Reviews")),
        ("/mediation/disputes/numbers", N_("Numbers")),
        ("/support", N_("Orders")),
    ),
    Role.OPERATOR: (
        ("/operator", N_("Orders")),
        ("/operator/chats", N_("Chats")),
        ("/operator/disputes", N_("Disputes")),
        ("/operator/reviews", N_("Reviews")),
        ("/operator/parcels", N_("Parcels")),
        ("/operator/bank", N_("Bank")),
        ("/operator/money", N_("Money")),
    ),
}
_MORE: dict[Role, tuple[tuple[str, str], ...]] = {
    Role.OPERATOR: (
        ("/operator/disputes/numbers", N_("Numbers")),
        ("/operator/reconciliation", N_("Reconciliation")),
        ("/operator/ledger", N_("Ledger")),
        ("/operator/webhooks", N_("Webhooks")),
        ("/operator/staff", N_("Staff")),
        ("/operator/keys", N_("Keys")),
        ("/operator/clock", N_("Test clock")),
    ),
}
"""What is needed now and then stands behind «More»: with it the row of sections would be two."""
MOST_SHOWN = 99
"""How many that wait are counted out beside the section's name."""
_OTHER_NAMES = {Language.RU: "Русская версия", Language.EN: "English version"}


@dataclass(frozen=True)
class Entry:
    """A link of the header; `count` is what waits there, `more` says that counting ended at it."""

    text: str
    url: str
    current: bool
    count: int = 0
    more: bool = False


@dataclass(frozen=True)
class Units:
    """Forms of days, hours and minutes for the script that ticks, as JSON by plural category."""

    days: str
    hours: str
    minutes: str
    moment: str


@dataclass(frozen=True)
class Shell:
    """Everything around the page's own content."""

    language: str
    other: str
    other_name: str
    other_url: str
    now: str
    units: Units
    sections: tuple[Entry, ...]
    more: tuple[Entry, ...]
    switch: tuple[Entry, ...]
    person: str
    initials: str
    role: str
    may_sign_in: bool
    account: str
    staff: bool
    sandbox: str
    bell: Bell | None = None
    letters: bool = False


def shell_of(
    reader: Reader,
    now: Instant,
    path: str,
    person: Person | None,
    actor: Actor | None,
    *,
    sandbox: bool,
    without: frozenset[str],
    back: str,
) -> Shell:
    """The surroundings of the page at `path` for whoever is signed in; `back` is where the language switch returns to.

    `without` are sections that this installation does not have.
    """
    sections = _sections(reader.words, path, actor, frozenset(without if sandbox else {"/operator/clock", *without}))
    rare = {url for own in _MORE.values() for url, _ in own}
    other = Language.EN if reader.language is Language.RU else Language.RU
    name = person.name(reader.language) if person else ""
    staff = actor is not None and actor.role in (Role.SUPPORT, Role.OPERATOR, Role.MEDIATOR)
    return Shell(
        language=reader.language.value,
        other=other.value,
        other_name=_OTHER_NAMES[other],
        other_url=f"/language/{other.value}?next={back}",
        now=dates.to_the_second(now),
        units=_units(reader.words),
        sections=tuple(entry for entry in sections if entry.url not in rare),
        more=tuple(entry for entry in sections if entry.url in rare),
        switch=_switch(reader.words, person, actor),
        person=name,
        initials=person.initials(reader.language) if person else "",
        role=role_name(reader.words, actor.role) if actor else "",
        may_sign_in=person is None and not path.startswith("/sign-in"),
        account="",
        staff=staff,
        sandbox=_banner(reader, now) if sandbox else "",
    )


def _banner(reader: Reader, now: Instant) -> str:
    moment = f"{dates.full_day(reader, now)}, {dates.time_of_day(reader, now)}"
    return reader.words.gettext("Sandbox: no real money. The test clock says %(moment)s.", moment=moment)


def _sections(words: Words, path: str, actor: Actor | None, left_out: frozenset[str]) -> tuple[Entry, ...]:
    """Those that are there, and the one that the page is in, even where it is mostly left out."""
    if actor is None:
        return ()
    own = (*_SECTIONS[actor.role], *_MORE.get(actor.role, ()))
    leading = max((url for url, _ in own if path == url or path.startswith(f"{url}/")), key=len, default="")
    return tuple(
        Entry(words.gettext(text), url, url == leading) for url, text in own if url == leading or url not in left_out
    )


def with_waiting(shell: Shell, waiting: Mapping[str, int]) -> Shell:
    """The surroundings with how much waits for the reader, by the address of the section where it does."""

    def counted(entry: Entry) -> Entry:
        number = waiting.get(entry.url, 0)
        return replace(entry, count=min(number, MOST_SHOWN), more=number > MOST_SHOWN)

    return replace(shell, sections=tuple(map(counted, shell.sections)))


def _switch(words: Words, person: Person | None, actor: Actor | None) -> tuple[Entry, ...]:
    """Between the sides that a person takes; nothing where there is one only."""
    names = {
        Role.BUYER: words.gettext("Buying"),
        Role.SELLER: words.gettext("Selling"),
        Role.SUPPORT: words.gettext("Support"),
        Role.MEDIATOR: words.gettext("Mediation"),
        Role.OPERATOR: words.gettext("Operation"),
    }
    if person is None or len(person.actors) < 2:
        return ()
    return tuple(
        Entry(names[own.role], HOMES[own.role], actor is not None and own.role is actor.role) for own in person.actors
    )


def _units(words: Words) -> Units:
    samples = {"one": 1, "few": 2, "many": 5, "other": 5} if words.language is Language.RU else {"one": 1, "other": 2}

    def forms(texts: dict[str, str], samples: dict[str, int]) -> str:
        return json.dumps(
            {name: texts[name].replace(str(number), "{}") for name, number in samples.items()}, ensure_ascii=False
        )

    return Units(
        days=forms(
            {name: words.ngettext("%(num)d day", "%(num)d days", number) for name, number in samples.items()}, samples
        ),
        hours=forms(
            {name: words.ngettext("%(num)d hour", "%(num)d hours", number) for name, number in samples.items()}, samples
        ),
        minutes=forms(
            {name: words.ngettext("%(num)d minute", "%(num)d minutes", number) for name, number in samples.items()},
            samples,
        ),
        moment=words.gettext("less than a minute"),
    )
