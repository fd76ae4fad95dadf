"""A whole Fairhold behind one port: API and pages, served until it is told to stop, without losing a command."""

import logging
import signal
import socket
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

import structlog
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import ASGIApp

from fairhold.api.app import face
from fairhold.cli.crowding import MOST_COMMANDS, Gate, refusing
from fairhold.cli.protocol import through
from fairhold.cli.stopping import Stop
from fairhold.engine.kernel.envelope import RETRY_SECONDS
from fairhold.engine.ports.store import StoreUnavailable
from fairhold.web.app import build_web
from fairhold.web.crowded import Crowded
from fairhold.web.people import Directory
from fairhold.web.shelves import Shelf
from fairhold.wiring import Application, site_of

_log = structlog.get_logger("fairhold.server")

GRACE_SECONDS = 30
"""How long requests that are under way may take once the server is told to stop."""
_BACKLOG = 2048
_LAST_PORT = 65_535


def faces(app: Application, directory: Directory, shop: tuple[Shelf, ...] = ()) -> ASGIApp:
    """Everything that `app` shows the world, as one ASGI application; when it ends, what was accepted is finished."""
    site = site_of(app, directory, shop)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        await app.stop()

    return face(app, Mount("/", build_web(site)), lifespan=lifespan)


def begin(app: Application, *, background: bool = True) -> None:
    """Start taking commands. Raises StoreUnavailable where no lane can be written, as while another server has the file.

    Of several databases those that answer are served; the log names the others.
    """
    app.start(background=False)
    for lane in app.engine.lanes:
        try:
            app.engine.on_writer(lambda writer: None, lane)
        except StoreUnavailable as error:
            _log.warning("lane cannot be written yet; the others are served", lane=lane, error=str(error))
    if background:
        app.start_background()


def listen(host: str, port: int) -> socket.socket:
    """The port, taken. Raises Stop."""
    if not 0 <= port <= _LAST_PORT:
        raise Stop(f"{port} is no port.", "Ports go from 0, which means any that is free, to 65535.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except PermissionError:
        raise Stop(f"Port {port} needs more rights than you have.", "Choose one above 1023: --port 8000") from None
    except (OSError, OverflowError) as error:
        raise Stop(
            f"Cannot listen on {host}, port {port}: {error}.", f"Try another: --port {port % 65535 + 1}"
        ) from None


def listen_together(host: str, port: int, workers: int) -> list[socket.socket]:
    """The port, taken by so many sockets among which the kernel deals out connections. Raises Stop."""
    # Sockets that share a port do not notice another server of the same account that does; one that does not share does.
    with listen(host, port) as probe:
        family, (address, free) = probe.family, probe.getsockname()[:2]
    try:
        return [
            socket.create_server((address, free), family=family, backlog=_BACKLOG, reuse_port=True)
            for _ in range(workers)
        ]
    except OSError as error:
        raise Stop(
            f"Cannot listen on {host}, port {free}: {error}.", f"Try another: --port {free % 65535 + 1}"
        ) from None


def address(listening: socket.socket) -> str:
    """The URL under which a person on this machine reaches the server."""
    host, port = listening.getsockname()[:2]
    if host in ("0.0.0.0", "::"):  # noqa: S104 - it listens there already
        host = "localhost"
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def serve_until_stopped(
    app: Application,
    directory: Directory,
    listening: socket.socket,
    *,
    shop: tuple[Shelf, ...] = (),
    access_log: bool = False,
    ready: Callable[[], None] = lambda: None,
) -> None:
    """Serve until SIGINT or SIGTERM: then take no new connection, answer what was asked, finish what was accepted."""
    if access_log:
        logging.basicConfig(format="%(message)s", level=logging.INFO, stream=sys.stderr)
    proxies = list(app.settings.trusted_proxies)
    gate = Gate(refusing(Crowded(RETRY_SECONDS)), commands=min(MOST_COMMANDS, app.settings.queue))
    config = uvicorn.Config(
        faces(app, directory, shop),
        http=through(gate),
        loop="uvloop",
        ws="none",
        lifespan="on",
        log_config=None,
        log_level="info" if access_log else "warning",
        access_log=access_log,
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    _Server(config, ready, app.chats.close).run(sockets=[listening])


class _Server(uvicorn.Server):
    """Uvicorn, ending as if nothing had happened when it is told to stop, and saying when it can be talked to, and no more."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None], stopping: Callable[[], None]) -> None:
        super().__init__(config)
        self._tell_ready = ready
        self._tell_stopping = stopping

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer."""
        await super().startup(sockets)
        if self.started:
            self._tell_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End: pages that follow something would otherwise be waited for."""
        self._tell_stopping()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take signals for the length of the run; uvicorn's own version would raise them once more at the end."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
