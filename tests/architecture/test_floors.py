"""The floors of the program hold, and import-linter's contracts notice when they do not."""

import os
import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINT_IMPORTS = Path(sysconfig.get_path("scripts")) / "lint-imports"
FLOORS = ("cli", "wiring", "api", "web", "words", "store", "gateways", "engine", "access", "ledger", "domain", "proof")


def lint(folder: Path, package: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter with the project's own contracts in `folder` on the package in `package`."""
    return subprocess.run(
        [LINT_IMPORTS, "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(package)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    """A small package with every floor, under the project's own contracts."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    package = tmp_path / "fairhold"
    inner = (
        "domain/rules",
        "engine/kernel",
        "engine/notices",
        "engine/webhooks",
        "screening",
        "simulation",
        "simulation/auditor",
    )
    for folder in (package, *(package / floor for floor in FLOORS), *(package / name for name in inner)):
        folder.mkdir()
        (folder / "__init__.py").touch()
    (package / "uploads.py").touch()
    for name in ("receipt", "shipping"):
        (package / "domain" / "rules" / f"{name}.py").touch()
    return package


def test_the_floors_hold() -> None:
    done = lint(ROOT, ROOT / "src")
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_package_that_keeps_the_floors_passes(sound: Path) -> None:
    done = lint(sound.parent, sound.parent)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("module", "text", "complaint"),
    [
        ("stray.py", "", "fairhold.stray"),
        ("misc/__init__.py", "", "fairhold.misc"),
        ("domain/order.py", "import fairhold.ledger", "fairhold.domain is not allowed to import fairhold.ledger"),
        ("engine/kernel/write.py", "import fairhold.store", "fairhold.engine is not allowed to import fairhold.store"),
        ("engine/stray.py", "", "fairhold.engine.stray"),
        (
            "engine/kernel/tell.py",
            "import fairhold.engine.notices",
            "fairhold.engine.kernel is not allowed to import fairhold.engine.notices",
        ),
        (
            "engine/notices/send.py",
            "import fairhold.engine.webhooks",
            "fairhold.engine.notices is not allowed to import fairhold.engine.webhooks",
        ),
        ("store/rows.py", "import fairhold.gateways", "fairhold.store is not allowed to import fairhold.gateways"),
        ("api/routes.py", "import fairhold.web", "fairhold.api is not allowed to import fairhold.web"),
        ("web/pages.py", "import fairhold.store", "fairhold.web is not allowed to import fairhold.store"),
        (
            "domain/rules/disputes.py",
            "import fairhold.domain.rules.receipt",
            "fairhold.domain.rules.disputes is not allowed to import fairhold.domain.rules.receipt",
        ),
        ("proof/verify.py", "import fairhold.domain", "fairhold.proof is not allowed to import fairhold.domain"),
        ("domain/clock.py", "import datetime", "fairhold.domain is not allowed to import datetime"),
        ("ledger/chance.py", "from random import random", "fairhold.ledger is not allowed to import random"),
        ("ledger/rows.py", "import sqlite3", "fairhold.ledger is not allowed to import sqlite3"),
        (
            "wiring/play.py",
            "import fairhold.simulation",
            "fairhold.wiring is not allowed to import fairhold.simulation",
        ),
        (
            "simulation/auditor/sums.py",
            "import fairhold.domain",
            "fairhold.simulation.auditor is not allowed to import fairhold.domain",
        ),
    ],
)
def test_a_broken_floor_is_found(sound: Path, module: str, text: str, complaint: str) -> None:
    planted = sound / module
    planted.parent.mkdir(exist_ok=True)
    planted.write_text(text + "\n", encoding="utf-8")
    done = lint(sound.parent, sound.parent)
    assert done.returncode != 0
    assert complaint in " ".join(done.stdout.split()), done.stdout + done.stderr
