"""Payouts of the demo's past: months of them, one that came to nothing, one kept back in part, and a seller who owes."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from fairhold.cli.demo.history import submit
from fairhold.domain.actors import SYSTEM, Actor, Role
from fairhold.domain.commands import RecordChargeback
from fairhold.domain.ids import OrderId, PersonId
from fairhold.domain.instants import DAY, Instant
from fairhold.domain.payout_commands import RecordPayoutFailed, StartPayout
from fairhold.domain.payout_rules import OwnRules
from fairhold.engine.kernel.envelope import Envelope
from fairhold.engine.outside.payment_seen import No
from fairhold.engine.payouts.paymaster import RAN
from fairhold.engine.ports.payouts import Account, Part, PartStage, Payout, PayoutStage, Purse
from fairhold.wiring import Application

_OPS = Actor(Role.OPERATOR, PersonId("ops"))
_MOST_ORDERS = 200


class _Paid(NamedTuple):
    """How a seller was paid: every so many days, up to so many days ago, and what was agreed with them."""

    seller: str
    every: int
    until: int
    own: OwnRules


_PLANS = (
    _Paid("shop-7", 14, 3, OwnRules(schedule="weekly")),
    _Paid("shop-12", 30, 9, OwnRules(schedule="weekly", reserve_basis_points=1_000, reserve_days=45)),
    _Paid("shop-18", 30, 5, OwnRules(schedule="monthly", minimum={"RUB": 2_000_000})),
    _Paid("shop-21", 30, 4, OwnRules()),
    _Paid("shop-24", 60, 30, OwnRules(schedule="weekly")),
)
_STOPPED, _OWES = "shop-24", "shop-21"
_CLOSED = RecordPayoutFailed(number=1, why=No.ACCOUNT_CLOSED.value)


def pay_sellers(app: Application) -> None:
    """Make the payouts of the past, each at its own time. From now on they are made by themselves."""
    now, midnight = app.clock.now(), Instant(app.clock.now() // DAY * DAY)
    made = [one for plan in _PLANS for one in _past(app, plan, midnight)]
    _begin(app, made)
    for payout, _ in made:
        done = payout._replace(stage=PayoutStage.DONE, arrived=payout.amount, done_at=payout.made_at)
        app.payouts.rows.move(payout, done)
    _stop(app, Instant(midnight - 2 * DAY))
    _charge_back(app, now)
    _pass_on(app)
    # Today's were made: what is due leaves on the next day that the terms name.
    app.store.raise_setting(RAN, now // DAY)


_Made = tuple[Payout, Sequence[Purse]]


def _past(app: Application, plan: _Paid, until: Instant) -> Iterator[_Made]:
    """What was due to the seller `until` then, in payouts after the last that happened to each of their orders."""
    by = "" if plan.seller == _STOPPED else str(_OPS)
    app.payouts.payees.set(plan.seller, "sandbox", None, plan.own, by)
    account = Account(plan.seller, "sandbox", "RUB")
    by_day: dict[int, list[Purse]] = {}
    for purse in app.payouts.rows.waiting(account, _MOST_ORDERS):
        turns = (until - plan.until * DAY - _last(app, purse.order)) // (plan.every * DAY)
        if turns >= 0:
            by_day.setdefault(plan.until + turns * plan.every, []).append(purse)
    for days, purses in by_day.items():
        yield _written(account, purses, Instant(until - days * DAY)), purses


def _last(app: Application, order: OrderId) -> Instant:
    """When something last happened to it."""
    return app.queries.history(order)[-1][1].at


def _written(account: Account, purses: Sequence[Purse], at: Instant) -> Payout:
    """The payout that takes what is due of these orders."""
    name = f"po_demo{account.seller.replace('-', '')}{at // DAY}"
    amount = sum(purse.due for purse in purses)
    return Payout(name, account, account.seller, amount, PayoutStage.MADE, at, "system")


def _begin(app: Application, made: Sequence[_Made]) -> None:
    """Write the payouts down and tell their orders; the sandbox passes the money on at once."""
    told = []
    for payout, purses in made:
        parts = [Part(payout.id, purse.order, purse.due, PartStage.PLANNED) for purse in purses]
        _keep(app, payout, parts)
        for part in parts:
            start = StartPayout(payout=payout.id, amount=part.amount, account=payout.to)
            told.append(Envelope(part.order, start, SYSTEM, source="demo", at=payout.made_at))
    submit(app, told)
    _pass_on(app)


def _keep(app: Application, payout: Payout, parts: Sequence[Part]) -> None:
    seller, provider, _ = payout.account
    app.payouts.balances.payee(seller, provider)
    app.payouts.rows.make(payout, parts, app.payouts.rows.turn(seller, provider))


def _pass_on(app: Application) -> None:
    while app.courier.once(at_own_time=True):
        continue


def _stop(app: Application, at: Instant) -> None:
    """The kitchen shop's account was closed: nothing of the payout left, and a person has to look."""
    account = Account(_STOPPED, "sandbox", "RUB")
    waiting = app.payouts.rows.waiting(account, _MOST_ORDERS)
    purses = [purse for purse in waiting if _last(app, purse.order) < at]
    payout, told = _written(account, purses, at), []
    _keep(app, payout, [Part(payout.id, purse.order, purse.due, PartStage.PLANNED) for purse in purses])
    for purse in purses:
        start = StartPayout(payout=payout.id, amount=purse.due, account=payout.to)
        told += [Envelope(purse.order, one, SYSTEM, source="demo", at=at) for one in (start, _CLOSED)]
    submit(app, told)
    app.payouts.rows.move(payout, payout._replace(stage=PayoutStage.ON_ITS_WAY))
    _pass_on(app)
    # As whoever sees payouts through would, who also raises an alarm, which this is not.
    for part, _ in app.payouts.rows.unnoted(_MOST_ORDERS):
        app.payouts.rows.note(part)
    app.payouts.rows.park(account.seller, account.provider, No.ACCOUNT_CLOSED.value, at)
    app.payouts.progress.once(at)


def _charge_back(app: Application, now: Instant) -> None:
    """A bank took back what the bookshop had been paid, and more than has come in since."""
    [latest, *_] = app.payouts.rows.list_payouts(_OWES, (), None, 1)
    parts = app.payouts.rows.parts(latest.id, "", _MOST_ORDERS)
    taken = max(parts, key=lambda part: part.amount)
    purse = app.payouts.rows.purse(taken.order)
    assert purse is not None, "it was paid out"
    command = RecordChargeback(amount=purse.paid, reason="fraud")
    submit(app, [Envelope(purse.order, command, _OPS, source="demo", at=Instant(now - DAY))])
