"""Every kind of store, empty and migrated; a test that asks for `store` runs once for each."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
import pytest

from fairhold.domain.ids import MAX_LANE, Lane
from fairhold.engine.installation.settings import database_urls
from fairhold.engine.ports.store import Reader, Store, Writer
from fairhold.store import open_store
from tests.conftest import POSTGRES
from tests.databases import up_to_date

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
    """Where a store's database lies, so that it can be opened again. It is empty unless the test asks for `store`."""

    url: str
    placing_lanes: int = 3
    partitions: int = 0
    databases: int = 1

    @property
    def measures(self) -> dict[str, int]:
        """What a new database of it is told."""
        return {"placing_lanes": self.placing_lanes, "partitions": self.partitions}

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
        place = Place(f"sqlite:///{tmp_path}/contract.db")
        if "store" in request.fixturenames:
            up_to_date(tmp_path / "contract.db", placing_lanes=place.placing_lanes)
        return place
    if request.param == "two postgres, routed":
        # LANE lies in the one database, OTHER_LANE in the other.
        place = Place("", placing_lanes=4, databases=2)
    else:
        place = Place("", partitions=PARTITIONS if "partitions" in request.param else 0)
    if "store" in request.fixturenames:
        copies = request.getfixturevalue("copies")
        urls = [copies(**place.measures) for _ in range(place.databases)]
    else:
        new_schema = request.getfixturevalue("new_schema")
        urls = [new_schema(os.environ.get(POSTGRES) or "18") for _ in range(place.databases)]
    return replace(place, url=", ".join(urls))


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
def url(request: pytest.FixtureRequest, copies: Callable[..., str]) -> str:
    return copies(**Place("", partitions=request.param).measures)
