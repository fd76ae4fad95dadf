"""What a web server in front says about the scheme and the caller, at a real server."""

from __future__ import annotations

import urllib.request
from pathlib import Path

import pytest

from tests.cli.test_serving import program, url_of

FORWARDED = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7"}


@pytest.mark.parametrize(("trusted", "by_tls"), [("", False), ("203.0.113.0/24", False), ("127.0.0.1", True)])
def test_what_a_proxy_says_counts_where_it_is_trusted_and_nowhere_else(
    folder: Path, trusted: str, by_tls: bool
) -> None:
    settings = {"FAIRHOLD_TRUSTED_PROXIES": trusted} if trusted else {}
    with program(folder, "serve", "--port", "0", FAIRHOLD_SANDBOX="1", **settings) as process:
        url = url_of(process)
        for path in ("/", "/v1/heads"):
            with urllib.request.urlopen(
                urllib.request.Request(f"{url}{path}", headers=FORWARDED), timeout=30
            ) as answer:
                assert ("Strict-Transport-Security" in answer.headers) == by_tls
