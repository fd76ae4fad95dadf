"""The pages as one ASGI application: a table of addresses, and what surrounds them."""

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from fairhold.domain.actors import Role
from fairhold.domain.commands import MAX_PHOTOS
from fairhold.web.assets import Assets
from fairhold.web.handlers import (
    bank,
    buyer,
    calendar,
    contests,
    dispute_goods,
    dispute_numbers,
    dispute_offers,
    dispute_opening,
    disputes,
    embed,
    entrance,
    letters,
    mediator,
    parcels,
    phone,
    photos,
    receipts,
    reviews,
    reviews_answers,
    reviews_lists,
    rulings,
    seller,
    shop,
    staff,
    unsubscribe,
)
from fairhold.web.rendering import Templates
from fairhold.web.routes_accounts import ACCOUNT_TABLE, KEY_TABLE, OWN_TABLE, STAFF_TABLE
from fairhold.web.routes_inbox import INBOX_TABLE
from fairhold.web.routes_money import MONEY_TABLE
from fairhold.web.routes_public import PUBLIC_TABLE
from fairhold.web.routes_reconciliation import RECONCILIATION_TABLE
from fairhold.web.routes_support import SUPPORT_TABLE, SUPPORT_WITH_PHOTOS, stream_routes
from fairhold.web.routes_transfers import TRANSFER_TABLE
from fairhold.web.routes_webhooks import WEBHOOK_TABLE
from fairhold.web.security import HEADERS, Shield
from fairhold.web.site import Site
from fairhold.web.views.office import FOLDERS
from fairhold.web.views.reviews_form import BASES
from fairhold.web.visits import Desk, Handler, Roles, arrive, endpoint, failed

_ANYBODY: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/", entrance.home),
    ("GET", "/language/{language}", entrance.language),
    ("GET", "/rules", entrance.rules),
    ("GET", "/help", entrance.support_info),
    ("GET", "/photos/{photo}", photos.photo),
    ("GET", "/letters/{token}", letters.letter),
    ("GET", "/bank/{task}/{token}", bank.pay),
)
_BUYERS: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/orders", buyer.orders),
    ("GET", "/orders/{order}", buyer.order),
    ("GET", "/orders/{order}/deadlines.ics", calendar.deadlines_file),
    ("POST", "/orders/{order}/payment", buyer.pay),
    ("GET", "/orders/{order}/payment", buyer.paying),
    ("GET", "/orders/{order}/cancellation", buyer.cancel_page),
    ("POST", "/orders/{order}/cancellation", buyer.cancel),
    ("GET", "/orders/{order}/protection", buyer.extension_page),
    ("POST", "/orders/{order}/protection", buyer.ask_extension),
    ("GET", "/orders/{order}/receipt", receipts.boxes),
    ("GET", "/orders/{order}/receipt/consequence", receipts.consequence),
    ("POST", "/orders/{order}/receipt", receipts.confirm),
    ("GET", "/orders/{order}/receipt/done", receipts.confirmed),
)
_GUIDE: tuple[tuple[str, str, Handler], ...] = tuple(
    (method, f"/orders/{{order}}/dispute{path}", handler)
    for method in ("GET", "POST")
    for path, handler in (
        ("", dispute_opening.items),
        ("/reason", dispute_opening.reason),
        ("/demand", dispute_opening.demand),
        ("/details", dispute_opening.details),
        ("/check", dispute_opening.check),
    )
)
_OPENING: tuple[tuple[str, str, Handler], ...] = (
    *_GUIDE,
    ("POST", "/orders/{order}/disputes", dispute_opening.open_it),
)


def _of_a_dispute(orders: str, table: tuple[tuple[str, str, Handler], ...]) -> tuple[tuple[str, str, Handler], ...]:
    """The same pages of a dispute on either side, under that side's orders."""
    return tuple(
        (method, f"{orders}/{{order}}/disputes/{{dispute:int}}{path}", handler) for method, path, handler in table
    )


_EITHER_SIDE: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "", disputes.page),
    ("GET", "/offer", dispute_offers.form),
    ("POST", "/offer", dispute_offers.form),
    ("POST", "/offer/check", dispute_offers.check),
    ("POST", "/offers", dispute_offers.make),
    ("GET", "/offers/{number:int}", disputes.accept_page),
    ("POST", "/offers/{number:int}/acceptance", disputes.accept),
    ("GET", "/escalation", disputes.escalate_page),
    ("POST", "/escalation", disputes.escalate),
    ("GET", "/withdrawal", disputes.withdraw_page),
    ("POST", "/withdrawal", disputes.withdraw),
    ("GET", "/appeal", disputes.appeal_page),
)
_EITHER_SIDE_WITH_PHOTOS: tuple[tuple[str, str, Handler], ...] = (
    ("POST", "/messages", disputes.say),
    ("POST", "/appeal", disputes.appeal),
)
_BUYERS_DISPUTES = _of_a_dispute(
    "/orders",
    (*_EITHER_SIDE, ("GET", "/return", dispute_goods.return_form), ("POST", "/return", dispute_goods.send_back)),
)
_SELLERS_DISPUTES = _of_a_dispute(
    "/selling/orders",
    (
        *_EITHER_SIDE,
        ("GET", "/return/receipt", dispute_goods.look_page),
        ("POST", "/return/receipt", dispute_goods.looked),
        ("GET", "/resend", dispute_goods.resend_form),
        ("POST", "/resend", dispute_goods.send_again),
    ),
)


