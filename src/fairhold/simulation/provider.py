"""The payment provider's own house: what it was asked to do under which key, and did once. It outlives our processes.

It keeps a statement of its own, as a bank would: one line for each key, whatever it was asked how often. What becomes of a
question follows from its key, so a plan that is played again meets the same answers.
"""

import random
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple
from zlib import crc32

from fairhold.engine.kernel.messages import RefundDue
from fairhold.engine.outside.payment_seen import No, PayoutSeen, RefundSeen, State, TransferSeen
from fairhold.engine.outside.payments import Answer, PayoutAsked, Refused, TakingBackAsked, TransferAsked
from fairhold.simulation.auditor import Operation

AT_ONCE, IN_STEPS = "sandbox", "elsewhere"
"""Whose transfers reach sellers' banks at once, and whose lie on sellers' accounts until they are paid out."""

_REFUSALS = (No.ACCOUNT_CLOSED, No.DECLINED, No.INSUFFICIENT_BALANCE, No.INSUFFICIENT_BALANCE, No.INSUFFICIENT_BALANCE)
"""Of a hundred transfers so many are refused for good."""
_FAILS_LATER, _IS_LATE = 8, 18
"""Up to which of a hundred it is taken, and fails in the end; is taken, and done in the end."""
_OF_BUYERS = 0.3
"""So much of what comes back is sent back by buyers' banks."""
_LATER = 2
"""So often is it said of what is late that it is at work."""
_FEE = 3


class Transfer(NamedTuple):
    """What was passed on to a seller."""

    line: Operation
    number: int
    account: str
    at_once: bool


CameBack = RefundSeen | TransferSeen | PayoutSeen
"""What a bank has sent back, as the provider tells of it."""


