"""The marketplace's sign-in by OpenID Connect: discovery, the code's redemption, and the checks of the ID token.

OpenID Connect Core 1.0, 3.1; Discovery 1.0; PKCE (RFC 7636); the issuer in the answer (RFC 9207). Only signatures with a
published key are taken: a shared secret would let whoever reads our settings make tokens.
"""

import hashlib
import threading
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hmac import compare_digest
from time import monotonic
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import httpx2
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet, import_key

from fairhold.domain.instants import SECOND
from fairhold.engine.installation.clock import Clock
from fairhold.engine.outside.identity import Claims, ProviderAway, ProviderRefused, Request
from fairhold.engine.ports.mail_addresses import read_address

ALGORITHMS = ("RS256", "ES256", "PS256", "RS384", "ES384", "PS384", "RS512", "ES512", "PS512", "Ed25519", "EdDSA")
_KINDS = ("RSA", "EC", "OKP")
SECONDS = 8.0
"""How long one answer may take."""
LONGEST = 200_000
KEPT_SECONDS = 3600.0
AWAY_SECONDS = 5.0
"""For how long a provider that did not answer counts as away: whoever asks for its sign-in would hold a thread each."""
TURN_SECONDS = 1.0
"""How long one request waits while another asks the provider about itself."""
KEYS_AGAIN_SECONDS = 60.0
"""How soon keys may be asked for again because a token names one that we do not know."""
LEEWAY_SECONDS = 60
OLDEST_SECONDS = 600
"""How long ago a token may have been made: it comes straight from the provider."""


