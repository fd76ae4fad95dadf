"""The help explains, answers come without decoration where nobody watches, and mistakes come without a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fairhold.cli.main import _COMMANDS, make_app
from tests.cli.conftest import Type

NAMES = tuple(name for _, name, _ in _COMMANDS)


def test_the_help_names_every_command_with_what_it_does(typed: Type) -> None:
    told = typed("--help")
    assert told.code == 0
    for name in NAMES:
        assert name.split()[0] in told.out


@pytest.mark.parametrize("name", NAMES)
def test_every_command_and_every_flag_is_explained(name: str) -> None:
    app = make_app()
    for part in name.split():
        app = app[part]
    assert app.help.strip()
    for argument in app.assemble_argument_collection():
        if argument.show:
            assert argument.parameter.help, f"{name} {argument.name}"


def test_no_command_and_help_are_the_same(typed: Type) -> None:
    assert typed().out == typed("--help").out


def test_the_version_is_told(typed: Type) -> None:
    assert typed("--version").out.strip() == "0.2.0"


@pytest.mark.parametrize(
    "arguments", [("frob",), ("audit", "--frob"), ("policy", "frob"), ("keys", "revoke"), ("replay",)]
)
def test_a_mistake_is_told_in_a_sentence_on_standard_error(typed: Type, arguments: tuple[str, ...]) -> None:
    done = typed(*arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("fairhold: ")
    assert "Traceback" not in done.err


def test_a_pipe_gets_plain_text(folder: Path) -> None:
    command = [sys.executable, "-m", "fairhold", "policy", "explain", "aliexpress"]
    plain = subprocess.run(command, capture_output=True, check=True, env={**os.environ, "TERM": "xterm-256color"})
    assert b"\x1b" not in plain.stdout
    assert plain.stderr == b""


def test_whoever_stops_reading_is_not_told_off(folder: Path) -> None:
    command = f"{sys.executable} -m fairhold policy explain aliexpress | head -n 1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, check=True, text=True)
    assert (done.stdout, done.stderr) == ("aliexpress, version 1\n", "")
