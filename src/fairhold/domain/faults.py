"""Which entry of a table is wrong: of tables with names of one's own the library says only `commission.fixed[...]`."""

from typing import Any

import msgspec


def named(key: str, table: Any, kind: type[msgspec.Struct]) -> str:
    """`key`, at which `table` cannot be read as `kind`, with the names of the entries that are at fault."""
    path: list[str] = []
    for part in key.replace("[...]", ".*").split("."):
        name = part
        if part == "*":
            alone = ((entry, _only(table, path, entry)) for entry in _at(table, path))
            # What is wrong among others is wrong alone: the first complaint does not depend on what comes after it.
            name, table = next((entry, other) for entry, other in alone if f"`$.{key}`" in _complaint(other, kind))
        path.append(name)
    return ".".join(path)


def _at(table: Any, path: list[str]) -> Any:
    for name in path:
        table = table[name]
    return table


def _only(table: Any, path: list[str], name: str) -> Any:
    """The same with no other entry in the table at `path`."""
    if not path:
        return {name: table[name]}
    return {**table, path[0]: _only(table[path[0]], path[1:], name)}


def _complaint(table: Any, kind: type[msgspec.Struct]) -> str:
    try:
        msgspec.convert(table, kind)
    except msgspec.ValidationError as error:
        return str(error)
    return ""
