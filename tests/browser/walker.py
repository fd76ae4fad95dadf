"""Somebody at a browser: goes through pages, and looks each of them over for what must hold on every page."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Locator, Page, Request

Language = Literal["ru", "en"]
PHONE, DESK, ZOOMED = (390, 844), (1280, 900), (320, 225)
"""A phone, a desktop screen, and that screen at 400 % zoom (CSS pixels)."""


@dataclass(frozen=True)
class Setting:
    """How somebody looks at pages."""

    language: Language = "ru"
    screen: tuple[int, int] = DESK
    scripts: bool = True
    dark: bool = False

    def __str__(self) -> str:
        size = {PHONE: "phone", DESK: "desk", ZOOMED: "zoom 400"}[self.screen]
        return f"{self.language}, {size}, {'scripts' if self.scripts else 'no scripts'}, {'dark' if self.dark else 'light'}"


@dataclass
class Walker:
    """One person's browser window. Faults that a page shows anywhere on the way are collected in `faults`."""

    page: Page
    url: str
    setting: Setting
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", self._watch_request)
        self.page.on("console", self._watch_console)
        self.page.on("pageerror", lambda error: self.faults.append(f"script error on {self.page.url}: {error}"))

    def _watch_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if f"{parts.scheme}://{parts.netloc}" != self.url and parts.scheme not in ("data", "blob"):
            self.faults.append(f"{self.page.url} asks another place: {request.url}")

    def _watch_console(self, message: ConsoleMessage) -> None:
        refused = "the server responded with a status of 4" in message.text
        if message.type in ("error", "warning") and not refused:
            self.faults.append(f"console on {self.page.url}: {message.text}")

    @property
    def path(self) -> str:
        """The path and query of the page."""
        parts = urlsplit(self.page.url)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path

    def sign_in(self, person: str) -> Walker:
        """Choose the language and become `person`, both as a person does."""
        self.page.goto(f"{self.url}/language/{self.setting.language}?next=/sign-in")
        self.look()
        self.page.locator(f'button[name="person"][value="{person}"]').click()
        self.page.wait_for_load_state()
        self.look()
        return self

    def go(self, path: str) -> Walker:
        """Open a page by its address and look it over."""
        self.page.goto(f"{self.url}{path}")
        self.look()
        return self

    def press(self, target: str | Locator) -> Walker:
        """Press something that leads to a page, and look that page over."""
        found = self.page.locator(target).first if isinstance(target, str) else target
        with self.page.expect_navigation():
            found.click()
        self.look()
        return self

    def wake(self) -> None:
        """Wait until the final button may be pressed: for a second it sleeps, where scripts run."""
        self.page.wait_for_selector(".btn--final:not([aria-disabled])")

    def stop_time(self) -> None:
        """Have no timer of the window fire any more until `page.clock` lets it."""
        self.page.clock.install()
        self.page.clock.pause_at(datetime.now(UTC) + timedelta(minutes=1))

    def look(self) -> None:
        """Note what no page may show: sideways scroll, small targets, another language, two main buttons."""
        for fault in self.page.evaluate(_LOOK, {"language": self.setting.language}):
            self.faults.append(f"{self.path} ({self.setting}): {fault}")

    def text(self) -> str:
        """What the page's main part says, with ordinary spaces."""
        return plain(self.page.locator("main").inner_text())

    def says(self, *texts: str) -> None:
        """Each of these stands on the page."""
        shown = self.text()
        missing = [text for text in texts if text not in shown]
        assert not missing, f"{self.path} does not say {missing}; it says:\n{shown}"

    def axe(self, only: str | None = None) -> None:
        """Note serious and critical findings of axe; `only` names a single rule."""
        options: dict[str, Any] = {"resultTypes": ["violations"]}
        if only:
            options["runOnly"] = {"type": "rule", "values": [only]}
        for found in Axe().run(self.page, options=options).response["violations"]:
            if found["impact"] in ("serious", "critical"):
                nodes = [
                    f"{node['html'][:160]}: {node['any'][0]['message'] if node['any'] else ''}"
                    for node in found["nodes"]
                ]
                self.faults.append(f"axe on {self.path} ({self.setting}): {found['id']}: {nodes[:3]}")


def plain(text: str) -> str:
    """`text` with every kind of space made an ordinary one."""
    return " ".join(text.split())


_LOOK = """({language}) => {
  const faults = [];
  const root = document.documentElement;
  if (root.lang !== language) faults.push(`the page is in ${root.lang}`);
  if (root.scrollWidth > root.clientWidth) {
    const wide = [...document.querySelectorAll("main *, header *, footer *")]
      .filter((one) => one.getBoundingClientRect().right > root.clientWidth + 1).slice(0, 3)
      .map((one) => one.outerHTML.slice(0, 120));
    faults.push(`scrolls sideways: ${root.scrollWidth} > ${root.clientWidth}: ${wide.join(" | ")}`);
  }
  const visible = (one) => one.getClientRects().length > 0 && getComputedStyle(one).visibility !== "hidden";
  const targets = "button, .btn, .input, select, summary, .pick__row, .tick, .nav a, .tabs a, .switch a, .crumb, .lang, .face";
  for (const one of document.querySelectorAll(targets)) {
    if (!visible(one) || one.closest(".sr")) continue;
    const box = one.getBoundingClientRect();
    if (box.height < 43.5 || box.width < 43.5) {
      faults.push(`a target of ${Math.round(box.width)}x${Math.round(box.height)}: ${one.outerHTML.slice(0, 120)}`);
    }
  }
  const main = [...document.querySelectorAll("main .btn--main")].filter(visible);
  if (main.length > 1) faults.push(`${main.length} main buttons`);
  if (document.querySelectorAll("main h1").length !== 1) faults.push("not exactly one h1");
  if (/%\\([a-z]+\\)[sd]|undefined|None\\b/.test(document.body.innerText)) faults.push("a text that was not filled in");
  for (const one of document.querySelectorAll("[style], script:not([src]):not([type='application/ld+json']), style")) {
    faults.push(`inline style or script: ${one.outerHTML.slice(0, 80)}`);
  }
  return faults;
}"""
