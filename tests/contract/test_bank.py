"""Bank transfers that people see to, as every store keeps them: who says what, and many who say it at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pytest

from fairhold.domain.actors import Actor, Role
from fairhold.domain.ids import PersonId
from fairhold.domain.instants import MINUTE, Instant
from fairhold.engine.kernel.envelope import Unavailable
from fairhold.engine.outside.payment_seen import Paid, PaymentSeen, RefundSeen, Seen, State
from fairhold.engine.payments.bank_transfers import BankPages, BankTransfers, task_name
from fairhold.engine.payments.bank_words import Unsaid
from fairhold.engine.ports.bank import Place, Said, Shelf, Task, TaskKind, TaskState, Word
from fairhold.engine.ports.store import Store
from fairhold.store.bank import BankTables
from tests.contract.rows import NOW

OPS, EVE, MAX = (Actor(Role.OPERATOR, PersonId(name)) for name in ("ops", "eve", "max"))
CAME = Word(Said.CAME, 5_000, "line 7")


@dataclass
class Clock:
    at: Instant = field(default_factory=lambda: Instant(NOW))

    def now(self) -> Instant:
        return self.at


@dataclass
class Office:
    """Operators before a list of transfers; from 10 000 on two of them have to say the same."""

    rows: BankTables
    clock: Clock = field(default_factory=Clock)
    told: list[Seen] = field(default_factory=list)
    away: bool = False
    broken: str = ""
    """The order that nothing can be told."""

    def __post_init__(self) -> None:
        pages = BankPages("secret", "https://shop.example")
        self.desk = BankTransfers(self.rows, pages, self.clock, lambda _: None, {"EUR": 10_000}, self._tell)

    def _tell(self, seen: Seen) -> None:
        if self.away:
            raise Unavailable("stopping")
        if seen.order == self.broken:  # type: ignore[union-attr]  # these are all of orders
            raise ZeroDivisionError
        self.told.append(seen)

    def task(self, name: str = "PAY", amount: int = 5_000, **facts: Any) -> Task:
        usual: dict[str, Any] = {
            "number": 1,
            "asked_at": self.clock.at,
            "kind": TaskKind.PAYMENT,
            "order": "o-1",
            "currency": "EUR",
        }
        kept = self.rows.ask(Task(name, amount=amount, **(usual | facts)))
        assert kept is not None
        return kept

    def paid(self, amount: int = 5_000) -> Task:
        self.task(amount=amount)
        assert isinstance(self.desk.say("PAY", OPS, Word(Said.CAME, amount, "line 7")), Task)
        found = self.rows.task("PAY")
        assert found is not None
        return found


@pytest.fixture
def office(store: Store) -> Office:
    return Office(BankTables(store.tables()))


def test_one_person_is_enough_for_a_small_sum_and_the_order_is_told_at_once(office: Office) -> None:
    office.task()
    done = office.desk.say("PAY", OPS, CAME)
    assert isinstance(done, Task)
    assert (done.state, done.sum, done.reference, done.first_by, done.second_by) == (
        TaskState.DONE,
        5_000,
        "line 7",
        "operator:ops",
        None,
    )
    assert done.told_at == NOW
    assert office.told == [PaymentSeen("o-1", 1, Paid("PAY"), State.DONE, 5_000, "EUR")]


def test_of_a_large_sum_two_people_say_the_same_before_anything_moves(office: Office) -> None:
    office.task(amount=10_000)
    word = Word(Said.CAME, 10_000, "Line 7 ")
    for _ in range(2):
        first = office.desk.say("PAY", OPS, word)
        assert isinstance(first, Task)
        assert (first.state, first.awaits_second) == (TaskState.OPEN, True)
    assert office.told == []
    assert office.desk.say("PAY", EVE, word._replace(amount=9_999)) is Unsaid.ANOTHER_WORD
    assert office.desk.say("PAY", EVE, word._replace(reference="line 8")) is Unsaid.ANOTHER_WORD
    assert office.desk.say("PAY", OPS, word._replace(amount=9_999)) is Unsaid.ANOTHER_WORD
    done = office.desk.say("PAY", EVE, word._replace(reference="line7"))
    assert isinstance(done, Task)
    assert (done.state, done.first_by, done.second_by) == (TaskState.DONE, "operator:ops", "operator:eve")
    assert len(office.told) == 1
    assert office.desk.say("PAY", EVE, word) == done
    assert office.desk.say("PAY", MAX, word) is Unsaid.SETTLED
    assert len(office.told) == 1


def test_more_than_was_asked_for_may_be_large_by_itself(office: Office) -> None:
    office.task()
    first = office.desk.say("PAY", OPS, CAME._replace(amount=10_000))
    assert isinstance(first, Task)
    assert first.awaits_second


def test_of_a_currency_that_nobody_named_every_sum_is_large(office: Office) -> None:
    office.rows.ask(Task("PAY", TaskKind.PAYMENT, "o-1", 1, 1, "CHF", Instant(NOW)))
    first = office.desk.say("PAY", OPS, CAME._replace(amount=1))
    assert isinstance(first, Task)
    assert first.awaits_second


def test_a_first_word_is_taken_back_and_another_said(office: Office) -> None:
    office.task(amount=10_000)
    assert office.desk.take_back("PAY", OPS) == office.rows.task("PAY")
    office.desk.say("PAY", OPS, Word(Said.CAME, 9_000, "line 7"))
    back = office.desk.take_back("PAY", EVE)
    assert isinstance(back, Task)
    assert (back.word, back.first_by, back.state) == (None, None, TaskState.OPEN)
    office.desk.say("PAY", EVE, Word(Said.CAME, 10_000, "line 7"))
    done = office.desk.say("PAY", MAX, Word(Said.CAME, 10_000, "line 7"))
    assert isinstance(done, Task)
    assert done.state is TaskState.DONE
    assert office.desk.take_back("PAY", EVE) is Unsaid.SETTLED


@pytest.mark.parametrize(
    ("kind", "word", "why"),
    [
        (TaskKind.PAYMENT, Word(Said.SENT, reference="7"), Unsaid.NOT_OF_THIS),
        (TaskKind.PAYMENT, Word(Said.CAME, 0, "7"), Unsaid.SUM),
        (TaskKind.PAYMENT, Word(Said.CAME, 5_000), Unsaid.REFERENCE),
        (TaskKind.PAYMENT, Word(Said.NOT_DONE), Unsaid.WHY),
        (TaskKind.REFUND, Word(Said.CAME, 5, "7"), Unsaid.NOT_OF_THIS),
        (TaskKind.REFUND, Word(Said.SENT, 4, "7"), Unsaid.SUM),
        (TaskKind.REFUND, Word(Said.SENT), Unsaid.REFERENCE),
    ],
)
def test_what_cannot_be_said_of_a_task_changes_nothing(office: Office, kind: TaskKind, word: Word, why: Unsaid) -> None:
    paid = office.paid()
    about = {} if kind is TaskKind.PAYMENT else {"about": paid.id}
    before = office.task("T", 1_000, kind=kind, **about)
    assert office.desk.say("T", OPS, word) is why
    assert office.rows.task("T") == before
    assert office.desk.say("NONE", OPS, word) is Unsaid.NOT_FOUND


def test_money_that_did_not_come_may_come_later_and_what_was_closed_too(office: Office) -> None:
    office.task()
    failed = office.desk.say("PAY", OPS, Word(Said.NOT_DONE, why="not there after five days"))
    assert isinstance(failed, Task)
    assert failed.state is TaskState.FAILED
    assert office.desk.say("PAY", EVE, Word(Said.NOT_DONE, why="no")) is Unsaid.SETTLED
    done = office.desk.say("PAY", EVE, CAME)
    assert isinstance(done, Task)
    assert (done.state, done.why) == (TaskState.DONE, "")
    assert [one.state for one in office.told if isinstance(one, PaymentSeen)] == [State.FAILED, State.DONE]


@pytest.mark.parametrize("kind", [TaskKind.TRANSFER, TaskKind.REFUND])
def test_what_could_not_be_sent_is_over_and_another_takes_its_place(office: Office, kind: TaskKind) -> None:
    paid = office.paid()
    office.task("OUT", 5_000, kind=kind, about=paid.id)
    more = Task("MORE", kind, "o-1", 2, 5_000, "EUR", Instant(NOW), about=paid.id)
    assert office.rows.ask(more) is None
    office.desk.say("OUT", OPS, Word(Said.NOT_DONE, why="no such account"))
    assert office.desk.say("OUT", OPS, Word(Said.SENT, reference="out 1")) is Unsaid.SETTLED
    assert office.rows.ask(more) == more


def test_what_was_sent_comes_back_once(office: Office) -> None:
    paid = office.paid()
    office.task("OUT", 1_000, kind=TaskKind.REFUND, about=paid.id)
    assert office.desk.came_back("OUT", OPS, 1_000, "line 9") is Unsaid.SETTLED
    office.desk.say("OUT", OPS, Word(Said.SENT, reference="out 1"))
    assert office.desk.came_back("OUT", OPS, 1_001, "line 9") is Unsaid.SUM
    assert office.desk.came_back("OUT", OPS, 1_000, "") is Unsaid.REFERENCE
    assert office.desk.came_back(paid.id, OPS, 1_000, "line 9") is Unsaid.NOT_OF_THIS
    back = office.desk.came_back("OUT", OPS, 1_000, "line 9")
    assert isinstance(back, Task)
    assert (back.kind, back.state, back.about) == (TaskKind.RETURN, TaskState.DONE, "OUT")
    assert office.desk.came_back("OUT", OPS, 1_000, "line 9") == back
    told = office.told[-1]
    assert isinstance(told, RefundSeen)
    assert (told.reference, told.state) == ("OUT", State.FAILED)


@pytest.mark.parametrize("kind", [TaskKind.REFUND, TaskKind.TRANSFER])
def test_what_came_back_short_of_what_the_bank_kept_is_sent_again_whole(office: Office, kind: TaskKind) -> None:
    paid = office.paid()
    office.task("OUT", 5_000, kind=kind, about=paid.id)
    office.desk.say("OUT", OPS, Word(Said.SENT, reference="out 1"))
    again = Task("AGAIN", kind, "o-1", 2, 5_000, "EUR", Instant(NOW), about=paid.id)
    assert office.rows.ask(again) is None
    back = office.desk.came_back("OUT", OPS, 4_500, "line 9")
    assert isinstance(back, Task)
    assert (back.state, back.sum) == (TaskState.DONE, 4_500)
    assert office.rows.ask(again._replace(id="MORE", amount=5_001)) is None
    assert office.rows.ask(again) == again


def test_no_more_goes_out_than_came_in_however_many_ask_at_once(office: Office) -> None:
    paid = office.paid(9_000)

    def ask(number: int) -> Task | None:
        name = task_name(TaskKind.REFUND, "o-1", number)
        task = Task(name, TaskKind.REFUND, "o-1", number, 4_000, "EUR", Instant(NOW), about=paid.id)
        return office.rows.ask(task)

    with ThreadPoolExecutor(8) as pool:
        kept = list(pool.map(ask, range(8)))
    assert len([one for one in kept if one is not None]) == 2
    assert sum(one.amount for one in office.rows.of_order("o-1") if one.kind is TaskKind.REFUND) == 8_000


def test_the_same_is_asked_for_by_many_at_once_and_is_one_task(office: Office) -> None:
    paid = office.paid()

    def ask(_: int) -> Task | None:
        task = Task("OUT", TaskKind.REFUND, "o-1", 1, 4_000, "EUR", Instant(NOW), about=paid.id)
        return office.rows.ask(task)

    with ThreadPoolExecutor(8) as pool:
        assert len({one.id for one in pool.map(ask, range(8)) if one is not None}) == 1
    assert len(office.rows.of_order("o-1")) == 2


def test_many_second_words_at_once_count_once(office: Office) -> None:
    office.task(amount=10_000)
    word = Word(Said.CAME, 10_000, "line 7")
    office.desk.say("PAY", OPS, word)
    others = [Actor(Role.OPERATOR, PersonId(f"eve-{number}")) for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(lambda who: office.desk.say("PAY", who, word), others))
    assert len([one for one in said if isinstance(one, Task)]) == 1
    assert said.count(Unsaid.SETTLED) == 7
    assert len(office.told) == 1


def test_many_first_words_at_once_leave_one_that_waits(office: Office) -> None:
    office.task(amount=10_000)
    words = [(Actor(Role.OPERATOR, PersonId(f"eve-{number}")), 10_000 + number) for number in range(8)]

    def say(one: tuple[Actor, int]) -> Task | Unsaid:
        return office.desk.say("PAY", one[0], Word(Said.CAME, one[1], "line 7"))

    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(say, words))
    assert said.count(Unsaid.ANOTHER_WORD) == 7
    assert office.told == []


def test_what_an_order_could_not_be_told_is_told_when_it_is_said_again_or_looked_at(office: Office) -> None:
    office.task()
    office.away = True
    with pytest.raises(Unavailable):
        office.desk.say("PAY", OPS, CAME)
    assert office.desk.shelf(Shelf.DONE, None, 10)[0].told_at is None
    office.away = False
    again = office.desk.say("PAY", OPS, CAME)
    assert isinstance(again, Task)
    assert again.told_at is not None
    office.task("LATE", order="o-2")
    office.away = True
    with pytest.raises(Unavailable):
        office.desk.say("LATE", OPS, CAME)
    office.clock.at = Instant(NOW + 2 * MINUTE)
    office.desk.shelf(Shelf.OPEN, None, 10)
    office.away = False
    office.desk.shelf(Shelf.OPEN, None, 10)
    office.desk.shelf(Shelf.OPEN, None, 10)
    assert len(office.told) == 2


def _names(found: list[Task]) -> list[str]:
    return [task.id for task in found]


def test_the_list_has_what_waits_oldest_first_and_the_rest_newest_first(office: Office) -> None:
    for number in range(7):
        office.clock.at = Instant(NOW + number)
        office.task(f"T{number}", amount=20_000 if number == 6 else 5_000, order=f"o-{number}")
    for name in ("T1", "T3"):
        office.desk.say(name, OPS, CAME)
    office.desk.say("T2", OPS, Word(Said.NOT_DONE, why="no"))
    # Half said, and closed meanwhile: it still waits for somebody.
    office.desk.say("T6", OPS, CAME._replace(amount=20_000))
    half = office.rows.task("T6")
    assert half is not None
    assert office.rows.change(half, half._replace(state=TaskState.CLOSED))
    assert not office.rows.change(half, half._replace(state=TaskState.OPEN))
    first = office.desk.shelf(Shelf.OPEN, None, 2)
    assert _names(first) == ["T0", "T4"]
    assert _names(office.desk.shelf(Shelf.OPEN, Place(first[-1].asked_at, first[-1].id), 9)) == ["T5", "T6"]
    assert _names(office.desk.shelf(Shelf.DONE, None, 9)) == ["T3", "T1"]
    assert _names(office.desk.shelf(Shelf.ENDED, None, 9)) == ["T2"]
    assert (office.desk.waiting(9), office.desk.waiting(3)) == (4, 3)


def test_a_name_is_the_same_for_the_same_question_and_can_be_copied_by_hand() -> None:
    name: Callable[[int], str] = lambda number: task_name(TaskKind.PAYMENT, "o-1", number)  # noqa: E731 - shorter
    assert name(1) == name(1) != name(2)
    assert len({name(number) for number in range(2_000)}) == 2_000
    assert not set("".join(map(name, range(200)))) & set("01IO")


def test_an_order_that_cannot_be_told_holds_up_no_other_nor_the_list(office: Office) -> None:
    for number in range(3):
        office.task(f"PAY-{number}", order=f"o-{number}")
        office.away = True
        with pytest.raises(Unavailable):
            office.desk.say(f"PAY-{number}", OPS, CAME)
    office.away, office.broken = False, "o-0"
    office.clock.at = Instant(NOW + 2 * MINUTE)
    assert len(office.desk.shelf(Shelf.DONE, None, 9)) == 3
    assert [one.order for one in office.told if isinstance(one, PaymentSeen)] == ["o-1", "o-2"]
    office.broken = ""
    office.desk.shelf(Shelf.DONE, None, 9)
    assert [one.order for one in office.told if isinstance(one, PaymentSeen)] == ["o-1", "o-2", "o-0"]
