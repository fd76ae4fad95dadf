"""One seller's money for operators: accounts and terms, and paying out now, in two steps."""

import msgspec
from starlette.exceptions import HTTPException
from starlette.responses import Response

from fairhold.domain.money import is_currency
from fairhold.engine.payouts.balances import Hindrance, Standing
from fairhold.engine.payouts.payees import No
from fairhold.engine.ports.payouts import Account, Payee, Payout
from fairhold.web.handlers.operator_money import not_stopped, said
from fairhold.web.handlers.seller_payouts import after_purse, cashier_of, file_of_statement, place_of
from fairhold.web.payee_forms import SCHEDULES as SCHEDULE_NAMES
from fairhold.web.payee_forms import TermsForm, form_of, read_terms
from fairhold.web.views.operator_money import seller_url
from fairhold.web.views.parts import Note
from fairhold.web.views.payees import account_row, outcome_of, payee_card
from fairhold.web.views.payouts import OPERATING, payout_row, statement_row
from fairhold.web.visits import Visit, fresh_key
from fairhold.words.catalog import N_
from fairhold.words.payouts import HINDRANCES, SCHEDULES

ORDERS_SHOWN = 10
PAYOUTS_SHOWN = 10


def _seller(visit: Visit) -> str:
    """The seller whom the path names. Raises 404 where nobody has ordered from them and nothing is known of them."""
    seller: str = visit.request.path_params["seller"]
    rows, queries = visit.site.payouts.rows, visit.site.queries
    if len(seller) > 64 or not (
        rows.payees_of(seller) or rows.purses_of(seller, None, 1) or queries.list_orders(seller=seller, limit=1).items
    ):
        raise HTTPException(404)
    return seller


def page(visit: Visit) -> Response:
    """The seller's accounts, terms, payouts and statement."""
    return _page(visit, _seller(visit), said(visit))


def _page(visit: Visit, seller: str, note: Note | None, status: int = 200) -> Response:
    cashier, office = cashier_of(visit), visit.site.payouts
    standings = [office.balances.of(one, visit.now) for one in office.rows.owed_to(seller)]
    place = place_of(visit.query("before"))
    purses = office.rows.purses_of(seller, place, ORDERS_SHOWN + 1)
    latest = office.rows.list_payouts(seller, (), None, PAYOUTS_SHOWN)
    payees = office.rows.payees_of(seller)
    return visit.show(
        "operator_seller.html",
        status,
        note=note,
        name=cashier.seller(seller),
        id=seller,
        url=seller_url(seller),
        accounts=[account_row(cashier, one, office.balances.terms(one.owed.account.provider)) for one in standings],
        payees=[payee_card(cashier, one, standings) for one in payees],
        others=[
            (cashier.provider(name), f"{seller_url(seller)}/terms?provider={name}")
            for name in _providers(visit)
            if name not in {payee.provider for payee in payees}
        ],
        payouts=[payout_row(cashier, one) for one in latest],
        rows=[statement_row(cashier, one) for one in purses[:ORDERS_SHOWN]],
        first=seller_url(seller) if place else "",
        further=after_purse(seller_url(seller), purses, ORDERS_SHOWN),
    )


def _providers(visit: Visit) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*visit.site.providers, *(("sandbox",) if visit.site.sandbox else ()))))


def statement_file(visit: Visit) -> Response:
    """The seller's statement as a file."""
    return file_of_statement(visit, _seller(visit))


def _provider(visit: Visit, name: str, seller: str) -> str:
    """The provider that is meant. Raises 404 where there is none of that name, now or for this seller."""
    known = {payee.provider for payee in visit.site.payouts.rows.payees_of(seller)}
    if name not in known and name not in _providers(visit):
        raise HTTPException(404)
    return name


def terms(visit: Visit) -> Response:
    """The form of what is agreed with the seller."""
    seller = _seller(visit)
    rows = visit.site.payouts.rows
    usual = next((one.provider for one in rows.payees_of(seller)), next(iter(_providers(visit)), ""))
    provider = _provider(visit, visit.query("provider", 40) or usual, seller)
    currencies = sorted({one.account.currency for one in rows.owed_to(seller) if one.account.provider == provider})
    return _terms(visit, seller, provider, form_of(rows.payee(seller, provider), currencies))


def typed_terms(visit: Visit) -> Response:
    """The form with what was typed."""
    seller = _seller(visit)
    form, _ = read_terms(visit)
    return _terms(visit, seller, _provider(visit, visit.field("provider", 40), seller), form)


def _terms(visit: Visit, seller: str, provider: str, form: TermsForm, status: int = 200) -> Response:
    cashier = cashier_of(visit)
    return visit.show(
        "payee_terms.html",
        status,
        name=cashier.seller(seller),
        id=seller,
        url=seller_url(seller),
        provider=cashier.provider(provider),
        provider_id=provider,
        form=form,
        schedules=[(name, visit.say(SCHEDULES[name])) for name in SCHEDULE_NAMES],
    )


