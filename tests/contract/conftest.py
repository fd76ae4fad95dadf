"""Every kind of store, empty and migrated; a test that asks for `store` runs once for each."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from fairhold.domain.ids import Lane
from fairhold.engine.ports import Reader, Store, Writer
from fairhold.store import open_store

LANE = Lane(0)
KINDS = ("sqlite",)


@dataclass
class Place:
    """Where a store's database lies, so that it can be opened again."""

    url: str
    placing_lanes: int = 3

    def open(self) -> Store:
        """The database as a store of its own, as another process would open it."""
        return open_store(self.url, placing_lanes=self.placing_lanes)


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    return Place(f"sqlite:///{tmp_path}/contract.db")


@pytest.fixture
def store(place: Place) -> Iterator[Store]:
    store = place.open()
    store.migrate()
    yield store
    store.close()


@pytest.fixture
def writer(store: Store) -> Iterator[Writer]:
    with store.writer(LANE) as writer:
        yield writer


@pytest.fixture
def reader(store: Store) -> Reader:
    return store.reader()
