"""Each statement that writes orders names one lane, whatever divides the tables by it; those that do not are known reads."""

import re
from itertools import product

import pytest
from psycopg import errors

from fairhold.engine.ports import Conflict
from fairhold.store.asking import Kind, Whose
from fairhold.store.postgres import lists, questions, statements
from fairhold.store.postgres.faults import explained

OF_ORDERS = r"\b(orders|events|transfers|balances|outbox|idempotency|claims)\b"
OVER_ALL_LANES = {
    "USED_LANES",
    "BALANCES",
    "BALANCE",
    "TRANSFERS",
    "OVERDUE",
    "SCAN_ORDERS",
    "PARKED_ORDERS",
    "SCAN_KEYS",
    "STRAYS",
}
"""Lists, sums and the audit: reads, which no command waits for."""


def named(module: object) -> dict[str, str]:
    """The statements of a module on tables of orders, without parts of statements."""
    return {
        name: text
        for name, text in vars(module).items()
        if isinstance(text, str) and re.fullmatch(r"[A-Z][A-Z_]+", name) and re.search(OF_ORDERS, text)
    }


@pytest.mark.parametrize(("name", "text"), named(statements).items())
def test_a_statement_that_writes_or_claims_names_its_lane_for_each_table(name: str, text: str) -> None:
    named_tables = len(re.findall(rf"(?:FROM|UPDATE|INTO) {OF_ORDERS}", text))
    inserted = len(re.findall(r"SELECT (?:DISTINCT )?\{lane\}", text))
    filtered = len(re.findall(r"lane = \{lane\}", text))
    assert named_tables >= 1
    assert inserted + filtered >= named_tables, text


def test_a_statement_without_a_lane_is_a_read_over_all() -> None:
    without = {name for name, text in named(questions).items() if "{lane}" not in text}
    assert without == OVER_ALL_LANES
    assert not any(re.search(r"\b(INSERT|UPDATE|DELETE)\b", text) for text in named(questions).values())
    for kind, whose in product(Kind, Whose):
        assert not re.search(r"\b(INSERT|UPDATE|DELETE)\b", lists.list_orders(kind, whose, 1, "DESC"))


def test_citus_s_way_to_say_that_a_row_exists_is_a_conflict() -> None:
    with pytest.raises(Conflict), explained("orders"):
        raise errors.InternalError_('duplicate key value violates unique constraint "orders_pkey_102008"')
    with pytest.raises(errors.InternalError_), explained("orders"):
        raise errors.InternalError_("cache lookup failed")
