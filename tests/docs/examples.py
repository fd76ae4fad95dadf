"""The examples of a document, as a reader would type them.

In a fenced block, `sh` is run (all blocks of a page in one bash, from the top), `python` whose first line is `# name.py` is
a file to save, `json` and `text` are what the `sh` block before them prints (`…` stands for anything, and an object may
leave out keys), `toml` whose first line is `# name.toml` is a file too. `console` shows what is typed at other times: it
is not run.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.browser.served import Served

ROOT = Path(__file__).resolve().parent.parent.parent
HOST = "http://127.0.0.1:8000"
KEY = "try-fairhold"
"""What every page writes: where the server listens, and the operator's key."""

_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_END_OF_BLOCK = "\x1e"
_SHIM = Path(__file__).with_name("curl_shim.py")


@dataclass(frozen=True)
class Block:
    """One fenced block; `line` is where it begins."""

    kind: str
    text: str
    line: int


def blocks(page: Path) -> list[Block]:
    """The fenced blocks of a page, from the top."""
    text = page.read_text(encoding="utf-8")
    return [Block(found[1], found[2], text.count("\n", 0, found.start()) + 1) for found in _FENCE.finditer(text)]


def run(page: Path, served: Served, folder: Path) -> Iterator[tuple[Block, str]]:
    """Carry a page out in `folder`; each block that shows an answer, and what came."""
    found = [block for block in blocks(page) if block.kind in ("sh", "python", "toml", "json", "text")]
    script = "\n".join(_typed(block, served) for block in found if block.kind in ("sh", "python", "toml"))
    command = ["bash", "-eu", "-o", "pipefail"]
    environment = _environment(folder)
    done = subprocess.run(
        command, input=script, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    printed = done.stdout.split(_END_OF_BLOCK)
    assert done.returncode == 0, f"{page.name}, block {len(printed)}: {done.stderr[-2000:]}\n{printed[-1][-2000:]}"
    came = ""
    for block in found:
        if block.kind in ("json", "text"):
            yield block, came
        else:
            came = printed.pop(0)


def _typed(block: Block, served: Served) -> str:
    text = block.text.replace(HOST, served.url)
    if block.kind != "sh":
        name = text.split("\n", 1)[0].removeprefix("#").strip()
        text = f"cat > {name} <<'END OF FILE'\n{text}END OF FILE\n"
    return f"{text}\nprintf '{_END_OF_BLOCK}'"


def _environment(folder: Path) -> dict[str, str]:
    """The reader's: `fairhold` and `python3` of this environment, curl or what stands in for it, the server's database."""
    tools = folder / "tools"
    tools.mkdir(exist_ok=True)
    if shutil.which("curl") is None:
        curl = tools / "curl"
        curl.write_text(f"#!{sys.executable}\n{_SHIM.read_text(encoding='utf-8')}", encoding="utf-8")
        curl.chmod(0o755)
    path = os.pathsep.join((str(tools), str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)))
    return {**os.environ, "PATH": path, "LC_ALL": "C.UTF-8"}


def same(said: Any, came: Any) -> bool:
    """Whether an answer is what the page says it is."""
    if said == "…":
        return True
    if isinstance(said, dict) and isinstance(came, dict):
        return all(key in came and same(value, came[key]) for key, value in said.items())
    if isinstance(said, list) and isinstance(came, list):
        if said and said[-1] == "…":
            return len(came) >= len(said) - 1 and all(same(one, two) for one, two in zip(said[:-1], came, strict=False))
        return len(said) == len(came) and all(same(one, two) for one, two in zip(said, came, strict=True))
    if isinstance(said, str) and isinstance(came, str):
        return _pattern(said).fullmatch(" ".join(came.split())) is not None
    return bool(said == came)


def same_text(said: str, came: str) -> bool:
    """Whether what was printed is what the page says; spaces at the ends of lines do not count."""
    return _pattern(_trimmed(said)).fullmatch(_trimmed(came)) is not None


def same_json(said: str, came: str) -> bool:
    """Whether an answer in JSON is what the page says."""
    return same(json.loads(said), json.loads(came))


def _trimmed(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def _pattern(said: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in said.split("…")), re.DOTALL)
