"""Puts a fault where it works: into the functions that lie in memory, or into a module that is about to be imported."""

import ast
import functools
import gc
import importlib.abc
import importlib.machinery
import importlib.util
import sys
from collections.abc import Iterator
from types import CodeType, FunctionType, ModuleType

from scripts.mutation.faults import ROOT, SOURCE, Fault, planted


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def put_into_memory(fault: Fault) -> bool:
    """Exchange the code of the function around the fault wherever it lies; False where that cannot be done.

    Whatever was remembered under the old code (`functools.cache`) is forgotten.
    """
    if fault.function is None:
        return False
    path = str(ROOT / fault.file)
    mutated = [one for one in _codes(compile(planted(fault), path, "exec")) if one.co_qualname == fault.function]
    by_line = {one.co_firstlineno: one for one in mutated}
    done = False
    for thing in gc.get_objects():
        if isinstance(thing, FunctionType) and thing.__code__.co_filename == path:
            code = by_line.get(thing.__code__.co_firstlineno)
            if code is None or code.co_qualname != thing.__code__.co_qualname:
                continue
            if code.co_freevars != thing.__code__.co_freevars:
                return False
            thing.__code__ = code
            done = True
    forget_answers()
    return done


def forget_answers() -> None:
    """Empty what functions of the product and of its tests remember (`functools.cache`)."""
    for thing in gc.get_objects():
        if isinstance(thing, _Remembering) and str(getattr(thing, "__module__", "")).startswith(("fairhold", "tests")):
            thing.cache_clear()


_Remembering = type(functools.cache(lambda: None))


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports the one module with the fault in it."""

    def __init__(self, fault: Fault) -> None:
        self._tree: ast.Module = planted(fault)
        self._path = str(ROOT / fault.file)
        parts = (ROOT / fault.file).relative_to(SOURCE).with_suffix("").parts
        self._name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        self._is_package = parts[-1] == "__init__"

    def find_spec(self, fullname: str, *_: object) -> importlib.machinery.ModuleSpec | None:
        """The module, where it is the one."""
        if fullname != self._name:
            return None
        return importlib.util.spec_from_file_location(
            fullname,
            self._path,
            loader=self,
            submodule_search_locations=[str(SOURCE / fullname.replace(".", "/"))] if self._is_package else None,
        )

    def exec_module(self, module: ModuleType) -> None:
        """Fill the module as its source with the fault would."""
        exec(compile(self._tree, self._path, "exec"), module.__dict__)  # noqa: S102 - this is what mutation testing is


def put_before_import(fault: Fault) -> None:
    """From now on the module is imported with the fault."""
    assert not any(name.startswith("fairhold") for name in sys.modules), "it is too late"
    sys.meta_path.insert(0, Finder(fault))
