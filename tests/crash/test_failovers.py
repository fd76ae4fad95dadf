"""The leading PostgreSQL is lost under load: with a synchronous standby nothing that was answered is, and without one it is."""

import os
import secrets

import pytest

from tests.conftest import POSTGRES, RUN
from tests.crash.failovers import Seen, failovers
from tests.crash.nursery import Nursery

SEED = "ci" if os.environ.get("CI") else secrets.token_hex(4)

pytestmark = [pytest.mark.slow, pytest.mark.postgres, pytest.mark.timeout(600)]


def seen(count: int, *, synchronous: bool) -> Seen:
    found = Seen()
    with Nursery() as nursery:
        failovers(nursery, RUN.get(POSTGRES) or "18", SEED, count, 100, found, synchronous=synchronous)
    assert found.wrong == []
    return found


def test_nothing_that_was_answered_is_lost_with_a_leader_whose_standby_is_synchronous() -> None:
    found = seen(2, synchronous=True)
    assert found.lost == []
    assert found.failovers == 2
    assert found.acknowledged > 50


def test_an_asynchronous_standby_loses_what_was_answered() -> None:
    assert seen(1, synchronous=False).lost != []
