"""Every regular expression of the product, found in its source and reckoned in the module that it stands in."""

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import fairhold

ROOT = Path(fairhold.__file__).parent
_FUNCTIONS = frozenset({"compile", "match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer"})
_SEARCHING = _FUNCTIONS - {"compile", "match", "fullmatch"}
_FLAGS = re.compile(r"re\.[A-Z]+(?: \| re\.[A-Z]+)*")


class Expression(NamedTuple):
    """One pattern, and where it stands; `error` where it is only known at run time."""

    place: str
    pattern: str
    flags: int = 0
    searches: bool = True
    """Whether it is looked for at each character of a text, and not only at the beginning."""
    error: str = ""


def expressions() -> list[Expression]:
    """All of them, by place."""
    return [one for path in sorted(ROOT.rglob("*.py")) for one in _of_module(path)]


def _of_module(path: Path) -> Iterator[Expression]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    asked = [(call, argument, flags) for call in calls for argument, flags in _pattern_of(call)]
    if not asked:
        return
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    module = importlib.import_module(".".join(part for part in parts if part != "__init__"))
    for call, argument, flags in asked:
        place = f"{path.relative_to(ROOT)}:{call.lineno}"
        try:
            pattern, number = _reckoned(argument, module), int(_reckoned(flags, module)) if flags else 0
            searches = bool(_uses(call, tree) & _SEARCHING)
        except NameError as error:
            yield Expression(place, "", error=str(error))
            continue
        if pattern is not None:
            yield Expression(
                place, pattern.decode("latin-1") if isinstance(pattern, bytes) else pattern, number, searches
            )


def _pattern_of(call: ast.Call) -> Iterator[tuple[ast.expr, ast.expr | None]]:
    """The argument that is a pattern, and that of the flags."""
    match call.func:
        case ast.Attribute(value=ast.Name(id="re" | "regex"), attr=name) if name in _FUNCTIONS:
            given = {keyword.arg: keyword.value for keyword in call.keywords}
            last = next((one for one in call.args[1:] if _FLAGS.fullmatch(ast.unparse(one))), None)
            yield call.args[0], given.get("flags", last)
        case ast.Name(id="Meta") | ast.Attribute(attr="Meta"):
            yield from ((keyword.value, None) for keyword in call.keywords if keyword.arg == "pattern")


def _uses(call: ast.Call, tree: ast.Module) -> frozenset[str]:
    """What is done with a pattern: by the call itself, or by whoever uses the name that it is given in its module."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr != "compile":
        return frozenset({getattr(call.func, "attr", "search")})
    names = {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and any(one is call for one in ast.walk(node.value))
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    used = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in names
    }
    return frozenset(used & _FUNCTIONS) or _FUNCTIONS


def _reckoned(expression: ast.expr, module: Any) -> Any:
    code = compile(ast.Expression(ast.fix_missing_locations(expression)), module.__file__, "eval")
    found = eval(code, dict(vars(module)))
    return found.pattern if isinstance(found, re.Pattern) else found
