"""What a question costs a database: steps of SQLite, pages of PostgreSQL."""

import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from psycopg import sql as quoted

from fairhold.store.postgres.connections import Address
from fairhold.store.sqlite.connections import open_reading

Asked = Mapping[str, tuple[str, Mapping[str, Any]]]
"""Statements by name, each with its values."""


def steps(path: Path, asked: Asked) -> dict[str, int]:
    """How many steps each statement takes in that file, on a connection of its own."""
    found = {}
    for name, (statement, values) in asked.items():
        with closing(open_reading(path)) as connection:
            found[name] = _taken(connection, statement, values)
    return found


def _taken(connection: sqlite3.Connection, statement: str, values: Mapping[str, Any]) -> int:
    taken = 0

    def count() -> int:
        nonlocal taken
        taken += 1
        return 0

    connection.set_progress_handler(count, 1)
    connection.execute(statement, values).fetchall()
    return taken


def grown(few: dict[str, int], many: dict[str, int], *, runs: int = 60) -> None:
    """No question takes more but where an index has become a step higher: for each run, or each order looked through."""
    assert all(few.values())
    found = {}
    for name, before in few.items():
        higher = 1100 if "search" in name else runs
        if many[name] > before * 1.1 + higher:
            found[name] = before, many[name]
    assert not found, found


class Prepared:
    """A connection that prepares these statements, as long as the tables are empty, and tells what they do later."""

    def __init__(self, url: str, settings: tuple[str, ...], asked: Asked) -> None:
        self.connection = Address(url).open((*settings, "SET plan_cache_mode = force_generic_plan"))
        self._calls = {}
        for position, (name, (statement, values)) in enumerate(asked.items()):
            names = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", statement)))
            text = statement.replace("%%", "%")
            for number, value in enumerate(names, 1):
                text = text.replace(f"%({value})s", f"${number}")
            given = quoted.SQL(", ").join(quoted.Literal(values[value]) for value in names)
            self._run(f"PREPARE asked_{position} AS {text}")
            call = quoted.SQL("EXECUTE {} ({})" if names else "EXECUTE {}{}")
            self._calls[name] = call.format(quoted.Identifier(f"asked_{position}"), given)
            self._run(self._calls[name])

    def _run(self, statement: str | quoted.Composed) -> list[Any]:
        text = statement.encode() if isinstance(statement, str) else statement
        cursor = self.connection.execute(text, prepare=False)
        return cursor.fetchall() if cursor.description else []

    def names(self) -> list[str]:
        return list(self._calls)

    def plan(self, name: str) -> str:
        """What the statement does."""
        return "\n".join(line for (line,) in self._run(quoted.SQL("EXPLAIN (COSTS OFF) ") + self._calls[name]))

    def pages(self, name: str) -> int:
        """How many pages the statement touches."""
        explain = quoted.SQL("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ") + self._calls[name]
        [((answer,),)] = self._run(explain)
        return int(answer["Plan"]["Shared Hit Blocks"] + answer["Plan"]["Shared Read Blocks"])
