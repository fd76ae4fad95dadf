"""The seller's payouts: the balance, the list, one of them, the statement by order, and the same as files."""

from collections.abc import Iterator
from itertools import chain

from starlette.exceptions import HTTPException
from starlette.responses import Response

from fairhold.domain.actors import Role
from fairhold.domain.instants import Instant
from fairhold.engine.ports.payouts import OPEN_STAGES, Account, Part, Payout, PayoutPlace, Purse
from fairhold.web.csv_files import csv_file, decimal
from fairhold.web.views.balance import BalanceCard, balance_card
from fairhold.web.views.payouts import SELLING, Cashier, gone, payout_page, payout_row, statement_row
from fairhold.web.visits import Visit
from fairhold.words.catalog import N_
from fairhold.words.dates import to_the_second

PER_PAGE = 20
ORDERS_PER_PAGE = 50
LATELY = 100
"""Of so many of the newest payouts, those are counted that are still on their way."""
AT_ONCE = 500
"""Rows of a file that are read at a time."""


def cashier_of(visit: Visit) -> Cashier:
    """Whoever looks."""
    return Cashier(visit.who(), visit.now, visit.reader, visit.site.directory)


def balances(visit: Visit) -> tuple[BalanceCard, ...]:
    """The seller's accounts: those on which something is due or owed, and those that payouts went to lately."""
    cashier, seller, office = cashier_of(visit), visit.who().id, visit.site.payouts
    lately = office.rows.list_payouts(seller, (), None, LATELY)
    way: dict[Account, int] = {}
    for payout in lately:
        if payout.stage in OPEN_STAGES:
            way[payout.account] = way.get(payout.account, 0) + gone(payout)
    owed = {one.account: one for one in office.rows.owed_to(seller)}
    for account in sorted({payout.account for payout in lately}):
        if account not in owed:
            owed[account] = office.rows.owed_on(account)
    cards = []
    for number, (account, one) in enumerate(owed.items(), 1):
        standing = office.balances.of(one, visit.now)
        last = office.rows.last_release(account) if standing.reserved else None
        onboards = office.balances.onboards(account.provider)
        cards.append(balance_card(cashier, standing, way.get(account, 0), last, number, onboards=onboards))
    return tuple(cards)


def place_of(text: str) -> tuple[Instant, str] | None:
    """The place in a list that an address names; None: its beginning."""
    at, _, name = text.partition(".")
    return (Instant(int(at)), name) if at.isascii() and at.isdigit() and len(at) < 19 else None


def payouts(visit: Visit) -> Response:
    """The seller's payouts, the newest first."""
    cashier, place = cashier_of(visit), place_of(visit.query("before"))
    behind = None if place is None else PayoutPlace(*place)
    found = visit.site.payouts.rows.list_payouts(visit.who().id, (), behind, PER_PAGE + 1)
    return visit.show(
        "payouts.html",
        rows=[payout_row(cashier, one) for one in found[:PER_PAGE]],
        first=f"{SELLING}/payouts" if place else "",
        further=after_payout(f"{SELLING}/payouts", found, PER_PAGE),
        folder=SELLING,
        operator=False,
    )


def after_payout(url: str, found: list[Payout], per_page: int) -> str:
    """The address of what follows a page; nothing where that was all."""
    if len(found) <= per_page:
        return ""
    last = found[per_page - 1]
    return f"{url}?before={last.made_at}.{last.id}"


def own_payout(visit: Visit) -> Payout:
    """The payout that the path names. Raises 404 where there is none, or it is another seller's."""
    found = visit.site.payouts.rows.payout(visit.request.path_params["payout"])
    if found is None or found.account.seller != visit.who().id:
        raise HTTPException(404)
    return found


def payout(visit: Visit) -> Response:
    """One payout, with its orders."""
    return show_payout(visit, own_payout(visit))


