"""Rows of webhooks, on every store."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from fairhold.domain.instants import DAY, HOUR, Instant
from fairhold.engine.ports.store import Store
from fairhold.engine.ports.webhook_sending import Trouble
from fairhold.engine.ports.webhooks import (
    Asked,
    Attempt,
    Delivery,
    DeliveryState,
    Endpoint,
    Message,
    OffBecause,
    Result,
)
from fairhold.store.webhooks import WebhookTables
from tests.contract.conftest import Place
from tests.contract.rows import NOW

HELD_FOR = 4
FREE, LEASE = 1_000, 2_000
"""The machine's clock before and after a claim has lapsed."""


@pytest.fixture
def rows(store: Store) -> WebhookTables:
    return WebhookTables(store.tables())


def endpoint(name: str = "wh_1", at: int = NOW, **given: Any) -> Endpoint:
    return Endpoint(name, "https://shop.example/ё", "", (), None, Instant(at), b"\0sealed", Instant(at))._replace(
        **given
    )


def message(name: str = "m1", order: str = "o1", seq: int = 1, at: int = NOW) -> Message:
    return Message(name, order, seq, "order.paid", Instant(at), b'{"n":"\xd1\x91"}')


def delivery(of: Message, to: str = "wh_1", **given: Any) -> Delivery:
    row = Delivery(to, of.id, of.order, of.seq, of.type, DeliveryState.WAITING, 0, 0, of.at, of.at)
    return row._replace(**given)


def put(rows: WebhookTables, *messages: Message, to: str = "wh_1") -> list[Delivery]:
    made = [delivery(one, to) for one in messages]
    rows.add(messages, made)
    return made


def claim(rows: WebhookTables, most: int = 10, *, now: int = NOW, machine: int = FREE) -> list[str]:
    found = rows.claim({"wh_1": most}, Instant(now), machine, LEASE, HELD_FOR)
    return [one.delivery.message for one in found]


def failed(one: Delivery, due_at: int, n: int = 1) -> Result:
    after = one._replace(attempts=one.attempts + 1, tries=one.tries + 1, due_at=Instant(due_at))
    return Result(one, after, Attempt(one.endpoint, one.message, n, NOW, 12, 500, Trouble.STATUS, "ой"))


def delivered(one: Delivery, n: int = 1) -> Result:
    after = one._replace(state=DeliveryState.DELIVERED, attempts=n, tries=n, done_at=NOW)
    return Result(one, after, Attempt(one.endpoint, one.message, n, NOW, 12, 200, None, ""))


def test_an_endpoint_is_kept_as_it_is_and_found_oldest_first(rows: WebhookTables) -> None:
    second = endpoint("wh_2", NOW + 1, types=("order.paid", "review.written"), previous=b"\1", previous_until=NOW)
    assert rows.add_endpoint(second, 5, None) is True
    assert rows.add_endpoint(endpoint(), 5, None) is True
    assert rows.endpoints() == [endpoint(), second]
    assert rows.endpoint("wh_2") == second
    assert rows.endpoint("wh_3") is None
    assert rows.add_endpoint(endpoint("wh_3"), 2, None) is False


def test_an_endpoint_changes_is_turned_off_and_on_and_goes_with_everything(rows: WebhookTables) -> None:
    rows.add_endpoint(endpoint(), 5, None)
    put(rows, message())
    assert rows.edit_endpoint("wh_1", "https://new.example", "Warehouse", ["order.paid"])
    rows.failing("wh_1", NOW)
    rows.failing("wh_1", Instant(NOW + 1))
    found = rows.endpoint("wh_1")
    assert found is not None
    assert (found.url, found.description, found.types) == ("https://new.example", "Warehouse", ("order.paid",))
    assert found.failing_since == NOW
    assert rows.turn_off("wh_1", OffBecause.FAILING, NOW)
    assert not rows.turn_off("wh_1", OffBecause.OPERATOR, Instant(NOW + 1))
    found = rows.endpoint("wh_1")
    assert found is not None
    assert (found.off_because, found.off_since) == (OffBecause.FAILING, NOW)
    assert rows.due(FREE) == {}
    assert rows.undelivered("wh_1", 9) == (0, 1)
    assert rows.turn_on("wh_1")
    assert rows.endpoint("wh_1") == found._replace(off_because=None, off_since=None, failing_since=None)
    assert rows.remove_endpoint("wh_1")
    assert rows.endpoints() == []
    assert rows.deliveries("wh_1", (), None, 9) == []
    for gone in (
        rows.remove_endpoint("wh_1"),
        rows.turn_on("wh_1"),
        rows.edit_endpoint("wh_1", "https://x.example", "", ()),
        rows.rotate("wh_1", b"new", NOW, NOW, None),
    ):
        assert gone is False


