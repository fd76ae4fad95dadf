"""The audit finds nothing in a database that the engine wrote, and each of these corruptions planted into it."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from fairhold.domain.commands import CancelOrder
from fairhold.domain.instants import DAY
from fairhold.engine.audit.auditing import audit
from fairhold.engine.audit.findings import Kind
from fairhold.engine.audit.orders import _check_commitments
from fairhold.engine.ports.store import StoredEvent
from fairhold.proof.chain import NO_SALT, commitment
from fairhold.store import open_store
from tests.builders import BUYER
from tests.engine.market import Market


@pytest.fixture(scope="module")
def populated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Orders that were delivered, confirmed, refunded, cancelled, returned and left alone."""
    path = tmp_path_factory.mktemp("audit") / "whole.db"
    market = Market(path)
    market.confirmed(market.shipped())
    market.shipped("FH-RETURNED-1")
    market.tell(market.paid().id, CancelOrder(), BUYER)
    market.paid(method="sandbox:refund-never")
    market.advance(30 * DAY)
    market.placed()
    market.confirmed(market.shipped())
    market.paid()
    market.advance(DAY)
    market.app.sealer.finish()
    assert len(market.app.store.heads().heads(None, 10)) > 2
    market.app.close()
    return path


def kinds(path: Path) -> set[Kind]:
    store = open_store(f"sqlite:///{path}")
    found = audit(store)
    store.close()
    return {finding.kind for finding in found}


WITHOUT_FAULT = {Kind.MESSAGE_PARKED}
"""One refund of the populated database can never be paid: its message is parked, and the audit says so."""


def test_a_database_that_the_engine_wrote_is_clean_but_for_the_message_that_was_parked(populated: Path) -> None:
    assert kinds(populated) == WITHOUT_FAULT


def test_the_audit_tells_how_far_it_is(populated: Path) -> None:
    steps: list[tuple[int, int]] = []
    with closing(open_store(f"sqlite:///{populated}")) as store:
        audit(store, lambda done, total: steps.append((done, total)))
    assert steps[-1] == (7, 7)


ONE_PAID = "(SELECT order_id FROM events WHERE type = 'payment_received' ORDER BY order_id LIMIT 1)"
RELEASED = "(SELECT order_id FROM events WHERE type = 'portions_released' ORDER BY order_id LIMIT 1)"
OPEN = "(SELECT id FROM orders WHERE next_deadline_at IS NOT NULL ORDER BY id LIMIT 1)"


