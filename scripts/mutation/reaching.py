"""Which tests come by which lines, and how long each takes."""

import json
import sys
import time
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, NamedTuple

import pytest

from scripts.mutation.children import run_items
from scripts.mutation.faults import ROOT
from scripts.mutation.planting import forget_answers


class Reached(NamedTuple):
    """Of each test: how long it takes, and the lines that it comes by."""

    seconds: dict[str, float]
    lines: dict[str, set[tuple[str, int]]]


def measure(session: pytest.Session, kept: Path) -> str:
    """Run every test once, and write down what it takes and comes by; the answer, the name of a failure, is always nothing."""
    inside = str(ROOT / "src" / "fairhold")
    ours: dict[CodeType, str | None] = {}
    seen: set[tuple[str, int]] = set()

    def on_line(frame: FrameType, event: str, _: Any) -> Any:
        if event == "line":
            seen.add((ours[frame.f_code] or "", frame.f_lineno))
        return on_line

    def on_call(frame: FrameType, event: str, _: Any) -> Any:
        code = frame.f_code
        if code not in ours:
            path = code.co_filename
            known = path.startswith((f"{inside}/domain/", f"{inside}/ledger/"))
            ours[code] = str(Path(path).relative_to(ROOT)) if known else None
        return on_line if ours[code] else None

    seconds: dict[str, float] = {}
    lines: dict[str, list[tuple[str, int]]] = {}
    for item in session.items:
        seen.clear()
        forget_answers()
        begun = time.monotonic()
        sys.settrace(on_call)
        failed = run_items(session, [item])
        sys.settrace(None)
        if failed:
            # It measures time, which runs slower here; whoever planted faults would never know what it noticed.
            continue
        seconds[item.nodeid] = time.monotonic() - begun
        lines[item.nodeid] = sorted(seen)
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps([seconds, lines]), encoding="utf-8")
    return ""
