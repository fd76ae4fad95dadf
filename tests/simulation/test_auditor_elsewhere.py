"""What else there is of orders passes under the auditor's eyes too: it raises no alarm where the simulator did not make them."""

from __future__ import annotations

from pathlib import Path

import pytest

from fairhold.cli.demo.current import CURRENT
from fairhold.cli.demo.disputed import DISPUTED
from fairhold.cli.demo.finished import finished
from fairhold.cli.demo.history import make_history
from fairhold.cli.demo.reviewed import REVIEWED
from fairhold.cli.main import run
from fairhold.cli.options import settings_from
from fairhold.domain.instants import LATEST, Instant
from fairhold.engine.ports.store import Store
from fairhold.simulation.auditor import Auditor, Rows
from fairhold.store import open_store
from fairhold.wiring import build


def look_at(store: Store, now: Instant) -> int:
    """Have a fresh auditor read everything that lies there; how many orders that are. Raises Violated."""
    rows = Rows(store.tables().rows)
    Auditor(rows, statement=False).finish(0, now)
    return len(rows.orders())


def test_the_demos_market_is_as_it_must_be(tmp_path: Path) -> None:
    app = build(settings_from(database=f"sqlite:///{tmp_path / 'demo.db'}", sandbox="1"))
    try:
        app.start(background=False)
        make_history(app, (*CURRENT, *DISPUTED, *REVIEWED, *finished()))
        assert look_at(app.store, app.clock.now()) > 50
    finally:
        app.close()


@pytest.mark.shared
@pytest.mark.slow
def test_the_real_orders_are_as_they_must_be_when_they_are_replayed(
    shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path / 'replayed.db'}"
    monkeypatch.setenv("FAIRHOLD_DATABASE", url)
    monkeypatch.chdir(tmp_path)
    assert run(["replay", str(shared / "data" / "olist_orders_sample.csv"), "--json"]) == 0
    store = open_store(url)
    try:
        assert look_at(store, LATEST) == 987
    finally:
        store.close()
