"""A whole sandbox for the API's tests, and a short way through the life of an order."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from fairhold.api.app import face
from fairhold.engine.installation.settings import Settings
from fairhold.wiring import Application, build
from tests.api.client import KEY, Client
from tests.databases import up_to_date


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Making requests up takes half a minute while tests are collected: only who runs the slow ones waits for it."""
    return True if collection_path.name == "test_fuzz.py" and "not slow" in config.option.markexpr else None


@pytest.fixture
def application(tmp_path: Path) -> Iterator[Application]:
    """A Fairhold on a database of its own; deadlines fall due only when the clock is advanced."""
    database = up_to_date(tmp_path / "test.db")
    settings = Settings(
        database=f"sqlite:///{database}", secret="a-secret-of-the-tests", operator_key=KEY, sandbox=True
    )
    application = build(settings)
    application.start(background=False)
    yield application
    application.close()


@pytest.fixture
def operator(application: Application) -> Iterator[Client]:
    """The operator; `by("buyer:ann")` speaks for others."""
    with asyncio.Runner() as runner:
        yield Client(face(application), runner)
