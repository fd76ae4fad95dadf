"""Payouts as the engine asks for them: what each order owes its seller, whom providers pay it to, and payouts themselves.

Small tables: they lie with sessions and keys. Sums are minor units, instants microseconds of the engine's clock.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple, Protocol

from fairhold.domain.ids import OrderId
from fairhold.domain.instants import Instant
from fairhold.domain.payout_rules import Measure, OwnRules, Schedule


class Purse(NamedTuple):
    """A row of `purses`: where an order's money is, as of its `version`. Written after the order, by whoever hears of it.

    `due` is what is yet to be passed on to the seller, below zero what they owe; `on_its_way` the provider was asked to pass
    on; `passed_on` is with them. `released_at`: when money was last released to them.
    """

    order: OrderId
    version: int
    buyer: str
    seller: str
    currency: str
    provider: str
    paid_at: Instant
    changed_at: Instant
    paid: int
    held: int
    settling: int
    released: int
    fee: int
    refunded: int
    charged_back: int
    due: int
    on_its_way: int
    passed_on: int
    released_at: Instant | None


class Account(NamedTuple):
    """Whose money it is, where it lies: one seller at one provider in one currency."""

    seller: str
    provider: str
    currency: str


class Owed(NamedTuple):
    """What is due on an account over all `orders` of which something is; below zero it is the seller who owes.

    `first`: when the oldest of it was released; `owing_since`, among the most that is owed: when something first happened by
    which the seller owes.
    """

    account: Account
    due: int
    orders: int
    first: Instant | None
    owing_since: Instant | None = None


class Payee(NamedTuple):
    """A row of `payees`: a seller at a provider. `account` is the provider's name for them, and all that is known of their bank.

    `own` is what was agreed with them; `since` is when money was first released to them, None before. `may_be_paid` is the
    provider's last word, None before it was asked; `wanting` what it still asks of them. Parked, nothing is paid out to them
    until a person has looked: `parked_why` says why, `care` who looks after it. `failures` counts payouts in a row that did
    not arrive.
    """

    seller: str
    provider: str
    account: str
    own: OwnRules
    since: Instant | None
    may_be_paid: bool | None = None
    wanting: tuple[str, ...] = ()
    seen_at: Instant | None = None
    parked_why: str = ""
    parked_at: Instant | None = None
    care: str = ""
    failures: int = 0


class PayoutStage(StrEnum):
    """How far a payout has come."""

    MADE = "made"
    """Its orders are being told."""
    ON_ITS_WAY = "on_its_way"
    """The provider passes their money on."""
    TO_BANK = "to_bank"
    """It lies on the seller's account at the provider, and is on its way to their bank."""
    DONE = "done"
    FAILED = "failed"
    """Nothing of it arrived."""
    RETURNED = "returned"
    """The seller's bank sent it back: it lies on their account at the provider."""
    PARKED = "parked"
    """It lies on the seller's account at the provider, which does not send it on: a person has to look."""


OPEN_STAGES = (PayoutStage.MADE, PayoutStage.ON_ITS_WAY, PayoutStage.TO_BANK)


class Payout(NamedTuple):
    """A row of `payouts`: money of many orders that goes to one seller at once.

    `amount` is what was meant to leave, `arrived` what did; `by` who made it. `reference` is the provider's name for the way to
    the bank, where that is a step of its own; it is looked at again at `next_at`. `tries` counts how often it was begun.
    """

    id: str
    account: Account
    to: str
    amount: int
    stage: PayoutStage
    made_at: Instant
    by: str
    arrived: int = 0
    reference: str = ""
    why: str = ""
    tries: int = 1
    next_at: Instant | None = None
    done_at: Instant | None = None


class PartStage(StrEnum):
    """How far an order's part of a payout has come: first it is planned, then it is as the order says."""

    PLANNED = "planned"
    DROPPED = "dropped"
    """The order had no longer so much due."""
    STARTED = "started"
    SENT = "sent"
    FAILED = "failed"
    RETURNED = "returned"


class Part(NamedTuple):
    """A row of `payout_parts`: what of one order's money a payout takes."""

    payout: str
    order: OrderId
    amount: int
    stage: PartStage
    why: str = ""
    taken_back: int = 0


class Made(StrEnum):
    """What came of making a payout."""

    NOW = "now"
    BEFORE = "before"
    """It was there already."""
    OUT_OF_TURN = "out_of_turn"
    """Another was made of the same payee's money since it was looked how much there is."""


class PayoutPlace(NamedTuple):
    """A payout's place among those by when they were made: from where a list goes on."""

    made_at: Instant
    id: str


class HeldAge(NamedTuple):
    """What is held of orders paid in a span of time, by its number: 0 is the youngest."""

    currency: str
    span: int
    orders: int
    held: int
    settling: int


class DueInAll(NamedTuple):
    """What is due to all sellers together in a currency, and what those owe who owe; how many sellers either is of."""

    currency: str
    due: int
    payees: int
    owing: int
    debtors: int


