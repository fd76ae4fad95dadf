"""What every test may count on: hypothesis's profile, the shared folder, Debian's Chromium."""

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, settings

from tests.postgres import cluster, templates

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"

# A slow machine is no failure. In CI the examples are the same each time, so that a red run can be run again;
# `make test` at a desk looks for new ones.
settings.register_profile("desk", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.register_profile("ci", settings.get_profile("desk"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "desk")


CLUSTERS = "FAIRHOLD_TEST_CLUSTERS"
"""Where the clusters of this run lie; the workers of pytest-xdist inherit it from the process that made it."""
OWNER = "FAIRHOLD_TEST_OWNER"
POSTGRES = "FAIRHOLD_TEST_POSTGRES"
"""Which PostgreSQL most tests use; 18 when not set."""
RUN: dict[str, str] = {}
"""The three as this run began: tests of the command line work without any variable of Fairhold's."""


def pytest_configure(config: pytest.Config) -> None:
    """Find a place for clusters, which are started when a test asks for the first, and one for temporary files."""
    if not hasattr(config, "workerinput"):
        os.environ[CLUSTERS] = str(cluster.room())
        os.environ[OWNER] = str(os.getpid())
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(cluster.in_memory() or tempfile.gettempdir()))
    RUN.update({name: os.environ[name] for name in (CLUSTERS, OWNER, POSTGRES) if name in os.environ})


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the clusters of this run; their keepers take the folders away."""
    if hasattr(config, "workerinput"):
        return
    folder = Path(os.environ.pop(CLUSTERS))
    clusters = [place for place in folder.iterdir() if place.is_dir()]
    for place in clusters:
        (place / "stop").touch()
    deadline = time.monotonic() + 30
    while any(place.exists() for place in clusters) and time.monotonic() < deadline:
        time.sleep(0.05)
    shutil.rmtree(folder, ignore_errors=True)


def empty_schema(version: str) -> str:
    """The URL of an empty schema of its own in this run's cluster of that version."""
    url = cluster.cluster(Path(RUN[CLUSTERS]), version, int(RUN[OWNER]))
    schema = f"test_{uuid4().hex[:12]}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {schema}".encode())
    return f"{url}&options=-csearch_path%3D{schema}"


def empty_database(version: str) -> str:
    """The URL of an empty database of its own in this run's cluster of that version."""
    url = cluster.cluster(Path(RUN[CLUSTERS]), version, int(RUN[OWNER]))
    name = f"test_{uuid4().hex[:12]}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return url.replace("/postgres?", f"/{name}?")


@pytest.fixture
def postgres() -> str:
    """The URL of an empty schema; a test that asks for it is marked `postgres`."""
    return empty_schema(RUN.get(POSTGRES) or "18")


def _copies() -> Iterator[Callable[..., str]]:
    version = RUN.get(POSTGRES) or "18"
    made = []

    def make(**measures: int) -> str:
        root = cluster.cluster(Path(RUN[CLUSTERS]), version, int(RUN[OWNER]))
        made.append((root, templates.copy(root, Path(RUN[CLUSTERS]), **measures)))
        return made[-1][1]

    yield make
    for root, url in made:
        templates.drop(root, url)


@pytest.fixture
def copies() -> Iterator[Callable[..., str]]:
    """Makes databases in which the migrations have run (`templates.copy`); they are taken away after the test."""
    yield from _copies()


@pytest.fixture(scope="module")
def copies_of_module() -> Iterator[Callable[..., str]]:
    """The same for what all tests of a module share."""
    yield from _copies()


@pytest.fixture
def migrated(copies: Callable[..., str]) -> str:
    """The URL of a database of its own in which the migrations have run; a test that asks for it is marked `postgres`."""
    return copies()


@pytest.fixture
def new_database() -> Callable[[], str]:
    """Makes empty databases, each of which can be taken away by itself."""
    return lambda: empty_database(RUN.get(POSTGRES) or "18")


@pytest.fixture
def new_schema() -> Callable[[str], str]:
    """Makes empty schemas in a PostgreSQL of the version that the test names."""
    return empty_schema


def pytest_report_header() -> list[str]:
    """Say which tests this machine leaves out."""
    return [] if SHARED.is_dir() else ["shared: no such folder beside the checkout; tests marked `shared` are left out"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect, rather than skip, what needs the shared folder where there is none: nothing can be done about it."""
    if SHARED.is_dir():
        return
    without = [item for item in items if item.get_closest_marker("shared")]
    if without:
        config.hook.pytest_deselected(items=without)
        items[:] = [item for item in items if item not in without]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The shared folder; a test that asks for it is marked `shared`."""
    return SHARED


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Debian's Chromium; a test that asks for it is marked `browser`."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.fail("Chromium is missing; type: make chromium (or leave the browser out: BROWSER=no)")
    return found
