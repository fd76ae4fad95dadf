"""A database from before a migration is brought up to date with everything in it."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing

import psycopg
import pytest

from fairhold.domain.ids import OrderId, order_number
from fairhold.engine.installation.settings import database_urls
from fairhold.engine.ports.list_query import ListQuery
from fairhold.engine.ports.store import StoredEvent
from fairhold.proof.chain import NO_SALT, commitment
from fairhold.store import migrations
from fairhold.store.sqlite import statements
from fairhold.store.urls import is_postgres, sqlite_path
from tests.contract.conftest import Place
from tests.contract.rows import LANE, NOW, batch, dispute, new_id, order, report, review
from tests.contract.rows import place as write

INSERT = "INSERT INTO events (lane, order_id, seq, at, by, type, data) VALUES (?, ?, ?, ?, ?, ?, ?)"
"""How events were written before they had commitments."""


def steps(names: list[str]) -> set[str]:
    """What ran, of several databases in any."""
    return {name.partition(" in ")[0] for name in names}


def first_events(place: Place, orders: Sequence[OrderId]) -> list[StoredEvent]:
    """Each order's first event."""
    events = [StoredEvent(LANE, one, 1, NOW, "buyer:ann", "made_up", b'{"old":true}') for one in orders]
    rows = [tuple(event[:7]) for event in events]
    if is_postgres(place.url):
        with psycopg.connect(database_urls(place.url)[0]) as connection, connection.cursor() as cursor:
            cursor.executemany(INSERT.replace("?", "%s").encode(), rows)
    else:
        with closing(sqlite3.connect(sqlite_path(place.url))) as file, file:
            file.executemany(INSERT, rows)
    return events


def test_a_database_with_the_first_tables_gets_the_lists_by_tab(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as before:
        before.setattr(migrations, "REVISIONS", migrations.REVISIONS[:1])
        before.setattr(statements, "INSERT_EVENT", INSERT)
        old = place.open()
        assert "0001 the first tables" in steps(old.migrate())
        ids = [new_id() for _ in range(20)]
        with old.writer(LANE) as writer:
            write(writer, *(order(one, tabs=1 << i % 4) for i, one in enumerate(ids)))
        old.close()
    events = first_events(place, ids)
    new = place.open()
    assert {"0002 lists by tab"} <= steps(new.pending_migrations())
    assert new.check() != []
    assert {"0002 lists by tab"} <= steps(new.migrate())
    assert (new.pending_migrations(), new.migrate(), new.check()) == ([], [], [])
    reader = new.reader()
    assert [s.split()[0].decode() for s in reader.list_orders(ListQuery(seller="shop-7", tab=2))] == ids[17::-4]
    assert reader.tab_counts("ann", None, 4) == {0: 4, 1: 4, 2: 4, 4: 4, 8: 4}
    found = reader.list_orders(ListQuery(number=int(order_number(ids[3]).replace("-", ""))))
    assert [s.split()[0].decode() for s in found] == [ids[3]]
    with new.writer(LANE) as writer:
        said = review(new_id(), order_id=ids[1])
        writer.write(batch(order(ids[1], 2, tabs=16), disputes=[dispute(ids[1])], reviews=[said]))
    assert len(reader.list_orders(ListQuery(seller="shop-7", tab=2))) == 4
    assert reader.events(ids[0]) == events[:1]
    assert reader.commitments(ids[0], 9) == [commitment(NO_SALT, b'{"old":true}')] == [events[0].committed]
    assert reader.dispute(f"{ids[1]}-d1") == dispute(ids[1])
    assert new.reports().add_report(report(said))
    assert reader.review(said.id) == said._replace(reports=1)
    new.close()


def test_every_migration_that_is_written_is_named() -> None:
    files = sorted((migrations.FOLDER / "versions").glob("v*.py"))
    assert [file.stem[1:5] for file in files] == [one.id for one in migrations.REVISIONS]
