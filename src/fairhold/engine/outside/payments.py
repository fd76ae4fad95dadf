"""A payment provider as the engine sees it: what it is asked, what it answers, and what it cannot do.

Every question carries a `key`: the provider does once what it is asked under one key, however often it is asked, so a question
whose answer was lost is asked again. Sums are minor units.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple, Protocol, runtime_checkable

from fairhold.domain.instants import Duration, Instant
from fairhold.domain.payout_rules import Measure
from fairhold.engine.outside.payment_seen import AccountSeen, Line, No, Paid, PaymentSeen, Seen, State


class Refused(Exception):
    """The provider said no for good; `words` are its own, for staff."""

    def __init__(self, why: No, words: str = "") -> None:
        super().__init__(f"{why}: {words}" if words else why.value)
        self.why = why
        self.words = words


class Terms(NamedTuple):
    """What a provider can do and what it cannot."""

    currencies: frozenset[str] | None
    """None: whatever its account takes."""
    ceiling: Duration | None
    """How long it holds money at most."""
    at_ceiling: Literal["refunds", "pays_out", "asks"]
    """What it does by itself when that has passed."""
    least: Mapping[str, int]
    """The smallest payment that it takes, by currency, where there is one."""
    takes_back: bool
    """Whether money that has gone to a seller can be taken back from them."""
    contests: bool
    """Whether evidence against a chargeback goes through it."""
    pays_seller: Literal["at_once", "in_two_steps"]
    """Whether a transfer reaches the seller's bank, or lies on their account there until it is paid out."""
    returns_fee: bool
    """Whether its fee comes back with a refund."""
    in_parts: bool = True
    """Whether what a payment brought can be passed on in several transfers."""
    needs_account: bool = True
    """Whether sellers have accounts there under names that we must be told; else they are called as here."""
    chargebacks: bool = True
    """Whether it tells of money that a buyer's bank takes back."""
    steps: Mapping[str, int] = MappingProxyType({})
    """What payments and refunds are whole multiples of, by currency, where it does not take every sum."""
    passes_on: Mapping[str, Measure] = MappingProxyType({})
    """Which sums of an order it passes on to a seller and takes back from them, by currency, where those are not all."""

    def take(self, amount: int, currency: str) -> bool:
        """Whether a payment of that much is possible at all."""
        if self.currencies is not None and currency not in self.currencies:
            return False
        return amount >= self.least.get(currency, 0) and amount % self.steps.get(currency, 1) == 0


PLAIN_TERMS = Terms(
    currencies=None,
    ceiling=None,
    at_ceiling="asks",
    least={},
    takes_back=False,
    contests=False,
    pays_seller="at_once",
    returns_fee=False,
)
"""Of one that takes any sum, keeps it for as long as it is asked to, and passes it on: others say in what they differ."""


class PageAsked(NamedTuple):
    """Take the buyer's money on a page of the provider's."""

    order: str
    attempt: int
    amount: int
    currency: str
    sellers_part: int
    """What of it the seller gets if all goes well; providers of safe deals want to know."""
    title: str
    language: str
    back: str
    """Where the buyer returns to, whatever came of it."""
    until: Instant
    """No longer than that shall the page take money."""


class Page(NamedTuple):
    """Where the buyer pays; `payment` is the provider's name for what is to become of it."""

    payment: str
    url: str


class RefundAsked(NamedTuple):
    """Give it back to whoever paid; `sellers_part` of it would have gone to the seller."""

    order: str
    number: int
    paid: Paid
    amount: int
    currency: str
    sellers_part: int


class TransferAsked(NamedTuple):
    """Pass it on to the seller, whose account there is `account`."""

    order: str
    number: int
    paid: Paid
    amount: int
    currency: str
    account: str


class TakingBackAsked(NamedTuple):
    """Take back of the `transfer` what a buyer's bank took from the seller; `number` counts how often that was asked of it."""

    order: str
    number: int
    transfer: str
    amount: int
    currency: str


class PayoutAsked(NamedTuple):
    """Send what lies on the seller's account there to their bank; `payout` is our name for it."""

    payout: str
    amount: int
    currency: str
    account: str
    made_at: Instant = Instant(0)
    """When it was made here: nothing that came of it is older."""


class EvidenceAsked(NamedTuple):
    """Contest a chargeback: what is known of the deal in words, and the bundle of everything that proves it."""

    order: str
    chargeback: str
    words: Mapping[str, str]
    """By kind: `carrier`, `tracking_number`, `shipped_on`, `address`, `goods`, `story`."""
    bundle: bytes
    """PDF or text."""
    media_type: str


class Onboarding(NamedTuple):
    """Where a seller tells the provider who they are, and the account that they have there from now on."""

    account: str
    url: str


class Answer(NamedTuple):
    """What came of a question: `reference` is the provider's name for it, `fee` what it kept."""

    reference: str
    state: State = State.DONE
    fee: int = 0
    why: No | None = None


class Provider(Protocol):
    """Somebody licensed who holds the money. Every call may take seconds and raises TryLater or Refused."""

    name: str
    """What methods begin with, such as `stripe`."""
    terms: Terms

    def hang_up(self) -> None:
        """Nobody asks any more."""
        ...

    def open(self, asked: PageAsked, key: str) -> Page:
        """A page on which the buyer pays."""
        ...

    def capture(self, paid: Paid, amount: int, currency: str, key: str) -> Answer:
        """Take what was authorized."""
        ...

    def close(self, payment: str, key: str) -> None:
        """Take nothing more for it: the order is off. Refused(TOO_LATE) where it is paid already."""
        ...

    def refund(self, asked: RefundAsked, key: str) -> Answer:
        """Give money back."""
        ...

    def transfer(self, asked: TransferAsked, key: str) -> Answer:
        """Pass money on to the seller."""
        ...

    def take_back(self, asked: TakingBackAsked, key: str) -> Answer:
        """Take it back from them."""
        ...

    def pay_out(self, asked: PayoutAsked, key: str) -> Answer:
        """Send what lies on their account there to their bank."""
        ...

    def contest(self, asked: EvidenceAsked, key: str) -> Answer:
        """Hand in evidence against a chargeback."""
        ...

    def account(self, account: str) -> AccountSeen:
        """How it stands with a seller's account."""
        ...

    def read(self, headers: Mapping[str, str], body: bytes, address: str, now: Instant) -> tuple[Seen, ...]:
        """What a notification tells, once it is sure that the provider sent it. Names of headers in small letters.

        `address` is whose connection it came by. Asks the provider where its notifications prove nothing by themselves.

        Raises:
            Unreadable: it is not the provider's, or not readable.
            TryLater: the provider could not be asked.

        """
        ...

    def payment(self, payment: str) -> PaymentSeen:
        """How it stands with a payment: for whoever waited for a notification in vain."""
        ...

    def statement(self, first: Instant, last: Instant) -> Iterator[Line]:
        """What came and went from `first` to before `last`, oldest first."""
        ...


@runtime_checkable
class Onboards(Protocol):
    """A provider that asks sellers who they are on pages of its own."""

    def onboard(
        self, account: str, key: str, *, seller: str, country: str, back: str, again: str, page: str = ""
    ) -> Onboarding:
        """A page for a seller, with a new account where `account` is empty; too late there, they are sent to `again`.

        `country` is where they live (ISO 3166-1, two letters), `back` where they return to. Asked for under one name of a
        `page`, it is the same one. Raises TryLater or Refused.
        """
        ...
