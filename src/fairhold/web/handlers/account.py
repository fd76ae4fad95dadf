"""A person's own account: what they are called, their address and password, where they are signed in."""

from starlette.responses import Response

from fairhold.domain.instants import Instant
from fairhold.engine.accounts.passwords import SHORTEST
from fairhold.engine.accounts.refusals import Denial, Denied
from fairhold.web import sessions
from fairhold.web.entering import own_account, own_url, proof_first
from fairhold.web.handlers.sign_in import wrong
from fairhold.web.handlers.sign_up import spent
from fairhold.web.views.account import session_rows
from fairhold.web.views.parts import Link, Note
from fairhold.web.visits import ACCOUNT, Visit
from fairhold.words.catalog import N_

_DONE = {
    "name": N_("Saved."),
    "password": N_("The password is changed. You are signed out everywhere else."),
    "email": N_("The address is changed."),
    "selling": N_("You can sell now, too."),
    "sessions": N_("Signed out there."),
    "second-step": N_("The second step is changed."),
}


def page(visit: Visit) -> Response:
    """Everything of the account, and ways to change it."""
    return _page(visit)


def _page(visit: Visit, denied: Denied | None = None) -> Response:
    account = own_account(visit)
    assert visit.signed_in is not None, "somebody with an account is signed in"
    fault = wrong(visit, denied) if denied else None
    now = Instant(sessions.now())
    live = [one for one in visit.site.access.sessions_of(account.person) if sessions.is_live(one, now)]
    done = _DONE.get(visit.query("done", 20)) if denied is None else None
    note = Note(visit.say(done), "", "safe", "ok") if done else None
    answer = visit.show(
        "account.html",
        fault.status if fault else 200,
        account=account,
        name=visit.field("name", 300) or account.name,
        factors=visit.site.members.factors.of(account),
        may_sell=visit.site.members.accounts.may_start_selling(account),
        sessions=session_rows(visit.reader, live, visit.signed_in.session, now),
        note=fault.note if fault else note,
        errors=fault.errors if fault else {},
    )
    return fault.told(answer) if fault else answer


def rename(visit: Visit) -> Response:
    """Call them otherwise; letters come in the language in which this was sent."""
    denied = visit.site.members.accounts.rename(
        own_account(visit), visit.field("name", 300), visit.reader.language.value
    )
    return _page(visit, denied) if denied else visit.go(f"{ACCOUNT}?done=name")


def sell(visit: Visit) -> Response:
    """Let them take the seller's side, too."""
    if not visit.site.members.accounts.start_selling(own_account(visit)):
        return visit.not_found()
    return visit.go(f"{ACCOUNT}?done=selling")


def end_session(visit: Visit) -> Response:
    """Sign out somewhere else."""
    account = own_account(visit)
    wanted = visit.field("session", 80)
    for session in visit.site.access.sessions_of(account.person):
        if session.token_hash.hex() == wanted:
            visit.site.access.end_session(session.token_hash)
    return visit.go(f"{ACCOUNT}?done=sessions")


def end_all(visit: Visit) -> Response:
    """Sign out everywhere, here too."""
    visit.site.access.end_sessions_of(own_account(visit).person)
    response = visit.go("/sign-in")
    sessions.forget_cookie(visit.request, response)
    return response


def password_page(visit: Visit) -> Response:
    """Ask for a new password."""
    return proof_first(visit) or _password(visit)


def _password(visit: Visit, denied: Denied | None = None) -> Response:
    fault = wrong(visit, denied) if denied else None
    answer = visit.show(
        "account_password.html",
        fault.status if fault else 200,
        account=own_account(visit),
        shortest=SHORTEST,
        note=fault.note if fault else None,
        errors=fault.errors if fault else {},
    )
    return fault.told(answer) if fault else answer


def change_password(visit: Visit) -> Response:
    """Replace the password; only this browser stays signed in, under a new token."""
    account = own_account(visit)
    first = proof_first(visit)
    if first is not None:
        return first
    denied = visit.site.members.credentials.change_password(account, visit.secret_field("password"), own_url(visit))
    if denied is not None:
        return _password(visit, denied)
    assert visit.signed_in is not None, "somebody with an account is signed in"
    response = visit.go(f"{ACCOUNT}?done=password")
    sessions.go_on(visit.request, response, visit.site.access, visit.signed_in)
    return response


def email_page(visit: Visit) -> Response:
    """Ask for another address."""
    return proof_first(visit) or _email(visit)


def _email(visit: Visit, denied: Denied | None = None) -> Response:
    fault = wrong(visit, denied) if denied else None
    answer = visit.show(
        "account_email.html",
        fault.status if fault else 200,
        account=own_account(visit),
        email=visit.field("email", 300),
        note=fault.note if fault else None,
        errors=fault.errors if fault else {},
    )
    return fault.told(answer) if fault else answer


def change_email(visit: Visit) -> Response:
    """Write to the new address; until its link is followed the old one stays."""
    account = own_account(visit)
    first = proof_first(visit)
    if first is not None:
        return first
    denied = visit.site.members.credentials.ask_email(account, visit.field("email", 300), own_url(visit))
    if denied is not None:
        return _email(visit, denied)
    return visit.show("letter_sent.html", email=visit.field("email", 300), again=f"{ACCOUNT}/email", account=account)


def confirm_email_page(visit: Visit) -> Response:
    """The link of the letter. It may be opened anywhere, signed in or not."""
    token = visit.query("token", 200)
    email = visit.site.members.credentials.new_email(token)
    if email is None:
        return spent(visit)
    return visit.show("account_email_confirm.html", link_token=token, email=email)


def confirm_email(visit: Visit) -> Response:
    """Make the address theirs."""
    changed = visit.site.members.credentials.confirm_email(visit.field("link", 200), own_url(visit))
    if isinstance(changed, Denied):
        return spent(visit, Denied(Denial.LINK_SPENT))
    if visit.account is not None and visit.account.person == changed.person:
        return visit.go(f"{ACCOUNT}?done=email")
    return visit.show(
        "error.html",
        sign="ok",
        title=visit.say(N_("The address is confirmed")),
        text=visit.say(N_("Sign in with it from now on.")),
        link=Link(visit.say(N_("To the sign-in")), "/sign-in"),
    )