class Provider:
    """Asked by the clients of all processes."""

    def __init__(self) -> None:
        self.did: dict[str, Operation] = {}
        self.tells: Callable[[Operation], None] = lambda line: None
        """Called with each line of its statement."""
        self.transfers: dict[str, Transfer] = {}
        """By the name that it gives them."""
        self._left: dict[str, int] = {}
        """What of each transfer is with the seller."""
        self._accounts: Counter[tuple[str, str]] = Counter()
        """What lies on sellers' accounts, by account and currency."""
        self._to_bank: dict[str, PayoutSeen] = {}
        self._refunds: dict[str, RefundSeen] = {}
        """Those that are with the buyer, by the key of each."""
        self._came_back: list[CameBack] = []
        self._asked: Counter[str] = Counter()

    def refund(self, key: str, order: str, due: RefundDue) -> None:
        """Give money back, unless that was done under this key."""
        if self._does(Operation("refund", key, due.amount, due.currency, order)) and due.amount:
            reference = f"rf-{key}"
            self._refunds[key] = RefundSeen(order, due.number, reference, State.DONE, due.amount, due.currency)

    def _does(self, line: Operation) -> bool:
        """Whether it is done now, and was not before."""
        known = self.did.setdefault(line.key, line)
        if known is line:
            self.tells(line)
            return True
        if known != line:
            raise ValueError(f"{line.key} was asked for as {known} and now as {line}")
        return False

    # what goes to sellers

    def pass_on(self, name: str, key: str, asked: TransferAsked) -> Answer:
        """Pass money on to a seller, unless that was done under this key. Raises Refused, for good."""
        reference, fate = f"tr-{key}", _fate(key)
        if key not in self.did:
            if fate < len(_REFUSALS):
                raise Refused(_REFUSALS[fate])
            if fate < _IS_LATE and self._is_late(key):
                return Answer(reference, State.PENDING)
            if fate < _FAILS_LATER:
                return Answer(reference, State.FAILED, why=No.DECLINED)
        at_once = name == AT_ONCE
        fee = 0 if at_once or fate % 6 else _FEE
        line = Operation("transfer", key, asked.amount, asked.currency, asked.order, fee)
        if self._does(line):
            self.transfers[reference] = Transfer(line, asked.number, asked.account, at_once)
            self._left[reference] = asked.amount
            if not at_once:
                self._accounts[asked.account, asked.currency] += asked.amount
        is_back = any(isinstance(one, TransferSeen) and one.reference == reference for one in self._came_back)
        return Answer(reference, State.RETURNED if is_back else State.DONE, fee)

    def take_back(self, key: str, asked: TakingBackAsked) -> Answer:
        """Take it back from the seller, if they have it, unless that was done under this key. Raises Refused."""
        reference = f"tb-{key}"
        if key not in self.did:
            transfer = self.transfers[asked.transfer]
            account = transfer.account, asked.currency
            if asked.amount > self._left[asked.transfer]:
                raise Refused(No.TOO_MUCH)
            if _fate(key) < 25 if transfer.at_once else self._accounts[account] < asked.amount:
                raise Refused(No.INSUFFICIENT_BALANCE)
            if _fate(key) >= 90 and self._is_late(key):
                return Answer(reference, State.PENDING)
            self._left[asked.transfer] -= asked.amount
            if not transfer.at_once:
                self._accounts[account] -= asked.amount
        self._does(Operation("taken_back", key, asked.amount, asked.currency, asked.order))
        return Answer(reference)

    def _is_late(self, key: str) -> bool:
        self._asked[key] += 1
        return self._asked[key] <= _LATER

    # what goes on to sellers' banks

    def pay_out(self, asked: PayoutAsked) -> Answer:
        """Send what lies on a seller's account to their bank, unless that was done under this name. Raises Refused."""
        name, account = asked.payout, (asked.account, asked.currency)
        reference, fate = f"pb-{name}", _fate(name)
        known = self._to_bank.get(name)
        if known is None:
            if self._accounts[account] < asked.amount:
                raise Refused(No.INSUFFICIENT_BALANCE)
            self._accounts[account] -= asked.amount
            self._to_bank[name] = PayoutSeen(name, reference, State.PENDING, asked.amount, asked.currency)
        elif known.state is not State.PENDING:
            return Answer(reference, known.state, why=known.why)
        if fate < 40 and self._is_late(name):
            return Answer(reference, State.PENDING)
        if fate < 12:
            self._accounts[account] += asked.amount
            self._stands(name, State.FAILED, No.ACCOUNT_CLOSED)
            return Answer(reference, State.FAILED, why=No.ACCOUNT_CLOSED)
        self._does(Operation("to_bank", name, asked.amount, asked.currency, asked.account))
        self._stands(name, State.DONE)
        return Answer(reference)

    def _stands(self, name: str, state: State, why: No | None = None) -> PayoutSeen:
        self._to_bank[name] = seen = self._to_bank[name]._replace(state=state, why=why)
        return seen

    # what banks send back

    def send_back(self, chance: random.Random) -> None:
        """A bank sends something back: a refund, all that is left of a transfer, or what was paid out of an account."""
        if self._refunds and chance.random() < _OF_BUYERS:
            self._send_refund_back(chance.choice(list(self._refunds)))
            return
        whole = [name for name, one in self.transfers.items() if one.at_once and self._left[name]]
        banked = [name for name, seen in self._to_bank.items() if seen.state is State.DONE]
        names = chance.choice((whole, banked)) or whole or banked
        if not names:
            return
        name = chance.choice(names)
        if name in self.transfers:
            line, number, *_ = self.transfers[name]
            amount, self._left[name] = self._left[name], 0
            self.tells(line._replace(kind="transfer_returned", amount=amount))
            back = line.amount - amount
            seen = TransferSeen(line.order, number, name, line.amount, back, line.currency, State.RETURNED, No.DECLINED)
            self._came_back.append(seen)
        else:
            line = self.did[name]
            self._accounts[line.order, line.currency] += line.amount
            self.tells(line._replace(kind="to_bank_returned"))
            self._came_back.append(self._stands(name, State.RETURNED, No.ACCOUNT_CLOSED))

    def _send_refund_back(self, key: str) -> None:
        self.tells(self.did[key]._replace(kind="refund_returned"))
        self._came_back.append(self._refunds.pop(key)._replace(state=State.FAILED, why=No.ACCOUNT_CLOSED))

    def came_back(self) -> list[CameBack]:
        """Everything that ever did, the oldest first."""
        return self._came_back


def _fate(key: str) -> int:
    """One of a hundred, always the same."""
    return crc32(key.encode()) % 100
