"""A shop at a fake of YooKassa, and our client of it: what all tests of it begin with."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from fairhold.domain.instants import Duration, Instant, days
from fairhold.engine.outside.payment_seen import Paid, Seen
from fairhold.engine.outside.payments import Page, PageAsked, RefundAsked, TransferAsked
from fairhold.gateways.payments.yookassa.provider import YooKassa
from tests.fakes.yookassa.books import Books
from tests.fakes.yookassa.fake import GATEWAY, SHOP, Fault, YooKassaFake
from tests.fakes.yookassa.server import served
from tests.gateways.fakes.patience import LONG, patient

ORDER = "01HX-order-37"
TOKEN = "hoiCz_UVAdi_eKEthqhjRIJp.SC.001.202101"
LOOPBACK = "127.0.0.1"
NOW = Instant(1_780_000_000_000_000)


@dataclass
class Place:
    """The fake, its books, and our client; `asked` counts keys, so that each question has one of its own."""

    fake: YooKassaFake
    provider: YooKassa
    asked: int = 0
    heard: int = 0
    keys: list[str] = field(default_factory=list)

    @property
    def books(self) -> Books:
        return self.fake.books

    def key(self) -> str:
        self.asked += 1
        return f"{ORDER}-{self.asked}-0"

    def open(self, key: str | None = None, asked: PageAsked | None = None) -> Page:
        return self.provider.open(asked or page(), key or self.key())

    def paid(self, amount: int = 1000_00, part: int = 800_00, attempt: int = 1, order: str = ORDER) -> Paid:
        """What a buyer has paid."""
        opened = self.open(asked=page(amount, part, attempt, order))
        self.books.pay(opened.payment)
        return self.provider.payment(opened.payment).paid

    def told(self, notices: list[bytes] | None = None) -> list[Seen]:
        """What notifications tell, by default those that were not heard yet."""
        if notices is None:
            notices, self.heard = self.books.notices[self.heard :], len(self.books.notices)
        return [seen for one in notices for seen in self.provider.read({}, one, LOOPBACK, NOW)]

    def posts(self, path: str) -> int:
        """How often something was asked to be done there."""
        return len([one for one in self.fake.calls if one[0] == "POST" and one[1].startswith(path)])


@contextmanager
def standing(life: Duration | None = None) -> Iterator[Place]:
    """A place that is there."""
    fake = YooKassaFake()
    with served(fake) as url:
        networks = (f"{LOOPBACK}/32",)
        provider = YooKassa(SHOP, GATEWAY, life=life or days(90), url=url, networks=networks, seconds=LONG)
        for way in (provider._shop, provider._gateway):
            patient(way._client, lambda: any(fault is Fault.SILENT_AFTER for fault, _, _ in fake.faults))
        try:
            yield Place(fake, provider)
        finally:
            provider.hang_up()


def page(
    amount: int = 1000_00, part: int = 800_00, attempt: int = 1, order: str = ORDER, currency: str = "RUB"
) -> PageAsked:
    back = "https://shop.example/orders/37"
    return PageAsked(order, attempt, amount, currency, part, "Кружка, синяя", "ru", back, Instant(NOW + days(1)))


def refund(paid: Paid, amount: int, part: int, number: int = 1, order: str = ORDER) -> RefundAsked:
    return RefundAsked(order, number, paid, amount, "RUB", part)


def transfer(paid: Paid, amount: int, number: int = 1, account: str = TOKEN, order: str = ORDER) -> TransferAsked:
    return TransferAsked(order, number, paid, amount, "RUB", account)
