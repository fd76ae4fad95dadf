"""The statements about disputes: writing them with their orders, lists, the staff's queue, numbers."""
# ruff: noqa: S608 - statements are put together from the constants of this file only; values are always bound

from functools import cache

from fairhold.domain.ids import ORDER_ID_LENGTH
from fairhold.engine.ports.disputes import DURATION_BOUNDS, DisputeSort, StoredDispute
from fairhold.store.dispute_asking import Of

_COLUMNS = ", ".join(StoredDispute._fields)
_OWN = StoredDispute._fields[1:]
_CHANGING = "state tabs turn deadline_at amount refund mediator claimed updated_at closed_at outcome seller_answered_at"
WRITE_DISPUTES = f"""
INSERT INTO disputes ({_COLUMNS}) SELECT {{lane}}, * FROM unnest({", ".join(["%s"] * len(_OWN))})
ON CONFLICT (lane, id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in _CHANGING.split())}
"""

DISPUTE = f"SELECT {_COLUMNS} FROM disputes WHERE lane = {{lane}} AND id = %s"

# Each statement says of rows what holds for all of them and stands in the condition of one index: so it is planned with
# that index, whenever the plan is made.

_NAMES = """
of_buyer of_seller by_tab between due by_amount of_mediator of_mediator_by_amount ruled ruled_by closed closed_of_seller
by_id by_id_of_seller
"""
_BY = {name: f"updated_at <> -{number}" for number, name in enumerate(_NAMES.split(), 1)}

# Lists are put together as those of orders are: from as many runs of an index as there are masks of tabs. Rows of the page
# alone are read, each by its primary key.

_OPEN = "claimed = 1 AND closed_at IS NULL"
_CLOSED = "closed_at IS NOT NULL"
_KEYS = {DisputeSort.NEWEST: "opened_at", DisputeSort.DEADLINE: "deadline_at", DisputeSort.AMOUNT: "amount"}
_WHOSE = {
    Of.BUYER: "buyer = %(person)s",
    Of.SELLER: "seller = %(person)s",
    Of.ALL: "TRUE",
    Of.MEDIATOR: f"mediator = %(person)s AND {_OPEN}",
    Of.QUEUE: _OPEN,
}
_INDEXES = {
    (Of.BUYER, DisputeSort.NEWEST): _BY["of_buyer"],
    (Of.SELLER, DisputeSort.NEWEST): _BY["of_seller"],
    (Of.ALL, DisputeSort.NEWEST): _BY["by_tab"],
    (Of.MEDIATOR, DisputeSort.DEADLINE): _BY["of_mediator"],
    (Of.MEDIATOR, DisputeSort.AMOUNT): _BY["of_mediator_by_amount"],
    (Of.QUEUE, DisputeSort.DEADLINE): _BY["due"],
    (Of.QUEUE, DisputeSort.AMOUNT): _BY["by_amount"],
}
_BETWEEN = """
({key}, id) > (%(low)s::bigint, %(low_id)s) AND ({key}, id) < (%(high)s::bigint, %(high_id)s)
"""
_MASKS = """
WITH RECURSIVE masks (tabs) AS (
    (SELECT tabs FROM {table} WHERE {whose} ORDER BY tabs LIMIT 1)
    UNION ALL
    SELECT (SELECT tabs FROM {table} WHERE {whose} AND tabs > masks.tabs ORDER BY tabs LIMIT 1)
    FROM masks WHERE tabs IS NOT NULL
)
"""
_LIST = f"""
{_MASKS} SELECT {", ".join(f"shown.{name}" for name in StoredDispute._fields)} FROM (
    SELECT found.lane, found.id, found.place FROM masks CROSS JOIN LATERAL (
        SELECT lane, id, {{key}} AS place FROM disputes WHERE {{whose}} AND tabs = masks.tabs AND {_BETWEEN}
        ORDER BY {{key}} {{order}}, id {{order}} LIMIT %(limit)s
    ) AS found
    WHERE masks.tabs & %(tab)s::bigint = %(tab)s ORDER BY found.place {{order}}, found.id {{order}} LIMIT %(limit)s
) AS page
CROSS JOIN LATERAL (SELECT * FROM disputes WHERE lane = page.lane AND id = page.id OFFSET 0) AS shown
ORDER BY page.place {{order}}, page.id {{order}}
"""
_COUNT = f"""
{_MASKS} SELECT masks.tabs, counted.disputes
FROM masks CROSS JOIN LATERAL (
    SELECT count(*) AS disputes FROM (
        SELECT FROM disputes WHERE {{whose}} AND tabs = masks.tabs LIMIT %(most)s) AS each
) AS counted
WHERE masks.tabs IS NOT NULL
"""

SCAN_DISPUTES = f"""
SELECT {_COLUMNS} FROM disputes WHERE {_BY["by_id"]} AND id > %(after)s ORDER BY id LIMIT %(limit)s
"""

# Beside a case