def test_a_request_under_the_same_key_is_carried_out_once(rows: WebhookTables) -> None:
    first, again = Asked("key", "print", "wh_1"), Asked("key", "other print", "wh_2")
    assert rows.add_endpoint(endpoint(), 1, first) is True
    assert rows.add_endpoint(endpoint("wh_2"), 9, again) == first
    assert [one.id for one in rows.endpoints()] == ["wh_1"]
    full = Asked("key 2", "print", "wh_2")
    assert rows.add_endpoint(endpoint("wh_2"), 1, full) is False
    assert rows.add_endpoint(endpoint("wh_2"), 2, full) is True, "what was refused is not kept"
    turning = Asked("key 3", "print", "wh_1")
    assert rows.rotate("wh_1", b"second", Instant(NOW + 1), Instant(NOW + DAY), turning) is True
    assert rows.rotate("wh_1", b"third", Instant(NOW + 2), Instant(NOW + DAY), turning) == turning
    found = rows.endpoint("wh_1")
    assert found is not None
    assert (found.secret, found.secret_at, found.previous) == (b"second", NOW + 1, b"\0sealed")
    assert found.previous_until == NOW + DAY


def test_what_is_told_twice_is_there_once(rows: WebhookTables) -> None:
    rows.add_endpoint(endpoint(), 5, None)
    many = [message(f"m{n:03}", f"o{n}") for n in range(120)]
    put(rows, *many)
    put(rows, *(one._replace(payload=b"other") for one in many[:60]))
    assert len(rows.deliveries("wh_1", (), None, 500)) == 120
    found = rows.delivery("wh_1", "m000")
    assert found == (delivery(many[0]), many[0])
    assert rows.delivery("wh_1", "m999") is None


def test_what_is_due_is_claimed_by_one_and_comes_free_when_the_claim_lapses(rows: WebhookTables) -> None:
    rows.add_endpoint(endpoint(), 5, None)
    put(rows, message("m1", "o1"), message("m2", "o2"), message("later", "o3", at=NOW + HOUR))
    assert rows.due(FREE) == {"wh_1": NOW}
    assert claim(rows, 1) == ["m1"]
    assert claim(rows) == ["m2"]
    assert claim(rows) == []
    assert rows.due(FREE) == {"wh_1": NOW + HOUR}
    assert sorted(claim(rows, machine=LEASE)) == ["m1", "m2"]
    rows.release([delivery(message("m2", "o2"))])
    assert claim(rows) == ["m2"]


def test_of_many_who_claim_at_once_each_delivery_has_one(rows: WebhookTables, place: Place) -> None:
    rows.add_endpoint(endpoint(), 5, None)
    put(rows, *(message(f"m{n:02}", f"o{n}") for n in range(40)))
    with ThreadPoolExecutor(8) as threads:
        claimed = [name for found in threads.map(lambda _: claim(rows, 7), range(8)) for name in found]
    claimed += claim(rows, 40)
    assert sorted(claimed) == [f"m{n:02}" for n in range(40)]


def test_an_order_s_later_messages_wait_until_the_first_is_through(rows: WebhookTables) -> None:
    rows.add_endpoint(endpoint(), 5, None)
    first, second, _ = put(rows, message("a1", "a", 1), message("a2", "a", 2), message("b1", "b", 1))
    assert sorted(claim(rows)) == ["a1", "b1"]
    rows.record([failed(first, NOW + HOUR)], NOW, HELD_FOR)
    assert rows.delivery("wh_1", "a2") == (second._replace(due_at=Instant(NOW + HOUR)), message("a2", "a", 2))
    assert claim(rows) == []
    assert claim(rows, now=NOW + HOUR) == ["a1"]
    rows.record([delivered(first._replace(attempts=1, tries=1), 2)], Instant(NOW + HOUR), HELD_FOR)
    assert claim(rows, now=NOW + HOUR) == ["a2"]
    assert [(one.n, one.status) for one in rows.attempts("wh_1", ["a1"])] == [(1, 500), (2, 200)]


