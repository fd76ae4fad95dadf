"""Templates are compiled once, and leave nothing behind that only the garbage collector could find."""

import gc
from pathlib import Path

import pytest
from jinja2 import Environment

from fairhold.web import rendering
from fairhold.web.assets import Assets
from fairhold.words.catalog import Language
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


def test_a_process_compiles_a_template_once_for_all_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compiling takes longer than all else about a page that is shown for the first time."""
    compiled: list[str] = []
    real = Environment.compile

    def compile_(environment: Environment, source: str, name: str, filename: str) -> object:
        compiled.append(name)
        return real(environment, source, name, filename)

    monkeypatch.setattr(rendering._COMPILED, "_kept", {})
    monkeypatch.setattr(Environment, "compile", compile_)
    pages = {}
    for language in (*Language, *Language):
        pages[language] = rendering.Templates(Assets()).render(language, "crowded.html", {"language": language.value})
    assert "crowded.html" in compiled
    assert len(compiled) == len(set(compiled)), "pages that others extend included"
    assert len(set(pages.values())) == len(Language), "each language has words of its own"


def _templates() -> int:
    return sum(type(one).__module__.startswith("jinja2.runtime") for one in gc.get_objects())
