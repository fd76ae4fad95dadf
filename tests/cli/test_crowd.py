"""A crowd over HTTP: reviews written, revised, answered, reported, moderated and contested at once leave nothing half done."""

from __future__ import annotations

import os
from collections import defaultdict
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from fairhold.engine.audit.auditing import audit
from fairhold.engine.kernel.codec import decode_order
from fairhold.store import open_store
from tests.cli.crowd import BUYERS, SELLER, Caller, Person, Street
from tests.cli.test_serving import program, url_of

pytestmark = pytest.mark.slow

ORDERS = 12
PEOPLE = 8
STEPS = int(os.environ.get("FAIRHOLD_STEPS", "90"))
POLICIES = ("aliexpress", "fair")
"""Reviews that appear at once, and those that wait for the other side's."""
LINES = [
    {"sku": "lamp", "title": "Headlamp", "quantity": 1, "unit_price": 240_000},
    {"sku": "mug", "title": "Mug", "quantity": 2, "unit_price": 130_000},
]


def delivered(caller: Caller, number: int) -> str:
    """A paid order whose parcel has come, and all or half of it was confirmed."""
    buyer = BUYERS[number % len(BUYERS)]
    body = {"buyer": buyer, "seller": SELLER, "currency": "RUB", "lines": LINES}
    order: str = caller.call("operator:ops", "POST", "/orders", body).json["id"]
    at = f"/orders/{order}"
    caller.call(f"buyer:{buyer}", "POST", f"{at}/payment", {"method": "sandbox:ok"})
    sent = {"carrier": "Post", "tracking_number": "T-1"}
    parcel = caller.call(f"seller:{SELLER}", "POST", f"{at}/shipments", sent).json["shipments"][0]
    scan = {"status": "delivered", "at": parcel["shipped_at"]}
    assert caller.call("operator:ops", "POST", f"{at}/shipments/{parcel['id']}/checkpoints", scan).status == 200
    lines = [line["id"] for line in caller.call("operator:ops", "GET", at).json["lines"]]
    received = {"lines": lines[number % 2 :], "acknowledged": True}
    assert caller.call(f"buyer:{buyer}", "POST", f"{at}/receipt", received).status == 200
    return order


def crowd(folder: Path, database: str, servers: int, policy: str) -> Street:
    """Everybody at once, then the end of the time for reviews."""
    settings = {"FAIRHOLD_DATABASE": database, "FAIRHOLD_SANDBOX": "1", "FAIRHOLD_POLICY": policy}
    with ExitStack() as running:
        programs = [running.enter_context(program(folder, "serve", "--port", "0", **settings)) for _ in range(servers)]
        street = Street([url_of(one) for one in programs])
        with closing(Caller(street, PEOPLE)) as first:
            street.orders = [delivered(first, number) for number in range(ORDERS)]
        people = [Person(street, seed, STEPS) for seed in range(PEOPLE)]
        for person in people:
            person.start()
        for person in people:
            person.join()
        with closing(Caller(street, PEOPLE)) as last:
            assert last.call("operator:ops", "POST", "/clock/advance", {"seconds": 60 * 86_400}).status == 200
    return street


def assert_whole(street: Street, database: str) -> None:
    assert not street.faults, street.faults[:5]
    sides: dict[tuple[str, str], set[str]] = defaultdict(set)
    with closing(open_store(database)) as store:
        assert audit(store) == []
        for row in store.reader().scan_orders(None, 1000):
            for review in decode_order(row.snapshot).reviews:
                sides[row.id, review.by.value].add(review.id)
    for (order, actor), told in street.written.items():
        assert told == sides[order, actor.partition(":")[0]], "the review that was promised, and no other"
    assert all(len(found) == 1 for found in sides.values())
    done = {name.split()[1] for name in street.answers if name.startswith("POST") and " 200 " in name}
    assert {"reviews", "revision", "reply", "report", "moderation", "contest", "receipt", "disputes"} <= done, (
        street.answers
    )


@pytest.mark.parametrize("policy", POLICIES)
def test_a_crowd_on_one_server_with_sqlite(folder: Path, policy: str) -> None:
    database = f"sqlite:///{folder}/crowd.db"
    assert_whole(crowd(folder, database, 1, policy), database)


@pytest.mark.postgres
@pytest.mark.parametrize("policy", POLICIES)
def test_a_crowd_on_two_servers_with_postgresql(folder: Path, postgres: str, policy: str) -> None:
    assert_whole(crowd(folder, postgres, 2, policy), postgres)
