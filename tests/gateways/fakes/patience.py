"""How long a client waits for a provider's fake: long, since the machine may be busy, but where no answer is to come."""

from collections.abc import Callable

import httpx2

LONG, SHORT = 30.0, 1.0
"""Seconds."""
SILENT_FOR = 10 * SHORT
"""So long is a fake silent before it answers after all: whoever waits shortly has gone, also where the machine is busy."""


def patient(client: httpx2.Client, silent: Callable[[], bool]) -> None:
    """Have it wait shortly for an answer as long as `silent` says that none is to come, and long otherwise."""

    def wait(request: httpx2.Request) -> None:
        patience = httpx2.Timeout(LONG, read=SHORT if silent() else LONG)
        request.extensions = {**request.extensions, "timeout": patience.as_dict()}

    client.event_hooks = {"request": [wait]}
