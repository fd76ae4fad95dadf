"""What is asked of the tables of webhooks: the same for every store. Where there is `{}`, marks of several values go."""

ENDPOINTS = """
SELECT id, url, description, types, off_because, created_at, secret, secret_at, previous, previous_until, failing_since,
    off_since
FROM webhook_endpoints ORDER BY created_at, id
"""
ENDPOINT = """
SELECT id, url, description, types, off_because, created_at, secret, secret_at, previous, previous_until, failing_since,
    off_since
FROM webhook_endpoints WHERE id = ?
"""
COUNT_ENDPOINTS = "SELECT COUNT(*) FROM webhook_endpoints"
ADD_ENDPOINT = """
INSERT INTO webhook_endpoints (
    id, url, description, types, off_because, created_at, secret, secret_at, previous, previous_until, failing_since,
    off_since
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
EDIT_ENDPOINT = "UPDATE webhook_endpoints SET url = ?, description = ?, types = ? WHERE id = ?"
TURN_ON = "UPDATE webhook_endpoints SET off_because = NULL, off_since = NULL, failing_since = NULL WHERE id = ?"
TURN_OFF = "UPDATE webhook_endpoints SET off_because = ?, off_since = ? WHERE id = ? AND off_because IS NULL"
MISS_WHAT_WAITS = """
UPDATE webhook_deliveries SET state = 'missed', done_at = ? WHERE endpoint = ? AND state = 'waiting'
"""
ROTATE = """
UPDATE webhook_endpoints SET previous = secret, previous_until = ?, secret = ?, secret_at = ? WHERE id = ?
"""
FAILING = "UPDATE webhook_endpoints SET failing_since = ? WHERE id = ? AND failing_since IS NULL"
NOT_FAILING = "UPDATE webhook_endpoints SET failing_since = NULL WHERE id = ? AND failing_since IS NOT NULL"
REMOVE = (
    "DELETE FROM webhook_endpoints WHERE id = ?",
    "DELETE FROM webhook_attempts WHERE endpoint = ?",
    "DELETE FROM webhook_deliveries WHERE endpoint = ?",
)
ASK = "INSERT INTO webhook_requests (key, print, made) VALUES (?, ?, ?) ON CONFLICT (key) DO NOTHING"
UNASK = "DELETE FROM webhook_requests WHERE key = ?"
ASKED = "SELECT key, print, made FROM webhook_requests WHERE key = ?"

ADD_MESSAGES = """
INSERT INTO webhook_messages (id, order_id, seq, type, at, payload) VALUES {} ON CONFLICT (id) DO NOTHING
"""
ADD_DELIVERIES = """
INSERT INTO webhook_deliveries (endpoint, message, order_id, seq, type, state, attempts, tries, at, due_at, done_at)
VALUES {} ON CONFLICT (endpoint, message) DO NOTHING
"""
DUE = """
SELECT id, (SELECT due_at FROM webhook_deliveries WHERE endpoint = webhook_endpoints.id AND state = 'waiting'
    AND claimed_until <= ? ORDER BY due_at LIMIT 1)
FROM webhook_endpoints WHERE off_because IS NULL
"""
CLAIM = """
UPDATE webhook_deliveries SET claimed_until = ?
WHERE endpoint = ? AND state = 'waiting' AND claimed_until <= ? AND message IN (
    SELECT d.message FROM webhook_deliveries d
    WHERE d.endpoint = ? AND d.state = 'waiting' AND d.due_at <= ? AND d.claimed_until <= ? AND NOT EXISTS (
        SELECT 1 FROM webhook_deliveries e
        WHERE e.endpoint = d.endpoint AND e.order_id = d.order_id AND e.seq < d.seq AND e.state = 'waiting' AND e.tries < ?
    ) ORDER BY d.due_at, d.at, d.seq LIMIT ?
) RETURNING endpoint, message, order_id, seq, type, state, attempts, tries, at, due_at, done_at
"""
PAYLOADS = "SELECT id, payload FROM webhook_messages WHERE id IN ({})"
ADD_ATTEMPT = """
INSERT INTO webhook_attempts (endpoint, message, n, at, milliseconds, status, trouble, response)
VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (endpoint, message, n) DO NOTHING
"""
# Where somebody asked for it anew meanwhile, or another process was quicker, theirs counts.
SETTLE = """
UPDATE webhook_deliveries SET state = ?, attempts = ?, tries = ?, due_at = ?, done_at = ?, claimed_until = 0
WHERE endpoint = ? AND message = ? AND state = 'waiting' AND attempts = ? AND tries = ?
"""
RELEASE = "UPDATE webhook_deliveries SET claimed_until = 0 WHERE endpoint = ? AND message = ?"
PUT_OFF_LATER_ONES = """
UPDATE webhook_deliveries SET due_at = ?
WHERE endpoint = ? AND order_id = ? AND seq > ? AND state = 'waiting' AND tries = 0 AND due_at < ?
"""
LET_LATER_ONES_GO = """
UPDATE webhook_deliveries SET due_at = ?
WHERE endpoint = ? AND order_id = ? AND seq > ? AND state = 'waiting' AND tries = 0 AND due_at > ?
"""
AGAIN = """
UPDATE webhook_deliveries SET state = 'waiting', tries = 0, due_at = ?, done_at = NULL, claimed_until = 0
WHERE endpoint = ? AND message = ?
"""
AGAIN_SINCE = """
UPDATE webhook_deliveries SET state = 'waiting', tries = 0, due_at = ?, done_at = NULL, claimed_until = 0
WHERE endpoint = ? AND state IN ('failed', 'missed') AND at >= ?
"""
DELIVERIES = """
SELECT endpoint, message, order_id, seq, type, state, attempts, tries, at, due_at, done_at
FROM webhook_deliveries WHERE endpoint = ?"""
BEFORE = " AND (at, message) < (?, ?)"
NEWEST_FIRST = " ORDER BY at DESC, message DESC LIMIT ?"
DELIVERY = """
SELECT endpoint, message, order_id, seq, type, state, attempts, tries, at, due_at, done_at
FROM webhook_deliveries WHERE endpoint = ? AND message = ?
"""
MESSAGE = "SELECT id, order_id, seq, type, at, payload FROM webhook_messages WHERE id = ?"
ATTEMPTS = """
SELECT endpoint, message, n, at, milliseconds, status, trouble, response FROM webhook_attempts
WHERE endpoint = ? AND message IN ({}) ORDER BY message, n
"""
COUNT_STATES = """
SELECT COUNT(*) FROM (SELECT 1 FROM webhook_deliveries WHERE endpoint = ? AND state IN ({}) LIMIT ?) AS found
"""
OLD = """
SELECT id FROM webhook_messages WHERE at < ? AND NOT EXISTS (
    SELECT 1 FROM webhook_deliveries d WHERE d.message = webhook_messages.id AND d.state = 'waiting'
) ORDER BY at LIMIT ?
"""
FORGET = (
    "DELETE FROM webhook_attempts WHERE message IN ({})",
    "DELETE FROM webhook_deliveries WHERE message IN ({})",
    "DELETE FROM webhook_messages WHERE id IN ({})",
)
