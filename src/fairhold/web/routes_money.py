"""The addresses of the pages about payouts, the seller's and the operator's."""

from urllib.parse import urlencode

from fairhold.domain.actors import Role
from fairhold.web.handlers import operator_money, operator_payees, seller, seller_account, seller_payouts
from fairhold.web.handlers.proofs import proved
from fairhold.web.views.payouts import OPERATING, SELLING
from fairhold.web.visits import Handler, Roles, Visit

_SELLER = f"{OPERATING}/sellers/{{seller}}"
_PAYOUT = f"{OPERATING}/payouts/{{payout}}"


def _selling(visit: Visit) -> str:
    return SELLING


def _seller_page(visit: Visit) -> str:
    return f"{OPERATING}/sellers/{visit.request.path_params['seller']}"


def _payout_page(visit: Visit) -> str:
    return f"{OPERATING}/payouts/{visit.request.path_params['payout']}"


def _consequence(visit: Visit) -> str:
    """The page with the sums, where paying out is decided."""
    asked = urlencode({name: visit.field(name, 40) for name in ("provider", "currency")})
    return f"{_seller_page(visit)}/payout/consequence?{asked}"


_of_seller, _of_payout = proved(_seller_page), proved(_payout_page)
_SELLERS: tuple[tuple[str, str, Handler], ...] = (
    ("GET", SELLING, seller.money),
    ("GET", f"{SELLING}/payouts", seller_payouts.payouts),
    ("GET", f"{SELLING}/payouts/{{payout}}.csv", seller_payouts.payout_file),
    ("GET", f"{SELLING}/payouts/{{payout}}", seller_payouts.payout),
    ("GET", f"{SELLING}/account/{{provider}}", proved(_selling)(seller_account.page)),
    ("POST", f"{SELLING}/account/{{provider}}", proved(_selling, seller_account.page)(seller_account.begin)),
    ("GET", f"{SELLING}/statement", seller_payouts.statement),
    ("GET", f"{SELLING}/statement.csv", seller_payouts.statement_file),
)
_OPERATORS: tuple[tuple[str, str, Handler], ...] = (
    ("GET", OPERATING, operator_money.overview),
    ("GET", f"{OPERATING}/payouts", operator_money.payouts),
    ("GET", f"{_PAYOUT}.csv", operator_money.payout_file),
    ("GET", _PAYOUT, operator_money.payout),
    ("POST", f"{_PAYOUT}/again", _of_payout(operator_money.again)),
    ("GET", _SELLER, operator_payees.page),
    ("GET", f"{_SELLER}/statement.csv", operator_payees.statement_file),
    ("GET", f"{_SELLER}/terms", _of_seller(operator_payees.terms)),
    ("POST", f"{_SELLER}/terms", proved(_seller_page, operator_payees.typed_terms)(operator_payees.agree)),
    ("POST", f"{_SELLER}/care", operator_payees.take_care),
    ("POST", f"{_SELLER}/resumption", _of_seller(operator_payees.resume)),
    ("GET", f"{_SELLER}/payout/consequence", _of_seller(operator_payees.consequence)),
    ("POST", f"{_SELLER}/payout", proved(_consequence)(operator_payees.pay_out)),
)
MONEY_TABLE: tuple[tuple[Roles, tuple[tuple[str, str, Handler], ...]], ...] = (
    ((Role.SELLER,), _SELLERS),
    ((Role.OPERATOR,), _OPERATORS),
)
