import pytest

from fairhold.engine.ports.store import Conflict, Store

ADD = "INSERT INTO meta (name, value) VALUES (?, ?)"
GET = "SELECT value FROM meta WHERE name = ?"


def test_a_change_says_how_many_rows_each_statement_changed(store: Store) -> None:
    tables = store.tables()
    assert tables.change((ADD, ("one", "1")), ("UPDATE meta SET value = ? WHERE name = ?", ("2", "none"))) == [1, 0]
    assert [tuple(row) for row in tables.rows(GET, "one")] == [("1",)]


def test_what_a_transaction_raises_leaves_everything_as_it_was(store: Store) -> None:
    tables = store.tables()

    def add_twice() -> None:
        with tables.transaction() as run:
            assert run(ADD + " RETURNING value", "one", "1").fetchall()[0][0] == "1"
            run(ADD, "one", "1")

    with pytest.raises(Conflict):
        add_twice()
    assert tables.rows(GET, "one") == []
    with tables.transaction() as run:
        run(ADD, "one", "1")
    assert tables.rows(GET, "one")[0][0] == "1"


def test_what_no_text_can_hold_names_nothing(store: Store) -> None:
    """An address may have a NUL in it, which PostgreSQL's texts cannot."""
    tables = store.tables()
    assert tables.rows("SELECT person FROM unwanted_letters WHERE person = ?", "a\0b") == []
    assert tables.change(("DELETE FROM unwanted_letters WHERE person = ?", ("a\0b",))) == [0]
    with tables.transaction() as run:
        assert run("DELETE FROM unwanted_letters WHERE person = ?", "a\0b").rowcount == 0
