"""A payment provider with everybody who acts there besides us, and what tests of providers ask and look at."""

from collections import Counter
from collections.abc import Iterable
from random import Random
from typing import Protocol, TypeVar

from fairhold.domain.instants import HOUR, MINUTE, Instant, after
from fairhold.engine.payment_ports import (
    Page,
    PageAsked,
    PayoutAsked,
    Provider,
    RefundAsked,
    TransferAsked,
)
from fairhold.engine.payment_seen import (
    Line,
    LineKind,
    PaymentSeen,
    Seen,
    State,
)

AMOUNT = 10_000
SELLERS = 9_000
_Any = TypeVar("_Any", bound=Seen)


class House(Protocol):
    """A provider with everybody who acts there besides us."""

    provider: Provider
    currency: str
    account: str
    """A seller's account that may be paid to."""

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

    def settle(self, payout: str, *, fails: bool = False) -> None:
        """The seller's bank takes a payout, or refuses it, or sends back what it took."""
        ...

    def fail_refund(self, refund: str) -> None:
        """The buyer's bank sends a refund back."""
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

    def notifications(
        self, *, repeated: bool = False, shuffled: Random | None = None
    ) -> Iterable[tuple[dict[str, str], bytes, str]]:
        """Headers, body and address of what the provider has to tell since it was last asked."""
        ...


def told(house: House, *, repeated: bool = False, shuffled: Random | None = None) -> list[Seen]:
    """All that the provider tells, as the adapter reads it."""
    return [
        seen
        for headers, body, address in house.notifications(repeated=repeated, shuffled=shuffled)
        for seen in house.provider.read(headers, body, address, house.now())
    ]


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