def agree(visit: Visit) -> Response:
    """Keep what was agreed; what is wrong stands beside its field, and what was typed stays."""
    seller = _seller(visit)
    provider = _provider(visit, visit.field("provider", 40), seller)
    form, own = read_terms(visit)
    if own is None:
        return _terms(visit, seller, provider, form, 422)
    known = visit.site.payouts.rows.payee(seller, provider)
    account = "" if known is None else known.account
    if form.new_account not in (None, account) and form.shown != account:
        form.shown = account
        form.errors["account"] = visit.say(
            N_("It was changed meanwhile: %(account)s. Save again to put yours in its place."),
            account=account or visit.say(N_("not known")),
        )
        return _terms(visit, seller, provider, form, 409)
    visit.site.payouts.payees.set(seller, provider, form.new_account, own, str(visit.who()))
    return visit.go(f"{seller_url(seller)}?done=agreed")


def take_care(visit: Visit) -> Response:
    """Look after the seller's payouts from now on."""
    seller = _seller(visit)
    done = visit.site.payouts.payees.take_care(seller, visit.field("provider", 40), str(visit.who()))
    return _done(visit, seller, done, "care")


def resume(visit: Visit) -> Response:
    """Let payouts to the seller go on."""
    seller = _seller(visit)
    done = visit.site.payouts.payees.resume(seller, visit.field("provider", 40), str(visit.who()))
    return _done(visit, seller, done, "resumed")


def _done(visit: Visit, seller: str, done: Payee | No, what: str) -> Response:
    if done is No.NOT_FOUND:
        raise HTTPException(404)
    if isinstance(done, No):
        return _page(visit, seller, not_stopped(visit), 409)
    back = OPERATING if visit.field("back", 10) == "all" else seller_url(seller)
    return visit.go(f"{back}?done={what}")


def _account(visit: Visit, seller: str, provider: str, currency: str) -> Account:
    """The account that is meant. Raises 404 where there is none such."""
    if not is_currency(currency):
        raise HTTPException(404)
    return Account(seller, _provider(visit, provider, seller), currency)


def consequence(visit: Visit) -> Response:
    """What paying out now would do: on the account that is named, else on the first of the seller's."""
    seller = _seller(visit)
    if not visit.query("provider", 40):
        owed = visit.site.payouts.rows.owed_to(seller)
        return (
            _ask(visit, visit.site.payouts.payees.standing(owed[0].account), fresh_key()) if owed else _nothing(visit)
        )
    account = _account(visit, seller, visit.query("provider", 40), visit.query("currency", 3))
    return _ask(visit, visit.site.payouts.payees.standing(account), fresh_key())


def _ask(visit: Visit, standing: Standing, key: str, note: Note | None = None, status: int = 200) -> Response:
    account, office = standing.owed.account, visit.site.payouts
    found = outcome_of(cashier_of(visit), standing, office.balances.terms(account.provider))
    if found is None:
        return _page(visit, account.seller, _hindered(visit, standing.hindrance), 409)
    return visit.show("payout_consequence.html", status, page=found, key=key, note=note)


def _nothing(visit: Visit) -> Response:
    return _page(visit, _seller(visit), _hindered(visit, None), 409)


def _hindered(visit: Visit, hindrance: Hindrance | None) -> Note:
    title = visit.say(HINDRANCES[hindrance or Hindrance.NOTHING_DUE])
    return Note(title, visit.say(N_("Nothing was paid out.")), "bad", "alert", focus=True)


def pay_out(visit: Visit) -> Response:
    """Pay out what the page before has shown; the same form sent twice pays once, and leads to the same payout."""
    seller, key = _seller(visit), visit.field("key", 100) or fresh_key()
    account = _account(visit, seller, visit.field("provider", 40), visit.field("currency", 3))
    payees, by = visit.site.payouts.payees, str(visit.who())
    occasion = msgspec.json.encode(("page", by, key)).decode()
    made = payees.paid_out(account, occasion)
    if made:
        return _paid(visit, account, made)
    standing = payees.standing(account)
    meant = standing.owed.due if standing.hindrance is Hindrance.OWES else standing.payable
    if visit.field("amount", 20) != str(meant):
        title = visit.say(N_("The sum has changed meanwhile"))
        note = Note(title, visit.say(N_("Nothing was paid out. Look at it again.")), "bad", "alert", focus=True)
        return _ask(visit, standing, key, note, 409)
    gathered = payees.pay_out(account, occasion, by)
    # Sent twice at once, one of the two has made it.
    made = gathered.payouts or payees.paid_out(account, occasion)
    if made:
        return _paid(visit, account, made)
    if gathered.hindrance is Hindrance.OWES and visit.site.payouts.balances.terms(account.provider).takes_back:
        return visit.go(f"{seller_url(seller)}?done=asked")
    return _page(visit, seller, _hindered(visit, gathered.hindrance), 409)


def _paid(visit: Visit, account: Account, made: tuple[Payout, ...]) -> Response:
    where = f"{OPERATING}/payouts/{made[0].id}" if len(made) == 1 else seller_url(account.seller)
    return visit.go(f"{where}?done=paid")
