"""Which faults are planted: each is one small change of a module's syntax tree.

Not planted: faults in annotations, docstrings, assertions and in the texts of exceptions, which say what is so and do nothing;
nor in `frozen=`, `kw_only=` and `gc=` of structs, of which the first two are mypy's to check and the last saves memory.
"""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"
NONE = -1
"""The number of no fault at all."""


class Fault(NamedTuple):
    """One change: where, what, and which of the changes of its module (`number`, in the order of the walk)."""

    file: str
    """Relative to the root of the checkout."""
    number: int
    line: int
    lines: tuple[int, int]
    """The statement it lies in, first and last line: a test that comes by one of them may notice."""
    function: str | None
    """The outermost function around it, as in `__qualname__`; None at the level of the module or of a class's body."""
    what: str

    @property
    def name(self) -> str:
        """How a person names it."""
        return f"{self.file}:{self.line} #{self.number} {self.what}"


_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_RECKONED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}
_Change = tuple[str, Callable[[], None]]
"""What a fault is called, and what plants it in the tree it was found in."""
_SKIPPED = (ast.Assert, ast.Import, ast.ImportFrom, ast.Raise)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def _set(node: ast.AST, name: str, value: object) -> Callable[[], None]:
    return lambda: setattr(node, name, value)


def _put(into: list[ast.AST], at: int, *instead: ast.AST) -> Callable[[], None]:
    def put() -> None:
        into[at : at + 1] = instead

    return put


def _at(place: ast.AST, node: ast.AST) -> ast.AST:
    return ast.fix_missing_locations(ast.copy_location(node, place))


def _of_node(node: ast.AST) -> Iterator[_Change]:  # noqa: C901, PLR0912 - a table of what can be wrong, kind by kind
    match node:
        case ast.Compare():
            for at, operator in enumerate(node.ops):
                other = _COMPARED[type(operator)]
                yield f"{type(operator).__name__} -> {other.__name__}", _put(node.ops, at, other())  # type: ignore[arg-type]  # a list of operators is one of nodes
        case ast.BinOp(op=operator) | ast.AugAssign(op=operator) if type(operator) in _RECKONED:
            reckoned = _RECKONED[type(operator)]
            yield f"{type(operator).__name__} -> {reckoned.__name__}", _set(node, "op", reckoned())
        case ast.BoolOp(op=ast.And()):
            yield "and -> or", _set(node, "op", ast.Or())
        case ast.BoolOp():
            yield "or -> and", _set(node, "op", ast.And())
        case ast.Constant(value=bool(value)):
            yield f"{value} -> {not value}", _set(node, "value", not value)
        case ast.Constant(value=int(value)):
            yield f"{value} -> {value + 1}", _set(node, "value", value + 1)
        case ast.Constant(value=str(value)):
            yield f"{value[:30]!r} -> another text", _set(node, "value", f"XX{value}")
        case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test) if not isinstance(test, ast.Compare):
            yield "condition negated", _set(node, "test", _negated(test))
        case ast.comprehension():
            for at, condition in enumerate(node.ifs):
                yield "filter dropped", _put(node.ifs, at)  # type: ignore[arg-type]  # as above
                if not isinstance(condition, ast.Compare):
                    yield "filter negated", _put(node.ifs, at, _negated(condition))  # type: ignore[arg-type]  # as above
        case ast.Return(value=ast.expr() as value) if not _is_none(value):
            yield "returns None", _set(node, "value", _at(value, ast.Constant(None)))
        case ast.Tuple(ctx=ast.Load(), elts=parts) | ast.List(ctx=ast.Load(), elts=parts) | ast.Set(elts=parts):
            if len(parts) > 1:
                for at, part in enumerate(parts):
                    yield f"without {ast.unparse(part)[:40]}", _put(parts, at)  # type: ignore[arg-type]  # as above
        case ast.Dict(keys=keys, values=values):
            for at, key in enumerate(keys):
                named = "**" if key is None else ast.unparse(key)[:40]
                yield f"without the entry {named}", _both(_put(keys, at), _put(values, at))  # type: ignore[arg-type]  # as above
        case ast.Match(cases=cases):
            for at, case in enumerate(cases[:-1] if len(cases) > 1 else []):
                yield f"without case {ast.unparse(case.pattern)[:40]}", _put(cases, at)  # type: ignore[arg-type]  # as above
        case ast.match_case(guard=ast.expr()):
            yield "case without its guard", _set(node, "guard", None)


def _both(*changes: Callable[[], None]) -> Callable[[], None]:
    def change() -> None:
        for one in changes:
            one()

    return change


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def _negated(test: ast.expr) -> ast.AST:
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return test.operand
    return _at(test, ast.UnaryOp(ast.Not(), test))


