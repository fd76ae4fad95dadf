"""Showing once more who one is, before something that matters: on a page of its own, or on the way of a form."""

from collections.abc import Callable
from functools import wraps

from starlette.responses import Response

from fairhold.engine.accounts.refusals import Denied
from fairhold.web import sessions
from fairhold.web.entering import own_account, own_url, proof_first
from fairhold.web.handlers.sign_in import shown_factor, wrong
from fairhold.web.security import way_back
from fairhold.web.views.parts import Note
from fairhold.web.views.payouts import SELLING
from fairhold.web.visits import ACCOUNT, Handler, Visit
from fairhold.words.catalog import N_

_PAGE = f"{ACCOUNT}/proof"
_GUARDED = (ACCOUNT, "/operator/", f"{SELLING}/")
"""What is worth a proof, and so where one may lead."""
_PROOF = "proof"
"""Says that a form brings a proof, besides what had been typed in it."""
# No form that is guarded may have a field of these names: it would be lost, or be taken for the proof.
_OF_THE_PROOF = frozenset({"token", _PROOF, "next", "password", "username", "code", "challenge", "credential"})

Back = Callable[[Visit], str]


def page(visit: Visit) -> Response:
    """Ask who they are once more, before something that matters."""
    return _ask(visit)


def prove(visit: Visit) -> Response:
    """By the password, a one-time code or a passkey; the session goes on under a new token."""
    assert visit.signed_in is not None, "somebody with an account is signed in"
    denied = _shown(visit)
    if denied is not None:
        return _ask(visit, denied)
    response = visit.go(_target(visit))
    sessions.renew(visit.request, response, visit.site.access, visit.signed_in, factor=_by_factor(visit))
    return response


def proved(back: Back, form: Handler | None = None) -> Callable[[Handler], Handler]:
    """For whoever has shown a moment ago who they are; others show it first. The sandbox's own people have nothing to show.

    Whoever sends a `form` comes back to it with what they typed: nothing was done with it meanwhile. Where nothing is typed
    they come `back` to where they pressed.
    """

    def guarded(handler: Handler) -> Handler:
        @wraps(handler)
        def serve(visit: Visit) -> Response:
            if visit.account is None:
                return handler(visit)
            if visit.request.method == "POST" and form is not None:
                return _kept(visit, handler, form)
            return proof_first(visit, back(visit)) or handler(visit)

        return serve

    return guarded


def _kept(visit: Visit, handler: Handler, form: Handler) -> Response:
    assert visit.signed_in is not None, "somebody with an account is signed in"
    brings = bool(visit.field(_PROOF))
    if visit.signed_in.is_proved:
        return form(visit) if brings else handler(visit)
    denied = _shown(visit) if brings else None
    if denied is not None or not brings:
        return _ask(visit, denied, keep=True)
    renewed = sessions.renewed(visit.site.access, visit.signed_in, factor=_by_factor(visit))
    if renewed is None:
        return visit.go("/sign-in")
    # What the page says from here on is for the session under its new token.
    visit.signed_in = renewed
    visit.notice = Note(
        visit.say(N_("It is you.")), visit.say(N_("Nothing was sent yet: look, and send it now.")), "turn", "info"
    )
    response = form(visit)
    sessions.keep_cookie(visit.request, response, renewed)
    return response


def _ask(visit: Visit, denied: Denied | None = None, *, keep: bool = False) -> Response:
    """The page that asks. `keep`: it carries what had been typed, and leads to where that was sent."""
    account = own_account(visit)
    fault = wrong(visit, denied) if denied else None
    factors = visit.site.members.factors.of(account)
    passkey = visit.site.members.passkeys.ask(own_url(visit), account.person) if factors.passkeys else None
    typed = [
        (name, value)
        for name, value in visit.form.multi_items()
        if keep and isinstance(value, str) and name not in _OF_THE_PROOF
    ]
    answer = visit.show(
        "account_proof.html",
        fault.status if fault else 200,
        account=account,
        factors=factors,
        passkey=passkey,
        action=visit.request.url.path if keep else _PAGE,
        carried=[*typed, (_PROOF, "1")] if keep else [("next", _target(visit))],
        note=fault.note if fault else None,
        errors=fault.errors if fault else {},
    )
    return fault.told(answer) if fault else answer


def _target(visit: Visit) -> str:
    target = way_back(visit.query("next", 300) or visit.field("next", 300), ACCOUNT)
    return target if target.startswith(_GUARDED) else ACCOUNT


def _by_factor(visit: Visit) -> bool:
    return bool(visit.field("credential", 9000) or visit.field("code", 40))


def _shown(visit: Visit) -> Denied | None:
    """Whether the form brings a proof."""
    account = own_account(visit)
    if _by_factor(visit):
        return shown_factor(visit, account)
    return visit.site.members.credentials.prove(account, visit.secret_field("password"))
