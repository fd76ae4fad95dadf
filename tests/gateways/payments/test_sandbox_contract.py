"""The sandbox does what every payment provider has to do, and refuses what it cannot."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random

import pytest

from fairhold.domain.instants import HOUR, Duration, Instant, after
from fairhold.engine.outside.payment_seen import Seen
from fairhold.engine.outside.payments import Page, Provider
from fairhold.engine.ports.sandbox import Entry, EntryKind
from fairhold.engine.ports.store import StoreUnavailable
from fairhold.gateways.payments.sandbox import methods
from fairhold.gateways.payments.sandbox.provider import Sandbox
from fairhold.store import open_store
from fairhold.store.sandbox import SandboxTables
from tests.databases import up_to_date
from tests.gateways.payments.contract import PaymentContract
from tests.gateways.payments.house import Message, mixed
from tests.gateways.payments.near import FailingTables, GoingClock


class SandboxHouse:
    """A sandbox on whose pages nobody pays until somebody does."""

    currency = "EUR"
    account = "sandbox:ok"
    nobody = methods.CLOSED
    later: type[Exception] = StoreUnavailable
    tries_again = closes_pages = returns_refunds = returns_transfers = True
    fails_transfers = False

    def __init__(self, tables: FailingTables) -> None:
        self.tables = tables
        self.clock = GoingClock()
        self.rows = SandboxTables(tables)
        self.sandbox = Sandbox(self.rows, self.clock, "https://shop.example", methods.PAGE_NEVER)
        self.provider: Provider = self.sandbox
        self.since = self.clock.at
        self.touched: list[str] = []

    def now(self) -> Instant:
        return self.clock.now()

    def change(self, name: str, **moments: Instant | None) -> None:
        entry = self.rows.entry(name)
        assert entry is not None
        self.rows.settle(entry._replace(**moments))  # type: ignore[arg-type]  # only moments are changed
        self.touched.append(name)

    def pay(self, page: Page) -> None:
        self.change(page.payment, done_at=self.now())

    def decline(self, page: Page) -> None:
        self.change(page.payment, declined_at=self.now())

    def let_expire(self, page: Page) -> None:
        self.clock.wait(HOUR)
        self.touched.append(page.payment)

    def wait(self) -> None:
        self.clock.wait(methods.SOON)

    def dispute(self, payment: str) -> str:
        raise AssertionError("its operator reports chargebacks")

    def decide(self, chargeback: str, *, won: bool) -> None:
        raise AssertionError("its operator reports chargebacks")

    def take_time(self) -> None:
        """What is asked here is done at once."""

    def carry_out(self, reference: str) -> None:
        """Nobody has to do anything."""

    def settle(self, payout: str, *, fails: bool = False) -> None:
        if fails:
            self.change(payout, failed_at=self.now())
        else:
            self.change(payout, done_at=self.now())

    def fail_refund(self, refund: str) -> None:
        self.change(refund, failed_at=self.now())

    def fail_transfer(self, transfer: str) -> None:
        self.change(transfer, failed_at=self.now())

    def spend(self) -> None:
        """The seller has: what was passed on to them was paid by the method for that."""
        for entry in self._entries():
            if entry.kind is EntryKind.TRANSFER:
                self.tables.change(
                    ("UPDATE sandbox_entries SET about = ? WHERE name = ?", (methods.TAKE_BACK_FAILS, entry.name))
                )

    def lose_the_next_answer(self) -> None:
        self.tables.lost = True

    def break_before_the_next(self) -> None:
        self.tables.broken = True

    def forget_keys(self) -> None:
        """Nothing hangs on keys."""

    def _entries(self) -> list[Entry]:
        return self.rows.between(Instant(0), after(self.clock.at, Duration(48 * HOUR)))

    def told(self, *, repeated: bool = False, shuffled: Random | None = None) -> list[Seen]:
        fresh = [entry for entry in self._entries() if entry.at >= self.since]
        # What was taken back is told of by the transfer.
        names = [entry.about if entry.kind is EntryKind.TAKEN_BACK else entry.name for entry in fresh]
        found = [self.sandbox.seen(name) for name in dict.fromkeys((*names, *self.touched))]
        self.since, self.touched = self.clock.at, []
        return mixed(found, repeated=repeated, shuffled=shuffled)

    def forgeries(self) -> Iterable[Message]:
        return [({}, b'{"payment": "done"}', "203.0.113.7"), ({}, b"", "127.0.0.1")]


class TestSandbox(PaymentContract):
    @pytest.fixture
    def house(self, tmp_path: Path) -> Iterator[SandboxHouse]:
        store = open_store(f"sqlite:///{up_to_date(tmp_path / 'sandbox.db')}")
        try:
            yield SandboxHouse(FailingTables(store.tables()))
        finally:
            store.close()