def test_a_message_that_failed_often_holds_up_nobody_any_more(rows: WebhookTables) -> None:
    rows.add_endpoint(endpoint(), 5, None)
    first, _ = put(rows, message("a1", "a", 1), message("a2", "a", 2))
    for tries in range(HELD_FOR):
        assert claim(rows, now=NOW + DAY, machine=FREE) == ["a1"]
        rows.record([failed(first._replace(attempts=tries, tries=tries), NOW + HOUR, tries + 1)], NOW, HELD_FOR)
    assert claim(rows, now=NOW) == ["a2"]


def test_of_two_who_tried_the_same_the_first_counts(rows: WebhookTables) -> None:
    rows.add_endpoint(endpoint(), 5, None)
    [one] = put(rows, message())
    rows.record([delivered(one)], NOW, HELD_FOR)
    rows.record([failed(one, NOW + HOUR)], NOW, HELD_FOR)
    found = rows.delivery("wh_1", "m1")
    assert found is not None
    assert (found[0].state, found[0].attempts) == (DeliveryState.DELIVERED, 1)
    assert [attempt.status for attempt in rows.attempts("wh_1", ["m1"])] == [200]


def test_what_failed_or_was_missed_is_sent_again_on_request(rows: WebhookTables) -> None:
    rows.add_endpoint(endpoint(), 5, None)
    states = (DeliveryState.FAILED, DeliveryState.MISSED, DeliveryState.DELIVERED, DeliveryState.FAILED)
    messages = [message(f"m{n}", f"o{n}", at=NOW + n) for n in range(4)]
    made = [
        delivery(one, state=state, tries=10, attempts=10, done_at=NOW)
        for one, state in zip(messages, states, strict=True)
    ]
    rows.add(messages, made)
    assert rows.undelivered("wh_1", 9) == (0, 3)
    assert rows.again_since("wh_1", Instant(NOW + 1), NOW) == 2
    assert rows.undelivered("wh_1", 9) == (2, 1)
    assert sorted(claim(rows)) == ["m1", "m3"]
    assert rows.again("wh_1", "m2", NOW)
    assert not rows.again("wh_1", "m9", NOW)
    found = rows.delivery("wh_1", "m2")
    assert found is not None
    assert (found[0].state, found[0].tries, found[0].attempts) == (DeliveryState.WAITING, 0, 10)


def test_the_log_is_read_newest_first_page_by_page_and_by_state(rows: WebhookTables) -> None:
    rows.add_endpoint(endpoint(), 5, None)
    # Several of one moment: a page may end among them.
    messages = [message(f"m{n}", f"o{n}", at=NOW + n // 3) for n in range(9)]
    rows.add(messages, [delivery(one) for one in messages])
    names: list[str] = []
    before = None
    while page := rows.deliveries("wh_1", (), before, 2):
        names += [one.message for one in page]
        before = page[-1].at, page[-1].message
    assert names == [f"m{n}" for n in reversed(range(9))]
    assert rows.deliveries("wh_1", (DeliveryState.FAILED, DeliveryState.MISSED), None, 9) == []
    assert len(rows.deliveries("wh_1", (DeliveryState.WAITING,), (Instant(NOW + 1), "m4"), 9)) == 4
    assert rows.deliveries("wh_2", (), None, 9) == []
    assert rows.attempts("wh_1", []) == []


def test_what_is_old_is_forgotten_unless_it_still_waits(rows: WebhookTables) -> None:
    rows.add_endpoint(endpoint(), 5, None)
    old, waiting, new = message("old", "o1"), message("waiting", "o2"), message("new", "o3", at=NOW + DAY)
    [one, *_] = put(rows, old, waiting, new)
    rows.record([delivered(one)], NOW, HELD_FOR)
    assert rows.forget(Instant(NOW + 1), 10) == 1
    assert [one.message for one in rows.deliveries("wh_1", (), None, 9)] == ["new", "waiting"]
    assert rows.attempts("wh_1", ["old"]) == []
    assert rows.forget(Instant(NOW + 1), 10) == 0


def test_endpoints_outlive_the_process(rows: WebhookTables, place: Place) -> None:
    rows.add_endpoint(endpoint(), 5, None)
    put(rows, message())
    again = place.open()
    assert WebhookTables(again.tables()).due(FREE) == {"wh_1": NOW}
    again.close()
