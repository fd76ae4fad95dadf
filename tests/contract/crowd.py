"""A crowd of orders, made by the database itself: what lists must stay quick among."""

from fairhold.domain.reputation import Tally
from fairhold.engine.ports.reviews import StoredReport

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
REPORTED = "0" * 20


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


# Reviews: half of them are about one seller and one lamp of his, a tenth automatic, a fiftieth withdrawn; one in ten is not
# shown, few wait for a moderator. One is reported by more and more people.
_REVIEW_COLUMNS = """
lane, id, order_id, author, subject, status, shown, awaits, facet, rating, language, photos, anonymous, automatic, version,
left_at, reply_status, changed_at, pictures, text, reply, held, reports
"""
_REVIEW_ID = "{hex} || CASE WHEN n % 3 = 0 THEN '0007' ELSE '0000' END"
_REVIEW_LANE = "CASE WHEN n % 3 = 0 THEN 7 ELSE 0 END"
_REVIEW_FACET = """
CASE WHEN n % 50 = 8 THEN 2000 WHEN n % 10 = 4 THEN 1500 ELSE (1 + n % 5) * 100 + n / 5 % 2 * 10 + n / 10 % 3 END
"""
_REVIEW_VALUES = f"""
{_REVIEW_LANE}, {_REVIEW_ID}, 'order', 'buyer:buyer-' || (n / 40),
CASE WHEN n % 2 = 0 THEN 'seller:big' ELSE 'seller:shop-' || (n / 40) END, 's',
CASE WHEN n % 10 = 6 THEN 0 ELSE 1 END, CASE WHEN n % 97 = 0 THEN 1 ELSE 0 END, {_REVIEW_FACET}, 1 + n % 5, '', 0, 1,
CASE WHEN n % 10 = 4 THEN 1 ELSE 0 END, 1, n, '', n, '', 'Nice lamp ' || n, '', '', CASE WHEN n % 101 = 0 THEN 2 ELSE 0 END
"""
_PRODUCT_COLUMNS = "lane, review_id, line_id, product, shown, facet, rating, left_at, pictures, text"
_PRODUCT_VALUES = f"""
{_REVIEW_LANE}, {_REVIEW_ID}, 'line-1', CASE WHEN n % 2 = 0 THEN 'big/lamp' WHEN n % 4 = 1 THEN 'many/' || (n % 30)
ELSE 'shop-' || (n % 777) || '/mug' END, CASE WHEN n % 10 = 6 THEN 0 ELSE 1 END, {_REVIEW_FACET}, 1 + n % 5, n, '', ''
"""
_REPORT_VALUES = f"0, '{REPORTED}', 'buyer:buyer-' || n, 'insult', '', n"
_FIGURE_COLUMNS = f"lane, name, day, {', '.join(Tally._fields)}"
_FIGURE_VALUES = f"""
{_REVIEW_LANE}, CASE WHEN n <= 300 THEN 'seller:big' ELSE 'seller:shop-' || n END,
CASE WHEN n IN (1, 3) THEN 0 WHEN n <= 300 THEN n ELSE 20000 END, {", ".join(["1"] * len(Tally._fields))}
"""
_OF_REVIEWS = (
    ("reviews", _REVIEW_COLUMNS, _REVIEW_VALUES),
    ("product_reviews", _PRODUCT_COLUMNS, _PRODUCT_VALUES),
    ("review_reports", ", ".join(StoredReport._fields), _REPORT_VALUES),
    ("review_figures", _FIGURE_COLUMNS, _FIGURE_VALUES),
)


def reviews_for_sqlite(first: int, last: int) -> list[str]:
    """The statements that add reviews number `first` to `last`, what goes with them, and as many reports about one."""
    return [
        f"""
        WITH RECURSIVE numbers (n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM numbers WHERE n < {last})
        INSERT INTO {table} ({columns}) SELECT {values.format(hex="printf('%016x', n)")} FROM numbers
        """
        for table, columns, values in _OF_REVIEWS
    ]


def reviews_for_postgres(first: int, last: int) -> list[str]:
    """The same for PostgreSQL."""
    hex_ = "lpad(to_hex(n), 16, '0')"
    return [
        f"INSERT INTO {table} ({columns}) SELECT {values} FROM generate_series({first}, {last}) AS n".format(hex=hex_)
        for table, columns, values in _OF_REVIEWS
    ]
