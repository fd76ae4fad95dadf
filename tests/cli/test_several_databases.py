"""What the commands say and do where an installation has two databases, and where one of them is away."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fairhold.store.migrations import REVISIONS
from tests.cli.conftest import Type
from tests.engine.market import Market
from tests.postgres.test_routed import away, placed_in

pytestmark = pytest.mark.postgres


@pytest.fixture
def two(new_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    urls = new_database(), new_database()
    monkeypatch.setenv("FAIRHOLD_DATABASE", f"{urls[0]}, {urls[1]}")
    monkeypatch.setenv("FAIRHOLD_OPERATOR_KEY", "a-long-random-key")
    return urls


def test_each_command_looks_after_both(two: tuple[str, str], typed: Type) -> None:
    for command in (("audit",), ("doctor",), ("keys", "list")):
        assert "There is no database" in typed(*command).err
    assert typed("migrate", "--check").code == 1
    ran = [line.split()[1] for line in typed("migrate").out.splitlines()]
    every = [revision.id for revision in REVISIONS]
    assert ran == [*every, *every, "join", "join"]
    assert "is up to date" in typed("migrate").out
    market = Market(f"{two[0]} {two[1]}")
    for lane in (0, 1):
        placed_in(market, lane)
    orders = len(list(market.app.queries.every_order()))
    market.app.close()
    assert typed("audit").out == f"Clean: {orders} orders, nothing found.\n"
    made = typed("keys", "create", "--json").json["id"]
    assert [key["id"] for key in typed("keys", "list", "--json").json] == [made]
    assert typed("keys", "revoke", made).code == 0
    moved = typed("outage", "2026-01-06T07:00:00Z", "2026-01-06T09:00:00Z", "--json")
    assert moved.json == {"moved": orders, "untouched": 0, "failed": 0}
    told = {one["what"]: one["found"] for one in typed("doctor", "--json").json}
    assert told["database"].count("postgresql://") == 2


def test_a_database_that_is_away_is_named(two: tuple[str, str], typed: Type) -> None:
    typed("migrate")
    with away(two[1]):
        doctor = typed("doctor", "--json")
        assert doctor.code == 1
        ills = {one["what"]: one["found"] for one in doctor.json if one["todo"]}
        assert "cannot be reached" in ills["database"]
        audit = typed("audit")
        assert (audit.code, audit.out) == (2, "")
        assert "cannot be reached" in audit.err
        assert "is not accepting" in audit.err or "not currently accepting" in audit.err
        assert typed("keys", "create").code == 0
        assert typed("outage", "2026-01-06T07:00:00Z", "2026-01-06T09:00:00Z").code == 2
    assert typed("doctor").code == 0


def test_an_empty_database_does_not_join_by_itself_when_a_server_starts(
    two: tuple[str, str], new_database: Callable[[], str], typed: Type
) -> None:
    typed("migrate")
    listed = f"{two[0]} {two[1]} {new_database()}"
    for more in ((), ("--workers", "2")):
        done = typed("serve", "--port", "0", "--database", listed, *more)
        assert done.code == 2
        assert "run `fairhold migrate`" in done.err
