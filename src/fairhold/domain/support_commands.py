"""What can be asked of an order where people turn to support: the second part of `commands.py`."""

from typing import Annotated

from msgspec import Meta

from fairhold.domain.commands import MAX_LINES, Command, LineName, LineQuantity, Why


class ReportAccident(Command, frozen=True, kw_only=True):
    """The buyer says that a confirmation was an accident; no lines named: everything whose money is still here (S16).

    It takes nothing back by itself: support does, with `undo_receipt`, or says no.
    """

    NAME = "report_accident"

    lines: Annotated[tuple[LineName | LineQuantity, ...], Meta(max_length=MAX_LINES)] = ()
    text: Why | None = None


class DeclineAccident(Command, frozen=True, kw_only=True):
    """Support does not take the confirmation back; the buyer reads the `reasons` (S16)."""

    NAME = "decline_accident"

    reasons: Why
