"""Payouts in their shapes."""

from fairhold.api.shapes import At, Out
from fairhold.domain.money import Money
from fairhold.domain.payout_rules import Schedule
from fairhold.engine.payouts.balances import Hindrance
from fairhold.engine.ports.payouts import PartStage, PayoutStage


class PayoutPartOut(Out, frozen=True):
    """What of one order's money is in a payout; `taken_back` of it came back after a chargeback. `why` it did not arrive."""

    order: str
    amount: Money
    stage: PartStage
    taken_back: Money
    why: str | None = None


class PayoutOut(Out, frozen=True):
    """A payout: `amount` was meant to leave, `arrived` did. `account` is the provider's name for whom it goes to."""

    id: str
    seller: str
    provider: str
    account: str
    amount: Money
    arrived: Money
    stage: PayoutStage
    made_at: At
    made_by: str
    done_at: At | None = None
    reference: str | None = None
    why: str | None = None


class PayoutDetail(PayoutOut, frozen=True, kw_only=True):
    """A payout with its orders, up to 500."""

    parts: list[PayoutPartOut]


class PayoutList(Out, frozen=True):
    """Payouts, the newest first."""

    items: list[PayoutOut]
    next: str | None


class BalanceOut(Out, frozen=True):
    """What is due to a seller at one provider in one currency. `due` is below zero where chargebacks took more than there is.

    `reserved` of it is kept back for a while, `payable` could leave now; `hindrance` says why it does not.
    """

    provider: str
    due: Money
    reserved: Money
    payable: Money
    minimum: Money
    orders: int
    schedule: Schedule
    hindrance: Hindrance | None = None


class BalanceList(Out, frozen=True):
    """A seller's balances, by provider and currency."""

    items: list[BalanceOut]
    next: str | None


class PayeeOut(Out, frozen=True):
    """A seller at a payment provider. `wanting` is what it still asks of them; `care` looks after it.

    `schedule` and what follows were agreed with this seller; what is not there is as the policy has it.
    """

    seller: str
    provider: str
    account: str
    may_be_paid: bool | None
    wanting: list[str]
    care: str | None = None
    parked_at: At | None = None
    parked_why: str | None = None
    schedule: Schedule | None = None
    minimum: dict[str, int] | None = None
    reserve_basis_points: int | None = None
    reserve_days: int | None = None


class OnboardingOut(Out, frozen=True):
    """Where to send the seller's browser, soon: the page is good for some minutes and once."""

    seller: str
    provider: str
    account: str
    url: str


class PayeeList(Out, frozen=True):
    """Sellers by name."""

    items: list[PayeeOut]
    next: str | None


class StatementLine(Out, frozen=True):
    """Where one order's money is, the seller's part of it after commission."""

    order: str
    changed_at: At
    paid: Money
    held: Money
    settling: Money
    released: Money
    fee: Money
    refunded: Money
    charged_back: Money
    due: Money
    on_its_way: Money
    paid_out: Money


class StatementList(Out, frozen=True):
    """A seller's orders that were paid, the last changed first."""

    items: list[StatementLine]
    next: str | None
