"""What the documents show works when it is typed, against a server as they start it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.served import Served, serving
from tests.docs import examples

PAGES = sorted(
    page
    for page in (examples.ROOT / "README.md", *(examples.ROOT / "docs").rglob("*.md"))
    if page.parent.name != "reference" and any(block.kind == "sh" for block in examples.blocks(page))
)
"""The reference shows single calls out of their story; everything else is typed from the top."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("documents")
    with serving(folder, FAIRHOLD_OPERATOR_KEY=examples.KEY, FAIRHOLD_WEBHOOK_NETWORKS="127.0.0.0/8") as running:
        yield running


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(examples.ROOT)))
def test_the_examples_of_a_page_do_what_it_says(
    page: Path, served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAIRHOLD_DATABASE", served.database)
    compared = 0
    for block, came in examples.run(page, served, tmp_path):
        fits = examples.same_json if block.kind == "json" else examples.same_text
        assert fits(block.text, came), f"{page.name}:{block.line}: the page says\n{block.text}\nand this came:\n{came}"
        compared += 1
    assert compared, f"{page.name} shows no answer"


@pytest.mark.parametrize(
    ("said", "came", "fits"),
    [
        ({"a": 1}, {"a": 1, "b": 2}, True),
        ({"a": 1}, {"a": 2}, False),
        ({"a": "…"}, {"a": [1]}, True),
        ({"a": "20…Z"}, {"a": "2026-05-19T15:40:00Z"}, True),
        ({"a": "20…Z"}, {"a": "1999"}, False),
        ([1, "…"], [1, 2, 3], True),
        ([1], [1, 2], False),
    ],
)
def test_an_answer_that_differs_from_the_page_is_noticed(said: object, came: object, fits: bool) -> None:
    assert examples.same(said, came) is fits
