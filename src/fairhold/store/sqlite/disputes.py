"""The statements about disputes: writing them with their orders, lists, the staff's queue, numbers."""
# ruff: noqa: S608 - statements are put together from the constants of this file only; values are always bound

from functools import cache

from fairhold.domain.ids import ORDER_ID_LENGTH
from fairhold.engine.ports.disputes import DURATION_BOUNDS, DisputeSort, StoredDispute
from fairhold.store.dispute_asking import Of

_COLUMNS = ", ".join(StoredDispute._fields)
_CHANGING = "state tabs turn deadline_at amount refund mediator claimed updated_at closed_at outcome seller_answered_at"
WRITE_DISPUTE = f"""
INSERT INTO disputes ({_COLUMNS}) VALUES ({", ".join("?" * len(StoredDispute._fields))})
ON CONFLICT (lane, id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in _CHANGING.split())}
"""

DISPUTE = f"SELECT {_COLUMNS} FROM disputes WHERE lane = ? AND id = ?"
SCAN_DISPUTES = f"SELECT {_COLUMNS} FROM disputes INDEXED BY disputes_by_id WHERE id > :after ORDER BY id LIMIT :limit"

# Lists are put together as those of orders are: from as many runs of an index as there are masks of tabs.

_OPEN = "claimed = 1 AND closed_at IS NULL"
_CLOSED = "closed_at IS NOT NULL"
_KEYS = {DisputeSort.NEWEST: "opened_at", DisputeSort.DEADLINE: "deadline_at", DisputeSort.AMOUNT: "amount"}
_WHOSE = {
    Of.BUYER: "buyer = :person",
    Of.SELLER: "seller = :person",
    Of.ALL: "TRUE",
    Of.MEDIATOR: f"mediator = :person AND {_OPEN}",
    Of.QUEUE: _OPEN,
}
_INDEXES = {
    (Of.BUYER, DisputeSort.NEWEST): "disputes_of_buyer",
    (Of.SELLER, DisputeSort.NEWEST): "disputes_of_seller",
    (Of.ALL, DisputeSort.NEWEST): "disputes_by_tab",
    (Of.MEDIATOR, DisputeSort.DEADLINE): "disputes_of_mediator",
    (Of.MEDIATOR, DisputeSort.AMOUNT): "disputes_of_mediator_by_amount",
    (Of.QUEUE, DisputeSort.DEADLINE): "disputes_due",
    (Of.QUEUE, DisputeSort.AMOUNT): "disputes_by_amount",
}
_BETWEEN = "({key}, id) > (:low, :low_id) AND ({key}, id) < (:high, :high_id)"
_MASKS = """
WITH RECURSIVE masks (tabs) AS (
    SELECT min(tabs) FROM {table} INDEXED BY {index} WHERE {whose}
    UNION ALL
    SELECT (SELECT min(tabs) FROM {table} INDEXED BY {index} WHERE {whose} AND tabs > masks.tabs)
    FROM masks WHERE tabs IS NOT NULL
)
"""
_LIST = f"""
{_MASKS} SELECT {", ".join(f"found.{name}" for name in StoredDispute._fields)}
FROM masks CROSS JOIN disputes AS found ON found.rowid IN (
    SELECT rowid FROM disputes INDEXED BY {{index}} WHERE {{whose}} AND tabs = masks.tabs AND {_BETWEEN}
    ORDER BY {{key}} {{order}}, id {{order}} LIMIT :limit
)
WHERE masks.tabs & :tab = :tab ORDER BY found.{{key}} {{order}}, found.id {{order}} LIMIT :limit
"""
_COUNT = f"""
{_MASKS} SELECT tabs, (
    SELECT count(*) FROM (SELECT 1 FROM disputes INDEXED BY {{index}} WHERE {{whose}} AND tabs = masks.tabs LIMIT :most)
) FROM masks WHERE tabs IS NOT NULL
"""

# Beside a case

BETWEEN = f"""
SELECT {_COLUMNS} FROM disputes INDEXED BY disputes_between WHERE buyer = :buyer AND seller = :seller
ORDER BY opened_at DESC, id DESC LIMIT :limit
"""
_SIMILAR = f"""
SELECT {_COLUMNS} FROM disputes INDEXED BY disputes_ruled
WHERE reason = :reason AND currency = :currency AND outcome = :outcome AND {_CLOSED} AND claimed = 1
"""
SIMILAR_BELOW = f"""
{_SIMILAR} AND amount >= :low AND amount <= :amount ORDER BY amount DESC, closed_at DESC, id DESC LIMIT :limit
"""
SIMILAR_ABOVE = f"{_SIMILAR} AND amount > :amount AND amount <= :high ORDER BY amount, closed_at, id LIMIT :limit"