BETWEEN = f"""
SELECT {_COLUMNS} FROM disputes WHERE {_BY["between"]} AND buyer = %(buyer)s AND seller = %(seller)s
ORDER BY opened_at DESC, id DESC LIMIT %(limit)s
"""
_SIMILAR = f"""
SELECT {_COLUMNS} FROM disputes
WHERE {_BY["ruled"]} AND reason = %(reason)s AND currency = %(currency)s AND outcome = %(outcome)s AND {_CLOSED} AND claimed = 1
"""
SIMILAR_BELOW = f"""
{_SIMILAR} AND amount >= %(low)s AND amount <= %(amount)s ORDER BY amount DESC, closed_at DESC, id DESC LIMIT %(limit)s
"""
SIMILAR_ABOVE = f"""
{_SIMILAR} AND amount > %(amount)s AND amount <= %(high)s ORDER BY amount, closed_at, id LIMIT %(limit)s
"""

# Who has how much to do

_MEDIATORS = """
WITH RECURSIVE mediators (mediator) AS (
    (SELECT mediator FROM disputes WHERE {which} ORDER BY mediator LIMIT 1)
    UNION ALL
    SELECT (SELECT mediator FROM disputes WHERE {which} AND mediator > mediators.mediator ORDER BY mediator LIMIT 1)
    FROM mediators WHERE mediator IS NOT NULL
)
SELECT mediators.mediator, counted.disputes
FROM (SELECT mediator FROM mediators LIMIT %(most)s) AS mediators CROSS JOIN LATERAL (
    SELECT count(*) AS disputes FROM (
        SELECT FROM disputes WHERE mediator = mediators.mediator AND {counted} LIMIT %(most)s) AS each
) AS counted
WHERE mediators.mediator IS NOT NULL
"""
_HELD, _RULED = f"{_BY['of_mediator']} AND {_OPEN}", f"{_BY['ruled_by']} AND {_CLOSED} AND mediator IS NOT NULL"
OPEN_BY_MEDIATOR = _MEDIATORS.format(which=f"{_HELD} AND mediator IS NOT NULL", counted=_HELD)
RULED_BY_MEDIATOR = _MEDIATORS.format(
    which=_RULED, counted=f"outcome = %(outcome)s AND closed_at >= %(since)s AND {_RULED}"
)
OPEN_OF_NOBODY = f"""
SELECT count(*) FROM (SELECT FROM disputes WHERE mediator IS NULL AND {_HELD} LIMIT %(most)s) AS each
"""

# Numbers

_TOOK = " ".join(f"WHEN closed_at - opened_at <= {bound} THEN {number}" for number, bound in enumerate(DURATION_BOUNDS))
_CLOSED_LATELY = f"""
SELECT currency, reason, outcome, took, count(*), sum(amount)::bigint, sum(refund)::bigint, min(closed_at) FROM (
    SELECT currency, reason, coalesce(outcome, '') AS outcome, amount, coalesce(refund, 0) AS refund, closed_at,
           CASE {_TOOK} ELSE {len(DURATION_BOUNDS)} END AS took
    FROM disputes WHERE {{whose}} AND closed_at >= %(since)s AND closed_at < %(until)s AND {_CLOSED}
    ORDER BY closed_at DESC LIMIT %(most)s
) AS lately GROUP BY currency, reason, outcome, took
"""
_PLACED = f"""
{_MASKS} SELECT count(*), max(id) FROM (
    SELECT found.id FROM masks CROSS JOIN LATERAL (
        SELECT id FROM orders WHERE {{whose}} AND tabs = masks.tabs AND id > %(after)s AND id < %(before)s
        ORDER BY id LIMIT %(limit)s
    ) AS found
    WHERE masks.tabs & %(unpaid)s::bigint = 0 ORDER BY found.id LIMIT %(limit)s
) AS looked
"""
_DISPUTED = f"""
SELECT count(DISTINCT substr(id, 1, {ORDER_ID_LENGTH})) FROM disputes WHERE {{whose}} AND id > %(after)s AND id < %(before)s
"""


@cache
def list_disputes(of: Of, sort: DisputeSort, order: str) -> str:
    """The statement of such a list; `order` is ASC or DESC."""
    which = f"{_WHOSE[of]} AND {_INDEXES[of, sort]}"
    return _LIST.format(table="disputes", whose=which, key=_KEYS[sort], order=order)


@cache
def count_tabs(of: Of) -> str:
    """The statement that counts disputes by their mask of tabs."""
    index = next(index for (counted, _), index in _INDEXES.items() if counted is of)
    return _COUNT.format(table="disputes", whose=f"{_WHOSE[of]} AND {index}")


@cache
def closed(of: Of) -> str:
    """The statement that adds up what was closed, by currency, reason, outcome and how long it took."""
    index = _BY["closed" if of is Of.ALL else "closed_of_seller"]
    return _CLOSED_LATELY.format(whose=f"{_WHOSE[of]} AND {index}")


@cache
def placed(of: Of) -> str:
    """The statement that counts orders placed between two ids, and says which is the last counted."""
    return _PLACED.format(table="orders", whose="tabs >= 0" if of is Of.ALL else _WHOSE[of])


@cache
def disputed(of: Of) -> str:
    """The statement that counts the orders between two ids that were disputed."""
    index = _BY["by_id" if of is Of.ALL else "by_id_of_seller"]
    return _DISPUTED.format(whose=f"{_WHOSE[of]} AND {index}")