def _of_body(body: list[ast.stmt]) -> Iterator[tuple[ast.stmt, _Change]]:
    """Statements that can be left out."""
    for at, statement in enumerate(body):
        nothing = _at(statement, ast.Pass())
        match statement:
            case ast.Expr(value=ast.Call()) | ast.AugAssign():
                yield statement, ("statement left out", _put(body, at, nothing))  # type: ignore[arg-type]  # as above
            case ast.Continue():
                yield statement, ("continue -> break", _put(body, at, _at(statement, ast.Break())))  # type: ignore[arg-type]  # as above
            case ast.Break():
                yield statement, ("break -> continue", _put(body, at, _at(statement, ast.Continue())))  # type: ignore[arg-type]  # as above


class _Walk:
    """Every fault of one tree, in a fixed order, with where it lies."""

    def __init__(self) -> None:
        self.found: list[tuple[ast.AST, ast.stmt, str | None, _Change]] = []

    def statements(self, body: list[ast.stmt], scope: tuple[str, ...], function: str | None) -> None:
        for statement, change in _of_body(body):
            self.found.append((statement, statement, function, change))
        for position, statement in enumerate(body):
            is_text = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
            if is_text or isinstance(statement, _SKIPPED) or (position == 0 and _is_type_checking(statement)):
                continue
            self.statement(statement, scope, function)

    def statement(self, statement: ast.stmt, scope: tuple[str, ...], function: str | None) -> None:
        match statement:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                inner = function or ".".join((*scope, statement.name))
                for default in (*statement.args.defaults, *filter(None, statement.args.kw_defaults)):
                    self.expression(default, statement, function)
                for decorator in statement.decorator_list:
                    self.expression(decorator, statement, function)
                self.statements(statement.body, (*scope, statement.name, "<locals>"), inner)
            case ast.ClassDef():
                for keyword in (one for one in statement.keywords if one.arg not in ("frozen", "kw_only", "gc")):
                    self.expression(keyword.value, statement, function)
                self.statements(statement.body, (*scope, statement.name), function)
            case _:
                self.parts(statement, statement, scope, function)

    def parts(self, node: ast.AST, statement: ast.stmt, scope: tuple[str, ...], function: str | None) -> None:
        """A statement with statements in it, or a case of a match."""
        for change in _of_node(node):
            self.found.append((node, statement, function, change))
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "pattern", "type_comment") or _is_alias(node, name):
                continue
            if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
                self.statements(value, scope, function)
            elif isinstance(value, list):
                for one in value:
                    if isinstance(one, ast.match_case):
                        self.parts(one, statement, scope, function)
                    elif isinstance(one, ast.AST):
                        self.expression(one, statement, function)
            elif isinstance(value, ast.AST):
                self.expression(value, statement, function)

    def expression(self, node: ast.AST, statement: ast.stmt, function: str | None) -> None:
        if isinstance(node, ast.JoinedStr):
            return
        for change in _of_node(node):
            self.found.append((node, statement, function, change))
        for child in ast.iter_child_nodes(node):
            self.expression(child, statement, function)


def _is_type_checking(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.If) and ast.unparse(statement.test) == "TYPE_CHECKING"


def _is_alias(node: ast.AST, field: str) -> bool:
    """Whether this is the right side of a name for a type: `_Moving = A | B`, `Id = NewType("Id", str)`."""
    if field != "value" or not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
        return False
    said = ast.unparse(node.value)
    is_union = isinstance(node.value, ast.BinOp) and said.replace(" | ", "").replace("_", "").isalnum()
    return said.startswith(("NewType(", "TypeVar(", "Literal[", "Callable[")) or is_union


def _walked(tree: ast.Module) -> _Walk:
    walk = _Walk()
    walk.statements(tree.body, (), None)
    return walk


def _extent(node: ast.AST, statement: ast.stmt) -> tuple[int, int]:
    """The lines that are passed when the faulty part is: a whole small statement, or the head of one that has a body."""
    if hasattr(statement, "body") or isinstance(statement, ast.Match):
        line = getattr(node, "lineno", statement.lineno)
        return line, max(line, getattr(node, "end_lineno", line) if isinstance(node, ast.expr) else line)
    return statement.lineno, statement.end_lineno or statement.lineno


def faults_of(path: Path) -> list[Fault]:
    """Every fault that can be planted in this module."""
    file = str(path.relative_to(ROOT))
    found = []
    for number, (node, statement, function, (what, _)) in enumerate(_walked(_parsed(path)).found):
        line = getattr(node, "lineno", statement.lineno)
        found.append(Fault(file, number, line, _extent(node, statement), function, what))
    return found


def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def planted(fault: Fault) -> ast.Module:
    """The module's tree with the fault in it. Lines stay where they were."""
    tree = _parsed(ROOT / fault.file)
    if fault.number == NONE:
        return tree
    _, plant = _walked(tree).found[fault.number][3]
    plant()
    return ast.fix_missing_locations(tree)


def all_faults(folders: tuple[str, ...] = ("domain", "ledger")) -> list[Fault]:
    """Every fault of these folders under `src/fairhold`, file by file."""
    files = sorted(path for folder in folders for path in (SOURCE / "fairhold" / folder).rglob("*.py"))
    return [fault for path in files for fault in faults_of(path)]
