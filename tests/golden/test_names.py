"""What is stored, sent or written into a policy is called as it was, and what is left out means what it meant.

`names.txt` has a line for each value of an enumeration of the domain, for each field of a structure with what it is when
it is left out, and for each limit, which somebody may have counted on. A line is added with what is new; what stands there stays.
"""

import enum
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import msgspec

from fairhold import domain

NAMES = Path(__file__).parent / "names.txt"


def lines() -> list[str]:
    """Every name of today."""
    found: set[str] = set()
    for module in pkgutil.walk_packages(domain.__path__, f"{domain.__name__}."):
        for name, thing in vars(importlib.import_module(module.name)).items():
            if name.isupper() and not name.startswith("_") and type(thing) is int:
                found.add(f"{name} = {thing}")
            if isinstance(thing, type) and thing.__module__.startswith(domain.__name__):
                found.update(_of(thing))
    return sorted(found)


def _of(thing: type) -> Iterator[str]:
    if issubclass(thing, enum.Enum):
        yield from (f"{thing.__name__}.{member.name} = {member.value}" for member in thing)
    elif issubclass(thing, msgspec.Struct):
        tag = thing.__struct_config__.tag
        if tag is not None:
            yield f"{thing.__name__} is {tag}"
        for field in msgspec.structs.fields(thing):
            yield f"{thing.__name__}.{field.encode_name}{_left_out(field)}"


def _left_out(field: msgspec.structs.FieldInfo) -> str:
    """What it is when it is left out; nothing where it never is."""
    if field.default_factory is not msgspec.NODEFAULT:
        return f" = {field.default_factory()!r}"
    is_told = field.default is not msgspec.NODEFAULT and not callable(field.default)
    return f" = {field.default!r}" if is_told else ""


def test_what_is_stored_is_called_as_it_was_and_what_is_left_out_means_what_it_meant() -> None:
    written, today = NAMES.read_text(encoding="utf-8").splitlines(), lines()
    assert not sorted(set(written) - set(today)), "gone or changed: what is stored could not be read any more"
    assert not sorted(set(today) - set(written)), "new: add these lines to names.txt"
