"""The operator's pages about webhooks: where what is sent, and what came of it."""

import hashlib
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.responses import Response

from fairhold.domain.instants import DAY, HOUR, Instant
from fairhold.engine.ports.webhook_sending import UnusableUrl
from fairhold.engine.ports.webhooks import LONGEST_DESCRIPTION, LONGEST_URL, DeliveryState, Endpoint
from fairhold.engine.webhooks.endpoints import Key, Made, No
from fairhold.engine.webhooks.event_types import ALL_TYPES
from fairhold.web.views.onlooker import Onlooker
from fairhold.web.views.parts import Empty, Link, Note
from fairhold.web.views.webhooks import (
    FOLDER,
    came_of,
    delivery_page,
    delivery_row,
    endpoint_page,
    endpoint_row,
    endpoint_url,
    name_of,
    type_groups,
)
from fairhold.web.visits import Visit
from fairhold.words.catalog import N_
from fairhold.words.faults import Fault
from fairhold.words.problems import HINTS, TEXTS

PER_PAGE = 20
SINCE = {"hour": HOUR, "day": DAY, "three": 3 * DAY}
"""How far back what failed is sent again."""
_STATES = {"waiting": DeliveryState.WAITING, "failed": DeliveryState.FAILED}
_SAID = {
    "saved": N_("The changes are saved."),
    "on": N_("It is on: it is sent what happens from now on."),
    "off": N_("It is off: nothing more is sent."),
    "removed": N_("The address is removed."),
    "again": N_("It is being sent again."),
    "all": N_("What was not delivered is being sent again."),
}


@dataclass(frozen=True)
class Typed:
    """What stands in the form of an endpoint."""

    url: str = ""
    description: str = ""
    everything: bool = True
    types: tuple[str, ...] = ()

    @property
    def taken(self) -> tuple[str, ...]:
        """The types that it asks for; none: all."""
        return () if self.everything else self.types


def _looker(visit: Visit) -> Onlooker:
    return Onlooker(visit.who(), visit.now, visit.reader, visit.site.directory)


def _endpoint(visit: Visit) -> Endpoint:
    found = visit.site.webhooks.one(visit.request.path_params["webhook"])
    if found is None:
        raise HTTPException(404)
    return found


def _said(visit: Visit) -> Note | None:
    text = _SAID.get(visit.query("done", 20))
    return Note(visit.say(text), "", "safe", "ok") if text else None


def listing(visit: Visit) -> Response:
    """Every endpoint."""
    webhooks, looker = visit.site.webhooks, _looker(visit)
    rows = [endpoint_row(looker, one, webhooks.undelivered(one.id)) for one in webhooks.all()]
    nothing = None
    if not rows:
        nothing = Empty(
            "out",
            visit.say(N_("Nobody is told yet")),
            visit.say(N_("Add the address of your server, and it hears of every payment, parcel and dispute.")),
            Link(visit.say(N_("Add an address")), f"{FOLDER}/new", main=True),
        )
    return visit.show("webhooks.html", rows=rows, nothing=nothing, note=_said(visit), folder=FOLDER)


def form(visit: Visit) -> Response:
    """A form for a new endpoint."""
    return _form(visit, Typed(), None, {})


def edit(visit: Visit) -> Response:
    """The same form for one that is there."""
    found = _endpoint(visit)
    return _form(visit, Typed(found.url, found.description, not found.types, found.types), found, {})


def typed_form(visit: Visit) -> Response:
    """The form for a new endpoint, with what was typed."""
    return _form(visit, _typed(visit), None, {})


def typed_edit(visit: Visit) -> Response:
    """The form of one that is there, with what was typed."""
    return _form(visit, _typed(visit), _endpoint(visit), {})


def _form(visit: Visit, typed: Typed, found: Endpoint | None, errors: dict[str, str], status: int = 200) -> Response:
    return visit.show(
        "webhook_form.html",
        status,
        typed=typed,
        groups=type_groups(_looker(visit), typed.types),
        errors=errors,
        action=FOLDER if found is None else endpoint_url(found.id),
        back=FOLDER if found is None else endpoint_url(found.id),
        name="" if found is None else name_of(found),
        sandbox=visit.site.sandbox,
    )


