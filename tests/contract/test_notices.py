import pytest

from fairhold.domain.coming import Because
from fairhold.domain.ids import OrderId
from fairhold.domain.instants import DAY, Instant
from fairhold.engine.ports.mail import Mail
from fairhold.engine.ports.notices import Kind, Notice, Place, Reminder, Stands
from fairhold.engine.ports.store import Store
from fairhold.store.mail import MailTables
from fairhold.store.notices import NoticeTables
from fairhold.store.wishes import WishTables
from tests.contract.rows import NOW

STANDS = Stands(Because.DELIVERED, Instant(NOW + DAY))


@pytest.fixture
def board(store: Store) -> NoticeTables:
    return NoticeTables(store.tables())


def notice(
    key: str, at: int = NOW, order: str | None = "o1", stands: Stands | None = None, to: str = "buyer:ann"
) -> Notice:
    return Notice(
        key,
        to,
        "paid",
        Kind.MONEY,
        None if order is None else OrderId(order),
        Instant(at),
        {"goods": "Лампа", "sum": 5},
        stands,
    )


def reminder(order: str, due: int, recipient: str = "buyer:ann", lead: int = DAY) -> Reminder:
    return Reminder(OrderId(order), recipient, STANDS, lead, Instant(due))


def keys(found: list[Notice]) -> list[str]:
    return [one.key for one in found]


def test_what_was_noted_is_noted_once_and_found_newest_first(board: NoticeTables) -> None:
    board.note([notice("a"), notice("b", NOW + 1, stands=STANDS), notice("other", to="seller:ann")], [])
    board.note([notice("a", NOW + 5)], [])
    assert board.notices("buyer:ann", Instant(NOW + 9), 10) == [notice("b", NOW + 1, stands=STANDS), notice("a")]
    assert board.notice("b") == notice("b", NOW + 1, stands=STANDS)
    assert board.notice("none") is None


