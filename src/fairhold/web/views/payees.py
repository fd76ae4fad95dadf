"""One seller's money as an operator sees it: accounts, terms, and what paying out now would do."""

from collections.abc import Sequence
from dataclasses import dataclass

from fairhold.engine.outside.payments import Terms
from fairhold.engine.payouts.balances import Hindrance, Standing
from fairhold.engine.ports.payouts import Payee
from fairhold.web.views.operator_money import hindrance_pill, seller_url
from fairhold.web.views.parts import Fact, Note, Pill, Sum
from fairhold.web.views.payouts import Cashier, next_day
from fairhold.words.catalog import N_
from fairhold.words.money import percent
from fairhold.words.payouts import HINDRANCES, SCHEDULES


@dataclass(frozen=True)
class AccountRow:
    """What is due on an account; `pay` is where it is paid out, `ask` says that it is asked back there."""

    title: str
    due: str
    owes: bool
    reserved: str
    payable: str
    orders: int
    pill: Pill | None
    pay: str
    ask: bool


@dataclass(frozen=True)
class PayeeCard:
    """A seller at a provider: where they are paid to and on what terms."""

    provider: str
    provider_id: str
    facts: tuple[Fact, ...]
    terms_url: str
    pill: Pill
    stopped: bool
    parked: bool
    why: str
    care: str
    mine: bool


def account_row(cashier: Cashier, standing: Standing, can: Terms) -> AccountRow:
    """An account of the seller; `can`: what its provider can do."""
    account, due, hindrance = standing.owed.account, standing.owed.due, standing.hindrance
    asks = hindrance is Hindrance.OWES and can.takes_back
    opens = asks or hindrance in (None, Hindrance.BELOW_MINIMUM)
    way = f"{seller_url(account.seller)}/payout/consequence?provider={account.provider}&currency={account.currency}"
    return AccountRow(
        title=f"{cashier.provider(account.provider)}, {account.currency}",
        due=cashier.sum(due, account.currency),
        owes=due < 0,
        reserved=cashier.sum(standing.reserved, account.currency) if standing.reserved else "—",
        payable=cashier.sum(standing.payable, account.currency) if opens and not asks else "—",
        orders=standing.owed.orders,
        pill=hindrance_pill(cashier, hindrance),
        pay=way if opens else "",
        ask=asks,
    )


def payee_card(cashier: Cashier, payee: Payee, standings: Sequence[Standing]) -> PayeeCard:
    """The seller at that provider; the terms are those of their accounts there, else what was agreed."""
    own, parked = payee.own, payee.parked_at is not None
    terms = next((one.terms for one in standings if one.owed.account.provider == payee.provider), None)
    schedule = terms.schedule if terms is not None else own.schedule
    rhythm = cashier.say(SCHEDULES[schedule]) if schedule else cashier.say(N_("as the rules have it"))
    at = next_day(schedule, cashier.now) if schedule else None
    if at is not None:
        coming = cashier.say(N_("next on %(moment)s"), moment=cashier.moment(at))
        rhythm = f"{rhythm} · {coming}"
    least = ", ".join(cashier.sum(amount, code) for code, amount in sorted((own.minimum or {}).items()))
    return PayeeCard(
        provider=cashier.provider(payee.provider),
        provider_id=payee.provider,
        facts=(
            Fact(cashier.say(N_("Account there")), payee.account or cashier.say(N_("not known"))),
            Fact(cashier.say(N_("When it is paid out")), rhythm),
            Fact(cashier.say(N_("Smallest payout")), least or cashier.say(N_("as the rules have it"))),
            Fact(
                cashier.say(N_("Kept back")), _reserve(cashier, payee, terms is not None and bool(terms.reserve_days))
            ),
            Fact(
                cashier.say(N_("Looks after it")),
                cashier.staff(payee.care) if payee.care else cashier.say(N_("nobody yet")),
            ),
        ),
        terms_url=f"{seller_url(payee.seller)}/terms?provider={payee.provider}",
        pill=_pill(cashier, payee),
        stopped=parked or payee.may_be_paid is False,
        parked=parked,
        why=_why(cashier, payee),
        care=cashier.staff(payee.care) if payee.care else "",
        mine=payee.care == str(cashier.actor),
    )


