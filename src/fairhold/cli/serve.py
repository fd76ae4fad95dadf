"""`fairhold serve`."""

import socket
from collections.abc import Callable
from contextlib import ExitStack
from contextlib import closing as closing_
from typing import Annotated

from cyclopts import Parameter

from fairhold.cli.demo.people import DIRECTORY
from fairhold.cli.figures import Figures
from fairhold.cli.options import ServingOptions, settings_from
from fairhold.cli.serving import address, begin, listen, listen_together, serve_until_stopped
from fairhold.cli.stopping import CLEAN, Stop
from fairhold.cli.stores import refuse_half_migrated
from fairhold.cli.terminal import say
from fairhold.cli.workers import Workers
from fairhold.engine.installation.settings import Settings
from fairhold.store import open_store
from fairhold.store.urls import is_postgres
from fairhold.web.people import Directory
from fairhold.wiring import Application, build

_DEFAULTS = ServingOptions()
MOST_WORKERS = 64


def serve(
    *,
    host: Annotated[str, Parameter(help="The address to listen on; 0.0.0.0 for all.")] = "127.0.0.1",
    port: Annotated[int, Parameter(help="The port; 0 for any that is free.")] = 8000,
    workers: Annotated[int, Parameter(help="Processes behind the port: about one a processor. SQLite takes one.")] = 1,
    access_log: Annotated[bool, Parameter(help="Log every request.", negative="")] = False,
    options: ServingOptions = _DEFAULTS,
) -> int:
    """Serve the API and the pages.

    An empty database gets its tables first. SIGTERM or Ctrl-C stops the server gently: what was asked is answered, what
    was accepted is written. With several workers a parent keeps them running: it starts another for one that died.
    """
    settings = settings_from(options)
    if workers < 1:
        raise Stop(f"--workers {workers} would serve nothing.", "Leave it out, or give 1.")
    if workers > MOST_WORKERS:
        raise Stop(f"--workers {workers} is more than {MOST_WORKERS}.", "About one for each processor is enough.")
    if workers > 1 and not is_postgres(settings.database):
        raise Stop(
            f"SQLite is written by one process, so {workers} workers cannot share {settings.database}.",
            "Leave --workers out: one process answers thousands of commands a second.",
        )
    refuse_half_migrated(settings)
    if workers > 1:
        return _serve_together(settings, host, port, workers, access_log=access_log)
    with ExitStack() as closing:
        listening = closing.enter_context(listen(host, port))
        url = address(listening)
        return _serve_one(settings, listening, lambda: say(f"Fairhold serves {url}"), access_log=access_log)


def _serve_one(
    settings: Settings,
    listening: socket.socket,
    ready: Callable[[], None],
    *,
    access_log: bool,
    prepare: Callable[[Application], None] = lambda app: None,
) -> int:
    with ExitStack() as closing:
        app = build(settings)
        closing.callback(app.close)
        begin(app)
        prepare(app)
        directory = DIRECTORY if settings.sandbox else Directory()
        serve_until_stopped(app, directory, listening, access_log=access_log, ready=ready)
    return CLEAN


def _serve_together(settings: Settings, host: str, port: int, workers: int, *, access_log: bool) -> int:
    with ExitStack() as closing:
        sockets = listen_together(host, port, workers)
        for listening in sockets:
            closing.callback(listening.close)
        url, figures = address(sockets[0]), Figures(workers)
        # Before there are several processes: each would wait for the first to do it.
        with closing_(open_store(settings.database, placing_lanes=settings.lanes)) as store:
            store.migrate()

        def worker(number: int, listening: socket.socket, ready: Callable[[], None]) -> int:
            def tell_figures(app: Application) -> None:
                figures.give(number, app.metrics.own)
                app.metrics.gather = figures.gather

            return _serve_one(settings, listening, ready, access_log=access_log, prepare=tell_figures)

        return Workers(sockets, worker, lambda: say(f"Fairhold serves {url} with {workers} workers")).run()
