"""The command line as its own help describes it."""

import sys

from fairhold.cli.main import make_app
from scripts.reference import markdown

_INTRO = """
`fairhold COMMAND --help` says the same in a terminal. Settings come from environment variables; a flag of the same name wins.
Answers go to standard output and everything else to standard error; bars and colours appear on a terminal only, and
`NO_COLOR` is respected.

| exit code | meaning |
| --- | --- |
| 0 | all is well |
| 1 | done, and something was found that needs a look: by `audit`, `doctor`, `policy check`, `replay`, `migrate --check` |
| 2 | not done: what was typed, a setting, a file or the database cannot be used; standard error says what to do |
"""


def page() -> str:
    """The page."""
    # The usage lines name the program that is running.
    running, sys.argv = sys.argv, ["fairhold"]
    try:
        told = make_app().generate_docs(output_format="markdown", heading_level=1)
    finally:
        sys.argv = running
    _, _, commands = told.partition("\n## Table of Contents\n")
    return markdown.page("Command line", _INTRO, commands)