def test_a_page_begins_behind_the_last_notice_of_the_one_before(board: NoticeTables) -> None:
    board.note([notice(f"k{number}", NOW + number // 2) for number in range(7)], [])
    first = board.notices("buyer:ann", Instant(NOW + 9), 4)
    rest = board.notices("buyer:ann", Instant(NOW + 9), 4, Place(first[-1].at, first[-1].key))
    assert keys(first + rest) == ["k6", "k5", "k4", "k3", "k2", "k1", "k0"]


def test_what_is_to_be_shown_later_is_not_there_yet(board: NoticeTables) -> None:
    board.note([notice("a", NOW + 10)], [])
    assert board.unread("buyer:ann", Instant(NOW + 9), 100) == 0
    assert board.notices("buyer:ann", Instant(NOW + 9), 10) == []
    assert board.unread("buyer:ann", Instant(NOW + 10), 100) == 1


def test_unread_ones_are_counted_up_to_a_bound_and_read_by_their_own_reader_alone(board: NoticeTables) -> None:
    board.note([notice(f"k{number}") for number in range(5)], [])
    assert board.unread("buyer:ann", Instant(NOW), 3) == 3
    assert board.read("buyer:eve", ["k0"], Instant(NOW)) == 0
    assert board.read("buyer:ann", ["k0", "k1", "none"], Instant(NOW)) == 2
    assert board.read("buyer:ann", ["k0"], Instant(NOW + 5)) == 0
    assert board.unread("buyer:ann", Instant(NOW), 100) == 3
    assert board.read_all("buyer:ann", Instant(NOW)) == 3


def test_what_speaks_of_a_time_that_has_passed_is_not_counted(board: NoticeTables) -> None:
    board.note([notice("a", stands=STANDS)], [])
    assert board.unread("buyer:ann", Instant(STANDS.at - 1), 100) == 1
    assert board.unread("buyer:ann", STANDS.at, 100) == 0


def test_those_about_one_order_are_read_together(board: NoticeTables) -> None:
    board.note([notice("a"), notice("b", order="o2"), notice("c", order=None)], [])
    assert board.read_all("buyer:ann", Instant(NOW), OrderId("o1")) == 1
    assert board.unread("buyer:ann", Instant(NOW), 100) == 2


def test_those_that_speak_of_a_deadline_are_found_and_outdated(board: NoticeTables) -> None:
    board.note([notice("a", stands=STANDS), notice("b"), notice("c", order="o2", stands=STANDS)], [])
    assert keys(board.standing([OrderId("o1")])) == ["a"]
    board.outdate(["a"], Instant(NOW))
    assert board.standing([OrderId("o1")]) == []
    assert board.standing([]) == []


def test_a_letter_is_queued_with_its_notice_or_not_at_all(board: NoticeTables, store: Store) -> None:
    mail = Mail("notice/a", "ann@example.org", "ann", "ru", "notice", {"notice": "a"}, Instant(NOW))
    board.note([notice("a")], [mail])
    board.note([notice("a")], [mail])
    assert MailTables(store.tables()).next_due() == NOW


def test_the_reminders_of_an_order_are_replaced_together(board: NoticeTables) -> None:
    board.replace_reminders([OrderId("o1"), OrderId("o2")], [reminder("o1", NOW), reminder("o2", NOW + 5)])
    board.replace_reminders(
        [OrderId("o1")], [reminder("o1", NOW + 9, lead=2 * DAY), reminder("o1", NOW + 9, "seller:s")]
    )
    assert board.next_reminder() == NOW + 5
    assert [one.order for one in board.due_reminders(Instant(NOW + 20), 10)] == ["o2", "o1", "o1"]
    board.forget_reminders(board.due_reminders(Instant(NOW + 5), 10))
    assert board.next_reminder() == NOW + 9
    board.replace_reminders([OrderId("o1")], [])
    assert board.next_reminder() is None


def test_many_reminders_and_notices_fit_one_call(board: NoticeTables) -> None:
    board.replace_reminders([OrderId(f"o{n}") for n in range(300)], [reminder(f"o{n}", NOW + n) for n in range(300)])
    board.note([notice(f"k{n}", NOW + n) for n in range(300)], [])
    assert len(board.due_reminders(Instant(NOW + 300), 1000)) == 300
    assert board.unread("buyer:ann", Instant(NOW + 300), 1000) == 300


def test_somebody_who_is_forgotten_has_no_inbox_and_is_reminded_of_nothing(board: NoticeTables) -> None:
    board.note([notice("a"), notice("b", to="seller:bob")], [])
    board.replace_reminders([OrderId("o1")], [reminder("o1", NOW), reminder("o1", NOW, "seller:bob")])
    board.forget_recipients(["buyer:ann", "seller:ann"])
    assert board.notices("buyer:ann", Instant(NOW), 10) == []
    assert [one.recipient for one in board.due_reminders(Instant(NOW), 10)] == ["seller:bob"]


def test_old_notices_are_forgotten(board: NoticeTables) -> None:
    board.note([notice("a"), notice("b", NOW + 1)], [])
    assert board.forget_before(Instant(NOW + 1)) == 1
    assert board.notice("b") is not None


def test_wishes_are_kept_by_person(store: Store) -> None:
    wishes = WishTables(store.tables())
    wishes.unsubscribe("ann", Kind.REVIEWS)
    wishes.unsubscribe("ann", Kind.REVIEWS)
    wishes.unsubscribe("ann", Kind.PARCELS)
    assert wishes.unwanted(["ann", "bob"]) == {"ann": {Kind.REVIEWS, Kind.PARCELS}}
    wishes.set_unwanted("ann", frozenset({Kind.CONVERSATION}))
    assert wishes.unwanted(["ann"]) == {"ann": {Kind.CONVERSATION}}
    wishes.set_unwanted("ann", frozenset())
    assert wishes.unwanted(["ann"]) == {}
