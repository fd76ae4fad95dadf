"""The `fairhold` command: every subcommand, and what happens to whatever goes wrong in one.

Subcommands are imported when they are called, so that help and mistakes answer at once.
"""

import os
import sys
from collections.abc import Sequence

from cyclopts import App, CycloptsError, Group

import fairhold
from fairhold.cli.stopping import CANNOT, Stop
from fairhold.cli.terminal import complain, complaints
from fairhold.engine.envelope import Unavailable
from fairhold.engine.policies import PolicyError
from fairhold.engine.ports import StoreUnavailable
from fairhold.engine.settings import SettingsError
from fairhold.store.urls import StoreUrlError

_INTERRUPTED = 130
_RUN = Group("Run", sort_key=1)
_LOOK = Group("Look after", sort_key=2)
_CHOOSE = Group("Choose", sort_key=3)


def make_app() -> App:
    """The command line, ready to be called."""
    app = App(
        name="fairhold",
        help="Holds a buyer's money until the goods are in hand, and then passes it on.",
        help_epilogue="Settings come from environment variables (FAIRHOLD_DATABASE …); flags of the same name win.",
        version=fairhold.__version__,
        help_format="plaintext",
        result_action="return_value",
    )
    here = "fairhold.cli"
    app.command(f"{here}.demo.command:demo", name="demo", group=_RUN)
    app.command(f"{here}.serve:serve", name="serve", group=_RUN)
    app.command(f"{here}.replay.command:replay", name="replay", group=_RUN)
    app.command(f"{here}.doctor:doctor", name="doctor", group=_LOOK)
    app.command(f"{here}.auditing:audit", name="audit", group=_LOOK)
    app.command(f"{here}.upkeep:migrate", name="migrate", group=_LOOK)
    app.command(f"{here}.upkeep:backup", name="backup", group=_LOOK)
    policy = App(name="policy", help="The numbers and options that a marketplace chooses.", group=_CHOOSE)
    for name in ("list", "show", "check", "explain"):
        policy.command(f"{here}.policy.command:{name}_", name=name)
    app.command(policy)
    keys = App(name="keys", help="API keys: made, listed, revoked.", group=_CHOOSE)
    for name in ("create", "list", "revoke"):
        keys.command(f"{here}.keys:{name}_", name=name)
    app.command(keys)
    return app


def run(arguments: Sequence[str]) -> int:
    """Run the command that `arguments` spell; the exit code. What a person can mend is told without a traceback."""
    try:
        code = make_app()(list(arguments), error_console=complaints(), exit_on_error=False)
    except CycloptsError:
        return CANNOT
    except Stop as stop:
        complain(stop.message, stop.hint)
        return stop.code
    except (SettingsError, StoreUrlError, PolicyError, StoreUnavailable, Unavailable) as error:
        complain(str(error))
        return CANNOT
    except KeyboardInterrupt:
        return _INTERRUPTED
    return code if isinstance(code, int) else 0


def main() -> None:
    """The entry point of the `fairhold` command."""
    try:
        code = run(sys.argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read the answer has seen enough; Python must not complain about it while it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    sys.exit(code)
