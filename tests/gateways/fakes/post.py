"""A mail server on this machine, on a port that is its own from the start."""

import socket
from asyncio import AbstractServer
from collections.abc import Awaitable
from typing import Any

from aiosmtpd.controller import Controller

STARTS_WITHIN = 60.0


class Post(Controller):
    """Start it, and stop it in any case."""

    def __init__(self, handler: object, **options: Any) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        port = self._listening.getsockname()[1]
        super().__init__(handler, hostname="127.0.0.1", port=port, ready_timeout=STARTS_WITHIN, **options)

    def _create_server(self) -> Awaitable[AbstractServer]:
        return self.loop.create_server(self._factory_invoker, sock=self._listening, ssl=self.ssl_context)
