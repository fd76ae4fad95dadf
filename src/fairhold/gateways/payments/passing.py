"""Passing an order's money on to its seller and taking it back: what is due becomes a question, and the answer a command."""

from fairhold.domain.commands import Command
from fairhold.domain.instants import MINUTE, Duration
from fairhold.domain.payout_commands import (
    RecordPayoutFailed,
    RecordPayoutNotTakenBack,
    RecordPayoutSent,
    RecordPayoutTakenBack,
)
from fairhold.engine.messages import TakingBackDue, TransferDue
from fairhold.engine.outside import AtWork
from fairhold.engine.payment_ports import Provider, Refused, TakingBackAsked, TransferAsked
from fairhold.engine.payment_seen import No, Paid, State

ASKED_AGAIN = Duration(30 * MINUTE)
"""After so long is something asked about that the provider has taken and not carried out."""


def transfer(provider: Provider, order: str, due: TransferDue, paid: Paid, key: str) -> Command:
    """Refused for good, it never left: the money is due again, and whoever makes payouts sees why."""
    asked = TransferAsked(
        order=order, number=due.number, paid=paid, amount=due.amount, currency=due.currency, account=due.account
    )
    try:
        answer = provider.transfer(asked, key)
    except Refused as refused:
        return RecordPayoutFailed(number=due.number, why=refused.why.value)
    match answer.state:
        case State.DONE:
            return RecordPayoutSent(number=due.number, reference=answer.reference[:64], provider_fee=answer.fee)
        case State.FAILED | State.RETURNED:
            return RecordPayoutFailed(number=due.number, why=(answer.why or No.BROKEN).value)
        case _:
            raise AtWork(f"transfer {answer.reference} is {answer.state}", ASKED_AGAIN)


def take_back(provider: Provider, order: str, due: TakingBackDue, key: str) -> Command:
    """Refused for good, it stays with the seller, who owes it all the same."""
    asked = TakingBackAsked(
        order=order, number=due.ask, transfer=due.transfer, amount=due.amount, currency=due.currency
    )
    try:
        answer = provider.take_back(asked, key)
    except Refused as refused:
        return RecordPayoutNotTakenBack(number=due.number, why=refused.why.value)
    if answer.state is State.DONE:
        return RecordPayoutTakenBack(number=due.number, reference=answer.reference[:64])
    if answer.state is State.FAILED:
        return RecordPayoutNotTakenBack(number=due.number, why=(answer.why or No.BROKEN).value)
    raise AtWork(f"taking back {answer.reference} is {answer.state}", ASKED_AGAIN)