def show_payout(visit: Visit, found: Payout, status: int = 200, **content: object) -> Response:
    """One payout as this person sees it."""
    rows, after = visit.site.payouts.rows, visit.query("after", 64)
    parts = rows.parts(found.id, after, ORDERS_PER_PAGE + 1)
    cashier = cashier_of(visit)
    page = payout_page(cashier, found, parts, rows.parts_by_stage(found.id), after, ORDERS_PER_PAGE)
    shown: dict[str, object] = {"note": None, "operator": False, "parked": None, **content}
    return visit.show("payout.html", status, page=page, folder=cashier.folder, **shown)


def payout_file(visit: Visit) -> Response:
    """One payout as a file, a line for each order."""
    return file_of(visit, own_payout(visit))


def file_of(visit: Visit, found: Payout) -> Response:
    """The file of a payout."""
    head = (N_("Order"), N_("Currency"), N_("Amount"), N_("Taken back"), N_("State"), N_("Why"))
    rows = visit.site.payouts.rows
    first = rows.parts(found.id, "", AT_ONCE)

    def parts() -> Iterator[Part]:
        page = first
        while page:
            yield from page
            page = rows.parts(found.id, page[-1].order, AT_ONCE) if len(page) == AT_ONCE else []

    lines = (_part_line(one, found.account.currency) for one in parts())
    return csv_file(f"payout-{found.id}", chain([[visit.say(name) for name in head]], lines))


def _part_line(part: Part, currency: str) -> list[str]:
    sums = (decimal(part.amount, currency), decimal(part.taken_back, currency))
    return [part.order, currency, *sums, part.stage.value, part.why]


def statement(visit: Visit) -> Response:
    """Where the money of each order is, the last changed first."""
    cashier, seller, place = cashier_of(visit), visit.who().id, place_of(visit.query("before"))
    found = visit.site.payouts.rows.purses_of(seller, place, PER_PAGE + 1)
    return visit.show(
        "statement.html",
        rows=[statement_row(cashier, one) for one in found[:PER_PAGE]],
        first=f"{SELLING}/statement" if place else "",
        further=after_purse(f"{SELLING}/statement", found, PER_PAGE),
        folder=SELLING,
        file=f"{SELLING}/statement.csv",
    )


def after_purse(url: str, found: list[Purse], per_page: int) -> str:
    """The address of what follows a page; nothing where that was all."""
    if len(found) <= per_page:
        return ""
    last = found[per_page - 1]
    return f"{url}?before={last.changed_at}.{last.order}"


_STATEMENT = (
    N_("Order"),
    N_("Changed"),
    N_("Payment provider"),
    N_("Currency"),
    N_("Paid by the buyer"),
    N_("Commission and fees"),
    N_("Back to the buyer"),
    N_("Charged back"),
)
_TO = {
    Role.SELLER: (N_("To you"), N_("On its way to you")),
    Role.OPERATOR: (N_("To the seller"), N_("On its way to the seller")),
}
_OUT = (N_("Paid out"), N_("Due"))


def statement_file(visit: Visit) -> Response:
    """The whole statement as a file. An order that changes while it is being read stands in it as it was, or in the next one."""
    return file_of_statement(visit, visit.who().id)


def file_of_statement(visit: Visit, seller: str) -> Response:
    """The statement of a seller."""
    rows = visit.site.payouts.rows
    first = rows.purses_of(seller, None, AT_ONCE)

    def purses() -> Iterator[Purse]:
        page = first
        while page:
            yield from page
            last = page[-1]
            page = rows.purses_of(seller, (last.changed_at, last.order), AT_ONCE) if len(page) == AT_ONCE else []

    lines = (_line(one) for one in purses())
    head = [visit.say(name) for name in (*_STATEMENT, *_TO[visit.who().role], *_OUT)]
    return csv_file(f"statement-{seller}", chain([head], lines))


def _line(purse: Purse) -> list[str]:
    sums = (
        purse.paid,
        purse.fee,
        purse.refunded,
        purse.charged_back,
        purse.released,
        purse.on_its_way,
        purse.passed_on,
        purse.due,
    )
    written = [decimal(amount, purse.currency) for amount in sums]
    return [purse.order, to_the_second(purse.changed_at), purse.provider, purse.currency, *written]
