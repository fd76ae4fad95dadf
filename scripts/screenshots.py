"""Take the pictures of the README and of the docs anew: `make screenshots`.

Starts the demo in a folder of its own, walks through it in Debian's Chromium, and writes PNG files to docs/images.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

IMAGES = Path(__file__).parent.parent / "docs" / "images"
PHONE, DESK = (390, 844), (1280, 860)
CHECKING = '.tabs a[href*="awaiting_confirmation"]'
FIRST_ORDER = ".order__title a"
SOLD = 'main a[href*="/selling/orders/"]'
LATEST_DISPUTE = '.cases a[href*="/disputes/1"]'


class Shot(NamedTuple):
    """A picture: `steps` are selectors to press one after the other (`tick:` ticks a box), beginning at `path`."""

    name: str
    person: str
    path: str
    steps: tuple[str, ...] = ()
    language: str = "en"
    screen: tuple[int, int] = DESK
    dark: bool = False


SHOTS = (
    Shot("home", "", "/"),
    Shot("my-orders", "ann", "/orders"),
    Shot("order", "ann", "/orders", (CHECKING, FIRST_ORDER)),
    Shot("order-ru-phone-dark", "ann", "/orders", (CHECKING, FIRST_ORDER), "ru", PHONE, dark=True),
    Shot("receipt-boxes", "ann", "/orders", (CHECKING, FIRST_ORDER, 'a[href$="/receipt"]')),
    Shot(
        "receipt-consequence-phone",
        "ann",
        "/orders",
        (CHECKING, FIRST_ORDER, 'a[href$="/receipt"]', 'tick:input[name="line"]', 'main form button[type="submit"]'),
        "en",
        PHONE,
    ),
    Shot("selling", "shop-7", "/selling", (), "ru"),
    Shot("money", "shop-7", "/selling/money"),
    Shot("support", "sam", "/support?status=settling", ("table a",)),
    Shot("dispute", "shop-7", "/selling?status=in_dispute", (SOLD, LATEST_DISPUTE)),
    Shot("dispute-ru-phone", "ann", "/orders?status=in_dispute", (FIRST_ORDER, LATEST_DISPUTE), "ru", PHONE),
    Shot("case", "mia", "/mediation", ('tr:has-text("Damaged") a',)),
    Shot("ledger", "ops", "/operator/ledger"),
    Shot("clock", "ops", "/operator/clock", (), "en", DESK, dark=True),
)


def free_port() -> int:
    """A port of the loopback interface that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@contextmanager
def demo() -> Iterator[str]:
    """A demo of its own, and its address."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as folder:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("FAIRHOLD_")}
        environment["FAIRHOLD_DATABASE"] = f"sqlite:///{folder}/demo.db"
        command = [sys.executable, "-m", "fairhold", "demo", "--port", str(port)]
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL)
        try:
            wait_for(f"{url}/health", process)
            yield url
        finally:
            process.terminate()
            process.wait(30)


def wait_for(address: str, process: subprocess.Popen[bytes], seconds: int = 120) -> None:
    """Return once `address` answers. Raises RuntimeError when the process ends or the time is up."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310 - an address of our own making
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError("the demo does not answer")


def take(browser: Browser, url: str, shot: Shot) -> None:
    """One picture, of what a screen of that size shows."""
    width, height = shot.screen
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if shot.dark else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(f"{url}/language/{shot.language}?next=/sign-in")
    if shot.person:
        follow(page, f'button[name="person"][value="{shot.person}"]')
    page.goto(url + shot.path)
    for step in shot.steps:
        if step.startswith("tick:"):
            page.locator(step.removeprefix("tick:")).first.check()
        else:
            follow(page, step)
    page.wait_for_timeout(1200)
    page.screenshot(path=IMAGES / f"{shot.name}.png", animations="disabled")
    context.close()
    print(f"docs/images/{shot.name}.png")


def follow(page: Page, selector: str) -> None:
    """Press it and wait for the page that it leads to."""
    page.locator(selector).first.click()
    page.wait_for_load_state("networkidle")


def main() -> int:
    """Take them all."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        print("Chromium is missing; type: make chromium", file=sys.stderr)
        return 1
    IMAGES.mkdir(parents=True, exist_ok=True)
    with demo() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for shot in SHOTS:
            take(browser, url, shot)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
