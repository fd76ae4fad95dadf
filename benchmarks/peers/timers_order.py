"""What a timer does when it fires, the same for every library: far less than Fairhold's deadline does.

It sets the order's state and adds one event of the same size, in one statement.
"""

TABLES = """
CREATE TABLE timed_order (id bigint PRIMARY KEY, state text NOT NULL);
CREATE TABLE timed_event (order_id bigint NOT NULL, type text NOT NULL, data text NOT NULL, at timestamptz NOT NULL);
INSERT INTO timed_order SELECT n, 'delivered' FROM generate_series(1, COUNT) AS n;
"""
COMPLETE = """
WITH done AS (UPDATE timed_order SET state = 'completed' WHERE id = %(order)s AND state = 'delivered' RETURNING id)
INSERT INTO timed_event SELECT id, 'portions_released', repeat('x', 200), now() FROM done
"""
DONE = "SELECT count(*) FROM timed_event"