def _reviews(orders: str, folder: str) -> tuple[tuple[str, str, Handler], ...]:
    """What either side reads of reviews: its own lists and the forms."""
    return (
        ("GET", f"{orders}/{{order}}/review", reviews.form),
        ("GET", f"{orders}/{{order}}/review/form", reviews.again),
        ("GET", folder, reviews_lists.reviews),
        ("GET", f"{folder}/{{review}}", reviews_lists.one),
        ("GET", f"{folder}/{{review}}/revision", reviews.revision),
        ("GET", f"{folder}/{{review}}/revision/form", reviews.again),
        ("GET", f"{folder}/{{review}}/reply", reviews_answers.reply_form),
        ("GET", f"{folder}/{{review}}/contest", reviews_answers.contest_form),
    )


def _reviewing(orders: str, folder: str) -> tuple[tuple[str, str, Handler], ...]:
    """What either side sends about reviews: texts are longer there than in other forms, and photos come with them."""
    return (
        ("POST", f"{orders}/{{order}}/review", reviews.write),
        ("POST", f"{orders}/{{order}}/review/form", reviews.look),
        ("POST", f"{folder}/{{review}}/revision", reviews.revise),
        ("POST", f"{folder}/{{review}}/revision/form", reviews.look_at_revision),
        ("POST", f"{folder}/{{review}}/reply", reviews_answers.reply),
        ("POST", f"{folder}/{{review}}/contest", reviews_answers.contest),
    )


_SHOPPERS: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/shop", shop.shop),
    ("GET", "/shop/{seller}", shop.seller),
    ("GET", "/shop/{seller}/review", shop.review),
    ("POST", "/shop/{seller}/orders", shop.place),
)
_SELLERS: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/selling", seller.orders),
    ("GET", "/selling/orders/{order}", seller.order),
    ("GET", "/selling/orders/{order}/deadlines.ics", calendar.deadlines_file),
    ("GET", "/selling/orders/{order}/ship", seller.ship_form),
    ("POST", "/selling/orders/{order}/ship", seller.ship),
    ("GET", "/selling/orders/{order}/protection", seller.extension_page),
    ("POST", "/selling/orders/{order}/protection", seller.extend),
    ("POST", "/selling/orders/{order}/protection/answer", seller.answer_extension),
    ("GET", "/selling/orders/{order}/cancellation", seller.cancel_page),
    ("POST", "/selling/orders/{order}/cancellation", seller.cancel),
    ("GET", "/selling/orders/{order}/returned-parcel", dispute_goods.contest_page),
)
_LOOKERS: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/support", staff.orders),
    ("GET", "/support/orders/{order}", staff.order),
)
_MEDIATORS: tuple[tuple[str, str, Handler], ...] = (("GET", "/mediation", mediator.entrance),)
_SUPPORT: tuple[tuple[str, str, Handler], ...] = (("POST", "/support/orders/{order}/undo", staff.undo),)
_OPERATORS: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/operator", staff.orders),
    ("GET", "/operator/orders/{order}", staff.order),
    ("GET", "/operator/orders/{order}/cancellation", staff.cancel_page),
    ("POST", "/operator/orders/{order}/cancellation", staff.cancel),
    ("POST", "/operator/orders/{order}/chargebacks/{chargeback}/evidence", contests.hand_in),
    ("POST", "/operator/orders/{order}/shipments/{shipment}/checkpoints", staff.scan),
    ("GET", "/operator/parcels", parcels.watched),
    ("GET", "/operator/ledger", staff.ledger),
    ("GET", "/operator/ledger/{account}", staff.account),
    ("GET", "/operator/clock", staff.clock),
    ("POST", "/operator/clock", staff.advance),
)


def _reading(folder: str) -> tuple[tuple[str, str, Handler], ...]:
    """The disputes as all staff read them, under one role's folder."""
    return (
        ("GET", folder, mediator.queue),
        ("GET", f"{folder}/numbers", dispute_numbers.numbers),
        ("GET", f"{folder}/{{dispute}}", mediator.case),
    )


