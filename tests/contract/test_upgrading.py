"""A database from before a migration is brought up to date with everything in it."""

import pytest

from fairhold.domain.ids import order_number
from fairhold.engine.ports import ListQuery
from fairhold.store import migrations
from tests.contract.conftest import Place
from tests.contract.rows import LANE, batch, dispute, new_id, order
from tests.contract.rows import begin as write


def steps(names: list[str]) -> set[str]:
    """What ran, of several databases in any."""
    return {name.partition(" in ")[0] for name in names}


def test_a_database_with_the_first_tables_gets_the_lists_by_tab(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as before:
        before.setattr(migrations, "REVISIONS", migrations.REVISIONS[:1])
        old = place.open()
        assert "0001 the first tables" in steps(old.migrate())
        ids = [new_id() for _ in range(20)]
        with old.writer(LANE) as writer:
            write(writer, *(order(one, tabs=1 << i % 4) for i, one in enumerate(ids)))
        old.close()
    new = place.open()
    assert steps(new.pending_migrations()) == {"0002 lists by tab", "0005 disputes"}
    assert new.check() != []
    assert steps(new.migrate()) == {"0002 lists by tab", "0005 disputes"}
    assert (new.pending_migrations(), new.migrate(), new.check()) == ([], [], [])
    reader = new.reader()
    assert [s.split()[0].decode() for s in reader.list_orders(ListQuery(seller="shop-7", tab=2))] == ids[17::-4]
    assert reader.tab_counts("ann", None, 4) == {0: 4, 1: 4, 2: 4, 4: 4, 8: 4}
    found = reader.list_orders(ListQuery(number=int(order_number(ids[3]).replace("-", ""))))
    assert [s.split()[0].decode() for s in found] == [ids[3]]
    with new.writer(LANE) as writer:
        writer.write(batch(order(ids[1], 2, tabs=16), disputes=[dispute(ids[1])]))
    assert len(reader.list_orders(ListQuery(seller="shop-7", tab=2))) == 4
    assert reader.dispute(f"{ids[1]}-d1") == dispute(ids[1])
    new.close()
