"""A server process and a Chromium per worker; a fresh window per test, and what must hold on every page it saw."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

import httpx2
import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from fairhold.cli.demo.people import DIRECTORY
from fairhold.domain.actors import Role
from fairhold.web.sessions import COOKIE
from fairhold.web.visits import LANGUAGE_COOKIE
from tests.browser.served import Served, serving
from tests.browser.walker import DESK, Setting, Walker

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE_MS = 60_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser; a test on other screens and in another language than its first is slow."""
    seen = set()
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.browser)
            test = item.nodeid.partition("[")[0]
            if test in seen and "setting" in getattr(item, "fixturenames", ()):
                item.add_marker(pytest.mark.slow)
            seen.add(test)


@dataclass(frozen=True)
class Somebody:
    """A person of the sandbox's directory: the key to sign in with, and the id in orders."""

    key: str
    id: str


def _people(role: Role) -> list[Somebody]:
    return [Somebody(person.key, actor.id) for person in DIRECTORY for actor in person.actors[:1] if actor.role is role]


@dataclass(frozen=True)
class People:
    """Who is who."""

    buyer: Somebody
    seller: Somebody
    stranger: Somebody
    support: Somebody
    operator: Somebody


@pytest.fixture(scope="session")
def people() -> People:
    buyers = _people(Role.BUYER)
    sellers, support, operators = _people(Role.SELLER), _people(Role.SUPPORT), _people(Role.OPERATOR)
    return People(buyers[0], sellers[0], buyers[1], support[0], operators[0])


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("served"), FAIRHOLD_WEBHOOK_NETWORKS="127.0.0.0/8") as running:
        yield running


@contextmanager
def running(loop: asyncio.AbstractEventLoop | None) -> Iterator[None]:
    """Within, `loop` counts as the loop that runs in this thread.

    Playwright's synchronous interface keeps its loop running between two calls, so that no other test of this worker could
    run one of its own: between browser tests it is put aside.
    """
    before = asyncio._get_running_loop()
    asyncio._set_running_loop(loop)
    try:
        yield
    finally:
        asyncio._set_running_loop(before)


@dataclass(frozen=True)
class Driver:
    """The browser of a worker, and the loop that speaks to it."""

    browser: Browser
    loop: asyncio.AbstractEventLoop


@pytest.fixture(scope="session")
def driver(chromium: str) -> Iterator[Driver]:
    playwright = sync_playwright().start()
    loop = asyncio.get_running_loop()
    started = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
    asyncio._set_running_loop(None)
    yield Driver(started, loop)
    with running(loop):
        started.close()
        playwright.stop()


@pytest.fixture
def browser(driver: Driver) -> Iterator[Browser]:
    with running(driver.loop):
        yield driver.browser


Opening = Callable[..., Walker]


@pytest.fixture(scope="session")
def cookies(served: Served) -> Callable[[str], str]:
    """The session cookie of a person, signed in once: tests that are not about signing in need not do it again."""

    @cache
    def session(person: str) -> str:
        answer = httpx2.post(f"{served.url}/sign-in", data={"person": person}, timeout=60)
        assert answer.status_code == 303, f"{person} cannot sign in: {answer.status_code}"
        return answer.cookies[COOKIE]

    return session


@pytest.fixture
def opening(browser: Browser, served: Served, cookies: Callable[[str], str]) -> Iterator[Opening]:
    """Opens windows, of somebody who is signed in already or of a stranger; no page that they saw may have shown a fault."""
    contexts: list[BrowserContext] = []
    walkers: list[Walker] = []

    def window(setting: Setting | None = None, who: Somebody | None = None, *, like: Walker | None = None) -> Walker:
        setting = setting or (like.setting if like else Setting())
        if like is None:
            width, height = setting.screen
            context = browser.new_context(
                viewport={"width": width, "height": height},
                locale="ru-RU" if setting.language == "ru" else "en-GB",
                java_script_enabled=setting.scripts,
                color_scheme="dark" if setting.dark else "light",
                has_touch=setting.screen != DESK,
                reduced_motion="reduce",
            )
            context.set_default_timeout(PATIENCE_MS)
            contexts.append(context)
            known = {LANGUAGE_COOKIE: setting.language, **({COOKIE: cookies(who.key)} if who else {})}
            context.add_cookies([{"name": name, "value": value, "url": served.url} for name, value in known.items()])
        else:
            context = like.page.context
        walker = Walker(context.new_page(), served.url, setting)
        walkers.append(walker)
        return walker

    yield window
    for context in contexts:
        context.close()
    faults = [fault for walker in walkers for fault in walker.faults]
    assert not faults, "\n".join(dict.fromkeys(faults))
