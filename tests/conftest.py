"""What every test may count on: hypothesis's profile, the shared folder, Debian's Chromium."""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"

# A slow machine is no failure. In CI the examples are the same each time, so that a red run can be run again;
# `make test` at a desk looks for new ones.
settings.register_profile("desk", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.register_profile("ci", settings.get_profile("desk"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "desk")


def pytest_report_header() -> list[str]:
    """Say which tests this machine leaves out."""
    return [] if SHARED.is_dir() else ["shared: no such folder beside the checkout; tests marked `shared` are left out"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect, rather than skip, what needs the shared folder where there is none: nothing can be done about it."""
    if SHARED.is_dir():
        return
    without = [item for item in items if item.get_closest_marker("shared")]
    if without:
        config.hook.pytest_deselected(items=without)
        items[:] = [item for item in items if item not in without]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The shared folder; a test that asks for it is marked `shared`."""
    return SHARED


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Debian's Chromium; a test that asks for it is marked `browser`."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.fail("Chromium is missing; type: make chromium (or leave the browser out: BROWSER=no)")
    return found
