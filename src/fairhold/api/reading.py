"""Bodies in: strict JSON into a struct, or a problem that names the field at fault.

msgspec refuses what is not the struct and says where. What it cannot tell (half characters, NaN, fields given twice)
is looked for only where its answer leaves the field open, so that a good body costs one pass.
"""

import json
import math
import re
from typing import Any, Generic, TypeVar

import msgspec

from fairhold.api.problems import Problem
from fairhold.words.faults import Fault

Body = TypeVar("Body", bound=msgspec.Struct)

_KEY = re.compile(rb'"([^"]*)"[ \t\r\n]*:')
_BOUND = re.compile(r"Expected `(\w+)`(?: of length)? (>=|<=) (-?\d+)$")
_EXPECTED = {
    "int": "whole number",
    "str": "text",
    "bool": "yes or no",
    "array": "list",
    "object": "object",
    "str | object": "text or object",
}
_DEEPEST = 32


class Form(Generic[Body]):
    """Reads bodies of one type. `canonical` writes one back, the same bytes for the same meaning.

    `parts_read_later`: the body's inner objects are read one by one afterwards, and looked at for doubled fields then.
    """

    def __init__(self, kind: type[Body], *, parts_read_later: bool = False) -> None:
        self._own_names = tuple(f'"{name}"'.encode() for name in kind.__struct_fields__) if parts_read_later else None
        self._decode = msgspec.json.Decoder(kind).decode
        self.canonical = msgspec.json.Encoder().encode

    def read(self, body: bytes) -> Body | Problem:
        """The body as a struct, or what is wrong with it. An empty body is an empty object."""
        try:
            read = self._decode(body or b"{}")
        except msgspec.ValidationError as error:
            return _of_validation(str(error))
        except (msgspec.DecodeError, UnicodeDecodeError):
            return _of_malformed(body)
        except RecursionError:
            return Problem(Fault.NESTED_TOO_DEEPLY)
        if self._may_repeat_a_field(body):
            twice = _field_given_twice(body)
            if twice is not None:
                return Problem(Fault.DUPLICATE_FIELD, twice)
        return read

    def _may_repeat_a_field(self, body: bytes) -> bool:
        """Whether a closer look is worth its price: names that occur twice anywhere, or are written with escapes."""
        if self._own_names is not None:
            return any(body.count(name) > 1 for name in self._own_names)
        names = _KEY.findall(body)
        return len(names) != len(set(names)) or b"\\" in body


def _of_validation(message: str) -> Problem:
    """The problem that msgspec's message describes: `what - at `$.lines[0].quantity``."""
    what, _, where = (
        message.rpartition(" - at `$") if message.endswith("`") and " - at `$" in message else (message, "", "")
    )
    what = what or message
    path = where.removesuffix("`").removeprefix(".")
    for opening, fault in (
        ("Object contains unknown field `", Fault.UNKNOWN_FIELD),
        ("Object missing required field `", Fault.MISSING_FIELD),
    ):
        if what.startswith(opening):
            name = _printable(what.removeprefix(opening).removesuffix("`"))
            return Problem(fault, f"{path}.{name}" if path else name)
    bound = _BOUND.match(what)
    if bound:
        kind, sign, limit = bound.groups()
        if kind == "int":
            return Problem(Fault.INVALID_VALUE, path, "at least" if sign == ">=" else "at most", limit)
        return Problem(Fault.INVALID_VALUE, path, "longer" if sign == ">=" else "shorter", limit)
    return Problem(Fault.INVALID_VALUE, path or None, _hint_of(what))


def _hint_of(what: str) -> str | None:
    if "matching regex" in what:
        return "characters"
    if "out of range" in what:
        return "out of range"
    if what.startswith("Invalid enum value"):
        return "choice"
    expected = what.removeprefix("Expected `").partition("`")[0].removesuffix(" | null")
    return _EXPECTED.get(expected)


def _printable(name: str) -> str:
    """A field's name as the caller wrote it, cut to what fits an answer."""
    return "".join(character if character.isprintable() else "?" for character in name[:80])


def _of_malformed(body: bytes) -> Problem:
    """Why a body is no JSON, with the field where a lenient reader finds one that carries the fault."""
    try:
        document = json.loads(body.decode("utf-8", "surrogateescape"))
    except RecursionError:
        return Problem(Fault.NESTED_TOO_DEEPLY)
    except ValueError:
        return Problem(Fault.MALFORMED_JSON)
    found = _first_odd(document, "", _DEEPEST)
    return Problem(Fault.MALFORMED_JSON, *found) if found else Problem(Fault.MALFORMED_JSON)


def _first_odd(value: Any, path: str, deepest: int) -> tuple[str | None, str] | None:
    """Path and hint of the first half character or number that is none."""
    if isinstance(value, str):
        return (path or None, "unpaired") if _is_unpaired(value) else None
    if isinstance(value, float):
        return None if math.isfinite(value) else (path or None, "not a number")
    if deepest == 0:
        return None
    if isinstance(value, dict):
        for name, inner in value.items():
            if _is_unpaired(name):
                return path or None, "unpaired"
            found = _first_odd(inner, f"{path}.{name}" if path else _printable(name), deepest - 1)
            if found:
                return found
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            found = _first_odd(inner, f"{path}[{position}]", deepest - 1)
            if found:
                return found
    return None


def _is_unpaired(text: str) -> bool:
    return any(0xD800 <= ord(character) <= 0xDFFF for character in text)


class _Object(dict[str, Any]):
    """An object of a body, with the name that it uses twice."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        names = [name for name, _ in pairs]
        self.twice = next((name for name in self if names.count(name) > 1), None) if len(names) > len(self) else None


def _field_given_twice(body: bytes) -> str | None:
    """The field that some object of a well-formed body has twice: readers disagree about which value counts (RFC 8259, 4)."""
    return _first_twice(json.loads(body, object_pairs_hook=_Object), "")


def _first_twice(value: Any, path: str) -> str | None:
    if isinstance(value, _Object):
        inside = f"{path}." if path else ""
        if value.twice is not None:
            return inside + _printable(value.twice)
        found = (_first_twice(inner, inside + _printable(name)) for name, inner in value.items())
    elif isinstance(value, list):
        found = (_first_twice(inner, f"{path}[{position}]") for position, inner in enumerate(value))
    else:
        return None
    return next((field for field in found if field is not None), None)
