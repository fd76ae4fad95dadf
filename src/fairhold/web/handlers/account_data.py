"""What is kept of a person: taken out as a file, and forgotten, in two steps."""

from starlette.responses import Response

from fairhold.engine.accounts.refusals import Denied
from fairhold.web import sessions
from fairhold.web.entering import own_account, own_url, proof_first
from fairhold.web.handlers.sign_in import wrong
from fairhold.web.views.parts import Link
from fairhold.web.visits import ACCOUNT, Visit
from fairhold.words.catalog import N_

_PAGE = f"{ACCOUNT}/data"


def page(visit: Visit) -> Response:
    """What may be had and what may be done, and why not now, where that is so."""
    return _page(visit)


def _page(visit: Visit, denied: Denied | None = None) -> Response:
    account = own_account(visit)
    fault = wrong(visit, denied) if denied else None
    return visit.show(
        "account_data.html",
        409 if fault else 200,
        account=account,
        open_orders=visit.site.members.personal.open_orders(account.person),
        note=fault.note if fault else None,
    )


def take_out(visit: Visit) -> Response:
    """The file."""
    first = proof_first(visit, _PAGE)
    if first is not None:
        return first
    account = own_account(visit)
    headers = {
        "Content-Disposition": f'attachment; filename="fairhold-{account.person}.zip"',
        "Cache-Control": "no-store",
    }
    return Response(visit.site.members.personal.archive(account), 200, headers, "application/zip")


def forget(visit: Visit) -> Response:
    """Forget them: asked once more with the word that the page shows, and after showing who asks."""
    first = proof_first(visit, _PAGE)
    if first is not None:
        return first
    if visit.field("sure", 3) != "yes":
        return visit.go(_PAGE)
    denied = visit.site.members.personal.forget(own_account(visit), own_url(visit))
    if denied is not None:
        return _page(visit, denied)
    response = visit.show(
        "error.html",
        sign="ok",
        title=visit.say(N_("You are forgotten here")),
        text=visit.say(
            N_(
                "Your name, your address and all that you signed in with are gone. Records of money stay, without your name."
            )
        ),
        link=Link(visit.say(N_("To the home page")), "/"),
    )
    sessions.forget_cookie(visit.request, response)
    return response
