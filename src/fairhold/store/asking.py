"""What a list is asked for, as the statements of both stores take it."""

from enum import Enum, auto

from fairhold.engine.ports.list_query import ListQuery

Named = dict[str, str | int]

_BEFORE_ALL, _BEHIND_ALL = "", "\x7f"
EVERY = 2**62
"""A limit that none reaches."""


class Kind(Enum):
    """A list's page as it is, what it has of a text, or what it has of a number."""

    PAGE = auto()
    SEARCH = auto()
    NUMBER = auto()


class Whose(Enum):
    """Whose orders a list shows."""

    BUYER = auto()
    SELLER = auto()
    ALL = auto()


def person(buyer: str | None, seller: str | None) -> tuple[Whose, Named]:
    """Whose orders those are, and the value that says so."""
    assert buyer is None or seller is None, "a list is of one buyer or of one seller"
    if buyer is not None:
        return Whose.BUYER, {"person": buyer}
    return (Whose.ALL, {}) if seller is None else (Whose.SELLER, {"person": seller})


def asked(query: ListQuery) -> tuple[Kind, Whose, Named]:
    """Which list that is, of whom, and the values of its statement."""
    whose, values = person(query.buyer, query.seller)
    values |= {
        "tab": query.tab,
        "after": _BEFORE_ALL if query.after is None else query.after,
        "before": _BEHIND_ALL if query.before is None else query.before,
        "limit": query.limit,
    }
    if query.number is not None:
        return Kind.NUMBER, whose, values | {"number": query.number}
    if query.search:
        return Kind.SEARCH, whose, values | {"search": query.search.casefold(), "among": query.among}
    return Kind.PAGE, whose, values


def balances_asked(prefix: str, after: str, limit: int | None) -> Named:
    """The values of the statement that answers balances."""
    last = f"{prefix}\U0010ffff"
    return {"first": prefix, "last": last, "after": after, "limit": EVERY if limit is None else limit}
