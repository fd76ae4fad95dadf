"""What every answer of the pages must carry, and what no page may hold."""

from __future__ import annotations

import re

import httpx2

EMBEDDED = ("/embed/",)
"""What other sites may show in frames and load."""
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*application/ld\+json)|<style|\sstyle=|\son\w+=|javascript:", re.IGNORECASE
)
OTHER_SITE = re.compile(r'<(?:script|link|img|iframe|form|use)\b[^>]*\b(?:src|href|action)="(?:https?:)?//')


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
        found = [*INLINE.findall(answer.text), *OTHER_SITE.findall(answer.text)]
        assert not found, f"{path}: {found}"


def stays_here(answer: httpx2.Response) -> None:
    """Fail where a redirection leads to another site."""
    where = answer.headers.get("location")
    assert where is None or re.match(r"/(?![/\\])", where), where


def cookies_of(answer: httpx2.Response) -> list[str]:
    """The cookies that an answer sets, in lower case."""
    return [cookie.lower() for cookie in answer.headers.get_list("set-cookie")]
