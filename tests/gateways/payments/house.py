"""A payment provider with everybody who acts there besides us, and what tests of providers ask and look at."""

from collections import Counter
from collections.abc import Iterable
from random import Random
from typing import Protocol, TypeVar

from fairhold.domain.instants import HOUR, MINUTE, Instant, after
from fairhold.engine.outside.payment_seen import (
    Line,
    LineKind,
    PaymentSeen,
    Seen,
    State,
)
from fairhold.engine.outside.payments import (
    Answer,
    Page,
    PageAsked,
    PayoutAsked,
    Provider,
    RefundAsked,
    TransferAsked,
)

AMOUNT = 10_000
SELLERS = 9_000
_Any = TypeVar("_Any", bound=Seen)
_Thing = TypeVar("_Thing")


Message = tuple[dict[str, str], bytes, str]
"""Headers, body and address of a notification."""


class House(Protocol):
    """A provider with everybody who acts there besides us."""

    provider: Provider
    currency: str
    account: str
    """A seller's account that may be paid to."""
    nobody: str
    """An account that may not."""
    later: type[Exception]
    """What is raised where nobody knows whether something was done."""
    tries_again: bool
    """Whether a page goes on after the buyer's bank has said no."""
    closes_pages: bool
    """Whether a page can be closed before its time is over."""
    returns_refunds: bool
    """Whether a refund that was done may come back."""
    fails_transfers: bool
    """Whether a transfer that was taken may come to nothing before it is done."""
    returns_transfers: bool
    """Whether a transfer that was done may come back."""

    def now(self) -> Instant:
        """The provider's clock."""
        ...

    def pay(self, page: Page) -> None:
        """The buyer pays, and the bank agrees."""
        ...

    def decline(self, page: Page) -> None:
        """The buyer tries, and the bank says no."""
        ...

    def let_expire(self, page: Page) -> None:
        """The page's time runs out."""
        ...

    def wait(self) -> None:
        """As long as it takes until what went to a seller may go on to their bank."""
        ...

    def dispute(self, payment: str) -> str:
        """The buyer's bank takes the money back; the chargeback's name."""
        ...

    def decide(self, chargeback: str, *, won: bool) -> None:
        """The bank's last word."""
        ...

    def take_time(self) -> None:
        """What is asked from now on is not done at once."""
        ...

    def carry_out(self, reference: str) -> None:
        """Whoever has to do something for a refund or a transfer, a person or a bank, does it."""
        ...

    def settle(self, payout: str, *, fails: bool = False) -> None:
        """The seller's bank takes a payout, or refuses it, or sends back what it took."""
        ...

    def fail_refund(self, refund: str) -> None:
        """The buyer's bank refuses a refund, or sends it back."""
        ...

    def fail_transfer(self, transfer: str) -> None:
        """The seller's bank refuses a transfer, or sends it back."""
        ...

    def spend(self) -> None:
        """Nothing is left on the seller's account."""
        ...

    def lose_the_next_answer(self) -> None:
        """What is asked next is done, and nobody hears of it."""
        ...

    def break_before_the_next(self) -> None:
        """What is asked next fails, and nothing is done."""
        ...

    def forget_keys(self) -> None:
        """So much time passes that the provider forgets the keys that it was asked under, if it ever does."""
        ...

    def told(self, *, repeated: bool = False, shuffled: Random | None = None) -> list[Seen]:
        """All that there is to learn since it was last asked: as notifications tell it, or people, or a look."""
        ...

    def forgeries(self) -> Iterable[Message]:
        """Notifications that the provider did not send, as strangers would make them up from those that it did."""
        ...


def told(house: House, *, repeated: bool = False, shuffled: Random | None = None) -> list[Seen]:
    """All that there is to learn."""
    return house.told(repeated=repeated, shuffled=shuffled)


def mixed(told: Iterable[_Thing], *, repeated: bool = False, shuffled: Random | None = None) -> list[_Thing]:
    """The same things as a bad day brings them."""
    found = [one for one in told for _ in range(2 if repeated else 1)]
    if shuffled is not None:
        shuffled.shuffle(found)
    return found


def done(house: House, answer: Answer) -> Answer:
    """What was asked is carried out, too."""
    house.carry_out(answer.reference)
    return answer


def last(seen: Iterable[Seen], kind: type[_Any]) -> _Any:
    """What was told last of this kind."""
    return [one for one in seen if isinstance(one, kind)][-1]


def page_asked(house: House, order: str = "o-1", amount: int = AMOUNT) -> PageAsked:
    return PageAsked(
        order=order,
        attempt=1,
        amount=amount,
        currency=house.currency,
        sellers_part=amount - amount // 10,
        title="Two chairs",
        language="en",
        back="https://shop.example/orders/o-1?paid=1",
        until=after(house.now(), HOUR),
    )


def paid(house: House, order: str = "o-1", amount: int = AMOUNT) -> PaymentSeen:
    """A payment that was made, as it is told of."""
    house.pay(house.provider.open(page_asked(house, order, amount), f"{order}-open"))
    seen = last(told(house), PaymentSeen)
    assert (seen.order, seen.state) == (order, State.DONE)
    return seen


def refund_asked(payment: PaymentSeen, amount: int, number: int = 1) -> RefundAsked:
    return RefundAsked(payment.order, number, payment.paid, amount, payment.currency, 0)


def transfer_asked(house: House, payment: PaymentSeen, amount: int = SELLERS, number: int = 1) -> TransferAsked:
    return TransferAsked(payment.order, number, payment.paid, amount, payment.currency, house.account)


def payout_asked(house: House, amount: int = SELLERS, payout: str = "p-1") -> PayoutAsked:
    return PayoutAsked(payout, amount, house.currency, house.account)


def statement(house: House) -> list[Line]:
    return list(house.provider.statement(Instant(house.now() - 40 * 24 * HOUR), after(house.now(), MINUTE)))


def sums(lines: Iterable[Line]) -> dict[LineKind, int]:
    found: Counter[LineKind] = Counter()
    for line in lines:
        found[line.kind] += line.amount
    return dict(found)
