"""Makes payouts of what is due to a seller, and asks back what they owe."""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import NamedTuple

import structlog

from fairhold.domain.actors import SYSTEM
from fairhold.domain.commands import Command
from fairhold.domain.ids import OrderId
from fairhold.domain.instants import Instant
from fairhold.domain.order import Order
from fairhold.domain.payout import MAX_ASKS, PayoutState
from fairhold.domain.payout_commands import StartPayout, TakePayoutBack
from fairhold.domain.payout_rules import Waiting, share_out
from fairhold.domain.payout_sums import due
from fairhold.domain.reasons import Refusal
from fairhold.engine.kernel.core import Engine
from fairhold.engine.kernel.envelope import Answer, Envelope, Faulty, Unavailable
from fairhold.engine.kernel.news import Turn
from fairhold.engine.kernel.sweeper import submit_patiently
from fairhold.engine.outside.destinations import PAYMENTS
from fairhold.engine.payouts.balances import Balances, Hindrance
from fairhold.engine.payouts.purses import Purses
from fairhold.engine.ports.payouts import Account, Made, Part, PartStage, Payout, PayoutRows, PayoutStage
from fairhold.engine.reading.orders import Queries

_log = structlog.get_logger("fairhold.payouts")

MOST_ORDERS = 500
"""Orders in one payout; where there are more, another follows."""
PAGE = 200


class Gathered(NamedTuple):
    """What was made: payouts, or what was in the way of the first."""

    payouts: tuple[Payout, ...]
    hindrance: Hindrance | None


