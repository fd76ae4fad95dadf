"""People with accounts on the pages of a house that is no sandbox, and the letters that they get."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pyotp
import pytest
from argon2 import PasswordHasher
from starlette.testclient import TestClient

from fairhold.domain.actors import Role
from fairhold.engine.accounts import passwords
from fairhold.engine.installation.settings import Settings
from fairhold.engine.ports.accounts import Account
from fairhold.wiring import Application, asgi, build
from tests.databases import up_to_date
from tests.web.conftest import Visitor, form_to

URL = "https://safe.example"
QUEUED = "SELECT key, template, recipient, language, content FROM mail ORDER BY not_before, key"
SECRET = "correct horse battery"


@dataclass
class House:
    """A house, its visitors and its letters."""

    application: Application
    count: int = 0
    seen: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.asgi = asgi(self.application)

    def visitor(self, language: str = "en", address: str = "203.0.113.7", url: str = URL) -> Visitor:
        client = TestClient(self.asgi, base_url=url, headers={"Accept-Language": language}, client=(address, 50000))
        return Visitor(client)

    def letters(self) -> list[dict[str, object]]:
        """What has been queued since the last look: template, address and values."""
        rows = self.application.store.tables().rows(
            "SELECT key, template, recipient, language, content FROM mail ORDER BY not_before, key"
        )
        found = []
        for key, template, to, language, values in rows:
            if key not in self.seen:
                self.seen.add(key)
                found.append({"template": template, "to": to, "language": language, **json.loads(values)})
        return found

    def link(self) -> str:
        """The path of the link in the only letter since the last look."""
        [letter] = self.letters()
        url = str(letter["url"])
        assert url.startswith(f"{URL}/")
        return url.removeprefix(URL)

    def sign_up(
        self, email: str = "ann@example.org", name: str = "Анна", password: str = SECRET, **more: str
    ) -> Visitor:
        visitor = self.visitor()
        assert visitor.send(form_to(visitor.get("/sign-up"), "/sign-up"), email=email).status_code == 200
        form = form_to(visitor.get(self.link()), "/sign-up/confirm")
        answer = visitor.send(form, name=name, password=password, **more)
        assert answer.status_code == 200, answer.text
        return visitor

    def account(self, email: str = "ann@example.org") -> Account:
        found = self.application.members.accounts.by_email(email)
        assert found is not None
        return found

    def employ(self, *roles: Role, email: str = "ann@example.org") -> None:
        """Give the account these roles, as the operator does on the command line."""
        self.application.members.accounts.set_roles(self.account(email), roles)


def sign_in(visitor: Visitor, email: str = "ann@example.org", password: str = SECRET, **more: str) -> httpx2.Response:
    page = visitor.get("/sign-in")
    return visitor.send(form_to(page, "/sign-in/password"), email=email, password=password, **more)


def with_second_step(visitor: Visitor) -> Visitor:
    """Somebody who is signed in adds an app for codes, which also proves them for this session."""
    page = visitor.get("/account/second-step/app")
    secret = "".join(re.findall(r'<span class="nb">([A-Z2-7]{4})</span>', page))
    assert visitor.send(form_to(page, "/second-step/app"), code=pyotp.TOTP(secret).now()).status_code == 200
    return visitor


def main(text: str) -> str:
    """The page without what surrounds it, such as the time of day, and without challenges, which are new each time."""
    inside = text.partition("<main")[2].partition("</main>")[0]
    return re.sub(r'data-options="[^"]*"|name="challenge" value="[^"]*"', "", inside)


def heading(text: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", text, re.DOTALL)
    return found[1].strip() if found else ""


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    # Passwords are hashed as cheaply as Argon2 goes: what is tested here is not how long that takes.
    monkeypatch.setattr(passwords, "PARAMETERS", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    database = up_to_date(tmp_path / "house.db")
    settings = Settings(database=f"sqlite:///{database}", secret="for-tests-only-1234567", url=URL)
    application = build(settings)
    application.start(background=False)
    yield House(application)
    application.close()
