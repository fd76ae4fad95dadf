"""Signing in: by e-mail and password, and the second step."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.responses import Response

from fairhold.domain.instants import SECOND
from fairhold.engine.accounts.rate_limits import Tried
from fairhold.engine.accounts.refusals import Denial, Denied
from fairhold.engine.accounts.tickets import Purpose, Right
from fairhold.engine.ports.accounts import Account
from fairhold.web.entering import STEP_COOKIE, enter, forget_step, knock_of, network, own_url
from fairhold.web.handlers.entrance import faces_of
from fairhold.web.security import way_back
from fairhold.web.views.parts import Note
from fairhold.web.visits import Visit
from fairhold.words.account_refusals import explain_denial

PASSWORD, PASSKEY = "password", "passkey"
STATUSES = {Denial.TOO_MANY_ATTEMPTS: 429, Denial.BUSY: 503, Denial.IDENTITY_AWAY: 503}
_BUSY_SECONDS = 3


@dataclass(frozen=True)
class Wrong:
    """What a refused form shows: errors beside fields, or a notice at its head."""

    errors: Mapping[str, str]
    note: Note | None
    status: int
    wait: int

    def told(self, response: Response) -> Response:
        """The page, with how many seconds to wait where that is said."""
        if self.wait:
            response.headers["retry-after"] = str(self.wait)
        return response


def wrong(visit: Visit, denied: Denied) -> Wrong:
    """A refusal in the reader's words."""
    title, detail = explain_denial(visit.reader.words, denied)
    status = STATUSES.get(denied.why, 422)
    wait = _BUSY_SECONDS if status == 503 else -(-(denied.wait or 0) // SECOND)
    if denied.field:
        return Wrong({denied.field: f"{title} {detail}"}, None, status, wait)
    return Wrong({}, Note(title, detail, "bad", "alert", focus=True), status, wait)


def sign_in_page(visit: Visit) -> Response:
    """The form; in the sandbox also the demo's people, to be chosen from."""
    return refused_sign_in(visit, way_back(visit.query("next", 500), ""), None)


def refused_sign_in(visit: Visit, target: str, denied: Denied | None) -> Response:
    """The page of the form, with why somebody did not get in, where they tried."""
    fault = wrong(visit, denied) if denied else None
    traders, staff = faces_of(visit)
    page = visit.show(
        "sign_in.html",
        fault.status if fault else 200,
        traders=traders,
        staff=staff,
        target=target,
        email=visit.field("email", 300),
        note=fault.note if fault else None,
        errors=fault.errors if fault else {},
        passkey=visit.site.members.passkeys.ask(own_url(visit)),
        provider=visit.site.members.provider.name if visit.site.members.provider else "",
        may_sign_up=visit.site.members.entrance.is_open,
    )
    return fault.told(page) if fault else page


def sign_in(visit: Visit) -> Response:
    """By e-mail and password; those who have a second factor are asked for it next."""
    target = way_back(visit.field("next", 500), "")
    account = visit.site.members.entrance.sign_in(
        visit.field("email", 300), visit.secret_field("password"), knock_of(visit)
    )
    if isinstance(account, Denied):
        return refused_sign_in(visit, target, account)
    return enter(visit, account, PASSWORD, target)


def by_passkey(visit: Visit) -> Response:
    """By a passkey alone: it is something that they have, and it was opened by something that they know or are."""
    target, members = way_back(visit.field("next", 500), ""), visit.site.members
    refused = members.limits.take((Tried.LINK_FROM, network(visit)))
    if refused is not None:
        return refused_sign_in(visit, target, refused)
    shown = members.passkeys.check(own_url(visit), visit.field("challenge", 3000), visit.field("credential", 9000))
    if isinstance(shown, Denied):
        return refused_sign_in(visit, target, shown)
    account = members.accounts.account(shown.passkey.person)
    if account is None:
        return refused_sign_in(visit, target, Denied(Denial.PASSKEY_FAILED))
    return enter(visit, account, PASSKEY, target, factor=True)


def _begun(visit: Visit) -> tuple[str, Right, Account] | None:
    """The sign-in whose first step this browser has taken."""
    token = visit.request.cookies.get(STEP_COOKIE, "")
    right = visit.site.members.tickets.look(Purpose.SECOND_STEP, token)
    account = visit.site.members.accounts.account(right.person) if right else None
    return (token, right, account) if right and account else None


def second_step_page(visit: Visit) -> Response:
    """Ask for a code or a passkey."""
    begun = _begun(visit)
    if begun is None:
        return visit.go("/sign-in")
    return _second_step(visit, begun[2])


def _second_step(visit: Visit, account: Account, denied: Denied | None = None) -> Response:
    fault = wrong(visit, denied) if denied else None
    members = visit.site.members
    factors = members.factors.of(account)
    page = visit.show(
        "second_step.html",
        fault.status if fault else 200,
        factors=factors,
        passkey=members.passkeys.ask(own_url(visit), account.person) if factors.passkeys else None,
        note=fault.note if fault else None,
        errors=fault.errors if fault else {},
    )
    return fault.told(page) if fault else page


def second_step(visit: Visit) -> Response:
    """A one-time code, a recovery code or a passkey."""
    begun = _begun(visit)
    if begun is None:
        response = visit.go("/sign-in")
        forget_step(visit, response)
        return response
    token, right, account = begun
    denied = shown_factor(visit, account)
    if denied is not None:
        return _second_step(visit, account, denied)
    if visit.site.members.tickets.take(Purpose.SECOND_STEP, token) is None:
        return visit.go("/sign-in")
    return enter(visit, account, str(right.value["means"]), str(right.value["next"]), factor=True)


def shown_factor(visit: Visit, account: Account) -> Denied | None:
    """Whether the form brings a second factor of this person: a passkey's answer, or a code."""
    members, answer = visit.site.members, visit.field("credential", 9000)
    if not answer:
        return members.factors.check(account, visit.field("code", 40))
    shown = members.passkeys.check(own_url(visit), visit.field("challenge", 3000), answer, account.person)
    return shown if isinstance(shown, Denied) else None
