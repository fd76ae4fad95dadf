"""The tables of who sees which page and who may call what have a line for each, and for nothing else.

Where this fails: `python -m scripts.who_sees_what` writes the lines that are missing; read what they say before you keep
them. What they say is tried by `tests/web/test_matrix.py` and `tests/api/test_matrix.py`.
"""

from __future__ import annotations

from pathlib import Path

from fairhold.engine.installation.settings import Settings
from fairhold.wiring import build
from tests.api import test_matrix as calls
from tests.databases import up_to_date
from tests.web import test_matrix as pages


def test_every_page_has_its_line_and_no_other(tmp_path: Path) -> None:
    settings = Settings(
        database=f"sqlite:///{up_to_date(tmp_path / 'pages.db')}", sandbox=True, secret="for-tests-only"
    )
    application = build(settings)
    routes = pages.routes_of(application)
    application.close()
    assert set(pages.cells_of(pages.GOLDEN)) == set(pages.rows_of(routes))


def test_every_call_has_its_line_and_no_other() -> None:
    assert set(pages.cells_of(calls.GOLDEN)) == set(calls.rows_of())
