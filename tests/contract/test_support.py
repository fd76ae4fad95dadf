"""Conversations with support, as every store keeps them."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from fairhold.domain.evidence import PhotoId
from fairhold.domain.ids import OrderId
from fairhold.domain.instants import Instant
from fairhold.engine.ports.store import Store
from fairhold.engine.ports.support import Amended, Case, Counts, Entry, Message, Shelf, SupportRows, position_of
from fairhold.store.support import SupportTables
from tests.contract.conftest import Place
from tests.contract.rows import NOW, new_id

ANN, SHOP, SAM, SUE = "buyer:ann", "seller:магазин", "support:sam", "support:sue"


@pytest.fixture
def support(store: Store) -> SupportRows:
    return SupportTables(store.tables())


def opened(order: OrderId, person: str = ANN, **facts: Any) -> Case:
    return Case(order, person, SHOP, 0, Instant(NOW), Instant(NOW))._replace(**facts)


def entry(key: str, text: str = "Помогите", by: str = ANN, at: int = NOW) -> Entry:
    return Entry(key, by, Instant(at), text)


def add(rows: SupportRows, case: Case, *entries: Entry) -> Case:
    """Open it, or go on with it."""
    made = rows.amend(case.order, case.person, lambda before: Amended(before or case, entries))
    assert made is not None
    return made


def order() -> OrderId:
    return OrderId(new_id())


def test_what_was_written_is_read_as_it_was(support: SupportRows) -> None:
    case = opened(order(), asked_since=Instant(NOW), overdue=True, accident_due=Instant(NOW + 5), claimed_by=SAM)
    kept = add(support, case, entry("a"))
    assert kept == case._replace(revision=1, messages=1)
    assert support.case(case.order, ANN) == kept
    assert support.case(case.order, SHOP) is None
    told = Entry("b", "system", Instant(NOW + 1), "", (PhotoId("p1"), PhotoId("p2")), "money_left", {"sum": 5})
    add(support, case, told)
    assert support.messages(case.order, ANN, 0, 10) == [
        Message(case.order, ANN, 1, "a", ANN, Instant(NOW), "Помогите"),
        Message(case.order, ANN, 2, *told),
    ]
    assert support.message(case.order, ANN, "b") == Message(case.order, ANN, 2, *told)
    assert support.message(case.order, ANN, "c") is None


def test_messages_are_read_from_any_number_on(support: SupportRows) -> None:
    case = opened(order())
    add(support, case, *(entry(str(n)) for n in range(5)))
    assert [one.number for one in support.messages(case.order, ANN, 2, 2)] == [3, 4]
    assert support.messages(case.order, ANN, 5, 10) == []


def test_a_message_is_written_once(support: SupportRows) -> None:
    case = opened(order())
    add(support, case, entry("a"))
    assert add(support, case, entry("a", "other words"), entry("b")).messages == 2
    assert [one.text for one in support.messages(case.order, ANN, 0, 10)] == ["Помогите", "Помогите"]


def test_leaving_it_as_it_is_writes_nothing(support: SupportRows) -> None:
    name = order()
    assert support.amend(name, ANN, lambda before: None) is None
    case = add(support, opened(name), entry("a"))
    assert support.amend(name, ANN, lambda before: None) == case == support.case(name, ANN)


def test_what_breaks_on_the_way_leaves_nothing(support: SupportRows) -> None:
    def broken(before: Case | None) -> Amended:
        raise LookupError

    name = order()
    with pytest.raises(LookupError):
        support.amend(name, ANN, broken)
    assert support.case(name, ANN) is None


def test_of_many_who_write_at_once_nothing_is_lost(support: SupportRows) -> None:
    case = opened(order())
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(lambda n: add(support, case, entry(str(n))), range(24)))
    found = support.messages(case.order, ANN, 0, 100)
    assert [one.number for one in found] == list(range(1, 25))
    assert sorted(int(one.key) for one in found) == list(range(24))
    kept = support.case(case.order, ANN)
    assert kept is not None
    assert (kept.messages, kept.revision) == (24, 24)


def test_both_sides_of_orders_are_found_together(support: SupportRows) -> None:
    first, second = sorted(order() for _ in range(2))
    for name, person in ((second, ANN), (first, SHOP), (first, ANN)):
        add(support, opened(name, person))
    found = support.cases([second, first, order()])
    assert [(case.order, case.person) for case in found] == [(first, ANN), (first, SHOP), (second, ANN)]
    assert support.cases([]) == []
    assert support.newest([(first, ANN), (second, SHOP)]) == {(first, ANN): 0}


def test_the_queue_has_accidents_first_and_then_who_waits_longest(support: SupportRows) -> None:
    def at(after: int) -> Instant:
        return Instant(NOW + after)

    late = add(support, opened(order(), accident_since=at(9), asked_since=at(1)))
    accident = add(support, opened(order(), accident_since=at(5), claimed_by=SAM, overdue=True))
    question = add(support, opened(order(), asked_since=at(1)))
    request = add(support, opened(order(), request_since=at(2), claimed_by=SUE))
    answered = add(support, opened(order(), changed_at=at(3), claimed_by=SAM))
    newer = add(support, opened(order(), changed_at=at(4)))
    waiting = [late, accident, question, request]
    assert support.queue(Shelf.WAITING, SAM, 9) == waiting
    assert support.queue(Shelf.ALL, SAM, 9) == [*waiting, newer, answered]
    assert support.queue(Shelf.ACCIDENTS, SAM, 9) == [late, accident]
    assert support.queue(Shelf.REQUESTS, SAM, 9) == [request]
    assert support.queue(Shelf.MINE, SAM, 9) == [accident, answered]
    assert support.queue(Shelf.ANSWERED, SAM, 9) == [newer, answered]
    assert support.counts(SAM) == Counts(waiting=4, accidents=2, requests=1, overdue=1, mine=1)
    assert support.counts("support:nobody") == Counts(4, 2, 1, 1, 0)
    page = support.queue(Shelf.ALL, SAM, 4)
    assert [*page, *support.queue(Shelf.ALL, SAM, 9, position_of(page[-1]))] == [*waiting, newer, answered]


def test_an_empty_queue_counts_nothing(support: SupportRows) -> None:
    assert support.counts(SAM) == Counts()
    assert support.queue(Shelf.WAITING, SAM, 5) == []


def test_a_person_s_messages_are_counted_back_over_all_orders(support: SupportRows) -> None:
    for n in (2, 1, 3):
        add(support, opened(order()), entry(str(n), at=NOW + n), entry("x", by=SAM, at=NOW + 9))
    assert [support.nth_newest(ANN, n) for n in (1, 2, 3, 4)] == [NOW + 3, NOW + 2, NOW + 1, None]


def test_conversations_outlive_the_process(support: SupportRows, place: Place) -> None:
    kept = add(support, opened(order()), entry("a"))
    again = place.open()
    assert SupportTables(again.tables()).case(kept.order, ANN) == kept
    again.close()


def test_the_conversations_of_some_people_are_read_whole_and_forgotten(support: SupportRows) -> None:
    first, second = sorted((order(), order()))
    for case in (opened(first), opened(second), opened(first, SHOP)):
        add(support, case, entry("a"), entry("b", by=SAM))
    said = support.of_people([ANN, "seller:ann"])
    assert [(one.order, one.number, one.by) for one in said] == [
        (first, 1, ANN),
        (first, 2, SAM),
        (second, 1, ANN),
        (second, 2, SAM),
    ]
    support.forget_people([ANN, "seller:ann"])
    assert support.of_people([ANN]) == []
    assert support.case(first, ANN) is None
    assert len(support.of_people([SHOP])) == 2, "the other side keeps its own"
