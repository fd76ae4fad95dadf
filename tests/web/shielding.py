"""What every answer of the pages must carry, and what no page may hold."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import httpx2

EMBEDDED = ("/embed/",)
"""What other sites may show in frames and load."""
FETCHES = frozenset({"script", "link", "img", "iframe", "form", "use", "source", "object", "embed"})


class Looker(HTMLParser):
    """Notes what no page may hold: scripts and styles in it, handlers, sources at another site."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one element."""
        has = dict(attrs)
        if tag == "style" or (tag == "script" and "src" not in has and has.get("type") != "application/ld+json"):
            self.found.append(f"<{tag}> with its content in the page")
        for name, value in attrs:
            where = (value or "").strip().lower()
            if name == "style" or name.startswith("on") or where.startswith("javascript:"):
                self.found.append(f"<{tag} {name}={value!r}>")
            if tag in FETCHES and name in ("src", "href", "action") and re.match(r"(?:https?:)?//", where):
                self.found.append(f"<{tag} {name}={value!r}> asks another site")


def shielded(answer: httpx2.Response) -> None:
    """Fail where an answer lacks a header, or a page has a script, a style or a source that the policy would refuse."""
    path, headers = answer.url.path, answer.headers
    policy = headers["content-security-policy"]
    assert "unsafe" not in policy, path
    assert "default-src" in policy, path
    assert headers["x-content-type-options"] == "nosniff", path
    assert headers["referrer-policy"] in ("same-origin", "no-referrer"), path
    assert "cache-control" in headers, path
    if path.startswith(EMBEDDED):
        assert headers["cross-origin-resource-policy"] in ("cross-origin", "same-origin"), path
    else:
        assert headers["x-frame-options"] == "DENY", path
        assert headers["cross-origin-opener-policy"] == "same-origin", path
        assert headers["cross-origin-resource-policy"] == "same-origin", path
        assert "camera=()" in headers["permissions-policy"], path
        if headers.get("content-type", "").startswith("text/html"):
            for directive in ("base-uri 'none'", "object-src 'none'", "frame-ancestors 'none'", "form-action 'self'"):
                assert directive in policy, path
    stays_here(answer)
    if headers.get("content-type", "").startswith("text/html"):
        looker = Looker()
        looker.feed(answer.text)
        assert not looker.found, f"{path}: {looker.found}"


def stays_here(answer: httpx2.Response) -> None:
    """Fail where a redirection leads to another site."""
    where = answer.headers.get("location")
    assert where is None or re.match(r"/(?![/\\])", where), where


def cookies_of(answer: httpx2.Response) -> list[str]:
    """The cookies that an answer sets, in lower case."""
    return [cookie.lower() for cookie in answer.headers.get_list("set-cookie")]
