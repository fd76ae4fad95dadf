"""The sandbox's shop: look, choose, review, place. An order placed here is one like any other."""

from typing import NamedTuple
from urllib.parse import urlencode

from starlette.datastructures import FormData, QueryParams
from starlette.exceptions import HTTPException
from starlette.responses import Response

from fairhold.domain.actors import Role
from fairhold.domain.commands import PlaceOrder
from fairhold.domain.reasons import Reason, Refusal
from fairhold.web.rendering import picture
from fairhold.web.shelves import Shelf
from fairhold.web.views.parts import Note
from fairhold.web.views.shop import MOST, Counter, Known, best_first, field_of, review_of, shelf_view, ways
from fairhold.web.visits import Visit, fresh_key, status_of
from fairhold.words.catalog import N_


class Basket(NamedTuple):
    """What was written beside the goods, by SKU; what of it can be read, and what is wrong with the rest."""

    written: dict[str, str]
    quantities: dict[str, int]
    errors: dict[str, str]


def _counter(visit: Visit) -> Counter:
    return Counter(visit.reader, visit.site.directory, lambda image: picture(visit.desk.assets, image))


def _shelves(visit: Visit) -> tuple[Shelf, ...]:
    if not visit.site.has_shop:
        raise HTTPException(404)
    return visit.site.shop


def _shelf(visit: Visit) -> Shelf:
    seller = visit.request.path_params["seller"]
    found = next((shelf for shelf in _shelves(visit) if shelf.seller == seller), None)
    if found is None:
        raise HTTPException(404)
    return found


def _known(visit: Visit, shelf: Shelf) -> Known:
    """What buyers say of the seller and the goods."""
    reputation = visit.site.queries.reputation
    seller = reputation.tally(Role.SELLER, shelf.seller)
    if not seller.people:
        return Known(seller)
    return Known(seller, {ware.sku: reputation.product_tally(shelf.seller, ware.sku) for ware in shelf.wares})


def _own(visit: Visit, shelf: Shelf) -> bool:
    """Whether the reader is the seller: under another id perhaps, so that the engine could not tell."""
    seller = visit.person.actor(Role.SELLER) if visit.person else None
    return seller is not None and seller.id == shelf.seller


def _basket(visit: Visit, shelf: Shelf, given: FormData | QueryParams) -> Basket:
    written, quantities, errors = {}, {}, {}
    for ware in shelf.wares:
        value = given.get(field_of(ware.sku), "")
        text = value.strip()[:20] if isinstance(value, str) else ""
        written[ware.sku] = text
        if not text.isascii() or not text.isdigit():
            if text:
                errors[ware.sku] = visit.say(N_("Write a whole number, such as 1."))
        elif int(text) > MOST:
            errors[ware.sku] = visit.say(N_("%(most)d at most in one order."), most=MOST)
        elif int(text):
            quantities[ware.sku] = int(text)
    return Basket(written, quantities, errors)


def _show(visit: Visit, shelf: Shelf, basket: Basket, status: int = 200, note: Note | None = None) -> Response:
    """One seller's shelf with what was written, what is wrong beside its field."""
    nothing = status == 422 and note is None and not basket.errors
    error = visit.say(N_("Nothing is chosen yet. Write how many of what you would like.")) if nothing else ""
    view = shelf_view(
        _counter(visit),
        shelf,
        _known(visit, shelf),
        own=_own(visit, shelf),
        written=basket.written,
        errors=basket.errors,
        error=error,
    )
    return visit.show("shop.html", status, shelves=(view,), ways=(), alone=True, most=MOST, note=note)


def shop(visit: Visit) -> Response:
    """All goods, by seller, those whom buyers can rely on most first."""
    counter, known = _counter(visit), {shelf: _known(visit, shelf) for shelf in _shelves(visit)}
    shelves = best_first(known)
    views = [shelf_view(counter, shelf, known[shelf], own=_own(visit, shelf)) for shelf in shelves]
    return visit.show("shop.html", shelves=views, ways=ways(counter, shelves), alone=False, most=MOST, note=None)


def seller(visit: Visit) -> Response:
    """One seller's goods, with quantities out of the address where somebody comes back to change them."""
    shelf = _shelf(visit)
    return _show(visit, shelf, _basket(visit, shelf, visit.request.query_params))


def _why_not(visit: Visit, shelf: Shelf, basket: Basket) -> Response | None:
    """The shelf once more where this cannot be ordered."""
    if _own(visit, shelf):
        refusal = Refusal(Reason.BUYER_IS_SELLER)
        return _show(visit, shelf, basket, status_of(refusal), visit.refusal_note(refusal))
    if basket.errors or not basket.quantities:
        return _show(visit, shelf, basket, 422)
    return None


def review(visit: Visit) -> Response:
    """What would be ordered. Nothing is placed yet."""
    shelf = _shelf(visit)
    basket = _basket(visit, shelf, visit.request.query_params)
    return _why_not(visit, shelf, basket) or _review(visit, shelf, basket)


def _review(visit: Visit, shelf: Shelf, basket: Basket, status: int = 200, note: Note | None = None) -> Response:
    page = review_of(_counter(visit), shelf, basket.quantities, visit.site.policy)
    back = urlencode({field_of(sku): quantity for sku, quantity in basket.quantities.items()})
    return visit.show(
        "shop_review.html", status, page=page, back=f"/shop/{shelf.seller}?{back}", key=fresh_key(), note=note
    )


def place(visit: Visit) -> Response:
    """Place the order. The same form sent twice places one."""
    shelf = _shelf(visit)
    basket = _basket(visit, shelf, visit.form)
    refused = _why_not(visit, shelf, basket)
    if refused is not None:
        return refused
    command = PlaceOrder(
        buyer=visit.who().id,
        seller=shelf.seller,
        currency=shelf.currency,
        lines=tuple(ware.line(basket.quantities[ware.sku]) for ware in shelf.wares if ware.sku in basket.quantities),
        policy=visit.site.policy,
        shipping=shelf.shipping,
    )
    outcome = visit.ask(None, command)
    if isinstance(outcome, Refusal):
        return _review(visit, shelf, basket, status_of(outcome), visit.refusal_note(outcome))
    return visit.go(f"/orders/{outcome.order.id}?done=placed")
