"""A person's second step of signing in: an app that makes codes, passkeys, recovery codes."""

from starlette.responses import Response

from fairhold.engine.accounts.people import is_staff
from fairhold.engine.accounts.refusals import Denied
from fairhold.engine.ports.accounts import Account
from fairhold.web import sessions
from fairhold.web.entering import landing, own_account, own_url, proof_first
from fairhold.web.handlers.sign_in import wrong
from fairhold.web.views.account import passkey_rows, qr_of
from fairhold.web.visits import ACCOUNT, SET_UP, Visit


def page(visit: Visit) -> Response:
    """What the second step consists of; staff without one begin here."""
    return _page(visit)


def _page(visit: Visit, denied: Denied | None = None) -> Response:
    account, members = own_account(visit), visit.site.members
    assert visit.signed_in is not None, "somebody with an account is signed in"
    fault = wrong(visit, denied) if denied else None
    factors = members.factors.of(account)
    proved = visit.signed_in.is_proved
    answer = visit.show(
        "account_steps.html",
        fault.status if fault else 200,
        factors=factors,
        passkeys=passkey_rows(visit.reader, factors.passkeys, sessions.now()),
        asked=members.passkeys.ask_new(account, own_url(visit)) if proved else None,
        proof=f"{ACCOUNT}/proof?next={SET_UP}",
        proved=proved,
        staff=is_staff(account.roles),
        shown=visit.signed_in.has_factor,
        home=landing(account.roles),
        note=fault.note if fault else None,
        errors=fault.errors if fault else {},
    )
    return fault.told(answer) if fault else answer


def app_page(visit: Visit) -> Response:
    """A secret for the app, as a picture and to be typed."""
    first = proof_first(visit)
    return first or _app(visit, visit.site.members.factors.fresh_secret())


def _app(visit: Visit, secret: str, denied: Denied | None = None) -> Response:
    account, factors = own_account(visit), visit.site.members.factors
    fault = wrong(visit, denied) if denied else None
    answer = visit.show(
        "account_app.html",
        fault.status if fault else 200,
        qr=qr_of(factors.address_of(secret, account, visit.site.marketplace)),
        groups=[secret[start : start + 4] for start in range(0, len(secret), 4)],
        sealed=factors.sealed(account, secret),
        note=fault.note if fault else None,
        errors=fault.errors if fault else {},
    )
    return fault.told(answer) if fault else answer


def add_app(visit: Visit) -> Response:
    """Ask for codes from now on, if the first one is right."""
    account, members = own_account(visit), visit.site.members
    first = proof_first(visit)
    if first is not None:
        return first
    sealed = visit.field("secret", 300)
    codes = members.steps.add_app(account, sealed, visit.field("code", 40), own_url(visit))
    if isinstance(codes, Denied):
        secret = members.factors.opened(account, sealed)
        return _page(visit, codes) if secret is None else _app(visit, secret, codes)
    return _added(visit, account, codes)


def add_passkey(visit: Visit) -> Response:
    """Take a passkey that the browser has just made."""
    account, members = own_account(visit), visit.site.members
    first = proof_first(visit)
    if first is not None:
        return first
    codes = members.steps.add_passkey(
        account,
        own_url(visit),
        visit.field("challenge", 3000),
        visit.field("credential", 9000),
        visit.field("passkey_name", 200) or sessions.device_of(visit.request.headers.get("user-agent", "")),
    )
    return _page(visit, codes) if isinstance(codes, Denied) else _added(visit, account, codes)


def _added(visit: Visit, account: Account, codes: tuple[str, ...]) -> Response:
    """They have just shown it, so this session has a second factor now; recovery codes are shown this once."""
    assert visit.signed_in is not None, "somebody with an account is signed in"
    response = _codes(visit, account, codes) if codes else visit.go(f"{ACCOUNT}?done=second-step")
    sessions.renew(visit.request, response, visit.site.access, visit.signed_in, factor=True)
    return response


def _codes(visit: Visit, account: Account, codes: tuple[str, ...]) -> Response:
    home = landing(account.roles) if is_staff(account.roles) else ACCOUNT
    return visit.show("account_codes.html", codes=codes, home=home)


def fresh_codes(visit: Visit) -> Response:
    """New recovery codes in the place of the old ones."""
    account, factors = own_account(visit), visit.site.members.factors
    first = proof_first(visit)
    if first is not None:
        return first
    if not factors.of(account).any:
        return visit.go(SET_UP)
    return _codes(visit, account, factors.fresh_recovery_codes(account))


def remove_app(visit: Visit) -> Response:
    """Ask for no codes any more."""
    account = own_account(visit)
    first = proof_first(visit)
    if first is not None:
        return first
    denied = visit.site.members.steps.remove_app(account, own_url(visit))
    return _page(visit, denied) if denied else visit.go(SET_UP)


def remove_passkey(visit: Visit) -> Response:
    """Take a passkey no more."""
    account = own_account(visit)
    first = proof_first(visit)
    if first is not None:
        return first
    denied = visit.site.members.steps.remove_passkey(account, visit.field("passkey", 1500), own_url(visit))
    return _page(visit, denied) if denied else visit.go(SET_UP)
