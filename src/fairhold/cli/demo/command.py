"""`fairhold demo`."""

import os
import secrets
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import Parameter

from fairhold.cli.demo.current import CURRENT
from fairhold.cli.demo.disputed import DISPUTED
from fairhold.cli.demo.finished import finished
from fairhold.cli.demo.history import make_history, settle_in
from fairhold.cli.demo.paid_out import pay_sellers
from fairhold.cli.demo.people import DIRECTORY
from fairhold.cli.demo.reviewed import REVIEWED
from fairhold.cli.demo.shelves import SHELVES
from fairhold.cli.options import Database, PolicyName, settings_from
from fairhold.cli.serving import address, begin, listen, serve_until_stopped
from fairhold.cli.stopping import CLEAN
from fairhold.cli.terminal import say
from fairhold.engine.installation.settings import Settings
from fairhold.wiring import build


def demo(
    *,
    host: Annotated[str, Parameter(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, Parameter(help="The port; 0 for any that is free.")] = 8000,
    database: Database = None,
    policy: PolicyName = None,
) -> int:
    """Serve a marketplace to try out: people, orders in every state, pages and API, in one process.

    Nobody's money moves: payments are the sandbox's, and the operator can move the clock. Sign in on the pages as
    anybody. The database lies in a temporary folder and goes with the process, unless FAIRHOLD_DATABASE names one; one
    that holds orders already is served as it is.
    """
    given = settings_from(database=database, policy=policy, sandbox="1")
    with ExitStack() as closing:
        settings = msgspec.structs.replace(given, operator_key=given.operator_key or secrets.token_urlsafe(18))
        folder = Path(closing.enter_context(tempfile.TemporaryDirectory(prefix="fairhold-demo-")))
        if database is None and not os.environ.get("FAIRHOLD_DATABASE"):
            settings = msgspec.structs.replace(settings, database=f"sqlite:///{folder / 'demo.db'}")
        if not os.environ.get("FAIRHOLD_MAIL"):
            settings = msgspec.structs.replace(settings, mail=f"files:{folder / 'letters'}")
        listening = closing.enter_context(listen(host, port))
        if not os.environ.get("FAIRHOLD_URL"):
            settings = msgspec.structs.replace(settings, url=address(listening))
        app = build(settings)
        closing.callback(app.close)
        begin(app, background=False)
        if not app.queries.list_orders(limit=1).items:
            make_history(app, (*CURRENT, *DISPUTED, *REVIEWED, *finished()))
            pay_sellers(app)
            settle_in(app)
        app.start_background()
        url = address(listening)
        serve_until_stopped(app, DIRECTORY, listening, shop=SHELVES, ready=lambda: _greet(url, settings))
    return CLEAN


def _greet(url: str, settings: Settings) -> None:
    say("Fairhold's demo is ready. Ctrl-C ends it.\n", style="bold")
    say(f"  Pages         {url}")
    say(f"  Sign in       {url}/sign-in     as Anna, a shop, support or the operator")
    if settings.mail.startswith("files:"):
        say(f"  Letters       {url}/sandbox/letters")
    say(f"  API           {url}/v1          described at {url}/docs")
    say(f"  Operator key  {settings.operator_key}")
    say(f"  Database      {settings.database_shown}\n")
    say("Try the API:\n")
    say(f"  curl -H 'Authorization: Bearer {settings.operator_key}' '{url}/v1/orders?limit=1'\n")
