"""The source keeps the rules that no linter knows, and each check notices when it does not."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.architecture import checks

ROOT = Path(__file__).resolve().parents[2]
Check = Callable[[Path], list[str]]

ALL_CHECKS = (checks.sizes, checks.names, checks.foreign, checks.traces, checks.unfinished, checks.possessive)


@pytest.mark.parametrize("check", ALL_CHECKS, ids=lambda check: check.__name__)
def test_the_source_keeps_the_rule(check: Check) -> None:
    complaints = check(ROOT)
    assert not complaints, "\n".join(complaints)


PLANTED: tuple[tuple[str, Check, str, str, str], ...] = (
    ("a long module", checks.sizes, "src/fairhold/long.py", "a = 1\n" * 401, "401 lines"),
    ("a long function", checks.sizes, "src/fairhold/f.py", "def go():\n" + "    a = 1\n" * 60, "go has 61 lines"),
    ("an empty name", checks.names, "src/fairhold/store/utils.py", "", "says nothing"),
    ("a package with an empty name", checks.names, "src/fairhold/helpers/order.py", "", "says nothing"),
    ("a library in the domain", checks.foreign, "src/fairhold/domain/a.py", "import rich.table\n", "rich.table"),
    ("a library in the ledger", checks.foreign, "src/fairhold/ledger/a.py", "from rich import x\n", "imports rich"),
    ("a machine's path", checks.traces, "docs/a.md", "see /wo" + "rk/main\n", "docs/a.md:1"),
    ("a registry's host", checks.traces, "some.lock", "https://files.pythonhosted" + ".org/x\n", "some.lock:1"),
    ("a note for later", checks.unfinished, "src/fairhold/a.py", "# TO" + "DO: all of it\n", "a.py:1"),
    ("a possessive group", checks.possessive, "src/fairhold/a.py", 'A = r"(?:ab){2,}' + '+c"\n', "a.py:1"),
    ("a test that is skipped", checks.unfinished, "tests/test_a.py", "@pytest.mark.sk" + "ip\n", "test_a.py:1"),
)


@pytest.mark.parametrize(
    ("check", "name", "text", "complaint"), [row[1:] for row in PLANTED], ids=[r[0] for r in PLANTED]
)
def test_a_planted_fault_is_found(tmp_path: Path, check: Check, name: str, text: str, complaint: str) -> None:
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    (tmp_path / "src" / "fairhold").mkdir(parents=True)
    assert check(tmp_path) == []
    planted = tmp_path / name
    planted.parent.mkdir(parents=True, exist_ok=True)
    planted.write_text(text, encoding="utf-8")
    assert [found for found in check(tmp_path) if complaint in found]
