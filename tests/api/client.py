"""A client straight on ASGI: every answer of `/v1` is checked against the OpenAPI document on its way to the test."""

import asyncio
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import count
from typing import Any
from urllib.parse import quote

import jsonschema_rs
import msgspec
from starlette.types import ASGIApp

from fairhold.api import openapi

KEY = "operator-key-of-the-tests-0123456789"
BOUNDARY = b"a-boundary-of-the-tests"
_keys = count(1)


def part(content: bytes, name: str = "file", filename: str | None = "photo.jpg") -> bytes:
    """A part of a form: a file, or without a file name a text."""
    named = f'form-data; name="{name}"' + (f'; filename="{filename}"' if filename is not None else "")
    kind = "\r\nContent-Type: text/html" if filename is not None else ""
    return b"--" + BOUNDARY + f"\r\nContent-Disposition: {named}{kind}\r\n\r\n".encode() + content + b"\r\n"


@dataclass(frozen=True)
class Response:
    """An answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        return str(self.json["code"])

    @property
    def field(self) -> str | None:
        found = self.json.get("field")
        return None if found is None else str(found)


@cache
def _description() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(msgspec.json.encode(openapi.document()))
    return found


@cache
def _operations() -> list[tuple[str, re.Pattern[str], dict[str, Any]]]:
    return [
        (method.upper(), re.compile(re.sub(r"{\w+}", "[^/]+", path.replace("{sku}", ".+"))), operation)
        for path, methods in _description()["paths"].items()
        for method, operation in methods.items()
    ]


@cache
def _validator(reference: str) -> Any:
    schema = {"$ref": reference, "components": _description()["components"]}
    return jsonschema_rs.Draft202012Validator(schema)


def check_against_openapi(method: str, path: str, response: Response) -> None:
    """Fail when the description does not know this answer."""
    method = "GET" if method == "HEAD" else method
    operation = next((o for m, p, o in _operations() if m == method and p.fullmatch(path)), None)
    if operation is None or response.status == 405:
        reference = "#/components/schemas/ProblemOut"
        assert response.status in (401, 404, 405)
    else:
        described = operation["responses"].get(str(response.status))
        assert described is not None, f"{method} {path} answered {response.status}: {response.body!r}"
        if "$ref" in described:
            described = _description()["components"]["responses"][described["$ref"].rpartition("/")[2]]
        if "content" not in described:
            assert response.body == b""
            return
        [(media_type, content)] = described["content"].items()
        assert response.headers["content-type"] == media_type
        if content["schema"].get("format") == "binary":
            return
        reference = content["schema"]["$ref"]
    if response.body:
        _validator(reference).validate(response.json)


def check_against_schema(name: str, value: Any) -> None:
    """Fail when this is not what the description calls so."""
    _validator(f"#/components/schemas/{name}").validate(value)


class Client:
    """Sends requests for one person; commands get an idempotency key unless told otherwise."""

    def __init__(self, app: ASGIApp, runner: asyncio.Runner, actor: str | None = None, key: str | None = KEY) -> None:
        self.app = app
        self.runner = runner
        self.actor = actor
        self.key = key

    def by(self, actor: str | None, *, key: str | None = KEY) -> "Client":
        """The same for another person."""
        return Client(self.app, self.runner, actor, key)

    def get(self, url: str, **headers: str) -> Response:
        return self.send("GET", url, headers=headers)

    def post(self, url: str, body: Any = None, *, idempotency: str | None = "new", **headers: str) -> Response:
        """POST `body` as JSON; bytes go as they are. A new idempotency key each time, or that one, or none."""
        if idempotency is not None:
            headers["idempotency_key"] = f"key-{next(_keys)}" if idempotency == "new" else idempotency
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        return self.send("POST", url, [raw], {"content_type": "application/json", **headers})

    def upload(self, content: bytes, filename: str = "photo.jpg", **headers: str) -> Response:
        """POST a file to `/v1/photos`, as a browser's form would."""
        return self.form([part(content, filename=filename)], **headers)

    def form(self, parts: Iterable[bytes], **headers: str) -> Response:
        """POST a form of these parts to `/v1/photos`."""
        body = b"".join(parts) + b"--" + BOUNDARY + b"--\r\n"
        pieces = [body[start : start + 65_536] for start in range(0, len(body), 65_536)]
        declared = f"multipart/form-data; boundary={BOUNDARY.decode()}"
        return self.send("POST", "/v1/photos", pieces, {"content_type": declared, **headers})

    def send(
        self, method: str, url: str, pieces: Iterable[bytes] = (b"",), headers: dict[str, str] | None = None
    ) -> Response:
        """Any request; header names are written with underscores."""
        named = {name.replace("_", "-"): value for name, value in (headers or {}).items()}
        if self.key is not None:
            named.setdefault("authorization", f"Bearer {self.key}")
        if self.actor is not None:
            named.setdefault("fairhold-actor", self.actor)
        path, _, query = url.partition("?")
        return self._checked(method, path, query, list(pieces), named)

    def get_at(self, path: str, query: str = "", **headers: str) -> Response:
        """GET at a path as the server has decoded it: whatever characters it has are the path's own. Without a key."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._checked("GET", path, query, [b""], named)

    def _checked(self, method: str, path: str, query: str, pieces: list[bytes], named: dict[str, str]) -> Response:
        response = self.runner.run(self._send(method, path, query, pieces, named))
        if path.startswith("/v1"):
            check_against_openapi(method, path, response)
        return response

    async def _send(self, method: str, path: str, query: str, pieces: list[bytes], headers: dict[str, str]) -> Response:
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": quote(path).encode(),
            "root_path": "",
            "query_string": query.encode(),
            "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers.items()],
            "server": ("test", 80),
            "client": ("127.0.0.1", 1),
            "state": {},
        }
        waiting = [
            {"type": "http.request", "body": piece, "more_body": position < len(pieces) - 1}
            for position, piece in enumerate(pieces)
        ]
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return waiting.pop(0) if waiting else {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(dict(message))

        await self.app(scope, receive, send)
        start, *rest = sent
        return Response(
            start["status"],
            {name.decode(): value.decode("latin-1") for name, value in start["headers"]},
            b"".join(message.get("body", b"") for message in rest),
        )
