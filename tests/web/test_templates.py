"""Templates leave nothing behind that only the garbage collector could find."""

import gc
from pathlib import Path

from fairhold.web import rendering
from tests.web.conftest import Visiting


def test_no_template_takes_its_macros_with_the_page_they_are_on() -> None:
    """A macro that is imported with its page stands in a ring with it: hundreds of objects for each page that is shown."""
    folder = Path(rendering.__file__).parent / "templates"
    assert [path.name for path in sorted(folder.glob("*.html")) if "with context" in path.read_text("utf-8")] == []


def test_a_page_is_gone_without_the_garbage_collector(visiting: Visiting) -> None:
    buyer = visiting("ann")
    buyer.get("/orders")
    gc.collect()
    gc.disable()
    try:
        before = _templates()
        for _ in range(5):
            buyer.get("/orders")
        left = _templates() - before
    finally:
        gc.enable()
    assert left <= 5, "macros of the pages are still there"


def _templates() -> int:
    return sum(type(one).__module__.startswith("jinja2.runtime") for one in gc.get_objects())
