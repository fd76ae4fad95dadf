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
