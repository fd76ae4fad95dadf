"""Makes the shop's tables and so many delivered orders of two lines: `python -m benchmarks.peers.shop.fill COUNT KEY`."""

import hashlib
import os
import sys

import django
from django.db import connection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.peers.shop.settings")
django.setup()

from benchmarks.peers.shop.models import ApiKey, Event, Key, Line, Order, Transfer  # noqa: E402 - after the set-up

ORDERS = """
INSERT INTO shop_order (id, version, buyer, seller, currency, status, total, placed_at, updated_at, next_deadline_at)
SELECT lpad(n::text, 20, '0'), 5, 'buyer-' || mod(n, 1000), 'seller-' || mod(n, 100), 'RUB',
    'awaiting_confirmation', 530000, now() - interval '12 days', now(), now() + interval '6 days'
FROM generate_series(1, %s) AS n
"""
LINES = """
INSERT INTO shop_line (id, order_id, sku, title, quantity, unit_price, total, state, window_ends)
SELECT id || '-' || l, id, 'lamp-' || l, 'Headlamp “Polus 600”', l, 240000, 265000 * l, 'held', now() + interval '6 days'
FROM shop_order, generate_series(1, 2) AS l
"""
EVENTS = """
INSERT INTO shop_event (order_id, seq, at, by, type, data)
SELECT id, seq, now(), 'operator:ops', 'earlier', jsonb_build_object('text', repeat('x', 300))
FROM shop_order, generate_series(1, 5) AS seq
"""


def main(count: int, key: str) -> None:
    """Fill an empty database."""
    with connection.schema_editor() as editor:
        for model in (Order, Line, Event, Transfer, Key, ApiKey):
            editor.create_model(model)
    with connection.cursor() as cursor:
        cursor.execute(ORDERS, (count,))
        cursor.execute(LINES)
        cursor.execute(EVENTS)
        cursor.execute("VACUUM (ANALYZE)")
    ApiKey.objects.create(hash=hashlib.sha256(key.encode()).digest())


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
