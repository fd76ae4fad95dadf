"""Speaking to whoever typed the command: answers on standard output, progress and complaints on standard error.

Colours and bars appear on a terminal only, and `NO_COLOR` is respected; a pipe gets plain text.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

Advance = Callable[[int, int], None]
"""Called with how much is done and how much there is."""


def answers() -> Console:
    """Standard output."""
    return Console(file=sys.stdout, highlight=False, markup=False, emoji=False, soft_wrap=True)


def complaints() -> Console:
    """Standard error."""
    return Console(file=sys.stderr, highlight=False, markup=False, emoji=False, soft_wrap=True)


def say(text: str = "", style: str | None = None) -> None:
    """A line of the answer."""
    answers().print(text, style=style)


def complain(message: str, hint: str = "") -> None:
    """What is wrong, and what to do about it."""
    console = complaints()
    console.print(f"fairhold: {message}", style="bold red")
    if hint:
        console.print(f"  {hint}")


def say_json(value: object) -> None:
    """The answer for a program."""
    text = msgspec.json.format(msgspec.json.encode(value), indent=2).decode()
    sys.stdout.write(text + "\n")


@contextmanager
def progress(what: str) -> Iterator[Advance]:
    """A bar for long work, gone when it is done; nothing at all where standard error is no terminal."""
    console = complaints()
    if not console.is_terminal:
        yield lambda done, total: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bars:
        task = bars.add_task(what, total=None)
        yield lambda done, total: bars.update(task, completed=done, total=total)
