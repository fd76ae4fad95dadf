"""Which column means what. The defaults are the names of Olist's data set; `--columns` says others."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from fairhold.cli.stopping import Stop

ABSENT = "-"
"""`--columns status=-`: the file has no such column."""

DEFAULTS: dict[str, str] = {
    "order": "order_id",
    "buyer": "customer_id",
    "status": "order_status",
    "purchased": "order_purchase_timestamp",
    "paid": "order_approved_at",
    "shipped": "order_delivered_carrier_date",
    "delivered": "order_delivered_customer_date",
    "promised": "order_estimated_delivery_date",
}
"""Each meaning and the header that it has unless told otherwise."""

MAY_BE_ABSENT = frozenset({"buyer", "status", "promised"})
_NEXT_PAIR = re.compile(rf",(?=\s*(?:{'|'.join(DEFAULTS)})\s*=)")


def read_columns(pairs: Iterable[str]) -> dict[str, str]:
    """The headers by meaning, after `--columns paid=payment_date,shipped="…"`. Raises Stop."""
    named = dict(DEFAULTS)
    for pair in (part for text in pairs for part in _NEXT_PAIR.split(text)):
        meaning, equals, header = (part.strip() for part in pair.partition("="))
        if not equals or meaning not in DEFAULTS or not header:
            raise Stop(
                f"--columns {pair!r} does not say which column means what.",
                f"Write MEANING=HEADER, where MEANING is one of {', '.join(DEFAULTS)}.",
            )
        if header == ABSENT and meaning not in MAY_BE_ABSENT:
            raise Stop(f"A history without {meaning!r} cannot be replayed.", f"Name the column: --columns {meaning}=…")
        named[meaning] = header
    return named


def positions(path: Path, header: tuple[str, ...], columns: Mapping[str, str]) -> dict[str, int]:
    """Where each meaning stands in a record; a meaning that the file does not have is left out. Raises Stop."""
    found = {meaning: header.index(name) for meaning, name in columns.items() if name in header}
    missing = [meaning for meaning, name in columns.items() if meaning not in found and name != ABSENT]
    if "buyer" in missing and columns["buyer"] == DEFAULTS["buyer"]:
        missing.remove("buyer")  # one nameless buyer replays as well as many
    if missing:
        wanted = ", ".join(f"{columns[meaning]} ({meaning})" for meaning in missing)
        advice = f"--columns {missing[0]}=HEADER says which column it is"
        if missing[0] in MAY_BE_ABSENT:
            advice += f", --columns {missing[0]}={ABSENT} that there is none"
        raise Stop(
            f"{path} has no column {wanted}. It has: {', '.join(name for name in header if name)}.", f"{advice}."
        )
    return found
