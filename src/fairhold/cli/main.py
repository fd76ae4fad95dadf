"""The `fairhold` command: every subcommand, and what happens to whatever goes wrong in one.

Subcommands are imported when they are called, so that help and mistakes answer at once.
"""

import os
import sys
from collections.abc import Sequence
from importlib import import_module

from cyclopts import App, CycloptsError, Group

import fairhold
from fairhold.cli.stopping import CANNOT, Stop
from fairhold.cli.terminal import complain, complaints
from fairhold.engine.installation.policies import PolicyError
from fairhold.engine.installation.settings import SettingsError
from fairhold.engine.kernel.envelope import Unavailable
from fairhold.engine.ports.store import StoreUnavailable
from fairhold.store.urls import StoreUrlError

_INTERRUPTED = 130
_RUN = Group("Run", sort_key=1)
_LOOK = Group("Look after", sort_key=2)
_CHOOSE = Group("Choose", sort_key=3)

_COMMANDS = (
    (_RUN, "demo", "fairhold.cli.demo.command:demo"),
    (_RUN, "serve", "fairhold.cli.serve:serve"),
    (_RUN, "replay", "fairhold.cli.replay.command:replay"),
    (_LOOK, "doctor", "fairhold.cli.doctor.command:doctor"),
    (_LOOK, "audit", "fairhold.cli.auditing:audit"),
    (_LOOK, "reconcile", "fairhold.cli.books:reconcile"),
    (_LOOK, "export", "fairhold.cli.books:export"),
    (_LOOK, "migrate", "fairhold.cli.upkeep:migrate"),
    (_LOOK, "backup", "fairhold.cli.backup.taking:backup"),
    (_LOOK, "restore", "fairhold.cli.backup.restoring:restore"),
    (_LOOK, "simulate", "fairhold.cli.simulate:simulate"),
    (_LOOK, "outage", "fairhold.cli.outage:outage"),
    (_CHOOSE, "policy list", "fairhold.cli.policy.command:list_"),
    (_CHOOSE, "policy show", "fairhold.cli.policy.command:show"),
    (_CHOOSE, "policy check", "fairhold.cli.policy.command:check"),
    (_CHOOSE, "policy explain", "fairhold.cli.policy.command:explain"),
    (_CHOOSE, "people invite", "fairhold.cli.people:invite"),
    (_CHOOSE, "people list", "fairhold.cli.people:list_"),
    (_CHOOSE, "people roles", "fairhold.cli.people:roles"),
    (_CHOOSE, "keys create", "fairhold.cli.keys:create"),
    (_CHOOSE, "keys list", "fairhold.cli.keys:list_"),
    (_CHOOSE, "keys rotate", "fairhold.cli.keys:rotate"),
    (_CHOOSE, "keys revoke", "fairhold.cli.keys:revoke"),
)
"""Where each command stands in the help, what it is called, and the function that does it."""

_FAMILIES = {
    "policy": "The numbers and options that a marketplace chooses.",
    "people": "Who signs in here: invited, listed, given roles.",
    "keys": "API keys: made, listed, rotated, revoked.",
}


def make_app(wanted: str | None = None) -> App:
    """The command line, ready to be called. Only the command `wanted` is imported; all of them where it is none of ours."""
    app = App(
        name="fairhold",
        help="Holds a buyer's money until the goods are in hand, and then passes it on.",
        help_epilogue="Settings come from environment variables (FAIRHOLD_DATABASE …); flags of the same name win.",
        version=fairhold.__version__,
        help_format="markdown",
        result_action="return_value",
        error_formatter=lambda error: f"fairhold: {error}",
    )
    lazily = any(name.split()[0] == wanted for _, name, _ in _COMMANDS)
    families = {name: App(name=name, help=text, group=_CHOOSE) for name, text in _FAMILIES.items()}
    for family in families.values():
        app.command(family)
    for group, name, path in _COMMANDS:
        first, _, second = name.partition(" ")
        if lazily and first != wanted:
            continue
        module, _, function = path.partition(":")
        command = getattr(import_module(module), function)
        if second:
            families[first].command(command, name=second)
        else:
            app.command(command, name=first, group=group)
    return app


def run(arguments: Sequence[str]) -> int:
    """Run the command that `arguments` spell; the exit code. What a person can mend is told without a traceback."""
    try:
        app = make_app(next(iter(arguments), None))
        code = app(list(arguments), error_console=complaints(), exit_on_error=False)
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
