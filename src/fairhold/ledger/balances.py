"""Balances, and what must always be true of them. These checks stay on."""

from collections.abc import Iterable, Mapping

from fairhold.domain.dispute import ChargebackState
from fairhold.domain.order import Order
from fairhold.domain.payout_sums import due, starting
from fairhold.ledger import accounts
from fairhold.ledger.transfers import Transfer


def changes(transfers: Iterable[Transfer]) -> dict[str, int]:
    """What these transfers change, account by account (credits minus debits); the changes of a currency add up to zero."""
    found: dict[str, int] = {}
    for transfer in transfers:
        found[transfer.debit] = found.get(transfer.debit, 0) - transfer.amount
        found[transfer.credit] = found.get(transfer.credit, 0) + transfer.amount
    if sum(found.values()):
        raise AssertionError(f"transfers that create money: {found}")
    return found


def unbalanced(balances: Mapping[str, int]) -> dict[str, int]:
    """Currencies whose balances do not add up to zero, with the sum; empty when the books balance."""
    sums: dict[str, int] = {}
    for account, balance in balances.items():
        currency = accounts.currency_of(account)
        sums[currency] = sums.get(currency, 0) + balance
    return {currency: total for currency, total in sums.items() if total}


def overdrawn(balances: Mapping[str, int], owed: Mapping[str, int] | None = None) -> dict[str, int]:
    """Accounts below zero that may not be so far below it.

    `owed`: what chargebacks took from sellers (`is_taken_back`); only by such a record may a seller's balance be below zero.
    """
    allowed = owed or {}
    return {
        account: balance
        for account, balance in balances.items()
        if balance < -allowed.get(account, 0) and not accounts.may_be_negative(account)
    }


def is_taken_back(debit: str, credit: str) -> bool:
    """Whether a transfer between these accounts is what a buyer's bank took of money that a seller had."""
    return accounts.is_sellers(debit) and accounts.is_providers(credit)


def check_order(order: Order, transfers: Iterable[Transfer]) -> None:
    """The transfers of an order's whole life leave on `held` and `settling` exactly what the order says."""
    found = changes(transfers)
    money = order.money
    expected = {
        accounts.held(order.currency): money.held,
        accounts.settling(order.currency): money.settling,
        accounts.seller(order.seller, order.currency): due(order),
        accounts.payouts(order.currency): starting(order),
        accounts.fees(order.currency): money.fee,
        accounts.refunds(order.currency): sum(refund.amount for refund in order.refunds if refund.is_owed),
        accounts.own(order.currency): sum(refund.amount for refund in order.refunds if refund.elsewhere),
        accounts.losses(order.currency): -sum(
            one.beyond for one in order.chargebacks if one.state is not ChargebackState.WON
        ),
    }
    wrong = {
        account: (found.get(account, 0), sum_) for account, sum_ in expected.items() if found.get(account, 0) != sum_
    }
    if wrong:
        raise AssertionError(f"the books of {order.id} differ from the order (booked, said): {wrong}")
