"""`/payouts`, `/payees` and `/sellers/{seller}/balance`: what is due to sellers, and how it leaves."""

import secrets
from typing import Any

import msgspec

from fairhold.api.acting import Given
from fairhold.api.parameters import MOST_ON_A_PAGE, ON_A_PAGE
from fairhold.api.parts import Call, Parts
from fairhold.api.path_names import person
from fairhold.api.payout_bodies import AtProvider, NewOnboarding, NewPayout, PayeeChange
from fairhold.api.problems import Problem
from fairhold.api.shapes import Out
from fairhold.api.webhook_bodies import Nothing
from fairhold.api.wire_payouts import (
    BalanceList,
    BalanceOut,
    OnboardingOut,
    PayeeList,
    PayeeOut,
    PayoutDetail,
    PayoutList,
    PayoutOut,
    PayoutPartOut,
    StatementLine,
    StatementList,
)
from fairhold.domain.actors import Role
from fairhold.domain.instants import Instant
from fairhold.domain.money import Currency, Money, is_currency
from fairhold.domain.payout_rules import OwnRules, is_account_number
from fairhold.domain.reasons import Refusal
from fairhold.engine.kernel.envelope import Unavailable
from fairhold.engine.outside.destinations import TryLater
from fairhold.engine.payouts.balances import Hindrance, Standing
from fairhold.engine.payouts.making import MOST_ORDERS
from fairhold.engine.payouts.payees import No
from fairhold.engine.ports.payouts import Account, Part, Payee, Payout, PayoutPlace, Purse
from fairhold.words.dates import rfc3339
from fairhold.words.faults import Fault

Answer = Out | Problem | Refusal

_NO_PAYOUT = Problem(Fault.PAYOUT_NOT_FOUND)
_NO_PAYEE = Problem(Fault.PAYEE_NOT_FOUND)
_HINDERED = {
    Hindrance.NOTHING_DUE: Fault.NOTHING_DUE,
    Hindrance.OWES: Fault.SELLER_OWES,
    Hindrance.NO_PROVIDER: Fault.UNKNOWN_PROVIDER,
    Hindrance.NO_ACCOUNT: Fault.NO_PAYOUT_ACCOUNT,
    Hindrance.NOT_PAYABLE: Fault.ACCOUNT_NOT_PAYABLE,
    Hindrance.PARKED: Fault.PAYOUTS_PARKED,
    Hindrance.RESERVED: Fault.ALL_RESERVED,
    Hindrance.TOO_SMALL: Fault.NOTHING_DUE,
    Hindrance.STILL_HELD: Fault.NOTHING_DUE,
    Hindrance.BELOW_MINIMUM: Fault.NOTHING_DUE,
}


def listed(parts: Parts, call: Call) -> Answer:
    """Payouts of everybody, or a seller's own."""
    own = call.actor.id if call.actor.role is Role.SELLER else call.query.get("seller")
    limit, behind = call.query.get("limit", ON_A_PAGE), None
    if "cursor" in call.query:
        position = parts.cursors.read("payouts", call.query["cursor"])
        if position is None:
            return Problem(Fault.INVALID_CURSOR, "cursor")
        at, _, name = position.partition(":")
        behind = PayoutPlace(Instant(int(at)), name)
    stages = (call.query["stage"],) if "stage" in call.query else ()
    found = parts.payouts.rows.list_payouts(own, stages, behind, limit)
    more = parts.cursors.write("payouts", f"{found[-1].made_at}:{found[-1].id}") if len(found) == limit else None
    return PayoutList([PayoutOut(**_payout(one)) for one in found], more)


def one(parts: Parts, call: Call) -> Answer:
    """One payout, with its orders."""
    found = parts.payouts.rows.payout(call.names["payout"])
    if found is None or (call.actor.role is Role.SELLER and found.account.seller != call.actor.id):
        return _NO_PAYOUT
    return _detail(parts, found)


def make(parts: Parts, call: Call, given: Given[NewPayout] | Problem) -> Answer:
    """Pay out all that can leave of what is due to a seller."""
    if isinstance(given, Problem):
        return given
    body = given.body
    if body.currency is not None and not is_currency(body.currency):
        return Problem(Fault.INVALID_VALUE, "currency")
    office = parts.payouts
    request = given.key or secrets.token_hex(16)
    occasion = msgspec.json.encode((call.caller.grant.id, str(call.actor), request)).decode()
    made = _made_before(parts, body, occasion) if given.key is not None else []
    gathered = []
    if not made:
        accounts = [owed.account for owed in office.rows.owed_to(body.seller) if _is_meant(body, owed.account)]
        gathered = [office.payees.pay_out(account, occasion, str(call.actor)) for account in accounts]
        made = [payout for one in gathered for payout in one.payouts]
    if made:
        return PayoutList([PayoutOut(**_payout(office.rows.payout(one.id) or one)) for one in made], None)
    why = next((one.hindrance for one in gathered if one.hindrance is not None), Hindrance.NOTHING_DUE)
    return Problem(_HINDERED[why])


