"""How somebody who has shown who they are gets in: a session, or first the second step; and where they land."""

from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.responses import Response

from fairhold.domain.actors import STAFF, Role
from fairhold.engine.accounts.entrance import Knock
from fairhold.engine.accounts.people import is_staff
from fairhold.engine.accounts.rate_limits import network_of
from fairhold.engine.accounts.tickets import LIVES, Purpose
from fairhold.engine.ports.accounts import Account
from fairhold.web import sessions
from fairhold.web.security import way_back
from fairhold.web.views.shell import HOMES
from fairhold.web.visits import ACCOUNT, SET_UP, Handler, Visit

STEP_COOKIE = "fairhold_step"
STEP_PATH = "/sign-in"


def knock_of(visit: Visit) -> Knock:
    """Who knocks."""
    return Knock(network(visit), visit.reader.language.value, own_url(visit))


def network(visit: Visit) -> str:
    """The network that this request came from; a trusted proxy has said which."""
    client = visit.request.client
    return network_of(client.host) if client else ""


def own_url(visit: Visit) -> str:
    """The house's own address, without a slash at the end. Never what a request says, outside of the sandbox."""
    return str(visit.request.base_url).rstrip("/") if visit.site.sandbox else visit.site.url


def enter(visit: Visit, account: Account, means: str, target: str, *, factor: bool = False) -> Response:
    """Let this person in, or on to the second step where they have one; `factor`: they have shown it."""
    if not factor and visit.site.members.factors.of(account).any:
        said = {"means": means, "next": target}
        token = visit.site.members.tickets.give(Purpose.SECOND_STEP, account.person, said)
        response = visit.go("/sign-in/second-step")
        response.set_cookie(
            STEP_COOKIE,
            token,
            max_age=LIVES[Purpose.SECOND_STEP] // 1_000_000,
            path=STEP_PATH,
            httponly=True,
            samesite="lax",
            secure=sessions.is_secure(visit.request),
        )
        return response
    staff = is_staff(account.roles)
    where = way_back(target, landing(account.roles))
    response = visit.go(SET_UP if staff and not factor else where)
    sessions.sign_in(
        visit.request, response, visit.site.access, account.person, means=means, factor=factor, staff=staff
    )
    forget_step(visit, response)
    return response


def forget_step(visit: Visit, response: Response) -> None:
    """Take away the cookie of a second step."""
    if STEP_COOKIE in visit.request.cookies:
        response.delete_cookie(
            STEP_COOKIE, path=STEP_PATH, httponly=True, samesite="lax", secure=sessions.is_secure(visit.request)
        )


def landing(roles: tuple[str, ...]) -> str:
    """Where somebody with these roles begins."""
    ranked = sorted(map(Role, roles), key=lambda role: role not in STAFF)
    return HOMES[ranked[0]] if ranked else "/"


def owned(handler: Handler) -> Handler:
    """A page for whoever is signed in to an account, in whatever role; others sign in first."""

    def serve(visit: Visit) -> Response:
        if visit.person is None:
            back = visit.here() if visit.request.method == "GET" else ACCOUNT
            return visit.go(f"/sign-in?next={quote(back, safe='')}")
        own_account(visit)
        return handler(visit)

    return serve


def own_account(visit: Visit) -> Account:
    """The account of whoever is signed in. Raises 404 for the people of the demo, who have none."""
    if visit.account is None:
        raise HTTPException(404)
    return visit.account


def proof_first(visit: Visit, page: str = "") -> Response | None:
    """The way to show once more who they are, where that was a while ago; None where it was not.

    It leads back to this page; from a form to `page`, or to the account's own.
    """
    own_account(visit)
    assert visit.signed_in is not None, "somebody with an account is signed in"
    if visit.signed_in.is_proved:
        return None
    otherwise = page or (SET_UP if visit.request.url.path.startswith(SET_UP) else ACCOUNT)
    back = visit.here() if visit.request.method == "GET" else otherwise
    return visit.go(f"{ACCOUNT}/proof?next={quote(back, safe='')}")
