"""What each database keeps about the installation that it belongs to, in its `meta` table.

| name | what |
|---|---|
| `installation` | a random word, the same in all its databases |
| `home` | `yes` in the one that holds sessions, API keys and settings |
| `lanes` | the lanes that lie here: `0 1 7-9` |
| `routing` | a copy of the Plan, the same in all |

A database that was never joined with another has none of them.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from fairhold.domain.ids import MAX_LANE, Lane
from fairhold.engine.ports.store import StoreUnavailable
from fairhold.store.routed.databases import Database

INSTALLATION, HOME, LANES, ROUTING = "installation", "home", "lanes", "routing"
YES = "yes"


class Plan(msgspec.Struct, frozen=True):
    """In which lanes new orders are placed, and were placed before databases were added.

    `generations`: the oldest first; the last one counts, the others say where a repeated key may have its first answer.
    `next_lane` is a lane that nobody has ever been given. The copy with the highest `version` is the newest.
    """

    version: int
    next_lane: int
    generations: tuple[tuple[int, ...], ...]

    @property
    def lanes(self) -> list[Lane]:
        """Every lane in which orders were ever placed."""
        return [Lane(lane) for lane in sorted({lane for lanes in self.generations for lane in lanes})]


class Record(NamedTuple):
    """What one database says of itself."""

    installation: str | None
    home: bool
    lanes: frozenset[int]
    plan: Plan | None
    written: tuple[str | None, str | None]
    """`lanes` and `routing` as they stand there."""


def read_record(database: Database) -> Record:
    """The record of that database. Raises StoreUnavailable."""
    with database.asked():
        return read_settings(database)


def read_settings(database: Database) -> Record:
    """As `read_record`, for a database whose connections are looked after by the caller."""
    installation, home, lanes, routing = map(database.store.setting, (INSTALLATION, HOME, LANES, ROUTING))
    try:
        plan = msgspec.json.decode(routing, type=Plan) if routing is not None else None
        return Record(installation, home == YES, read_lanes(lanes or ""), plan, (lanes, routing))
    except ValueError as error:
        raise StoreUnavailable(
            f"The database {database.name} has a record of lanes that cannot be read: {error}."
        ) from None


def read_lanes(text: str) -> frozenset[int]:
    """The lanes that `0 1 7-9` names. Raises ValueError."""
    found: set[int] = set()
    for part in re.split(r"[,\s]+", text.strip()) if text.strip() else ():
        match = re.fullmatch(r"(\d{1,5})(?:-(\d{1,5}))?", part)
        if match is None:
            raise ValueError(f"{part!r} is no lane")
        first, last = int(match[1]), int(match[2] or match[1])
        if not first <= last <= MAX_LANE:
            raise ValueError(f"{part!r} is no range of lanes from 0 to {MAX_LANE}")
        found.update(range(first, last + 1))
    return frozenset(found)


def told(lanes: Iterable[int]) -> str:
    """These lanes, as `read_lanes` reads them."""
    parts: list[list[int]] = []
    for lane in sorted(lanes):
        if parts and parts[-1][-1] == lane - 1:
            parts[-1] = [parts[-1][0], lane]
        else:
            parts.append([lane])
    return " ".join("-".join(map(str, part)) for part in parts)