# Who has how much to do

_MEDIATORS = """
WITH RECURSIVE mediators (mediator) AS (
    SELECT min(mediator) FROM disputes INDEXED BY {index} WHERE {which}
    UNION ALL
    SELECT (SELECT min(mediator) FROM disputes INDEXED BY {index} WHERE {which} AND mediator > mediators.mediator)
    FROM mediators WHERE mediator IS NOT NULL LIMIT :most
)
SELECT mediator, (
    SELECT count(*) FROM (
        SELECT 1 FROM disputes INDEXED BY {index} WHERE mediator = mediators.mediator AND {counted} LIMIT :most)
) FROM mediators WHERE mediator IS NOT NULL
"""
OPEN_BY_MEDIATOR = _MEDIATORS.format(
    index="disputes_of_mediator", which=f"{_OPEN} AND mediator IS NOT NULL", counted=_OPEN
)
RULED_BY_MEDIATOR = _MEDIATORS.format(
    index="disputes_ruled_by",
    which=f"{_CLOSED} AND mediator IS NOT NULL",
    counted=f"outcome = :outcome AND closed_at >= :since AND {_CLOSED} AND mediator IS NOT NULL",
)
OPEN_OF_NOBODY = f"""
SELECT count(*) FROM (
    SELECT 1 FROM disputes INDEXED BY disputes_of_mediator WHERE mediator IS NULL AND {_OPEN} LIMIT :most)
"""

# Numbers

_TOOK = " ".join(f"WHEN closed_at - opened_at <= {bound} THEN {number}" for number, bound in enumerate(DURATION_BOUNDS))
_CLOSED_LATELY = f"""
SELECT currency, reason, outcome, took, count(*), sum(amount), sum(refund), min(closed_at) FROM (
    SELECT currency, reason, coalesce(outcome, '') AS outcome, amount, coalesce(refund, 0) AS refund, closed_at,
           CASE {_TOOK} ELSE {len(DURATION_BOUNDS)} END AS took
    FROM disputes INDEXED BY {{index}} WHERE {{whose}} AND closed_at >= :since AND closed_at < :until AND {_CLOSED}
    ORDER BY closed_at DESC LIMIT :most
) GROUP BY currency, reason, outcome, took
"""
_PLACED = f"""
{_MASKS} SELECT count(*), max(id) FROM (
    SELECT found.id FROM masks CROSS JOIN orders AS found INDEXED BY orders_by_id ON found.id IN (
        SELECT id FROM orders INDEXED BY {{index}} WHERE {{whose}} AND tabs = masks.tabs AND id > :after AND id < :before
        ORDER BY id LIMIT :limit
    )
    WHERE masks.tabs & :unpaid = 0 ORDER BY found.id LIMIT :limit
)
"""
_DISPUTED = f"""
SELECT count(DISTINCT substr(id, 1, {ORDER_ID_LENGTH})) FROM disputes INDEXED BY {{index}}
WHERE {{whose}} AND id > :after AND id < :before
"""


@cache
def list_disputes(of: Of, sort: DisputeSort, order: str) -> str:
    """The statement of such a list; `order` is ASC or DESC."""
    return _LIST.format(table="disputes", index=_INDEXES[of, sort], whose=_WHOSE[of], key=_KEYS[sort], order=order)


@cache
def count_tabs(of: Of) -> str:
    """The statement that counts disputes by their mask of tabs."""
    index = next(index for (counted, _), index in _INDEXES.items() if counted is of)
    return _COUNT.format(table="disputes", index=index, whose=_WHOSE[of])


@cache
def closed(of: Of) -> str:
    """The statement that adds up what was closed, by currency, reason, outcome and how long it took."""
    index = "disputes_closed" if of is Of.ALL else "disputes_closed_of_seller"
    return _CLOSED_LATELY.format(index=index, whose=_WHOSE[of])


@cache
def placed(of: Of) -> str:
    """The statement that counts orders placed between two ids, and says which is the last counted."""
    index = "orders_by_tab" if of is Of.ALL else "orders_of_seller"
    return _PLACED.format(table="orders", index=index, whose=_WHOSE[of])


@cache
def disputed(of: Of) -> str:
    """The statement that counts the orders between two ids that were disputed."""
    index = "disputes_by_id" if of is Of.ALL else "disputes_by_id_of_seller"
    return _DISPUTED.format(index=index, whose=_WHOSE[of])