PLANTED: dict[str, tuple[str, set[Kind]]] = {
    "a sum in a snapshot was changed": (
        f"""UPDATE orders SET snapshot = CAST(replace(CAST(snapshot AS TEXT), '"paid":2500', '"paid":2501') AS BLOB)
        WHERE id = {ONE_PAID}""",
        {Kind.SNAPSHOT},
    ),
    "a snapshot was cut off": (f"UPDATE orders SET snapshot = x'7b' WHERE id = {ONE_PAID}", {Kind.UNREADABLE}),
    "the version was counted up": (f"UPDATE orders SET version = version + 1 WHERE id = {ONE_PAID}", {Kind.VERSION}),
    "the status column says something else": (
        f"UPDATE orders SET status = 'cancelled' WHERE id = {ONE_PAID}",
        {Kind.COLUMN},
    ),
    "the tabs lost a bit": (f"UPDATE orders SET tabs = 0 WHERE id = {OPEN}", {Kind.COLUMN}),
    "an order was handed to another buyer's list": (
        f"UPDATE orders SET buyer = 'eve' WHERE id = {OPEN}",
        {Kind.COLUMN},
    ),
    "an order cannot be found by search": (f"UPDATE orders SET search = '' WHERE id = {OPEN}", {Kind.COLUMN}),
    "a deadline was shifted by a second": (
        f"UPDATE orders SET next_deadline_at = next_deadline_at + 1000000 WHERE id = {OPEN}",
        {Kind.DEADLINE},
    ),
    "a deadline was lost": (f"UPDATE orders SET next_deadline_at = NULL WHERE id = {OPEN}", {Kind.DEADLINE}),
    "an order was parked": (f"UPDATE orders SET parked = 1 WHERE id = {OPEN}", {Kind.PARKED}),
    "an event was doubled": (
        f"""INSERT INTO events SELECT lane, order_id, seq + 1, at, by, type, data, salt, commitment, written_at FROM events
        WHERE order_id = {RELEASED} ORDER BY seq DESC LIMIT 1""",
        {Kind.VERSION, Kind.UNREADABLE},
    ),
    "an event is missing": (f"DELETE FROM events WHERE order_id = {RELEASED} AND seq = 3", {Kind.SEQUENCE}),
    "an event's time was changed in its column": (
        f"UPDATE events SET at = at + 1 WHERE order_id = {ONE_PAID} AND seq = 2",
        {Kind.EVENT_COLUMN},
    ),
    "an event's amount was changed": (
        f"""UPDATE events SET data = CAST(replace(CAST(data AS TEXT), '"amount":2500', '"amount":2400') AS BLOB)
        WHERE order_id = {ONE_PAID} AND seq = 2""",
        {Kind.UNREADABLE, Kind.COMMITMENT},
    ),
    "an event's text was changed and nothing follows from it": (
        f"""UPDATE events SET data = CAST(replace(CAST(data AS TEXT), '"method":"sandbox:ok"', '"method" :"sandbox:ok"') AS BLOB)
        WHERE order_id = {ONE_PAID} AND seq = 2""",
        {Kind.COMMITMENT},
    ),
    "an event lost its commitment": (
        f"UPDATE events SET commitment = NULL WHERE order_id = {ONE_PAID} AND seq = 2",
        {Kind.COMMITMENT},
    ),
    "an event has another salt": (
        f"UPDATE events SET salt = zeroblob(16) WHERE order_id = {ONE_PAID} AND seq = 2",
        {Kind.COMMITMENT},
    ),
    "an event would never stand under a daily head": (
        f"UPDATE events SET written_at = NULL WHERE order_id = {ONE_PAID} AND seq = 2",
        {Kind.COMMITMENT},
    ),
    "an event was committed to anew after the day was sealed": (
        f"""UPDATE events SET salt = NULL, commitment = NULL, written_at = NULL WHERE order_id = {ONE_PAID} AND seq = 2""",
        {Kind.HEAD},
    ),
    "an order that a daily head covers is gone": (
        f"""DELETE FROM orders WHERE id = {ONE_PAID}""",
        {Kind.STRAY},
    ),
    "a daily head was changed": ("UPDATE daily_heads SET root = zeroblob(32)", {Kind.HEAD}),
    "a daily head is gone": (
        "DELETE FROM daily_heads WHERE day = (SELECT min(day) FROM daily_heads)",
        {Kind.HEAD},
    ),
    "what a daily head covers was changed": (
        "UPDATE daily_leaves SET seq = seq - 1 WHERE seq > 1",
        {Kind.HEAD},
    ),
    "a transfer is missing": (
        f"DELETE FROM transfers WHERE order_id = {RELEASED} AND credit LIKE 'fees:%'",
        {Kind.TRANSFER_MISSING, Kind.BALANCE, Kind.SUMS},
    ),
    "a transfer that no event made": (
        f"""INSERT INTO transfers SELECT lane, order_id, seq, n + 7, debit, credit, amount, at
        FROM transfers WHERE order_id = {RELEASED} LIMIT 1""",
        {Kind.TRANSFER_EXTRA, Kind.BALANCE},
    ),
    "a transfer went to another seller": (
        f"UPDATE transfers SET credit = 'seller:eve:RUB' WHERE order_id = {RELEASED} AND credit LIKE 'seller:%'",
        {Kind.TRANSFER_CHANGED, Kind.BALANCE, Kind.SUMS},
    ),
    "a balance is wrong": (
        "UPDATE balances SET balance = balance + 1 WHERE account LIKE 'fees:%'",
        {Kind.BALANCE, Kind.UNBALANCED},
    ),
    "two balances are wrong and add up": (
        """UPDATE balances SET balance = balance + CASE WHEN account LIKE 'fees:%' THEN 1 ELSE -1 END
        WHERE account LIKE 'fees:%' OR account LIKE 'held:%'""",
        {Kind.BALANCE},
    ),
    "an account is overdrawn": (
        "UPDATE balances SET balance = -1 WHERE account LIKE 'fees:%'",
        {Kind.BALANCE, Kind.OVERDRAWN},
    ),
    "the message that would pay a refund is gone": (
        "DELETE FROM outbox WHERE state = 'parked'",
        {Kind.MESSAGE_LOST},
    ),
    "an order is gone and what belonged to it is still there": (
        f"DELETE FROM orders WHERE id = {ONE_PAID}",
        {Kind.STRAY, Kind.BALANCE},
    ),
    "a key names an order that does not exist": (
        "UPDATE idempotency SET made = '00000000000000000000' WHERE order_id = '' AND key = 'key-1'",
        {Kind.STRAY},
    ),
    "a key names a version that never was": (
        "UPDATE idempotency SET version = 99 WHERE order_id <> ''",
        {Kind.KEY},
    ),
    "an order lies in another lane": (f"UPDATE orders SET lane = 5 WHERE id = {ONE_PAID}", {Kind.LANE, Kind.STRAY}),
}


@pytest.mark.parametrize(
    ("salt", "committed", "written_at", "sound"),
    [
        (b"s" * 16, commitment(b"s" * 16, b"{}"), 1, True),
        (None, commitment(b"s" * 16, b"what was forgotten"), 1, True),
        (None, None, None, True),
        (None, commitment(NO_SALT, b"what was forgotten of before"), None, True),
        (b"s" * 16, commitment(b"t" * 16, b"{}"), 1, False),
        (b"s" * 15, commitment(b"s" * 15, b"{}"), 1, False),
        (b"s" * 16, commitment(b"s" * 16, b"{}"), None, False),
        (b"s" * 16, None, 1, False),
        (None, None, 1, False),
        (None, b"short", 1, False),
    ],
)
def test_an_event_is_committed_to_wholly_or_forgotten_or_of_before(
    salt: bytes | None, committed: bytes | None, written_at: int | None, sound: bool
) -> None:
    event = StoredEvent(0, "0" * 20, 1, 1, "buyer:ann", "made_up", b"{}", salt, committed, written_at)
    assert (list(_check_commitments([event])) == []) is sound


@pytest.mark.parametrize("planted", PLANTED)
def test_each_planted_corruption_is_found(planted: str, populated: Path, tmp_path: Path) -> None:
    plant, expected = PLANTED[planted]
    path = tmp_path / "planted.db"
    shutil.copy(populated, path)
    with closing(sqlite3.connect(path)) as connection, connection:
        assert connection.execute(plant).rowcount > 0
    assert expected <= kinds(path), planted
