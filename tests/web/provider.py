"""A small OpenID Connect provider over real HTTP: says what it is told to say, truly or not."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

CLIENT, PASSWORD = "fairhold", "s3cret/with+signs"


@dataclass
class FakeProvider:
    """What it says, and what it was asked."""

    url: str = ""
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "one", "use": "sig"}))
    published: list[Any] = field(default_factory=list)
    claims: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, tuple[int, Any]] = field(default_factory=dict)
    discovery: dict[str, Any] = field(default_factory=dict)
    header: dict[str, str] = field(default_factory=lambda: {"alg": "ES256", "kid": "one"})
    signs_with: Any = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def code(self, address: str) -> dict[str, str]:
        """Somebody signs in at the address to which the browser was sent; what it comes back with."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return {"state": asked["state"], "code": code, "iss": self.url}

    def token(self, asked: dict[str, str]) -> str:
        now = int(time.time())
        said = {"iss": self.url, "aud": CLIENT, "sub": "ann", "exp": now + 300, "iat": now, "nonce": asked["nonce"]}
        said |= {"name": "Анна", "email": "ann@example.org", "email_verified": True}
        said = {name: value for name, value in (said | self.claims).items() if value is not None}
        return jwt.encode(dict(self.header), said, self.signs_with or self.key, algorithms=["ES256", "HS256", "none"])

    def answer(self, path: str, body: str, authorization: str) -> tuple[int, Any]:
        self.asked.append(path)
        if path in self.answers:
            return self.answers[path]
        if path == "/.well-known/openid-configuration":
            found = {name: f"{self.url}/{name}" for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
            return 200, {
                "issuer": self.url,
                "authorization_response_iss_parameter_supported": True,
            } | found | self.discovery
        if path == "/jwks_uri":
            return 200, {"keys": [key.as_dict(private=False) for key in self.published or [self.key]]}
        given = {name: values[0] for name, values in parse_qs(body).items()}
        expected = self.codes.pop(given.get("code", ""), None)
        who = b64decode(authorization.partition(" ")[2]).decode().split(":")
        known = [unquote(part) for part in who] == [CLIENT, PASSWORD]
        if expected is None or not known or given.get("redirect_uri") != expected["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        proof = urlsafe_b64encode(hashlib.sha256(given["code_verifier"].encode()).digest()).rstrip(b"=").decode()
        if proof != expected["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": self.token(expected)}


@contextmanager
def provider() -> Iterator[FakeProvider]:
    fake = FakeProvider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.reply("")

        def do_POST(self) -> None:
            self.reply(self.rfile.read(int(self.headers["content-length"])).decode())

        def reply(self, body: str) -> None:
            status, said = fake.answer(urlsplit(self.path).path, body, self.headers.get("authorization", ""))
            encoded = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(encoded)))
            self.end_headers()
            self.wfile.write(encoded)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    fake.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def shared(text: str) -> OctKey:
    """A key of whoever knows a text: what a token must never be signed with."""
    return OctKey.import_key(text)
