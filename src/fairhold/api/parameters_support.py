"""Parameters of the addresses of support."""

from fairhold.api.parameters import Parameter, Wrong
from fairhold.engine.ports.support import Shelf

_MOST = 1_000_000


def _tab(text: str) -> Shelf:
    try:
        return Shelf(text)
    except ValueError:
        raise Wrong("choice") from None


def _side(text: str) -> str:
    if text not in {"buyer", "seller"}:
        raise Wrong("choice")
    return text


def _after(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 7:
        raise Wrong("whole number")
    if int(text) > _MOST:
        raise Wrong("at most", str(_MOST))
    return int(text)


SUPPORT_TAB = Parameter(
    "tab",
    _tab,
    {"type": "string", "enum": [shelf.value for shelf in Shelf], "default": Shelf.WAITING.value},
    "The tab of the queue.",
)
SIDE = Parameter(
    "side",
    _side,
    {"type": "string", "enum": ["buyer", "seller"], "default": "buyer"},
    "For staff: with whom.",
)
AFTER = Parameter(
    "after",
    _after,
    {"type": "integer", "minimum": 0, "maximum": _MOST, "default": 0},
    "Only messages after this number.",
)
