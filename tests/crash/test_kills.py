"""Servers killed under load over HTTP: what was answered is there, once, and answered again the same."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.crash.kills import Seen, rounds, sqlite
from tests.crash.nursery import Nursery

SEED = "ci" if os.environ.get("CI") else secrets.token_hex(4)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_server_with_sqlite_that_is_killed_under_load_keeps_what_it_answered() -> None:
    seen = Seen()
    with Nursery() as nursery:
        rounds(nursery, sqlite, SEED, 4, 200, seen, workers=1)
    assert seen.wrong == []
    assert seen.kills.total() == 4
    assert seen.acknowledged > 200


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.timeout(600)
def test_workers_with_postgresql_that_are_killed_under_load_keep_what_they_answered(
    copies: Callable[..., str],
) -> None:
    def database(_: Path) -> str:
        return copies()

    seen = Seen()
    with Nursery() as nursery:
        rounds(nursery, database, SEED, 4, 200, seen, workers=2)
    assert seen.wrong == []
    assert seen.kills.total() == 4
    assert seen.acknowledged > 200