def _typed(visit: Visit) -> Typed:
    return Typed(
        visit.field("url", LONGEST_URL + 1),
        visit.field("description", LONGEST_DESCRIPTION + 1),
        visit.field("take", 20) != "some",
        tuple(kind for kind in dict.fromkeys(visit.fields("type")) if kind in ALL_TYPES),
    )


def _wrong(visit: Visit, typed: Typed) -> dict[str, str]:
    """What cannot be, by field."""
    errors = {}
    if not typed.url:
        errors["url"] = visit.say(N_("Say where to send."))
    if len(typed.description) > LONGEST_DESCRIPTION or not typed.description.isprintable():
        errors["description"] = visit.say(N_("A line of 200 characters at most."))
    if not typed.everything and not typed.types:
        errors["types"] = visit.say(N_("Tick at least one, or take everything."))
    return errors


def _unusable(visit: Visit, why: UnusableUrl) -> dict[str, str]:
    return {"url": visit.say(HINTS[f"url {why.value}"])}


def add(visit: Visit) -> Response:
    """A new endpoint; its secret is shown on the page that answers, and never again."""
    typed = _typed(visit)
    errors = _wrong(visit, typed)
    if errors:
        return _form(visit, typed, None, errors, 422)
    done = visit.site.webhooks.add(typed.url, typed.description, typed.taken, _key(visit, repr(typed)))
    if isinstance(done, UnusableUrl):
        return _form(visit, typed, None, _unusable(visit, done), 422)
    if isinstance(done, No):
        title = TEXTS[Fault.TOO_MANY_WEBHOOKS].title if done is No.TOO_MANY else N_("This form was sent before.")
        return _form(visit, typed, None, {"url": visit.say(title)}, 409)
    return _secret(visit, done)


def change(visit: Visit) -> Response:
    """Another address, other types, another description."""
    found, typed = _endpoint(visit), _typed(visit)
    errors = _wrong(visit, typed)
    if errors:
        return _form(visit, typed, found, errors, 422)
    done = visit.site.webhooks.change(found.id, typed.url, typed.description, typed.taken, None)
    if isinstance(done, UnusableUrl):
        return _form(visit, typed, found, _unusable(visit, done), 422)
    if isinstance(done, No):
        raise HTTPException(404)
    return visit.go(f"{endpoint_url(found.id)}?done=saved")


def _key(visit: Visit, meant: str) -> Key | None:
    """The form's own key: sent twice, it makes one."""
    key = visit.field("key", 100)
    return Key(f"page {key}", hashlib.sha256(f"{visit.request.url.path}\n{meant}".encode()).digest()) if key else None


def _secret(visit: Visit, made: Made) -> Response:
    return visit.show(
        "webhook_secret.html",
        name=name_of(made.endpoint),
        url=endpoint_url(made.endpoint.id),
        secret=made.secret or "",
        until=_looker(visit).moment(made.endpoint.previous_until) if made.endpoint.previous_until else "",
    )


def page(visit: Visit) -> Response:
    """One endpoint with its log."""
    return _page(visit, _endpoint(visit), _said(visit))


def _page(visit: Visit, found: Endpoint, note: Note | None, status: int = 200) -> Response:
    webhooks, looker = visit.site.webhooks, _looker(visit)
    tab = visit.query("state", 20) if visit.query("state", 20) in _STATES else ""
    listed = webhooks.deliveries(found.id, _STATES.get(tab), _place(visit.query("before")), PER_PAGE + 1)
    further = ""
    if len(listed) > PER_PAGE:
        last = listed[PER_PAGE - 1].delivery
        further = f"{endpoint_url(found.id)}?state={tab}&before={last.at}.{last.message}"
    return visit.show(
        "webhook.html",
        status,
        page=endpoint_page(looker, found, webhooks.undelivered(found.id)),
        rows=[delivery_row(looker, one) for one in listed[:PER_PAGE]],
        tab=tab,
        further=further,
        note=note,
        folder=FOLDER,
    )