def _made_before(parts: Parts, body: NewPayout, occasion: str) -> list[Payout]:
    """What the same request has made before; then nothing may be due any more."""
    latest = parts.payouts.rows.list_payouts(body.seller, (), None, MOST_ON_A_PAGE)
    accounts = dict.fromkeys(one.account for one in latest if _is_meant(body, one.account))
    return [payout for account in accounts for payout in parts.payouts.payees.paid_out(account, occasion)]


def _is_meant(body: NewPayout, account: Account) -> bool:
    return body.provider in (None, account.provider) and body.currency in (None, account.currency)


def again(parts: Parts, call: Call, given: Given[Nothing] | Problem) -> Answer:
    """Send what lies on the seller's account at the provider to their bank once more."""
    if isinstance(given, Problem):
        return given
    done = parts.payouts.payees.again(call.names["payout"])
    if isinstance(done, No):
        return _NO_PAYOUT if done is No.NOT_FOUND else Problem(Fault.NOT_STOPPED)
    return _detail(parts, done)


def payees(parts: Parts, call: Call) -> Answer:
    """Sellers as providers know them; `parked`: those to whom nothing is paid."""
    limit, after = call.query.get("limit", ON_A_PAGE), None
    if "cursor" in call.query:
        position = parts.cursors.read("payees", call.query["cursor"])
        if position is None:
            return Problem(Fault.INVALID_CURSOR, "cursor")
        seller, _, provider = position.partition("/")
        after = (seller, provider)
    found = parts.payouts.rows.payees(parked=call.query.get("parked", False), after=after, limit=limit)
    more = parts.cursors.write("payees", f"{found[-1].seller}/{found[-1].provider}") if len(found) == limit else None
    return PayeeList([_payee(one) for one in found], more)


def payee(parts: Parts, call: Call) -> Answer:
    """One seller, at every provider; their own for sellers."""
    if call.actor.role is Role.SELLER and call.names["seller"] != call.actor.id:
        return _NO_PAYEE
    found = parts.payouts.rows.payees_of(call.names["seller"])
    return PayeeList([_payee(one) for one in found], None)


def set_payee(parts: Parts, call: Call, given: Given[PayeeChange] | Problem) -> Answer:
    """Where a seller is paid to, and what was agreed with them."""
    if isinstance(given, Problem):
        return given
    body, seller = given.body, call.names["seller"]
    if parts.payouts.balances.provider(body.provider) is None:
        return Problem(Fault.UNKNOWN_PROVIDER, "provider")
    if any(not is_currency(code) for code in body.minimum or {}):
        return Problem(Fault.INVALID_VALUE, "minimum")
    if body.account is not None and is_account_number(body.account):
        return Problem(Fault.ACCOUNT_NUMBER, "account")
    if person(seller) is None:
        return Problem(Fault.INVALID_VALUE, "seller")
    said = {name: value for name in OwnRules.__struct_fields__ if (value := getattr(body, name)) is not None}
    if said:
        parts.payouts.payees.agree(seller, body.provider, said)
    return _payee(parts.payouts.payees.set(seller, body.provider, body.account, None, str(call.actor)))


def onboard(parts: Parts, call: Call, given: Given[NewOnboarding] | Problem) -> Answer:
    """A page on which the provider asks a seller who they are."""
    seller = call.names["seller"]
    if call.actor.role is Role.SELLER and seller != call.actor.id:
        return _NO_PAYEE
    if isinstance(given, Problem):
        return given
    if person(seller) is None:
        return Problem(Fault.INVALID_VALUE, "seller")
    body, office = given.body, parts.payouts
    if office.balances.provider(body.provider) is None:
        return Problem(Fault.UNKNOWN_PROVIDER, "provider")
    try:
        again = body.refresh_url or body.return_url
        page = given.key or secrets.token_hex(16)
        found = office.payees.onboard(seller, body.provider, body.country, body.return_url, again, page)
    except TryLater as later:
        raise Unavailable(str(later)) from None
    match found:
        case No.NO_PAGE:
            return Problem(Fault.NO_ONBOARDING, "provider")
        case No():
            return Problem(Fault.SELLER_REFUSED)
    return OnboardingOut(seller=seller, provider=body.provider, account=found.account, url=found.url)


