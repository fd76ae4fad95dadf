"""What the generated pages are made of: a note at their top, and tables."""

from collections.abc import Iterable, Sequence

NOTE = "<!-- Made by `python -m scripts.document` from the code. Do not edit: a test compares. -->"


def page(title: str, *parts: str) -> str:
    """A whole page; the parts are separated by empty lines."""
    return "\n\n".join((NOTE, f"# {title}", *(part.strip() for part in parts if part.strip()))) + "\n"


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of Markdown."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(_cell(text) for text in line) + " |" for line in lines)


def code(text: object) -> str:
    """`text` as code."""
    return f"`{text}`"


def codes(texts: Iterable[object]) -> str:
    """Several pieces of code in a row."""
    return " ".join(code(text) for text in texts)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
