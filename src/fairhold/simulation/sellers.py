"""What was agreed with sellers about their payouts, and what the operator does about them by hand."""

import random

from fairhold.domain.payout_rules import OwnRules
from fairhold.engine.ports.payouts import Payee, PayoutStage
from fairhold.engine.ports.store import Store
from fairhold.simulation.people import OPERATOR, SELLERS
from fairhold.simulation.plan import BEGINS
from fairhold.simulation.provider import AT_ONCE, IN_STEPS
from fairhold.store.payouts import PayoutTables
from fairhold.wiring import Application

_PAGE = 100


def agree(seed: int, store: Store) -> None:
    """Write down at the beginning on what terms sellers are paid; one or two have not said where to."""
    chance = random.Random(f"sellers {seed}")
    rows = PayoutTables(store.tables())
    for seller in SELLERS:
        for provider in (AT_ONCE, IN_STEPS):
            own = OwnRules(
                schedule=chance.choice(("daily", "daily", "daily", "weekly", "monthly", "on_request")),
                minimum=chance.choice((None, None, None, {"RUB": 5_000, "JPY": 100})),
                reserve_basis_points=chance.choice((None, None, None, 1_000)),
                reserve_days=chance.choice((None, 5)),
            )
            account = "" if provider == IN_STEPS and chance.random() < 0.1 else f"acct-{seller}"
            rows.first_met(Payee(seller, provider, account, own, BEGINS))


def ask_operator(chance: random.Random, app: Application) -> None:
    """Somebody is paid out who asked for it, perhaps twice; or those are looked after for whom payouts have stopped."""
    office, by = app.payouts, str(OPERATOR)
    draw = chance.random()
    if draw < 0.6:
        found = office.rows.owed(None, _PAGE)
        if found:
            account = chance.choice(found).account
            office.payees.pay_out(account, f"request {chance.randrange(30)}", by)
    elif draw < 0.8:
        for payee in office.rows.payees(parked=True, after=None, limit=_PAGE):
            if payee.account and chance.random() < 0.7:
                office.payees.resume(payee.seller, payee.provider, by)
            elif not payee.account and chance.random() < 0.1:
                office.payees.set(payee.seller, payee.provider, f"acct-{payee.seller}", None, by)
    else:
        stopped = office.rows.list_payouts(None, (PayoutStage.PARKED, PayoutStage.RETURNED), None, _PAGE)
        for payout in chance.sample(stopped, min(len(stopped), 3)):
            office.payees.again(payout.id)
