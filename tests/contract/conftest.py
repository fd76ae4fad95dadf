"""Every kind of store, empty and migrated; a test that asks for `store` runs once for each."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from fairhold.domain.ids import Lane
from fairhold.engine.ports import Reader, Store, Writer
from fairhold.store import open_store

LANE = Lane(0)
KINDS = (
    "sqlite",
    pytest.param("postgres", marks=pytest.mark.postgres),
    pytest.param("postgres in partitions", marks=pytest.mark.postgres),
)
PARTITIONS = 3


@dataclass
class Place:
    """Where a store's database lies, so that it can be opened again."""

    url: str
    placing_lanes: int = 3
    partitions: int = 0

    def open(self) -> Store:
        """The database as a store of its own, as another process would open it."""
        return open_store(self.url, placing_lanes=self.placing_lanes, partitions=self.partitions)


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "sqlite":
        return Place(f"sqlite:///{tmp_path}/contract.db")
    url = request.getfixturevalue("postgres")
    return Place(url, partitions=PARTITIONS if "partitions" in request.param else 0)


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