class OidcProvider:
    """One provider. `person_claim` names the claim that is the marketplace's own id of a person."""

    def __init__(
        self,
        issuer: str,
        client: tuple[str, str],
        clock: Clock,
        *,
        scopes: str = "openid profile email",
        person_claim: str = "sub",
    ) -> None:
        self._issuer = issuer
        self._id, self._secret = client
        self._clock = clock
        self._scopes = scopes
        self._person_claim = person_claim
        self._client = httpx2.Client(timeout=SECONDS, follow_redirects=False)
        self._lock = threading.Lock()
        self._found: dict[str, Any] = {}
        self._found_at = -KEPT_SECONDS
        self._away_at = -AWAY_SECONDS
        self._keys: KeySet | None = None
        self._keys_at = -KEPT_SECONDS

    def address(self, request: Request) -> str:
        """Where the browser is sent."""
        challenge = urlsafe_b64encode(hashlib.sha256(request.verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "response_type": "code",
            "client_id": self._id,
            "redirect_uri": request.redirect,
            "scope": self._scopes,
            "state": request.state,
            "nonce": request.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        place = self._place("authorization_endpoint")
        return f"{place}{'&' if urlsplit(place).query else '?'}{urlencode(asked, quote_via=quote)}"

    def redeem(self, request: Request, code: str, issuer: str | None) -> Claims:
        """Who came back with this code."""
        found = self._discovered()
        if issuer is not None and issuer != self._issuer:
            raise ProviderRefused("the answer is from another issuer")
        if issuer is None and found.get("authorization_response_iss_parameter_supported") is True:
            raise ProviderRefused("the answer does not say from whom it is")
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": request.redirect,
            "code_verifier": request.verifier,
        }
        auth: tuple[str, str] | None = None
        if "client_secret_basic" in found.get("token_endpoint_auth_methods_supported", ["client_secret_basic"]):
            auth = (quote(self._id, safe=""), quote(self._secret, safe=""))
        else:
            form |= {"client_id": self._id, "client_secret": self._secret}
        answer = self._asked("POST", self._place("token_endpoint"), data=form, auth=auth)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise ProviderRefused("the answer has no ID token")
        return self._read(token, request.nonce)

    def _read(self, token: str, nonce: str) -> Claims:
        said = self._checked(token)
        audience = said.get("aud")
        parties = [audience] if isinstance(audience, str) else audience
        if not isinstance(parties, list) or self._id not in parties:
            raise ProviderRefused("the token is for somebody else")
        if said.get("azp", self._id) != self._id or (len(parties) > 1 and "azp" not in said):
            raise ProviderRefused("the token was given to somebody else")
        if said.get("iss") != self._issuer:
            raise ProviderRefused("the token is from another issuer")
        own = said.get("nonce")
        if not isinstance(own, str) or not compare_digest(own.encode(), nonce.encode()):
            raise ProviderRefused("the token was made for another sign-in")
        self._timely(said)
        subject, person = said.get("sub"), said.get(self._person_claim)
        if not isinstance(subject, str) or not 0 < len(subject) <= 255 or not isinstance(person, str | int):
            raise ProviderRefused("the token does not say who it is")
        email = said.get("email") if said.get("email_verified") is True else None
        names = (said.get(claim) for claim in ("name", "preferred_username", "nickname"))
        name = next((one for one in names if isinstance(one, str) and one.strip()), "")
        read = read_address(email) if isinstance(email, str) else None
        return Claims(self._issuer, subject, str(person), name, read)

    def _timely(self, said: Mapping[str, Any]) -> None:
        now = self._clock.now() // SECOND
        for claim in ("exp", "iat"):
            if isinstance(said.get(claim), bool) or not isinstance(said.get(claim), int | float):
                raise ProviderRefused(f"the token has no {claim}")
        if said["exp"] <= now - LEEWAY_SECONDS:
            raise ProviderRefused("the token's time is over")
        if not now - OLDEST_SECONDS - LEEWAY_SECONDS <= said["iat"] <= now + LEEWAY_SECONDS:
            raise ProviderRefused("the token is from another time")

    def _checked(self, token: str) -> dict[str, Any]:
        """What a token says whose signature holds."""
        try:
            return self._decoded(token, self._published())
        except ProviderRefused:
            # It may be signed with a key that was published since; asked for again at most once a minute.
            if monotonic() - self._keys_at < KEYS_AGAIN_SECONDS:
                raise
            return self._decoded(token, self._published(afresh=True))

    @staticmethod
    def _decoded(token: str, keys: KeySet) -> dict[str, Any]:
        try:
            return dict(jwt.decode(token, keys, algorithms=ALGORITHMS).claims)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise ProviderRefused(f"the token cannot be read: {type(error).__name__}") from error

    def _published(self, *, afresh: bool = False) -> KeySet:
        with self._turn():
            if self._keys is None or afresh or monotonic() - self._keys_at >= KEPT_SECONDS:
                read = self._asked("GET", self._place("jwks_uri", locked=True))
                keys = read.get("keys")
                usable = [key for one in keys if (key := _key(one)) is not None] if isinstance(keys, list) else []
                if not usable:
                    raise ProviderAway("its keys cannot be read")
                self._keys = KeySet(usable)
                self._keys_at = monotonic()
            return self._keys

    def _discovered(self, *, locked: bool = False) -> dict[str, Any]:
        if locked:
            return self._discover()
        with self._turn():
            return self._discover()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._lock.acquire(timeout=TURN_SECONDS):
            raise ProviderAway("it has not answered another yet")
        try:
            yield
        finally:
            self._lock.release()

    def _discover(self) -> dict[str, Any]:
        if not self._found or monotonic() - self._found_at >= KEPT_SECONDS:
            if monotonic() - self._away_at < AWAY_SECONDS:
                raise ProviderAway("it did not answer a moment ago")
            try:
                read = self._asked("GET", f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
                if read.get("issuer") != self._issuer:
                    raise ProviderAway("it calls itself by another name")
            except ProviderAway:
                self._away_at = monotonic()
                raise
            self._found, self._found_at = read, monotonic()
        return self._found

    def _place(self, name: str, *, locked: bool = False) -> str:
        place = self._discovered(locked=locked).get(name)
        if not isinstance(place, str) or urlsplit(place).scheme not in ("http", "https"):
            raise ProviderAway(f"it names no {name}")
        if urlsplit(place).scheme == "http" and urlsplit(self._issuer).scheme == "https":
            raise ProviderAway(f"its {name} is not behind TLS")
        return place

    def _asked(self, method: str, url: str, **more: Any) -> dict[str, Any]:
        try:
            with self._client.stream(method, url, headers={"accept": "application/json"}, **more) as answer:
                body = b""
                for piece in answer.iter_bytes():
                    body += piece
                    if len(body) > LONGEST:
                        raise ProviderAway("it answers too much")
                status = answer.status_code
        except httpx2.HTTPError as error:
            raise ProviderAway(type(error).__name__) from error
        if 400 <= status < 500 and method == "POST":
            raise ProviderRefused(f"it answers {status}")
        if status != 200:
            raise ProviderAway(f"it answers {status}")
        try:
            read = httpx2.Response(200, content=body).json()
        except (ValueError, RecursionError) as error:
            raise ProviderAway("its answer is no JSON") from error
        if not isinstance(read, dict):
            raise ProviderAway("its answer is no object")
        return read


def _key(published: object) -> Key | None:
    """A published key that can have signed a token; what we do not know stands beside those that we do."""
    if not isinstance(published, dict) or published.get("kty") not in _KINDS or published.get("use") == "enc":
        return None
    try:
        return import_key(published)
    except (JoseError, ValueError, TypeError, KeyError):
        return None