class PayoutRows(Protocol):
    """Purses, payees, payouts. Safe from any thread and several processes; every method raises StoreUnavailable."""

    def keep_purses(self, purses: Sequence[Purse]) -> None:
        """Write them, unless a later version of the order was written already."""
        ...

    def purse(self, order: OrderId) -> Purse | None:
        """The one of that order."""
        ...

    def purses_of(self, seller: str, behind: tuple[Instant, str] | None, limit: int) -> list[Purse]:
        """A seller's, the last changed first, behind (changed_at, order)."""
        ...

    def owed(self, after: Account | None, limit: int) -> list[Owed]:
        """Every account on which something is due or owed, by seller, provider, currency."""
        ...

    def owed_to(self, seller: str) -> list[Owed]:
        """A seller's accounts, by provider and currency."""
        ...

    def owed_on(self, account: Account) -> Owed:
        """The same of one account; nothing where nothing is due."""
        ...

    def most_owed(self, currency: str, limit: int, *, owing: bool) -> list[Owed]:
        """The accounts in that currency on which most is due or, `owing`, is owed; the most of all first."""
        ...

    def due_in_all(self) -> list[DueInAll]:
        """By currency, all that is due and all that is owed."""
        ...

    def last_release(self, account: Account) -> Instant | None:
        """When money was last released."""
        ...

    def released_lately(self, account: Account, since: Instant) -> int:
        """What was released since then, whatever has become of it: a reserve is a share of all of it."""
        ...

    def waiting(self, account: Account, limit: int, least: int = 1, *, whole: bool = False) -> list[Purse]:
        """Orders of which no less than `least` is due, the longest released first; `whole`: nothing else of them is held."""
        ...

    def fitting(self, account: Account, measure: Measure, *, whole: bool) -> int:
        """What of all that is due is in sums of the measure, order by order; `whole`: of orders of which nothing is held."""
        ...

    def owing(self, account: Account, limit: int) -> list[Purse]:
        """Orders of which the seller owes something, the oldest first."""
        ...

    def held_by_age(self, ends: Sequence[Instant]) -> list[HeldAge]:
        """What is held and settling, by currency and by when it was paid: before or after each of `ends`, the latest first."""
        ...

    def payee(self, seller: str, provider: str) -> Payee | None:
        """The seller at that provider."""
        ...

    def payees(self, *, parked: bool, after: tuple[str, str] | None, limit: int) -> list[Payee]:
        """All of them, or those that are parked or have no account that may be paid, by seller and provider."""
        ...

    def payees_of(self, seller: str) -> list[Payee]:
        """A seller at every provider."""
        ...

    def own_schedules(self) -> dict[tuple[str, str], Schedule]:
        """By seller and provider, what was agreed with those who are not paid as everybody is."""
        ...

    def first_met(self, payee: Payee) -> Payee:
        """Write it unless it is there; what is there then."""
        ...

    def first_money(self, seller: str, provider: str, at: Instant) -> None:
        """Money was released to them for the first time; where that is known, nothing changes."""
        ...

    def set_account(self, seller: str, provider: str, account: str) -> None:
        """Where the provider pays them to from now on; of another account than before, nothing is known yet."""
        ...

    def agree(self, seller: str, provider: str, own: OwnRules, before: OwnRules | None = None) -> bool:
        """What was agreed with them; False where they are not known, or it was not as `before`."""
        ...

    def take_care(self, seller: str, provider: str, by: str) -> bool:
        """Who looks after them from now on; False where they are not known there."""
        ...

    def resume(self, seller: str, provider: str, by: str) -> bool:
        """Pay out to them again, whom a person `by` has looked at; False where nothing was in the way."""
        ...

    def seen_account(
        self, provider: str, account: str, wanting: Sequence[str], at: Instant, *, may_be_paid: bool
    ) -> None:
        """Note the provider's word about an account, whoever has it."""
        ...

    def park(self, seller: str, provider: str, why: str, at: Instant) -> bool:
        """Pay nothing out to them any more; False where that was so already."""
        ...

    def count_failure(self, seller: str, provider: str) -> int:
        """One more in a row; how many."""
        ...

    def no_failure(self, seller: str, provider: str) -> None:
        """Something arrived."""
        ...

    def turn(self, seller: str, provider: str) -> int:
        """How many payouts were made of this payee's money: to be read before it is looked how much of it there is."""
        ...

    def untold(self, account: Account, limit: int) -> list[Payout]:
        """Those made of this account whose orders are yet to be told, the oldest first: what they take is still due there."""
        ...

    def make(self, payout: Payout, parts: Sequence[Part], turn: int) -> Made:
        """Write a new one of a known payee, with its parts, if it is still that payee's `turn`."""
        ...

    def payout(self, id: str) -> Payout | None:
        """The one of that id."""
        ...

    def parts(self, payout: str, after: str, limit: int) -> list[Part]:
        """Its parts, by order."""
        ...

    def parts_by_stage(self, payout: str) -> dict[PartStage, tuple[int, int]]:
        """How many parts of it have come how far, and what they are together, less what was taken back."""
        ...

    def set_parts(self, parts: Sequence[Part]) -> None:
        """Write how far these have come; those that are not there are new."""
        ...

    def unnoted(self, limit: int) -> list[tuple[Part, Payout]]:
        """Parts that did not arrive, of which nobody has taken note."""
        ...

    def note(self, part: Part) -> bool:
        """Take note of it; False where somebody has."""
        ...

    def move(self, before: Payout, after: Payout) -> bool:
        """Write it anew, unless somebody else has moved it meanwhile: to another stage, try or reference."""
        ...

    def lying(self, payout: Payout) -> int:
        """What lies on its account at the provider by what is known: passed on there, less taken back, less sent to the bank.

        As if this payout had not been sent yet.
        """
        ...

    def movable(self, now: Instant, after: PayoutPlace | None, limit: int) -> list[Payout]:
        """Those of which something is to be done by `now`, the oldest first, after that place.

        Their orders are yet to be told, or have all answered, or the provider is to be asked about the way to the bank.
        """
        ...

    def next_look(self) -> Instant | None:
        """When a provider is to be asked next about a way to the bank."""
        ...

    def list_payouts(
        self, seller: str | None, stages: Sequence[PayoutStage], behind: PayoutPlace | None, limit: int
    ) -> list[Payout]:
        """Of one seller or of everybody, in one of these stages or in any, the newest first."""
        ...
