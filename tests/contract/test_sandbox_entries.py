"""What the sandbox's payment provider was asked to do, as every store keeps it."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from fairhold.domain.instants import MINUTE, Instant
from fairhold.engine.ports.sandbox import Entry, EntryKind
from fairhold.engine.ports.store import Store
from fairhold.store.sandbox import SandboxTables
from tests.contract.rows import NOW

PAID = Entry("sandbox:page#1", EntryKind.PAYMENT, "o-1", 1, 10_000, "EUR", Instant(NOW), done_at=Instant(NOW))


@pytest.fixture
def rows(store: Store) -> SandboxTables:
    return SandboxTables(store.tables())


def gone(number: int, amount: int = 4_000, kind: EntryKind = EntryKind.REFUND, account: str = "") -> Entry:
    at = Instant(NOW + number)
    return Entry(f"{kind}-{number}", kind, "o-1", number, amount, "EUR", at, PAID.name, account, done_at=at)


def test_what_is_asked_for_again_is_what_it_was(rows: SandboxTables) -> None:
    assert rows.ask(PAID, None) == PAID
    assert rows.ask(PAID._replace(amount=5), None) == PAID
    assert rows.entry(PAID.name) == PAID
    assert rows.entry("none") is None


def test_no_more_is_taken_of_a_thing_than_it_has_however_many_ask_at_once(rows: SandboxTables) -> None:
    rows.ask(PAID, None)
    with ThreadPoolExecutor(8) as pool:
        kept = list(pool.map(lambda number: rows.ask(gone(number), 10_000), range(8)))
    assert len([one for one in kept if one is not None]) == 2
    # What came to nothing is there again.
    [first, _] = [one for one in kept if one is not None]
    rows.settle(first._replace(failed_at=Instant(NOW + 9)))
    assert rows.ask(gone(20), 10_000) is not None


def test_a_payout_is_of_what_lies_there_long_enough_and_many_take_it_once(rows: SandboxTables) -> None:
    rows.ask(PAID, None)
    rows.ask(gone(1, 9_000, EntryKind.TRANSFER, "shop"), 10_000)
    later = Instant(NOW + MINUTE)

    def pay_out(number: int, amount: int = 5_000, ready: Instant = later) -> Entry | bool:
        entry = gone(number, amount, EntryKind.PAYOUT, "shop")._replace(at=later, about="")
        return rows.pay_out(entry, ready)

    assert pay_out(1, ready=Instant(NOW)) is True
    assert pay_out(1, amount=9_001) is False
    with ThreadPoolExecutor(8) as pool:
        kept = list(pool.map(pay_out, range(8)))
    assert len([one for one in kept if isinstance(one, Entry)]) == 1
    assert kept.count(False) == 7


def test_what_comes_back_is_found_once_its_time_has_come_and_payments_are_not_among_it(rows: SandboxTables) -> None:
    rows.ask(PAID, None)
    assert rows.next_to_come_back(Instant(-1)) is None
    for number, kind in enumerate((EntryKind.REFUND, EntryKind.TRANSFER, EntryKind.PAYOUT, EntryKind.TAKEN_BACK), 1):
        rows.ask(gone(number, 1_000, kind)._replace(failed_at=Instant(NOW + 100 - number)), None)
    rows.settle(PAID._replace(failed_at=Instant(NOW + 1)))
    found = rows.came_back(Instant(NOW), Instant(NOW + 99))
    assert [one.kind for one in found] == [EntryKind.PAYOUT, EntryKind.TRANSFER]
    assert rows.next_to_come_back(Instant(NOW)) == NOW + 97
    assert rows.next_to_come_back(Instant(NOW + 98)) == NOW + 99
    assert rows.next_to_come_back(Instant(NOW + 99)) is None


def test_the_statement_has_what_was_done_or_came_back_in_its_time(rows: SandboxTables) -> None:
    rows.ask(PAID, None)
    for number in range(1, 4):
        rows.ask(gone(number, 1_000), None)
    back = rows.entry("refund-1")
    assert back is not None
    rows.settle(back._replace(failed_at=Instant(NOW + 90)))
    found = rows.between(Instant(NOW + 2), Instant(NOW + 100))
    assert [one.name for one in found] == ["refund-1", "refund-2", "refund-3"]
    assert rows.taken_back("none") == 0


def test_of_a_transfer_that_came_back_neither_it_nor_what_was_taken_of_it_is_on_the_account(
    rows: SandboxTables,
) -> None:
    rows.ask(PAID, None)
    failing = rows.ask(gone(1, 3_000, EntryKind.TRANSFER, "shop"), 10_000)
    assert failing is not None
    rows.ask(gone(2, 5_000, EntryKind.TRANSFER, "shop"), 10_000)
    rows.ask(gone(3, 1_000, EntryKind.TAKEN_BACK, "shop")._replace(about=failing.name), 3_000)
    rows.settle(failing._replace(failed_at=Instant(NOW + 10)))
    ready = Instant(NOW + MINUTE)

    def pay_out(amount: int) -> Entry | bool:
        entry = gone(amount, amount, EntryKind.PAYOUT, "shop")._replace(at=ready, about="")
        return rows.pay_out(entry, ready)

    assert pay_out(5_001) is False
    assert isinstance(pay_out(5_000), Entry)
