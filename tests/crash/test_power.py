"""The power fails while commands are written to SQLite: what was acknowledged is there, and the file is sound."""

import os
import random
import secrets

import pytest

from tests.crash.disk import Disk, PowerCut
from tests.crash.power import Seen, lives

NEVER = 1_000_000
SEED = "ci" if os.environ.get("CI") else secrets.token_hex(4)


@pytest.mark.parametrize("cuts", [10, pytest.param(60, marks=pytest.mark.slow)])
def test_no_power_cut_loses_what_was_acknowledged_or_damages_the_file(cuts: int) -> None:
    seen = Seen()
    wrong = [what for cut in lives(SEED, cuts, seen, {}) for what in cut]
    assert wrong == []
    assert (seen.cuts, seen.broken_cuts) == (cuts, 0)
    assert seen.acknowledged > cuts


def test_without_a_sync_at_each_commit_a_power_cut_loses_what_was_acknowledged() -> None:
    seen = Seen()
    wrong = (what for cut in lives(SEED, 200, seen, {"synchronous": "NORMAL"}) for what in cut)
    assert any("was acknowledged" in what for what in wrong), f"{seen}: the disk forgets no command"


def test_the_disk_keeps_what_was_synced_and_of_the_rest_what_chance_leaves() -> None:
    found = set()
    for seed in range(300):
        disk = Disk({"a": b"old"}, random.Random(seed), NEVER)
        file = disk.open("a")
        disk.write(file, 0, b"new")
        disk.sync("a", file)
        disk.write(file, 3, b"er")
        found.add(disk.cut()["a"])
    assert {b"new", b"newer", b"newe"} <= found
    assert all(data.startswith(b"new") for data in found)


def test_a_new_file_is_there_for_sure_once_it_was_synced_and_a_deleted_one_may_come_back() -> None:
    def names(*, synced: bool, deleted: bool) -> set[bool]:
        found = set()
        for seed in range(50):
            disk = Disk({}, random.Random(seed), NEVER)
            file = disk.open("a")
            if synced:
                disk.sync("a", file)
            if deleted:
                disk.delete("a", synced=False)
            found.add("a" in disk.cut())
        return found

    assert names(synced=False, deleted=False) == {True, False}
    assert names(synced=True, deleted=False) == {True}
    assert names(synced=True, deleted=True) == {True, False}


def test_the_power_fails_at_the_operation_that_was_named_and_nothing_is_done_after_it() -> None:
    disk = Disk({"a": b""}, random.Random(1), 2)
    file = disk.open("a")
    disk.write(file, 0, b"x")
    with pytest.raises(PowerCut):
        disk.sync("a", file)
    assert disk.dead
    before = disk.cut()
    with pytest.raises(PowerCut):
        disk.write(file, 0, b"y")
    assert disk.cut() == before