def _reserve(cashier: Cashier, payee: Payee, now: bool) -> str:
    own = payee.own
    if own.reserve_basis_points is None:
        usual = cashier.say(N_("as the rules have it"))
        kept = cashier.say(N_("something is kept back now"))
        return f"{usual} · {kept}" if now else usual
    share = percent(cashier.reader, own.reserve_basis_points)
    if own.reserve_days is None:
        return share
    days = cashier.reader.words.ngettext("%(num)d day", "%(num)d days", own.reserve_days)
    return cashier.say(N_("%(share)s for %(days)s"), share=share, days=days)


def _pill(cashier: Cashier, payee: Payee) -> Pill:
    if payee.parked_at is not None:
        return Pill(cashier.say(HINDRANCES[Hindrance.PARKED]), "alert", "turn")
    if not payee.account:
        return Pill(cashier.say(HINDRANCES[Hindrance.NO_ACCOUNT]), "alert", "turn")
    if payee.may_be_paid is False:
        return Pill(cashier.say(HINDRANCES[Hindrance.NOT_PAYABLE]), "alert", "turn")
    return Pill(cashier.say(N_("Payouts go on")), "check", "safe")


def _why(cashier: Cashier, payee: Payee) -> str:
    if payee.parked_at is not None:
        when = cashier.say(N_("Stopped %(moment)s."), moment=cashier.moment(payee.parked_at))
        return " ".join(filter(None, (cashier.why(payee.parked_why), when)))
    if payee.may_be_paid is False and payee.wanting:
        return cashier.say(N_("It asks the seller for: %(list)s."), list=", ".join(payee.wanting))
    return ""


@dataclass(frozen=True)
class Outcome:
    """What paying out now would do, before it is done. `sums` lead to `total`; without `button` it cannot be done."""

    question: str
    seller: str
    sums: tuple[Sum, ...]
    total: Sum
    facts: tuple[Fact, ...]
    note: Note
    button: str
    provider: str
    currency: str
    amount: int
    back: str


def outcome_of(cashier: Cashier, standing: Standing, can: Terms) -> Outcome | None:
    """The consequence of paying out, or of asking back; None where neither can be done now."""
    hindrance, account = standing.hindrance, standing.owed.account
    seller = cashier.seller(account.seller)
    orders = cashier.reader.words.ngettext("of %(num)d order", "of %(num)d orders", standing.owed.orders)
    facts = (
        Fact(cashier.say(N_("Payment provider")), cashier.provider(account.provider)),
        Fact(cashier.say(N_("Account there")), standing.payee.account or cashier.say(N_("not known"))),
    )

    def shown(amount: int) -> str:
        return cashier.sum(amount, account.currency)

    if hindrance is Hindrance.OWES and can.takes_back:
        owes = -standing.owed.due
        return Outcome(
            question=cashier.say(N_("Ask %(sum)s back?"), sum=shown(owes)),
            seller=seller,
            sums=(),
            total=Sum(cashier.say(N_("Owed %(orders)s"), orders=orders), shown(owes)),
            facts=facts,
            note=Note(
                cashier.say(N_("The provider takes it from the seller's account there.")),
                cashier.say(
                    N_("At most what was paid out of these orders. What is not there is kept of the next payouts.")
                ),
                "turn",
                "alert",
            ),
            button=cashier.say(N_("Yes, ask it back")),
            provider=account.provider,
            currency=account.currency,
            amount=standing.owed.due,
            back=seller_url(account.seller),
        )
    if hindrance not in (None, Hindrance.BELOW_MINIMUM):
        return None
    sums = [Sum(cashier.say(N_("Due %(orders)s"), orders=orders), shown(standing.owed.due))]
    if standing.reserved:
        sums.append(Sum(cashier.say(N_("Kept back")), shown(-standing.reserved)))
    text = N_("The provider passes it on to the seller. It can be taken back after a card chargeback only.")
    if hindrance is Hindrance.BELOW_MINIMUM:
        text = N_(
            "It is less than the smallest payout agreed, and leaves all the same. It cannot simply be taken back."
        )
    if standing.reserved and not can.in_parts:
        text = N_("An order's money leaves whole or not at all, so it may be less. It cannot simply be taken back.")
    return Outcome(
        question=cashier.say(N_("Pay %(sum)s out?"), sum=shown(standing.payable)),
        seller=seller,
        sums=tuple(sums),
        total=Sum(cashier.say(N_("Leaves now")), shown(standing.payable)),
        facts=facts,
        note=Note(cashier.say(N_("You cannot undo a payout.")), cashier.say(text), "turn", "alert"),
        button=cashier.say(N_("Yes, pay it out")),
        provider=account.provider,
        currency=account.currency,
        amount=standing.payable,
        back=seller_url(account.seller),
    )
