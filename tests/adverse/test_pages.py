"""Pages and forms with hostile addresses, parameters and fields, as everybody, on both stores: never a 500."""

from __future__ import annotations

import os
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import httpx2
import pytest

import fairhold
from fairhold.engine.installation.settings import Settings
from fairhold.wiring import build
from tests.databases import up_to_date
from tests.web.conftest import Market, forms
from tests.web.test_matrix import EVERYBODY, MEMBER, NAME, NOBODY, OWN, World, world_of

HANDLERS = Path(fairhold.__file__).parent / "web" / "handlers"
PARAMETERS = sorted(
    set(
        re.findall(
            r'query\("(\w+)"', "".join(path.read_text(encoding="utf-8") for path in sorted(HANDLERS.glob("*.py")))
        )
    )
)
"""Every parameter that some page looks at."""
HOSTILE = (
    *(
        "\0",
        "a\0b",
        "²/1/x/y",
        "1/--5/x/y",
        "1/1/a\0b/y",
        "9/9999999999999999999/x/y",
        "0",
        "-1",
        "9" * 400,
        "9" * 5000,
    ),
    *("1.\0", "9999999999999999999.x", "1~1~" + "a" * 20, "5~" + "9" * 19 + "~x", "9" * 19 + "~x", "1-" + "0" * 32),
    *(
        "'",
        '"><script>',
        "%00",
        "%zz",
        "../../etc/passwd",
        "//evil.example",
        "\ud7ff",
        "😀" * 50,
        "\u202e",
        "٣",
        "1e309",
    ),
    *("A" * 5000, "\r\nSet-Cookie: a=b", "{{7*7}}", "None", "true", "1,2;3", " ", "\u3000"),
)
ROUNDS = int(os.environ.get("FAIRHOLD_ROUNDS", "1"))
"""Hostile addresses of each page for each of its visitors, of whom there are so many, at random."""
VISITORS = 3
TOKENS = frozenset({"token", "key"})


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.slow])])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    if request.param == "sqlite":
        database = f"sqlite:///{up_to_date(tmp_path / 'pages.db')}"
    else:
        database = request.getfixturevalue("migrated")
    application = build(Settings(database=database, sandbox=True, secret="for-tests-only-1234567"))
    application.start(background=False)
    yield world_of(Market(application))
    application.close()


def patterns(world: World, method: str) -> list[str]:
    """Every address that is asked so; not those that move the clock, nor chats, which are followed without end."""
    left_out = ("clock", "stream", "events")
    return [path for one, path in world.routes if one == method and not any(word in path for word in left_out)]


def assert_no_bug(answer: httpx2.Response, *about: Any) -> None:
    assert answer.status_code < 500, (about, answer.status_code, answer.text[-1500:])


@pytest.mark.slow
def test_no_address_or_parameter_brings_a_500(world: World) -> None:
    chance = random.Random(0)
    for pattern in patterns(world, "GET"):
        for who in chance.sample(EVERYBODY, VISITORS):
            client = world.clients[who]
            for _ in range(ROUNDS):
                asked = {name: chance.choice(HOSTILE) for name in chance.sample(PARAMETERS, 6)}
                url = f"{world.path(pattern, OWN)}?{urlencode(asked)}"
                assert_no_bug(client.get(url, follow_redirects=False), who, url)
            if NAME.search(pattern):
                strange = NAME.sub(lambda _: quote(chance.choice(HOSTILE)[:200], safe=""), pattern)
                assert_no_bug(client.get(strange, follow_redirects=False), who, strange)


@pytest.mark.slow
def test_no_field_of_a_form_brings_a_500(world: World) -> None:
    chance = random.Random(0)
    tried = 0
    for pattern in patterns(world, "GET"):
        for who in chance.sample([one for one in EVERYBODY if one not in (NOBODY, MEMBER)], VISITORS):
            client = world.clients[who]
            page = client.get(world.path(pattern, OWN), follow_redirects=False)
            if page.status_code != 200 or "text/html" not in page.headers.get("content-type", ""):
                continue
            for form in forms(page.text)[-3:]:
                names = [name for name, _ in form.fields if name not in TOKENS]
                if not names or form.with_files or "clock" in form.action or "sign-" in form.action:
                    continue
                for name in chance.sample(names, min(2, len(names))):
                    fields = form.with_fields(**{name: chance.choice(HOSTILE)})
                    ask = {"params": fields} if form.method == "get" else {"data": dict(fields)}
                    answer = client.request(form.method.upper(), form.action, follow_redirects=False, **ask)
                    assert_no_bug(answer, who, form.action, name, dict(fields)[name])
                    tried += 1
    assert tried > 20


@pytest.mark.parametrize("length", ["²", "9" * 5000, "-1", "1e3"])
def test_a_length_that_is_no_number_is_too_large(world: World, length: str) -> None:
    answer = world.clients["buyer"].post(
        "/sign-out", content=b"a=b", headers={b"content-length": length.encode("latin-1")}
    )
    assert answer.status_code == 413


def test_a_place_in_the_support_queue_that_nobody_gave_is_the_beginning(world: World) -> None:
    for place in HOSTILE:
        answer = world.clients["support"].get(f"/support/chats?behind={quote(place)}")
        assert_no_bug(answer, place)
