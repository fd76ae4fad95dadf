"""Reads `who_may_do_what.txt` and the like, tables that say what happens by command, role and state."""

from dataclasses import dataclass
from pathlib import Path

TABLE = Path(__file__).parent / "who_may_do_what.txt"
REVIEWS = Path(__file__).parent / "who_may_do_what_with_reviews.txt"
SUPPORT = Path(__file__).parent / "who_may_do_what_with_support.txt"
PAYMENTS = Path(__file__).parent / "who_may_do_what_with_payments.txt"
PAYOUTS = Path(__file__).parent / "who_may_do_what_with_payouts.txt"
REFUNDS = Path(__file__).parent / "who_may_do_what_with_refunds.txt"
NO_ORDER = "no_order"


@dataclass(frozen=True)
class Cell:
    """One answer of the table; `expected` is as it stands there."""

    command: str
    role: str
    state: str
    expected: str

    def __str__(self) -> str:
        return f"{self.command} by {self.role} when {self.state}"


def cells(table: Path = TABLE) -> list[Cell]:
    """Every answer, the roles listed under `not_allowed` and `not_found` written out."""
    found: list[Cell] = []
    blocks = [block for block in table.read_text(encoding="utf-8").split("\n\n") if block.startswith("[")]
    for block in blocks:
        found.extend(_cells_of(block.strip().splitlines()))
    return found


def _cells_of(lines: list[str]) -> list[Cell]:
    command = lines[0][1:].partition("]")[0]
    never: dict[str, str] = {}
    at = 1
    while lines[at].partition(":")[0] in ("not_allowed", "not_found"):
        code, _, roles = lines[at].partition(":")
        never |= dict.fromkeys(roles.split(), f"!{code}")
        at += 1
    head, *roles_named = lines[at].split()
    assert head == "state", lines[at]
    found = []
    for row in lines[at + 1 :]:
        state, *answers = row.split()
        assert len(answers) == len(roles_named), row
        found += [Cell(command, role, state, answer) for role, answer in zip(roles_named, answers, strict=True)]
        # Whoever sees nothing or may do nothing learns no more about an order that does not exist.
        nobody = "!not_found" if state == NO_ORDER and command != "place_order" else None
        found += [Cell(command, role, state, nobody or answer) for role, answer in never.items()]
    return found