def _ruling(folder: str) -> tuple[tuple[str, str, Handler], ...]:
    """What those do who rule. Who may when, the guards say."""
    return (
        ("POST", f"{folder}/{{dispute}}/take", mediator.take),
        ("POST", f"{folder}/{{dispute}}/messages", mediator.ask),
        ("GET", f"{folder}/{{dispute}}/ruling", rulings.begun),
        ("GET", f"{folder}/{{dispute}}/ruling/sums", rulings.sums),
        ("POST", f"{folder}/{{dispute}}/ruling/edit", rulings.edit),
        ("POST", f"{folder}/{{dispute}}/ruling/consequence", rulings.consequence),
        ("POST", f"{folder}/{{dispute}}/ruling", rulings.rule),
    )


_TABLE: tuple[tuple[Roles, tuple[tuple[str, str, Handler], ...]], ...] = (
    ((), _ANYBODY),
    ((), ACCOUNT_TABLE),
    ((), OWN_TABLE),
    ((Role.BUYER,), _BUYERS),
    ((Role.BUYER,), _BUYERS_DISPUTES),
    ((Role.BUYER,), _SHOPPERS),
    ((Role.SELLER,), _SELLERS),
    ((Role.SELLER,), _SELLERS_DISPUTES),
    ((Role.BUYER,), _reviews("/orders", BASES[Role.BUYER])),
    ((Role.SELLER,), _reviews("/selling/orders", BASES[Role.SELLER])),
    ((Role.SUPPORT, Role.MEDIATOR), _LOOKERS),
    ((Role.MEDIATOR,), _MEDIATORS),
    ((Role.SUPPORT,), _SUPPORT),
    ((Role.OPERATOR,), _OPERATORS),
    ((Role.OPERATOR,), TRANSFER_TABLE),
    ((Role.OPERATOR,), STAFF_TABLE),
    ((Role.OPERATOR,), KEY_TABLE),
    ((Role.OPERATOR,), WEBHOOK_TABLE),
    ((Role.OPERATOR,), RECONCILIATION_TABLE),
    *SUPPORT_TABLE,
    *MONEY_TABLE,
    *(((role,), _reading(folder)) for role, folder in FOLDERS.items()),
    *(((role,), _ruling(FOLDERS[role])) for role in (Role.MEDIATOR, Role.OPERATOR)),
)
_WITH_PHOTOS: tuple[tuple[Roles, tuple[tuple[str, str, Handler], ...]], ...] = (
    ((Role.BUYER,), _OPENING),
    ((Role.BUYER,), _of_a_dispute("/orders", _EITHER_SIDE_WITH_PHOTOS)),
    ((Role.SELLER,), _of_a_dispute("/selling/orders", _EITHER_SIDE_WITH_PHOTOS)),
    ((Role.SELLER,), _of_a_dispute("/selling/orders", (("POST", "/return/contest", dispute_goods.looked),))),
    ((Role.SELLER,), (("POST", "/selling/orders/{order}/returned-parcel", dispute_goods.contest),)),
    ((Role.BUYER,), _reviewing("/orders", BASES[Role.BUYER])),
    ((Role.SELLER,), _reviewing("/selling/orders", BASES[Role.SELLER])),
    *SUPPORT_WITH_PHOTOS,
)
"""Pages whose forms bring photos."""


def build_web(site: Site) -> Starlette:
    """The pages of `site`, to be mounted at the root behind whatever else answers there."""
    assets = Assets()
    desk = Desk(site, assets, Templates(assets))
    routes: list[BaseRoute] = [Route("/static/{address:path}", assets.serve)]
    routes += [*embed.embed_routes(desk), *phone.phone_routes(desk), *unsubscribe.unsubscribe_routes(desk)]
    routes += stream_routes(desk)
    routes += [
        Route(path, endpoint(desk, handler, roles, photos), methods=[method])
        for photos, tables in ((0, (*_TABLE, *PUBLIC_TABLE, *INBOX_TABLE)), (MAX_PHOTOS + 1, _WITH_PHOTOS))
        for roles, table in tables
        for method, path, handler in table
    ]

    async def missing(request: Request, error: Exception) -> Response:
        visit = await run_in_threadpool(arrive, desk, request, ())
        return visit.not_found()

    async def plain(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return Response(status_code=error.status_code, headers=error.headers)

    async def broken(request: Request, error: Exception) -> Response:
        """Fairhold itself failed. The log has the cause; the person reads what it means for them."""
        try:
            visit = await run_in_threadpool(arrive, desk, request, ())
            response = failed(visit)
        except Exception:  # noqa: BLE001 - the store may be what failed
            response = Response("Fairhold: 500", 500, media_type="text/plain")
        response.headers.update(HEADERS)
        return response

    pages = Starlette(
        routes=routes,
        middleware=[Middleware(Shield)],
        exception_handlers={404: missing, HTTPException: plain, 500: broken},
    )
    # An address with a slash too many would be answered with the name of whatever house the request says this is.
    pages.router.redirect_slashes = False
    return pages
