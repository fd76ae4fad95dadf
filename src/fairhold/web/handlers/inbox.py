"""The inbox of a person in one role: what they were told, and which letters they get about it."""

import re

from starlette.responses import Response

from fairhold.domain.instants import Instant
from fairhold.engine.ports.contacts import Contact
from fairhold.engine.ports.notices import ABOUT_MONEY, Kind, Notice, Place, waits
from fairhold.web.views.inbox import kind_views, notice_views
from fairhold.web.views.parts import Empty, Link, Note, Pager
from fairhold.web.visits import Visit
from fairhold.words import dates
from fairhold.words.catalog import N_
from fairhold.words.notices.ways import INBOXES

PER_PAGE = 20
_PLACE = re.compile(r"(\d{1,17})-([0-9a-f]{32})", re.ASCII)


def page(visit: Visit) -> Response:
    """What the person was told, newest first: `?before=` is where the page before ended."""
    place = _PLACE.fullmatch(visit.query("before", 60))
    behind = Place(Instant(int(place[1])), place[2]) if place else None
    found = visit.site.messages.inbox.notices(str(visit.who()), visit.now, PER_PAGE + 1, behind)
    shown = found[:PER_PAGE]
    home = INBOXES[visit.who().role]
    return visit.show(
        "inbox.html",
        home=home,
        notices=notice_views(visit.reader, shown, visit.now),
        unread=any(waits(notice, visit.now) for notice in shown),
        before=visit.query("before", 60) if place else "",
        zone=dates.zone_name(visit.reader),
        pager=_pager(visit, home, shown, more=len(found) > PER_PAGE, first=behind is None),
        empty=None if shown else _empty(visit, home, first=behind is None),
    )


def _pager(visit: Visit, home: str, shown: list[Notice], *, more: bool, first: bool) -> Pager:
    older = f"{home}?before={shown[-1].at}-{shown[-1].key}" if more else ""
    count = len(shown)
    said = visit.reader.words.ngettext("%(num)d notice shown", "%(num)d notices shown", count)
    return Pager(newer="" if first else home, older=older, shown=said)


def _empty(visit: Visit, home: str, *, first: bool) -> Empty:
    text = N_("What happens to your orders, and what they wait for, appears here.")
    link = None if first else Link(visit.say(N_("To the newest")), home)
    title = N_("No notices yet") if first else N_("There are no older ones")
    return Empty("bell", visit.say(title), visit.say(text), link)


def read(visit: Visit) -> Response:
    """Mark one notice as read, or all; then back to the same page of the list."""
    recipient, key = str(visit.who()), visit.field("notice", 64)
    inbox = visit.site.messages.inbox
    if key and key.isalnum():
        inbox.read(recipient, [key], visit.now)
    elif not key:
        inbox.read_all(recipient, visit.now)
    before = visit.field("before", 60)
    home = INBOXES[visit.who().role]
    return visit.go(f"{home}?before={before}" if _PLACE.fullmatch(before) else home)


def letters(visit: Visit) -> Response:
    """Which letters the person gets, and where they go."""
    who = visit.who()
    contact = visit.site.messages.contacts.contact(who.id)
    unwanted = visit.site.messages.wishes.unwanted([who.id]).get(who.id, frozenset())
    saved = Note(visit.say(N_("Saved.")), "", "safe", "ok") if visit.query("done", 10) else None
    return visit.show(
        "inbox_letters.html",
        home=INBOXES[who.role],
        kinds=kind_views(visit.reader, unwanted),
        email=contact.email if contact else "",
        note=saved or _refused(visit, contact),
    )


def _refused(visit: Visit, contact: Contact | None) -> Note | None:
    """That letters do not arrive, where the address's server has said so."""
    email = contact.email if contact else None
    since = visit.site.messages.contacts.refused_since(email) if email else None
    if since is None:
        return None
    title = visit.say(N_("Letters to %(email)s do not arrive"), email=email)
    text = visit.say(
        N_(
            "Its mail server refused one on %(day)s, so nothing more is sent there. Give another address, or the same again."
        ),
        day=dates.day(visit.reader, since, visit.now),
    )
    return Note(title, text, "turn", "alert")


def choose(visit: Visit) -> Response:
    """Say which letters are wanted: of those that can be turned off, the ticked ones."""
    wanted = set(visit.fields("kind"))
    unwanted = frozenset(kind for kind in Kind if kind not in ABOUT_MONEY and kind.value not in wanted)
    visit.site.messages.wishes.set_unwanted(visit.who().id, unwanted)
    return visit.go(f"{INBOXES[visit.who().role]}/letters?done=1")
