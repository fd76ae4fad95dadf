"""Coming from the marketplace: through its own sign-in, or by a link that it hands over."""

from starlette.exceptions import HTTPException
from starlette.responses import Response

from fairhold.domain.instants import SECOND
from fairhold.engine.accounts.marketplace_sign_in import LASTS, ByProvider, Came
from fairhold.engine.accounts.rate_limits import Tried
from fairhold.engine.accounts.refusals import Denied
from fairhold.web import sessions
from fairhold.web.entering import enter, network, own_url
from fairhold.web.handlers.sign_in import refused_sign_in
from fairhold.web.handlers.sign_up import spent
from fairhold.web.security import way_back
from fairhold.web.visits import Visit

COOKIE, FOLDER = "fairhold_marketplace", "/sign-in/marketplace"
OIDC, HANDOVER = "oidc", "handover"
_PARAMETERS = ("state", "code", "iss", "error")
_LONGEST_TOKEN = 3000


def _provider(visit: Visit) -> ByProvider:
    provider = visit.site.members.provider
    if provider is None:
        raise HTTPException(404)
    return provider


def leave(visit: Visit) -> Response:
    """On to the marketplace's sign-in. The browser keeps, unreadable to it, with what it is to come back."""
    target = way_back(visit.query("next", 500), "")
    begun = _provider(visit).begin(f"{own_url(visit)}{FOLDER}/back", target)
    if isinstance(begun, Denied):
        return refused_sign_in(visit, target, begun)
    address, kept = begun
    response = visit.go(address)
    response.set_cookie(
        COOKIE,
        kept,
        max_age=LASTS // SECOND,
        path=FOLDER,
        httponly=True,
        samesite="lax",
        secure=sessions.is_secure(visit.request),
    )
    return response


def come_back(visit: Visit) -> Response:
    """Back from there, with a code."""
    provider = _provider(visit)
    refused = visit.site.members.limits.take((Tried.LINK_FROM, network(visit)))
    if refused is not None:
        return refused_sign_in(visit, "", refused)
    said = {name: visit.query(name, 4000) for name in _PARAMETERS if name in visit.request.query_params}
    kept = visit.request.cookies.get(COOKIE, "")
    came = provider.finish(kept, said, visit.reader.language.value)
    response = _entered(visit, came)
    response.delete_cookie(COOKIE, path=FOLDER, httponly=True, samesite="lax", secure=sessions.is_secure(visit.request))
    return response


def _entered(visit: Visit, came: Came | Denied) -> Response:
    return (
        refused_sign_in(visit, "", came) if isinstance(came, Denied) else enter(visit, came.account, OIDC, came.target)
    )


def handed_over(visit: Visit) -> Response:
    """The link: in at once where a person follows it who is nobody else here; asked first where that is not clear.

    Programs that look at links must not use them up, and nobody is turned into somebody else without a word.
    """
    token = visit.request.path_params["link"][:_LONGEST_TOKEN]
    known = visit.site.members.handovers.look(token)
    if known is None:
        return spent(visit)
    headers = visit.request.headers
    followed = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
    ahead = "sec-purpose" in headers or "purpose" in headers
    somebody_else = visit.person is not None and (visit.account is None or visit.account.person != known.person)
    if followed and not ahead and not somebody_else:
        return _take(visit, token)
    return visit.show(
        "handed_over.html", name=known.name or known.person, link=token, before=visit.person if somebody_else else None
    )


def take(visit: Visit) -> Response:
    """The button of the page that asks."""
    return _take(visit, visit.request.path_params["link"][:_LONGEST_TOKEN])


def _take(visit: Visit, token: str) -> Response:
    refused = visit.site.members.limits.take((Tried.LINK_FROM, network(visit)))
    came = refused or visit.site.members.handovers.take(token)
    if isinstance(came, Denied):
        return spent(visit, came)
    return enter(visit, came.account, HANDOVER, came.target)