class PayoutMaker:
    """Makes payouts. Safe from any thread and several processes; every method raises StoreUnavailable or Unavailable."""

    def __init__(self, rows: PayoutRows, purses: Purses, balances: Balances, engine: Engine, queries: Queries) -> None:
        self._rows = rows
        self._purses = purses
        self._balances = balances
        self._engine = engine
        self._queries = queries

    def gather(self, account: Account, occasion: str, by: str, now: Instant, *, small: bool = False) -> Gathered:
        """Pay out all that can leave of this account; `small` even where it is less than the minimum.

        `occasion` is what the payouts are made for: the same ones are made once on one occasion.
        """
        before = self.made(account, occasion)
        if before:
            return Gathered(before, None)
        made: list[Payout] = []
        told: set[OrderId] = set()
        while True:
            turn = self._turn(account)
            standing = self._balances.standing(account, now)
            hindrance = standing.hindrance
            if hindrance is Hindrance.BELOW_MINIMUM and (small or made):
                hindrance = None
            payout = Payout(
                _name(account, f"{occasion}/{len(made)}"), account, standing.payee.account, 0, PayoutStage.MADE, now, by
            )
            parts = self._plan(payout, standing.payable, told) if hindrance is None else []
            payout = payout._replace(amount=sum(part.amount for part in parts))
            came = self._rows.make(payout, parts, turn) if parts else Made.BEFORE
            if came is Made.BEFORE:
                # Whoever asks for the same at the same moment may have been faster: what that one did not take waits for the
                # next occasion.
                return Gathered(self.made(account, occasion), hindrance or (None if made else Hindrance.NOTHING_DUE))
            if came is Made.NOW:
                told.update(part.order for part in parts)
                made.append(self.start(payout))

    def made(self, account: Account, occasion: str) -> tuple[Payout, ...]:
        """What was made on that occasion."""
        found: list[Payout] = []
        while (payout := self._rows.payout(_name(account, f"{occasion}/{len(found)}"))) is not None:
            found.append(payout)
        return tuple(found)

    def _turn(self, account: Account) -> int:
        """Of whoever then looks how much is due only one makes a payout: others' would take the same money, or the reserve.

        What a payout takes is due until its orders are told, so those of whoever did not come to that are told first.
        """
        self._balances.payee(account.seller, account.provider)
        turn = self._rows.turn(account.seller, account.provider)
        for payout in self._rows.untold(account, PAGE):
            self.start(payout)
        return turn

    def _plan(self, payout: Payout, payable: int, told: set[OrderId]) -> list[Part]:
        """Of which orders it takes how much: of none that was `told` on this occasion, whatever it answered."""
        account, in_parts = payout.account, self._balances.terms(payout.account.provider).in_parts
        measure = self._balances.measure(account)
        # Orders with rests that cannot leave would otherwise stand before all newer ones for ever.
        found = self._rows.waiting(account, MOST_ORDERS, measure.smallest, whole=not in_parts)
        waiting = [Waiting(purse.order, purse.due) for purse in found if purse.order not in told]
        shares = share_out(payable, waiting, in_parts=in_parts, measure=measure)
        return [Part(payout.id, share.order, share.amount, PartStage.PLANNED) for share in shares]

    def start(self, payout: Payout) -> Payout:
        """Tell the orders of a payout that was made. Telling them twice starts nothing twice."""
        after = ""
        while parts := self._rows.parts(payout.id, after, PAGE):
            self._start([part for part in parts if part.stage is PartStage.PLANNED], payout)
            after = parts[-1].order
        moved = payout._replace(stage=PayoutStage.ON_ITS_WAY)
        self._rows.move(payout, moved)
        return moved

    def _start(self, parts: Sequence[Part], payout: Payout) -> None:
        envelopes = [
            _envelope(part.order, StartPayout(payout=payout.id, amount=part.amount, account=payout.to))
            for part in parts
        ]
        outcomes = submit_patiently(self._engine, envelopes)
        dropped, turns = [], []
        for part, outcome in zip(parts, outcomes, strict=True):
            if isinstance(outcome, Unavailable):
                raise outcome
            if isinstance(outcome, Answer):
                turns.append(_turn(outcome))
            else:
                if isinstance(outcome, Faulty):
                    _log.critical("an order cannot be paid out", order=part.order, why=str(outcome))
                dropped.append(part._replace(stage=PartStage.DROPPED, why=_why(outcome)))
        # At once, not when it is news: what is planned next must not count it again.
        self._purses.hear(turns)
        if dropped:
            self._rows.set_parts(dropped)

    def ask_back(self, account: Account, most: int, occasion: str) -> int:
        """Ask the provider for up to `most` (minor units) of what the seller owes and had been paid; how much was asked for.

        On one occasion a part is asked for once, by however many processes: each part may be asked for a few times only.
        """
        asked, step = 0, self._balances.measure(account).step
        for purse in self._rows.owing(account, MOST_ORDERS):
            order = self._queries.order(purse.order)
            for command in _takings(order, most - asked, step) if order is not None else ():
                key = f"take back {command.number} on {occasion}"
                [outcome] = submit_patiently(self._engine, [_envelope(purse.order, command, key)])
                if isinstance(outcome, Unavailable):
                    raise outcome
                if isinstance(outcome, Answer) and not outcome.repeated:
                    asked += command.amount
                    self._purses.hear([_turn(outcome)])
            if asked >= most:
                break
        return asked


def _takings(order: Order, most: int, step: int) -> Iterator[TakePayoutBack]:
    """What can be asked back of this order's parts, together no more than it owes and `most`, each in whole steps.

    What is left of a part can then still go to the seller's bank.
    """
    asked_already = sum(part.asked_back for part in order.payouts)
    left = min(-due(order) - asked_already, most)
    for part in reversed(order.payouts):
        amount = min(part.left, left)
        amount -= amount % step
        if part.state is PayoutState.SENT and not part.asked_back and part.asks < MAX_ASKS and amount > 0:
            yield TakePayoutBack(number=part.number, amount=amount)
            left -= amount


def _envelope(order: OrderId, command: Command, key: str | None = None) -> Envelope:
    return Envelope(order, command, SYSTEM, key, source=f"{PAYMENTS}payouts")


def _turn(answer: Answer) -> Turn:
    first = answer.order.version - len(answer.events) + 1
    return Turn(answer.order, tuple(enumerate(answer.events, first)))


def _why(outcome: Refusal | Faulty) -> str:
    return outcome.reason.value if isinstance(outcome, Refusal) else "broken"


def _name(account: Account, occasion: str) -> str:
    """A name that follows from what it is for."""
    told = "\0".join((*account, occasion))
    return "po_" + sha256(told.encode()).hexdigest()[:28]
