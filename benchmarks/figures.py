"""What reviews add up to, by SQL alone: booked after a load, and compared by the audit of a large database.

It says what `domain/reputation.py` says, from the rows and not from orders, so that one can be held against the other.
"""
# ruff: noqa: S608 - statements are put together from the constants of this file only

from typing import Any

import psycopg

_COLUMNS = """
one, two, three, four, five, with_photo, in_ru, in_en, accuracy_n, accuracy_stars, communication_n, communication_stars,
speed_n, speed_stars, automatic
"""

# A product's stars, photo and language are in its facet, those of the deal where it has no words of its own.
_SAID = """
SELECT lane, subject AS name, left_at, automatic, rating, photos > 0 AS with_photo, language, accuracy, communication, speed
FROM reviews WHERE status = 'published'
UNION ALL
SELECT own.lane, 'product:' || own.product, own.left_at, review.automatic, own.rating, own.facet % 100 >= 10,
       CASE own.facet % 10 WHEN 1 THEN 'ru' WHEN 2 THEN 'en' ELSE '' END, accuracy, communication, speed
FROM product_reviews AS own JOIN reviews AS review ON review.lane = own.lane AND review.id = own.review_id
WHERE review.status = 'published' AND own.shown = 1
"""
_BY = "automatic = 0"
_SUMS = ", ".join(
    [
        *(f"count(*) FILTER (WHERE rating = {stars} AND {_BY})" for stars in range(1, 6)),
        f"count(*) FILTER (WHERE with_photo AND {_BY})",
        *(f"count(*) FILTER (WHERE language = '{language}' AND {_BY})" for language in ("ru", "en")),
        *(
            f"count({name}) FILTER (WHERE {_BY}), coalesce(sum({name}) FILTER (WHERE {_BY}), 0)"
            for name in ("accuracy", "communication", "speed")
        ),
        "count(*) FILTER (WHERE automatic = 1)",
    ]
)
_ADDED_UP = f"""
SELECT lane, name, day, {_SUMS}
FROM ({_SAID}) AS said CROSS JOIN LATERAL unnest(ARRAY[0, left_at / 86400000000]) AS days (day)
GROUP BY lane, name, day
"""


def book_figures(connection: "psycopg.Connection[Any]") -> None:
    """Write down what all stored reviews add up to, in place of what stood there. No dispute was lost."""
    connection.execute("TRUNCATE review_figures")
    connection.execute(
        f"INSERT INTO review_figures (lane, name, day, {_COLUMNS}, lost) SELECT *, 0 FROM ({_ADDED_UP}) AS found".encode()
    )


def wrong_figures(connection: "psycopg.Connection[Any]") -> list[Any]:
    """Figures that are not what the reviews add up to; lost disputes, which no review tells of, are left out."""
    said = f"SELECT lane, name, day, {_COLUMNS} FROM review_figures WHERE greatest({_COLUMNS}) > 0"
    return connection.execute(
        f"(({said}) EXCEPT ({_ADDED_UP})) UNION ALL (({_ADDED_UP}) EXCEPT ({said})) LIMIT 10".encode()
    ).fetchall()
