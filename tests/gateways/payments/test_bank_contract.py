"""Bank transfers that people see to do what every payment provider has to do, and refuse what they cannot."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random

import pytest

from fairhold.domain.actors import Actor, Role
from fairhold.domain.ids import PersonId
from fairhold.domain.instants import HOUR, Instant
from fairhold.engine.outside.payment_seen import Seen
from fairhold.engine.outside.payments import Page, Provider
from fairhold.engine.payments.bank_transfers import BankPages, BankTransfers
from fairhold.engine.payments.bank_words import seen
from fairhold.engine.ports.bank import Said, Task, TaskKind, TaskState, Word
from fairhold.engine.ports.store import StoreUnavailable
from fairhold.gateways.payments.bank.provider import Bank
from fairhold.store import open_store
from fairhold.store.bank import BankTables
from tests.databases import up_to_date
from tests.gateways.payments.contract import PaymentContract
from tests.gateways.payments.house import Message, mixed
from tests.gateways.payments.near import FailingTables, GoingClock

OPS, EVE = (Actor(Role.OPERATOR, PersonId(name)) for name in ("ops", "eve"))


class BankHouse:
    """A bank account, and two operators who look at its statement: every sum takes both."""

    currency = "EUR"
    account = "Shop 7"
    nobody = " "
    later: type[Exception] = StoreUnavailable
    tries_again = False
    closes_pages = returns_refunds = fails_transfers = returns_transfers = True

    def __init__(self, tables: FailingTables) -> None:
        self.tables = tables
        self.clock = GoingClock()
        self.rows = BankTables(tables)
        pages = BankPages("a-secret-of-the-tests", "https://shop.example")
        self.provider: Provider = Bank(self.rows, pages, self.clock)
        self.transfers = BankTransfers(self.rows, pages, self.clock, lambda _: None, {"EUR": 0}, self._heard)
        self.pages: list[str] = []
        self.news: list[Task] = []

    def _heard(self, told: Seen) -> None:
        self.news = [task for task in self.news if self._told_by(task) != told]
        self.news += [task for task in self._settled() if self._told_by(task) == told]

    def _settled(self) -> list[Task]:
        return [task for order in ("o-1", "o-2") for task in self.rows.of_order(order) if task.settled_at]

    def _told_by(self, task: Task) -> Seen:
        return seen(task, self.rows.task(task.about) if task.kind is TaskKind.RETURN else None, self.clock.at)

    def now(self) -> Instant:
        return self.clock.now()

    def say(self, task: str, word: Word) -> None:
        for who in (OPS, EVE):
            said = self.transfers.say(task, who, word)
            assert isinstance(said, Task), said

    def pay(self, page: Page) -> None:
        task = self.rows.task(page.payment)
        assert task is not None
        self.say(page.payment, Word(Said.CAME, task.amount, f"in of {task.id}"))

    def decline(self, page: Page) -> None:
        self.say(page.payment, Word(Said.NOT_DONE, why="the sender's bank refused it"))

    def let_expire(self, page: Page) -> None:
        self.clock.wait(HOUR)
        self.pages.append(page.payment)

    def wait(self) -> None:
        raise AssertionError("nothing lies on accounts of sellers there")

    def dispute(self, payment: str) -> str:
        raise AssertionError("bank transfers are not charged back")

    def decide(self, chargeback: str, *, won: bool) -> None:
        raise AssertionError("bank transfers are not charged back")

    def take_time(self) -> None:
        """People always do."""

    def carry_out(self, reference: str) -> None:
        task = self.rows.task(reference)
        assert task is not None
        if task.state is not TaskState.DONE:
            self.say(reference, Word(Said.SENT, reference=f"out of {reference}"))

    def settle(self, payout: str, *, fails: bool = False) -> None:
        raise AssertionError("nothing lies on accounts of sellers there")

    def _fail(self, reference: str) -> None:
        task = self.rows.task(reference)
        assert task is not None
        if task.state is TaskState.OPEN:
            self.say(reference, Word(Said.NOT_DONE, why="the account is closed"))
            return
        for who in (OPS, EVE):
            assert isinstance(self.transfers.came_back(reference, who, task.amount, "back 1"), Task)

    def fail_refund(self, refund: str) -> None:
        self._fail(refund)

    def fail_transfer(self, transfer: str) -> None:
        self._fail(transfer)

    def spend(self) -> None:
        raise AssertionError("nothing lies on accounts of sellers there")

    def lose_the_next_answer(self) -> None:
        self.tables.lost = True

    def break_before_the_next(self) -> None:
        self.tables.broken = True

    def forget_keys(self) -> None:
        """Nothing hangs on keys."""

    def told(self, *, repeated: bool = False, shuffled: Random | None = None) -> list[Seen]:
        """What people said, as it now stands, and what a look at pages shows whose time is over."""
        news: list[Seen] = [self._told_by(task) for task in self.news]
        news += [self.provider.payment(page) for page in self.pages]
        self.news, self.pages = [], []
        return mixed(news, repeated=repeated, shuffled=shuffled)

    def forgeries(self) -> Iterable[Message]:
        return [({}, b'{"payment": "done"}', "203.0.113.7"), ({}, b"", "127.0.0.1")]


class TestBank(PaymentContract):
    @pytest.fixture
    def house(self, tmp_path: Path) -> Iterator[BankHouse]:
        store = open_store(f"sqlite:///{up_to_date(tmp_path / 'bank.db')}")
        try:
            yield BankHouse(FailingTables(store.tables()))
        finally:
            store.close()
