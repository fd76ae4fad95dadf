"""What ruff, mypy and import-linter cannot say: sizes, names, traces of a machine. A check returns its complaints."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

LONGEST_MODULE = 400
LONGEST_FUNCTION = 60
EMPTY_NAMES = frozenset({"base", "common", "helper", "helpers", "manager", "managers", "misc", "util", "utils"})
PURE = ("domain", "ledger")
PURE_MAY_USE = frozenset({"fairhold", "msgspec"})

# Escaped or grouped, so that this file does not name them itself.
TRACES = re.compile(
    r"/(work|root)/[a-z.]"
    r"|/opt/(pypi|wheels)"
    r"|/home/[a-z]+/"
    r"|(pypi|pythonhosted)\.org"
    r"|registry\.(npmjs|yarnpkg)"
    r"|deb\.debian\.org"
)
POSSESSIVE = re.compile(r"\)(?:[*+?]|\{\d*,?\d*\})" + r"\+")
UNFINISHED = re.compile(r"\b(TO[D]O|FIX[M]E)\b|mark\.(skip|xfail)|pytest\.(skip|importorskip)")


def sizes(root: Path) -> list[str]:
    """Modules and functions that do not fit what a person reads at once."""
    complaints = []
    for path, tree in modules(root):
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > LONGEST_MODULE:
            complaints.append(f"{path.relative_to(root)}: {lines} lines, more than {LONGEST_MODULE}")
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    where = f"{path.relative_to(root)}:{node.lineno}"
                    complaints.append(f"{where}: {node.name} has {length} lines, more than {LONGEST_FUNCTION}")
    return complaints


def names(root: Path) -> list[str]:
    """Modules and packages whose name says nothing about what is in them."""
    return [
        f"{path.relative_to(root)}: a name that says nothing"
        for path, _ in modules(root)
        if EMPTY_NAMES & {part.removesuffix(".py").strip("_") for part in path.relative_to(root).parts}
    ]


def foreign(root: Path) -> list[str]:
    """Third-party packages that the pure floors import, beyond the one that they may."""
    complaints = []
    for floor in PURE:
        for path, tree in modules(root / "src" / "fairhold" / floor):
            for line, module in imports(tree):
                top = module.split(".")[0]
                if top not in sys.stdlib_module_names and top not in PURE_MAY_USE:
                    complaints.append(f"{path.relative_to(root)}:{line}: imports {module}")
    return complaints


def traces(root: Path) -> list[str]:
    """Paths of one machine and hosts of registries, which differ elsewhere."""
    return matches(root, TRACES)


def unfinished(root: Path) -> list[str]:
    """Notes to do something later, and tests that do not run."""
    return matches(root, UNFINISHED)


def possessive(root: Path) -> list[str]:
    """Groups that an expression repeats possessively: Pythons before 3.11.5 match those wrong (python/cpython#106052)."""
    return [found for found in matches(root, POSSESSIVE) if found.startswith("src/")]


def matches(root: Path, pattern: re.Pattern[str]) -> list[str]:
    """Each line of the project's text files in which the pattern occurs."""
    complaints = []
    for path in files(root):
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), start=1):
            found = pattern.search(line)
            if found:
                complaints.append(f"{path.relative_to(root)}:{number}: {found.group()}")
    return complaints


def files(root: Path) -> list[Path]:
    """Everything git keeps or would keep, without what others wrote (`vendor`)."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=root, capture_output=True, check=True).stdout.decode().split("\0")
    paths = [root / name for name in listed if name and "vendor" not in Path(name).parts]
    return [path for path in paths if path.is_file()]


def modules(root: Path) -> Iterator[tuple[Path, ast.Module]]:
    """Every Python module of the program and of its scripts, parsed; below a folder of `src`, all of them."""
    own = [root / "src", root / "scripts"] if (root / "src").is_dir() else [root]
    for folder in own:
        yield from parsed(folder)


def parsed(folder: Path) -> Iterator[tuple[Path, ast.Module]]:
    """Every Python file below the folder with its syntax tree."""
    for path in sorted(folder.rglob("*.py")):
        yield path, ast.parse(path.read_text(encoding="utf-8"), str(path))


def imports(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """The line and the dotted name of each absolute import."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module
