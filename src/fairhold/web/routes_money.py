"""The addresses of the pages about payouts, the seller's and the operator's."""

from functools import wraps

from starlette.responses import Response

from fairhold.domain.actors import Role
from fairhold.web.entering import proof_first
from fairhold.web.handlers import operator_money, operator_payees, seller, seller_account, seller_payouts
from fairhold.web.views.payouts import OPERATING, SELLING
from fairhold.web.visits import Handler, Roles, Visit

_SELLER = f"{OPERATING}/sellers/{{seller}}"
_PAYOUT = f"{OPERATING}/payouts/{{payout}}"


def _proved(page: Handler) -> Handler:
    """The page for whoever has just shown who they are: it decides where money goes.

    The sandbox's own people have nothing to show.
    """

    @wraps(page)
    def proved(visit: Visit) -> Response:
        first = None if visit.account is None else proof_first(visit, OPERATING)
        return page(visit) if first is None else first

    return proved


_SELLERS: tuple[tuple[str, str, Handler], ...] = (
    ("GET", SELLING, seller.money),
    ("GET", f"{SELLING}/payouts", seller_payouts.payouts),
    ("GET", f"{SELLING}/payouts/{{payout}}.csv", seller_payouts.payout_file),
    ("GET", f"{SELLING}/payouts/{{payout}}", seller_payouts.payout),
    ("GET", f"{SELLING}/account/{{provider}}", _proved(seller_account.page)),
    ("POST", f"{SELLING}/account/{{provider}}", _proved(seller_account.begin)),
    ("GET", f"{SELLING}/statement", seller_payouts.statement),
    ("GET", f"{SELLING}/statement.csv", seller_payouts.statement_file),
)
_OPERATORS: tuple[tuple[str, str, Handler], ...] = (
    ("GET", OPERATING, operator_money.overview),
    ("GET", f"{OPERATING}/payouts", operator_money.payouts),
    ("GET", f"{_PAYOUT}.csv", operator_money.payout_file),
    ("GET", _PAYOUT, operator_money.payout),
    ("POST", f"{_PAYOUT}/again", _proved(operator_money.again)),
    ("GET", _SELLER, operator_payees.page),
    ("GET", f"{_SELLER}/statement.csv", operator_payees.statement_file),
    ("GET", f"{_SELLER}/terms", _proved(operator_payees.terms)),
    ("POST", f"{_SELLER}/terms", _proved(operator_payees.agree)),
    ("POST", f"{_SELLER}/care", operator_payees.take_care),
    ("POST", f"{_SELLER}/resumption", _proved(operator_payees.resume)),
    ("GET", f"{_SELLER}/payout/consequence", _proved(operator_payees.consequence)),
    ("POST", f"{_SELLER}/payout", _proved(operator_payees.pay_out)),
)
MONEY_TABLE: tuple[tuple[Roles, tuple[tuple[str, str, Handler], ...]], ...] = (
    ((Role.SELLER,), _SELLERS),
    ((Role.OPERATOR,), _OPERATORS),
)
