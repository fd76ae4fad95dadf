"""Making an account, and setting a forgotten password: a letter first, and then a page that its link opens."""

from starlette.responses import Response

from fairhold.engine.accounts.passwords import SHORTEST
from fairhold.engine.accounts.refusals import Denial, Denied
from fairhold.web.entering import enter, knock_of, own_url
from fairhold.web.handlers.sign_in import PASSWORD, wrong
from fairhold.web.views.parts import Link
from fairhold.web.visits import Visit
from fairhold.words.catalog import N_

_TOKEN = 200


def sign_up_page(visit: Visit) -> Response:
    """Ask for an address."""
    if not visit.site.members.entrance.is_open:
        return spent(visit, Denied(Denial.SIGN_UP_CLOSED))
    return _ask(visit, "sign_up.html")


def sign_up(visit: Visit) -> Response:
    """Send the letter, whether the address has an account or not."""
    denied = visit.site.members.entrance.ask_account(visit.field("email", 300), knock_of(visit))
    return _ask(visit, "sign_up.html", denied) if denied else _sent(visit, "/sign-up")


def forgotten_page(visit: Visit) -> Response:
    """Ask for the address whose password is forgotten."""
    return _ask(visit, "forgotten.html")


def forgotten(visit: Visit) -> Response:
    """Send the letter, whether the address has an account or not."""
    denied = visit.site.members.entrance.ask_reset(visit.field("email", 300), knock_of(visit))
    return _ask(visit, "forgotten.html", denied) if denied else _sent(visit, "/forgotten")


def _ask(visit: Visit, template: str, denied: Denied | None = None) -> Response:
    fault = wrong(visit, denied) if denied else None
    page = visit.show(
        template,
        fault.status if fault else 200,
        email=visit.field("email", 300),
        note=fault.note if fault else None,
        errors=fault.errors if fault else {},
    )
    return fault.told(page) if fault else page


def _sent(visit: Visit, again: str) -> Response:
    return visit.show("letter_sent.html", email=visit.field("email", 300), again=again)


def spent(visit: Visit, denied: Denied | None = None) -> Response:
    """The page of a link that opens nothing."""
    fault = wrong(visit, denied or Denied(Denial.LINK_SPENT))
    assert fault.note is not None, "no field is at fault"
    return visit.show(
        "error.html",
        410 if denied is None or denied.why is Denial.LINK_SPENT else fault.status,
        sign="alert",
        title=fault.note.title,
        text=fault.note.text,
        link=Link(visit.say(N_("To the sign-in")), "/sign-in"),
    )


def welcome_page(visit: Visit) -> Response:
    """The link of the letter: choose a name and a password."""
    return _welcome(visit, visit.query("token", _TOKEN))


def _welcome(visit: Visit, token: str, denied: Denied | None = None) -> Response:
    right = visit.site.members.entrance.welcome(token)
    if right is None:
        return spent(visit)
    fault = wrong(visit, denied) if denied else None
    page = visit.show(
        "welcome.html",
        fault.status if fault else 200,
        link_token=token,
        email=right.value["email"],
        invited=bool(right.value.get("roles")),
        name=visit.field("name", 300),
        sells=visit.field("sells", 3) == "yes",
        shortest=SHORTEST,
        note=fault.note if fault else None,
        errors=fault.errors if fault else {},
    )
    return fault.told(page) if fault else page


def welcome(visit: Visit) -> Response:
    """Make the account, and let its person in."""
    token = visit.field("link", _TOKEN)
    opened = visit.site.members.entrance.open_account(
        token,
        visit.field("name", 300),
        visit.secret_field("password"),
        visit.reader.language.value,
        sells=visit.field("sells", 3) == "yes",
    )
    if isinstance(opened, Denied):
        return _welcome(visit, token, opened)
    return enter(visit, opened, PASSWORD, "")


def reset_page(visit: Visit) -> Response:
    """The link of the letter: choose another password."""
    return _reset(visit, visit.query("token", _TOKEN))


def _reset(visit: Visit, token: str, denied: Denied | None = None) -> Response:
    account = visit.site.members.credentials.resetting(token)
    if account is None:
        return spent(visit)
    fault = wrong(visit, denied) if denied else None
    page = visit.show(
        "reset.html",
        fault.status if fault else 200,
        link_token=token,
        email=account.email,
        shortest=SHORTEST,
        note=fault.note if fault else None,
        errors=fault.errors if fault else {},
    )
    return fault.told(page) if fault else page


def reset(visit: Visit) -> Response:
    """Replace the password; whoever was signed in to the account is so no more."""
    token = visit.field("link", _TOKEN)
    changed = visit.site.members.credentials.reset(token, visit.secret_field("password"), own_url(visit))
    if isinstance(changed, Denied):
        return _reset(visit, token, changed)
    return enter(visit, changed, PASSWORD, "")
