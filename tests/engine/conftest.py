"""The marketplace that most tests of the engine live in."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fairhold.engine.installation.logs import configure_logs
from fairhold.engine.installation.settings import Settings
from tests.engine.market import Market


@pytest.fixture(autouse=True, scope="package")
def logs() -> None:
    """Logs as a server writes them: the pretty ones of a fresh structlog take longer than the tests."""
    configure_logs(Settings())


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def market(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Market]:
    """A marketplace without a sweeper of its own; its books must be clean when the test is over."""
    sqlite = request.param == "sqlite"
    market = Market(tmp_path / "market.db" if sqlite else request.getfixturevalue("migrated"))
    yield market
    market.assert_clean()
    market.app.close()
