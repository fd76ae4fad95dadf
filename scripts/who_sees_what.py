"""Bring the tables of who sees which page and who may call what up to date: `python -m scripts.who_sees_what`.

For whoever adds a page or a call: lines that are missing are added, those of what is gone are dropped, and with `--all`
every line is written anew. What is in the tables then is what the program does, which need not be right: read the
difference line by line before it is kept. The tests never write them.
"""

import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fairhold.engine.installation.settings import Settings
from fairhold.wiring import Application, build
from tests.api import test_matrix as calls
from tests.api.client import KEY
from tests.databases import up_to_date
from tests.web import test_matrix as pages
from tests.web.conftest import Market

SECRET = "nothing-is-kept-of-it"  # noqa: S105 - of a database that is thrown away


@contextmanager
def _application() -> Iterator[Application]:
    with tempfile.TemporaryDirectory() as folder:
        database = up_to_date(Path(folder) / "matrix.db")
        settings = Settings(database=f"sqlite:///{database}", secret=SECRET, operator_key=KEY, sandbox=True)
        application = build(settings)
        application.start(background=False)
        yield application
        application.close()


def _write(golden: Path, rows: Iterable[str], everybody: Iterable[str], cell: Callable[[str, str], str]) -> None:
    head = golden.read_text(encoding="utf-8").partition("\n\n")[0]
    known = {} if "--all" in sys.argv else pages.cells_of(golden)
    lines = []
    for row in rows:
        if row not in known:
            known[row] = {who: cell(who, row) for who in everybody}
            print(row)
        lines.append(pages.line_of(row, known[row]))
    golden.write_text("\n".join([head, "", *lines, ""]), encoding="utf-8")
    print(golden.name, len(lines), "lines")


def main() -> None:
    """Both tables."""
    with _application() as application:
        world: Any = pages.world_of(Market(application))
        of_pages = pages.rows_of(world.routes)
        ordered = sorted(of_pages, key=lambda row: (row.split(" ")[1], row))
        _write(
            pages.GOLDEN, ordered, pages.EVERYBODY, lambda who, row: "/".join(pages.cell(world, who, *of_pages[row]))
        )
    with _application() as application, calls.world_of(application) as asked:
        of_calls = calls.rows_of()
        _write(calls.GOLDEN, of_calls, calls.EVERYBODY, lambda who, row: calls.cell(asked, who, of_calls[row]))


if __name__ == "__main__":
    main()