def _place(text: str) -> tuple[Instant, str] | None:
    at, _, message = text.partition(".")
    return (Instant(int(at)), message) if at.isascii() and at.isdigit() and len(at) < 19 else None


def switch(visit: Visit) -> Response:
    """On or off."""
    found, on = _endpoint(visit), visit.field("on", 3) == "yes"
    visit.site.webhooks.change(found.id, None, None, None, on)
    return visit.go(f"{endpoint_url(found.id)}?done={'on' if on else 'off'}")


def test(visit: Visit) -> Response:
    """Send the test message, and show on the same page what came of it."""
    found = _endpoint(visit)
    done = visit.site.webhooks.test(found.id)
    if isinstance(done, No):
        raise HTTPException(404)
    attempt = done.attempts[-1]
    came = came_of(_looker(visit), attempt)
    if attempt.trouble is None:
        note = Note(visit.say(N_("The test arrived.")), came, "safe", "ok")
    else:
        note = Note(visit.say(N_("The test did not arrive.")), came, "bad", "alert", focus=True)
    return _page(visit, _endpoint(visit), note)


def rotate_page(visit: Visit) -> Response:
    """What a new secret means, before there is one."""
    found = _endpoint(visit)
    return visit.show("webhook_rotate.html", name=name_of(found), url=endpoint_url(found.id))


def rotate(visit: Visit) -> Response:
    """A new secret, shown on the page that answers, and never again."""
    found = _endpoint(visit)
    done = visit.site.webhooks.rotate(found.id, key=_key(visit, "rotate"))
    if isinstance(done, No):
        raise HTTPException(404)
    return _secret(visit, done)


def remove_page(visit: Visit) -> Response:
    """What is lost with an endpoint, before it is removed."""
    found = _endpoint(visit)
    waiting, failed = visit.site.webhooks.undelivered(found.id)
    return visit.show(
        "webhook_remove.html", name=name_of(found), address=found.url, url=endpoint_url(found.id), open=waiting + failed
    )


def remove(visit: Visit) -> Response:
    """Forget an endpoint."""
    visit.site.webhooks.remove(_endpoint(visit).id)
    return visit.go(f"{FOLDER}?done=removed")


def delivery(visit: Visit) -> Response:
    """One delivery: what was sent, and every attempt."""
    found = _endpoint(visit)
    whole = visit.site.webhooks.delivery(found.id, visit.request.path_params["delivery"])
    if whole is None:
        raise HTTPException(404)
    return visit.show(
        "webhook_delivery.html",
        page=delivery_page(_looker(visit), whole),
        name=name_of(found),
        url=endpoint_url(found.id),
        on=found.on,
        note=_said(visit),
    )


def again(visit: Visit) -> Response:
    """Send one again."""
    found, message = _endpoint(visit), visit.request.path_params["delivery"]
    done = visit.site.webhooks.again(found.id, message)
    if done is No.NOT_FOUND:
        raise HTTPException(404)
    return (
        _off(visit, found) if done is No.OFF else visit.go(f"{endpoint_url(found.id)}/deliveries/{message}?done=again")
    )


def again_since(visit: Visit) -> Response:
    """Send again everything that was not delivered."""
    found, back = _endpoint(visit), SINCE.get(visit.field("since", 10))
    since = Instant(0) if back is None else Instant(visit.now - back)
    if isinstance(visit.site.webhooks.again_since(found.id, since), No):
        return _off(visit, found)
    return visit.go(f"{endpoint_url(found.id)}?done=all")


def _off(visit: Visit, found: Endpoint) -> Response:
    title, detail = TEXTS[Fault.WEBHOOK_OFF]
    return _page(visit, found, Note(visit.say(title), visit.say(detail), "bad", "alert", focus=True), 409)
