"""Somebody makes an account by a letter, signs in again, and adds a passkey: with Chromium's virtual authenticator."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator

import httpx2
import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser.conftest import PATIENCE_MS
from tests.browser.mailbox import Mailbox
from tests.browser.walker import DESK, PHONE, Setting, Walker
from tests.ports import port_of_its_own

SECRET = "correct horse battery"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
STARTS_WITHIN = 180.0


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Mailbox]]:
    """A server that is no sandbox: its address, and its letters. Passkeys need a name, so it is reached by one."""
    folder = tmp_path_factory.mktemp("house")
    port = port_of_its_own("localhost")
    url = f"http://localhost:{port}"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FAIRHOLD_")} | {
        "FAIRHOLD_DATABASE": f"sqlite:///{folder}/house.db",
        "FAIRHOLD_SECRET": "a-secret-of-tests-only",
        "FAIRHOLD_MAIL": f"files:{folder}/mail",
        "FAIRHOLD_URL": url,
    }
    command = [sys.executable, "-m", "fairhold", "serve", "--host", "localhost", "--port", str(port)]
    server = subprocess.Popen(command, env=environment)
    try:
        deadline = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < deadline:
            try:
                if httpx2.get(f"{url}/health").status_code == 200:
                    break
            except httpx2.HTTPError:
                time.sleep(0.1)
        yield url, Mailbox(folder / "mail")
    finally:
        server.terminate()
        server.wait(30)


def window(browser: Browser, url: str, setting: Setting) -> tuple[BrowserContext, Walker]:
    width, height = setting.screen
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale="ru-RU" if setting.language == "ru" else "en-GB",
        color_scheme="dark" if setting.dark else "light",
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return context, Walker(page, url, setting)


@pytest.mark.parametrize("setting", [Setting("ru", PHONE), Setting("en", DESK, dark=True)], ids=str)
def test_from_sign_up_to_a_passkey(browser: Browser, house: tuple[str, Mailbox], setting: Setting) -> None:
    url, mailbox = house
    context, walker = window(browser, url, setting)
    page = walker.page
    address = f"{setting.language}@example.org"
    walker.go("/sign-up")
    page.fill("#email", address)
    page.click(".gate .btn--main")
    walker.look()
    page.goto(mailbox.link())
    walker.look()
    page.fill("#name", "Анна-Мария Константинопольская")
    page.fill("#password", "short")
    page.click(".gate .btn--main")
    walker.look()
    assert page.locator("#password-e").is_visible()
    page.fill("#password", SECRET)
    page.click("[data-reveal]")
    assert page.get_attribute("#password", "type") == "text"
    page.click(".gate .btn--main")
    page.wait_for_url("**/orders")
    for path in ("/account", "/account/password", "/account/email", "/account/data", "/account/second-step/app"):
        walker.go(path)
        walker.axe()
    walker.go("/account/second-step")
    page.fill("#passkey_name", "iPhone")
    page.click("button.passkey")
    page.wait_for_selector("#recovery")
    walker.look()
    walker.axe()

    page.goto(f"{url}/account")
    page.click("form[action='/account/sessions/end-all'] button")
    page.wait_for_url("**/sign-in")
    walker.look()
    walker.axe()
    page.fill("#email", address)
    page.fill("#password", SECRET)
    page.click(".gate .btn[type='submit']")
    page.wait_for_url("**/sign-in/second-step")
    walker.look()
    page.click("button.passkey")
    page.wait_for_url("**/orders")

    walker.go("/account")
    page.click("form[action='/account/sessions/end-all'] button")
    page.wait_for_url("**/sign-in")
    page.click("button.passkey")
    page.wait_for_url("**/orders")
    context.close()
    assert not walker.faults, "\n".join(dict.fromkeys(walker.faults))
