"""`fairhold serve`."""

from contextlib import ExitStack
from typing import Annotated

from cyclopts import Parameter

from fairhold.cli.demo.people import DIRECTORY
from fairhold.cli.options import ServingOptions, settings_from
from fairhold.cli.serving import address, begin, listen, serve_until_stopped
from fairhold.cli.stopping import CLEAN, Stop
from fairhold.cli.stores import refuse_half_migrated
from fairhold.cli.terminal import say
from fairhold.store.urls import is_postgres
from fairhold.web.people import Directory
from fairhold.wiring import build

_DEFAULTS = ServingOptions()


def serve(
    *,
    host: Annotated[str, Parameter(help="The address to listen on; 0.0.0.0 for all.")] = "127.0.0.1",
    port: Annotated[int, Parameter(help="The port; 0 for any that is free.")] = 8000,
    workers: Annotated[int, Parameter(help="Processes. SQLite takes one.")] = 1,
    access_log: Annotated[bool, Parameter(help="Log every request.", negative="")] = False,
    options: ServingOptions = _DEFAULTS,
) -> int:
    """Serve the API and the pages.

    An empty database gets its tables first. SIGTERM or Ctrl-C stops the server gently: what was asked is answered, what
    was accepted is written.
    """
    settings = settings_from(options)
    if workers < 1:
        raise Stop(f"--workers {workers} would serve nothing.", "Leave it out, or give 1.")
    if workers > 1:
        if is_postgres(settings.database):
            raise Stop(
                f"This version serves with one process, not with {workers}.",
                "Start `fairhold serve` several times, each on a port of its own: they share the database.",
            )
        raise Stop(
            f"SQLite is written by one process, so {workers} workers cannot share {settings.database}.",
            "Leave --workers out: one process answers thousands of commands a second.",
        )
    refuse_half_migrated(settings)
    with ExitStack() as closing:
        listening = closing.enter_context(listen(host, port))
        app = build(settings)
        closing.callback(app.close)
        begin(app)
        url = address(listening)
        directory = DIRECTORY if settings.sandbox else Directory()
        serve_until_stopped(
            app, directory, listening, access_log=access_log, ready=lambda: say(f"Fairhold serves {url}")
        )
    return CLEAN
