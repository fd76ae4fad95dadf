"""On which line of a TOML text a key stands, so that a complaint about it can be found."""

import re

LONGEST_KEY = 1_000
"""Characters of a line that are looked at: no key is longer, and a line may be a megabyte of something else."""
_TABLE = re.compile(r"^\s*\[{1,2}\s*((?:[A-Za-z0-9_.-]|\"[^\"]*\")+)\s*\]{1,2}")
_KEY = re.compile(r"^\s*((?:[A-Za-z0-9_.-]|\"[^\"]*\")+)\s*=")


def line_of(text: str, key: str) -> int | None:
    """The line, from 1, of a dotted key; of the nearest table above it where the key itself is not there."""
    wanted = re.sub(r"\[[^\]]*\]", "", key)
    while wanted:
        found = _keys(text).get(wanted)
        if found is not None:
            return found
        wanted = wanted.rpartition(".")[0]
    return None


def _keys(text: str) -> dict[str, int]:
    found: dict[str, int] = {}
    table = ""
    for number, whole in enumerate(text.splitlines(), 1):
        line = whole[:LONGEST_KEY]
        if (header := _TABLE.match(line)) is not None:
            table = header.group(1).replace('"', "")
            found.setdefault(table, number)
        elif (entry := _KEY.match(line)) is not None:
            name = entry.group(1).replace('"', "")
            found.setdefault(f"{table}.{name}" if table else name, number)
    return found
