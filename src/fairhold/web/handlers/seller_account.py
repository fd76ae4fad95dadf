"""Where a seller tells a payment provider who they are: on a page of the provider's, which is asked for here."""

from starlette.exceptions import HTTPException
from starlette.responses import Response

from fairhold.engine.outside.destinations import TryLater
from fairhold.engine.payouts.payees import No
from fairhold.engine.ports.payouts import Payee
from fairhold.web.handlers.seller_payouts import cashier_of
from fairhold.web.views.parts import Note
from fairhold.web.views.payouts import SELLING
from fairhold.web.visits import Visit
from fairhold.words.catalog import N_
from fairhold.words.countries import countries


def page(visit: Visit) -> Response:
    """What is about to happen, and in which country the seller lives where nobody knows yet."""
    return _show(visit)


def begin(visit: Visit) -> Response:
    """The way to the provider's page. It is good for some minutes, and once."""
    provider, seller, payees = _provider(visit), visit.who().id, visit.site.payouts.payees
    country = visit.field("country", 2)
    if not _known(visit) and country not in dict(countries(visit.reader.language)):
        return _show(
            visit, 422, wrong=visit.say(N_("Choose the country in which you live or your firm is registered."))
        )
    here = f"{visit.site.url}{SELLING}"
    try:
        found = payees.onboard(seller, provider, country, here, f"{here}/account/{provider}", visit.field("key", 100))
    except TryLater:
        title = visit.say(N_("The payment provider does not answer just now"))
        note = Note(title, visit.say(N_("Nothing has changed. Try again in a minute.")), "bad", "alert", focus=True)
        return _show(visit, 503, note=note)
    if isinstance(found, No):
        title = visit.say(N_("The payment provider does not take this seller."))
        text = visit.say(N_("It may not pay to your country. Write to support: there may be another way."))
        return _show(visit, 409, note=Note(title, text, "bad", "alert", focus=True))
    return _show(visit, url=found.url)


def _provider(visit: Visit) -> str:
    """Raises 404 where there is none that asks sellers who they are."""
    name: str = visit.request.path_params["provider"]
    if not visit.site.payouts.balances.onboards(name):
        raise HTTPException(404)
    return name


def _known(visit: Visit) -> Payee | None:
    """The seller there, where they have an account already."""
    found = visit.site.payouts.rows.payee(visit.who().id, _provider(visit))
    return found if found is not None and found.account else None


def _show(visit: Visit, status: int = 200, **content: object) -> Response:
    known = _known(visit)
    shown: dict[str, object] = {"note": None, "wrong": "", "url": "", **content}
    return visit.show(
        "seller_account.html",
        status,
        provider=cashier_of(visit).provider(_provider(visit)),
        address=f"{SELLING}/account/{_provider(visit)}",
        folder=SELLING,
        wanting=() if known is None else known.wanting,
        ready=known is not None and known.may_be_paid is True,
        countries=() if known is not None else countries(visit.reader.language),
        chosen=visit.field("country", 2) if visit.request.method == "POST" else "",
        **shown,
    )
