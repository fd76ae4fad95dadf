"""Servers killed while webhooks, letters and questions to a carrier are under way: everybody hears of everything."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.crash.kills import sqlite
from tests.crash.nursery import Nursery
from tests.crash.telling import Seen, tell

SEED = "ci" if os.environ.get("CI") else secrets.token_hex(4)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def told(database: Callable[[Path], str]) -> Seen:
    seen = Seen()
    with Nursery() as nursery:
        tell(nursery, database, SEED, 6, 12, seen)
    return seen


def test_everybody_is_told_of_everything_by_servers_with_sqlite_that_are_killed_meanwhile() -> None:
    seen = told(sqlite)
    assert seen.wrong == []
    assert seen.struck


@pytest.mark.postgres
def test_everybody_is_told_of_everything_by_servers_with_postgresql_that_are_killed_meanwhile(
    copies: Callable[..., str],
) -> None:
    def database(_: Path) -> str:
        return copies()

    seen = told(database)
    assert seen.wrong == []
    assert seen.struck
