"""Every kind of store, empty and migrated; a test that asks for `store` runs once for each."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from fairhold.domain.ids import MAX_LANE, Lane
from fairhold.engine.ports import Reader, Store, Writer
from fairhold.engine.settings import database_urls
from fairhold.store import open_store
from tests.conftest import POSTGRES

LANE = Lane(0)
KINDS = (
    "sqlite",
    pytest.param("postgres", marks=pytest.mark.postgres),
    pytest.param("postgres in partitions", marks=pytest.mark.postgres),
    pytest.param("two postgres, routed", marks=pytest.mark.postgres),
)
PARTITIONS = 3


@dataclass
class Place:
    """Where a store's database lies, so that it can be opened again."""

    url: str
    placing_lanes: int = 3
    partitions: int = 0
    databases: int = 1

    @property
    def lanes(self) -> list[Lane]:
        """The lanes of its databases together: the first three (or four) in the first, the next in the second."""
        return [Lane(lane) for lane in range(self.placing_lanes * self.databases)]

    def open(self) -> Store:
        """The database as a store of its own, as another process would open it."""
        return open_store(self.url, placing_lanes=self.placing_lanes, partitions=self.partitions)


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "sqlite":
        return Place(f"sqlite:///{tmp_path}/contract.db")
    url = request.getfixturevalue("postgres")
    if request.param == "two postgres, routed":
        # LANE lies in the one database, OTHER_LANE in the other.
        new_schema = request.getfixturevalue("new_schema")
        other = new_schema(os.environ.get(POSTGRES) or "18")
        return Place(f"{url}, {other}", placing_lanes=4, databases=2)
    return Place(url, partitions=PARTITIONS if "partitions" in request.param else 0)


@pytest.fixture
def store(place: Place) -> Iterator[Store]:
    store = place.open()
    store.migrate()
    yield store
    store.close()


@pytest.fixture
def highest_lane(place: Place, store: Store) -> Lane:
    """The last lane there can be. Of several databases the second is told that it is its own."""
    if place.databases > 1:
        with psycopg.connect(database_urls(place.url)[1]) as connection:
            connection.execute("UPDATE meta SET value = value || ' 32767' WHERE name = 'lanes'")
    return Lane(MAX_LANE)


@pytest.fixture
def writer(store: Store) -> Iterator[Writer]:
    with store.writer(LANE) as writer:
        yield writer


@pytest.fixture
def reader(store: Store) -> Reader:
    return store.reader()


@pytest.fixture
def sqlite_file(tmp_path: Path) -> Path:
    path = tmp_path / "crowd.db"
    store = Place(f"sqlite:///{path}").open()
    store.migrate()
    store.close()
    return path


@pytest.fixture(params=[0, PARTITIONS], ids=["plain", "in partitions"])
def url(request: pytest.FixtureRequest, postgres: str) -> str:
    store = Place(postgres, partitions=request.param).open()
    store.migrate()
    store.close()
    return postgres
