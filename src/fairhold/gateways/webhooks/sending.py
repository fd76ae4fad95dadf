"""POSTs webhooks with httpcore: no redirect is followed, no proxy asked, no connection kept, and of an answer little is read."""

import ssl
import time
from collections.abc import Mapping, Sequence
from functools import cached_property
from ipaddress import ip_address
from urllib.parse import urlsplit

import httpcore2
import httpx2

from fairhold.engine.ports.webhook_sending import Answered, Trouble, UnusableUrl
from fairhold.engine.ports.webhooks import LONGEST_URL
from fairhold.gateways.webhooks.addresses import Network, may_be_called
from fairhold.gateways.webhooks.connecting import Connector, NoAddress, NotPublic

WHOLE_SECONDS = 15.0
"""Looking up, connecting, sending and hearing the answer, all together."""
MOST_BYTES = 2048
"""So much of an answer's body is read, and then the line is cut."""
_RESPONSE = 500
_LATE = (httpcore2.ConnectTimeout, httpcore2.ReadTimeout, httpcore2.WriteTimeout, httpcore2.PoolTimeout)
_WEB_PORTS = (80, 443)


class HttpSender:
    """Sends to public addresses, and to those `allowed`; over plain HTTP only where `plain`."""

    def __init__(
        self,
        *,
        plain: bool = False,
        allowed: Sequence[Network] = (),
        trust: ssl.SSLContext | None = None,
        seconds: float = WHOLE_SECONDS,
    ) -> None:
        self._plain = plain
        self._allowed = tuple(allowed)
        self._given_trust = trust
        self._seconds = seconds

    @cached_property
    def _trust(self) -> ssl.SSLContext:
        return self._given_trust or ssl.create_default_context()

    def judge(self, url: str) -> UnusableUrl | None:
        """Why nothing can be sent there, as far as the text alone tells."""
        if len(url) > LONGEST_URL:
            return UnusableUrl.TOO_LONG
        parsed = _parsed(url)
        if parsed is None:
            return UnusableUrl.MALFORMED
        if parsed.scheme not in ("http", "https"):
            return UnusableUrl.NOT_HTTPS
        if parsed.userinfo:
            return UnusableUrl.WITH_PASSWORD
        if parsed.fragment or "#" in url:
            return UnusableUrl.WITH_FRAGMENT
        if parsed.port is not None and parsed.port < 1024 and parsed.port not in _WEB_PORTS:
            return UnusableUrl.PORT
        if self._is_private(parsed.host):
            return UnusableUrl.PRIVATE
        return UnusableUrl.NOT_HTTPS if parsed.scheme == "http" and not self._plain else None

    def _is_private(self, host: str) -> bool:
        """Whether the host is written as an address that may not be called, or as this machine's own name."""
        name = host.rstrip(".").lower()
        if name == "localhost" or name.endswith(".localhost"):
            return not may_be_called("127.0.0.1", self._allowed)
        try:
            ip_address(name)
        except ValueError:
            return False
        return not may_be_called(name, self._allowed)

    def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Answered:
        """POST this once. Blocks for some seconds at most; raises nothing for what the other side does."""
        parsed = _parsed(url)
        if parsed is None or self.judge(url) is not None:
            return Answered(Trouble.UNUSABLE_URL)
        target = httpcore2.URL(scheme=parsed.raw_scheme, host=parsed.raw_host, port=parsed.port, target=parsed.raw_path)
        own = {"host": parsed.netloc.decode("ascii"), "content-length": str(len(body)), "accept-encoding": "identity"}
        connector = Connector(time.monotonic() + self._seconds, self._allowed)
        try:
            with (
                httpcore2.ConnectionPool(
                    ssl_context=self._trust, max_keepalive_connections=0, network_backend=connector
                ) as pool,
                pool.stream("POST", target, headers=list((own | dict(headers)).items()), content=body) as response,
            ):
                return _answered(response)
        except NotPublic:
            return Answered(Trouble.PRIVATE_ADDRESS)
        except NoAddress:
            return Answered(Trouble.NO_ADDRESS)
        except _LATE:
            return Answered(Trouble.TOO_SLOW)
        except ssl.SSLError:
            return Answered(Trouble.NO_TRUST)
        except httpcore2.ConnectError:
            return Answered(Trouble.NO_CONNECTION)
        except httpcore2.RemoteProtocolError as error:
            early = "disconnected" in str(error)
            return Answered(Trouble.CLOSED_EARLY if early else Trouble.UNREADABLE)
        except (httpcore2.ReadError, httpcore2.WriteError):
            return Answered(Trouble.CLOSED_EARLY)
        except (httpcore2.NetworkError, httpcore2.ProtocolError):
            return Answered(Trouble.UNREADABLE)


def _answered(response: httpcore2.Response) -> Answered:
    """The status decides. The beginning of the body is for whoever looks for the cause; without it goes, too."""
    status = response.status
    trouble = None if 200 <= status < 300 else Trouble.REDIRECTED if 300 <= status < 400 else Trouble.STATUS
    headers = {name.lower(): value for name, value in response.headers}
    after = headers.get(b"retry-after", b"").decode("latin-1")
    seconds = int(after) if after.isascii() and after.isdigit() and len(after) <= 9 else None
    return Answered(trouble, status, _beginning(response), seconds if status in (429, 503) else None)


def _beginning(response: httpcore2.Response) -> str:
    read = b""
    try:
        for piece in response.iter_stream():
            read += piece
            if len(read) >= MOST_BYTES:
                break
    except (*_LATE, httpcore2.NetworkError, httpcore2.ProtocolError, ssl.SSLError):
        pass  # what has come is enough
    return read[:MOST_BYTES].decode("utf-8", "replace").replace("\0", "\ufffd")[:_RESPONSE]


def _parsed(url: str) -> httpx2.URL | None:
    """The parts of a URL, its host as name servers know it; None where it is none."""
    if not url.isprintable() or any(sign.isspace() or sign == "\\" for sign in url):
        return None
    try:
        # What readers of URLs read differently is sent nowhere.
        urlsplit(url)
        parsed = httpx2.URL(url)
        fits = parsed.port is None or 0 < parsed.port < 65_536
        # A name that is none of IDNA's is found out only when it is asked for.
        whole = bool(parsed.scheme and parsed.host and parsed.raw_host and parsed.netloc)
    except (httpx2.InvalidURL, ValueError):
        return None
    return parsed if whole and fits else None
