"""A crowd of orders, made by the database itself: what lists must stay quick among."""

# Their ids are numbers in base 16, which is also good base 32, and lie in lane 0 or 7 by turns. Every second order is of
# one seller. All are finished but three that are to be shipped, early ones, and the last three thousand of each crowd.
_COLUMNS = """
lane, id, version, buyer, seller, currency, status, tabs, total, placed_at, updated_at, next_deadline_at, closed_at,
has_keys, search, snapshot
"""
_VALUES = """
CASE WHEN n % 3 = 0 THEN 7 ELSE 0 END,
{hex} || CASE WHEN n % 3 = 0 THEN '0007' ELSE '0000' END,
1, 'buyer-' || (n / 40), CASE WHEN n % 2 = 0 THEN 'big' ELSE 'shop-' || (n % 777) END, 'RUB', 's',
CASE WHEN n IN (10, 1000, 2500) THEN 4 WHEN n > {last} - 3000 THEN 528 WHEN n % 5 = 0 THEN 1152 ELSE 1088 END,
100, n, n, CASE WHEN n > {last} - 3000 THEN 900000 + n END, CASE WHEN n <= {last} - 3000 THEN n END,
0, 'lamp ' || (n % 100), {bytes}
"""
BIG, TO_SHIP, SHIPPED, REFUNDED, COMPLETED, NONE = "big", 4, 512, 128, 64, 2


def for_sqlite(first: int, last: int) -> str:
    """The statement that adds orders number `first` to `last`."""
    values = _VALUES.format(hex="printf('%016x', n)", last=last, bytes="zeroblob(300)")
    return f"""
    WITH RECURSIVE numbers (n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM numbers WHERE n < {last})
    INSERT INTO orders ({_COLUMNS}) SELECT {values} FROM numbers
    """


def for_postgres(first: int, last: int) -> str:
    """The same for PostgreSQL."""
    values = _VALUES.format(hex="lpad(to_hex(n), 16, '0')", last=last, bytes="decode(repeat('00', 300), 'hex')")
    return f"INSERT INTO orders ({_COLUMNS}) SELECT {values} FROM generate_series({first}, {last}) AS n"


# Disputes: a quarter are open claims, half of them in nobody's hands, a quarter closed claims, the rest settled by the two
# themselves. Three stand in a tab of their own.
_DISPUTE_COLUMNS = """
lane, id, order_id, buyer, seller, currency, reason, state, tabs, turn, deadline_at, amount, refund, mediator, claimed,
opened_at, updated_at, closed_at, outcome
"""
_DISPUTE_VALUES = """
CASE WHEN n % 3 = 0 THEN 7 ELSE 0 END,
{hex} || CASE WHEN n % 3 = 0 THEN '0007' ELSE '0000' END || '-d1',
{hex} || CASE WHEN n % 3 = 0 THEN '0007' ELSE '0000' END,
'buyer-' || (n / 40), CASE WHEN n % 2 = 0 THEN 'big' ELSE 'shop-' || (n % 777) END, 'RUB', 'damaged', 's',
CASE WHEN n IN (12, 1000, 2500) THEN 4 WHEN n % 4 = 0 THEN 1 + n % 3 ELSE 64 END,
'mediator', CASE WHEN n % 4 = 0 THEN n * 7919 % 1000003 ELSE 9223372036854775807 END, n * 7919 % 5000, 10,
CASE WHEN n % 4 = 1 OR n % 8 = 4 THEN 'mediator-' || (n / 8 % 2) END, CASE WHEN n % 4 < 2 THEN 1 ELSE 0 END,
n, n, CASE WHEN n % 4 > 0 THEN n + n % 1000 END, CASE n % 4 WHEN 0 THEN NULL WHEN 1 THEN 'ruled' ELSE 'agreed' END
"""
RARE = 4


def disputes_for_sqlite(first: int, last: int) -> str:
    """The statement that adds disputes of orders number `first` to `last`."""
    return f"""
    WITH RECURSIVE numbers (n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM numbers WHERE n < {last})
    INSERT INTO disputes ({_DISPUTE_COLUMNS}) SELECT {_DISPUTE_VALUES.format(hex="printf('%016x', n)")} FROM numbers
    """


def disputes_for_postgres(first: int, last: int) -> str:
    """The same for PostgreSQL."""
    values = _DISPUTE_VALUES.format(hex="lpad(to_hex(n), 16, '0')")
    return f"INSERT INTO disputes ({_DISPUTE_COLUMNS}) SELECT {values} FROM generate_series({first}, {last}) AS n"