def resume(parts: Parts, call: Call, given: Given[AtProvider] | Problem) -> Answer:
    """Pay out to a seller again, after a look at what was in the way."""
    if isinstance(given, Problem):
        return given
    return _done(parts.payouts.payees.resume(call.names["seller"], given.body.provider, str(call.actor)))


def take_care(parts: Parts, call: Call, given: Given[AtProvider] | Problem) -> Answer:
    """Look after a seller's payouts from now on."""
    if isinstance(given, Problem):
        return given
    return _done(parts.payouts.payees.take_care(call.names["seller"], given.body.provider, str(call.actor)))


def balance(parts: Parts, call: Call) -> Answer:
    """What is due to a seller: their own for sellers."""
    seller = call.names["seller"]
    if call.actor.role is Role.SELLER and seller != call.actor.id:
        return _NO_PAYEE
    now = parts.queries.now()
    return BalanceList(
        [_balance(parts.payouts.balances.of(owed, now)) for owed in parts.payouts.rows.owed_to(seller)], None
    )


def statement(parts: Parts, call: Call) -> Answer:
    """Where the money of a seller's orders is."""
    seller = call.names["seller"]
    if call.actor.role is Role.SELLER and seller != call.actor.id:
        return _NO_PAYEE
    limit, behind = call.query.get("limit", ON_A_PAGE), None
    if "cursor" in call.query:
        position = parts.cursors.read(f"statement of {seller}", call.query["cursor"])
        if position is None:
            return Problem(Fault.INVALID_CURSOR, "cursor")
        at, _, order = position.partition(":")
        behind = (Instant(int(at)), order)
    found = parts.payouts.rows.purses_of(seller, behind, limit)
    more = None
    if len(found) == limit:
        more = parts.cursors.write(f"statement of {seller}", f"{found[-1].changed_at}:{found[-1].order}")
    return StatementList([_line(one) for one in found], more)


def _done(done: Payee | No) -> Answer:
    if isinstance(done, No):
        return _NO_PAYEE if done is No.NOT_FOUND else Problem(Fault.NOT_STOPPED)
    return _payee(done)


def _detail(parts: Parts, payout: Payout) -> PayoutDetail:
    found = parts.payouts.rows.parts(payout.id, "", MOST_ORDERS)
    return PayoutDetail(**_payout(payout), parts=[_part(one, payout.account.currency) for one in found])


def _part(part: Part, currency: str) -> PayoutPartOut:
    return PayoutPartOut(
        order=part.order,
        amount=_money(part.amount, currency),
        stage=part.stage,
        taken_back=_money(part.taken_back, currency),
        why=part.why or None,
    )


def _payout(payout: Payout) -> dict[str, Any]:
    currency = payout.account.currency
    return {
        "id": payout.id,
        "seller": payout.account.seller,
        "provider": payout.account.provider,
        "account": payout.to,
        "amount": _money(payout.amount, currency),
        "arrived": _money(payout.arrived, currency),
        "stage": payout.stage,
        "made_at": rfc3339(payout.made_at),
        "made_by": payout.by,
        "done_at": None if payout.done_at is None else rfc3339(Instant(payout.done_at)),
        "reference": payout.reference or None,
        "why": payout.why or None,
    }


def _payee(payee: Payee) -> PayeeOut:
    return PayeeOut(
        seller=payee.seller,
        provider=payee.provider,
        account=payee.account,
        may_be_paid=payee.may_be_paid,
        wanting=list(payee.wanting),
        care=payee.care or None,
        parked_at=None if payee.parked_at is None else rfc3339(Instant(payee.parked_at)),
        parked_why=payee.parked_why or None,
        schedule=payee.own.schedule,
        minimum=payee.own.minimum,
        reserve_basis_points=payee.own.reserve_basis_points,
        reserve_days=payee.own.reserve_days,
    )


def _balance(standing: Standing) -> BalanceOut:
    account = standing.owed.account
    return BalanceOut(
        provider=account.provider,
        due=_money(standing.owed.due, account.currency),
        reserved=_money(standing.reserved, account.currency),
        payable=_money(standing.payable, account.currency),
        minimum=_money(standing.terms.minimum, account.currency),
        orders=standing.owed.orders,
        schedule=standing.terms.schedule,
        hindrance=standing.hindrance,
    )


def _line(purse: Purse) -> StatementLine:
    names = ("paid", "held", "settling", "released", "fee", "refunded", "charged_back", "due", "on_its_way")
    sums = {name: _money(getattr(purse, name), purse.currency) for name in names}
    paid_out = _money(purse.passed_on, purse.currency)
    return StatementLine(order=purse.order, changed_at=rfc3339(purse.changed_at), paid_out=paid_out, **sums)


def _money(amount: int, currency: str) -> Money:
    return Money(amount, Currency(currency))
