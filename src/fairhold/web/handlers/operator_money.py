"""The operator's money: how old what is held is, what is due out, who owes, what waits for a person, and payouts."""

from starlette.exceptions import HTTPException
from starlette.responses import Response

from fairhold.engine.payouts.payees import No
from fairhold.engine.ports.payouts import Payout, PayoutPlace
from fairhold.web.handlers.seller_payouts import after_payout, cashier_of, file_of, place_of, show_payout
from fairhold.web.views.operator_money import (
    currencies_of,
    debt_row,
    due_chart,
    due_row,
    ends_of_spans,
    held_chart,
    money_rows,
    prefixes,
    waiting_row,
)
from fairhold.web.views.parts import Note
from fairhold.web.views.payouts import OPERATING, payout_row
from fairhold.web.views.reconciliation import FOLDER as RECONCILIATION
from fairhold.web.visits import Visit
from fairhold.words.catalog import N_
from fairhold.words.faults import Fault
from fairhold.words.problems import TEXTS

MOST_SELLERS = 10
MOST_WAITING = 20
LATELY = 10
PER_PAGE = 20
_SAID = {
    "care": N_("You look after it."),
    "resumed": N_("Payouts go on."),
    "again": N_("It is being sent again."),
    "paid": N_("The payout is on its way."),
    "asked": N_("The provider is asked to take it back."),
    "agreed": N_("The terms are saved."),
}


def said(visit: Visit) -> Note | None:
    """What was just done."""
    text = _SAID.get(visit.query("done", 20))
    return Note(visit.say(text), "", "safe", "ok") if text else None


def overview(visit: Visit) -> Response:
    """All the money; `?currency=` chooses that of the drawings."""
    cashier, rows = cashier_of(visit), visit.site.payouts.rows
    balances = {name: held for prefix in prefixes() for name, held in visit.site.queries.balances(prefix).items()}
    due = rows.due_in_all()
    currencies, asked = currencies_of(balances, due), visit.query("currency", 3)
    currency = asked if asked in currencies else next(iter(currencies), "")
    owed = rows.most_owed(currency, MOST_SELLERS, owing=False)
    standings = [visit.site.payouts.balances.of(one, visit.now) for one in owed]
    debts = [one for known in currencies for one in rows.most_owed(known, MOST_SELLERS, owing=True)]
    waiting = rows.payees(parked=True, after=None, limit=MOST_WAITING + 1)
    return visit.show(
        "operator_money.html",
        note=said(visit),
        currency=currency,
        figures=money_rows(cashier, balances, due, currency),
        held=held_chart(cashier, rows.held_by_age(ends_of_spans(visit.now)), currency),
        due=due_chart(cashier, standings, currency),
        due_rows=[due_row(cashier, one) for one in standings],
        debts=[debt_row(cashier, one) for one in debts],
        waiting=[waiting_row(cashier, one) for one in waiting[:MOST_WAITING]],
        more_waiting=len(waiting) > MOST_WAITING,
        payouts=[payout_row(cashier, one) for one in rows.list_payouts(None, (), None, LATELY)],
        reconciliation=RECONCILIATION,
    )


def payouts(visit: Visit) -> Response:
    """Everybody's payouts, the newest first."""
    cashier, place = cashier_of(visit), place_of(visit.query("before"))
    behind = None if place is None else PayoutPlace(*place)
    found = visit.site.payouts.rows.list_payouts(None, (), behind, PER_PAGE + 1)
    return visit.show(
        "payouts.html",
        rows=[payout_row(cashier, one) for one in found[:PER_PAGE]],
        first=f"{OPERATING}/payouts" if place else "",
        further=after_payout(f"{OPERATING}/payouts", found, PER_PAGE),
        folder=OPERATING,
        operator=True,
    )


def _payout(visit: Visit) -> Payout:
    found = visit.site.payouts.rows.payout(visit.request.path_params["payout"])
    if found is None:
        raise HTTPException(404)
    return found


def payout(visit: Visit) -> Response:
    """One payout."""
    return _show(visit, _payout(visit), said(visit))


def _show(visit: Visit, found: Payout, note: Note | None, status: int = 200) -> Response:
    payee = visit.site.payouts.rows.payee(found.account.seller, found.account.provider)
    parked = waiting_row(cashier_of(visit), payee) if payee is not None and payee.parked_at is not None else None
    return show_payout(visit, found, status, note=note, operator=True, parked=parked)


def payout_file(visit: Visit) -> Response:
    """One payout as a file."""
    return file_of(visit, _payout(visit))


def again(visit: Visit) -> Response:
    """Send what lies on the seller's account to their bank once more."""
    found = _payout(visit)
    if isinstance(visit.site.payouts.payees.again(found.id), No):
        return _show(visit, _payout(visit), not_stopped(visit), 409)
    return visit.go(f"{OPERATING}/payouts/{found.id}?done=again")


def not_stopped(visit: Visit) -> Note:
    """Nothing is in the way."""
    title, detail = TEXTS[Fault.NOT_STOPPED]
    return Note(visit.say(title), visit.say(detail), "bad", "alert", focus=True)
