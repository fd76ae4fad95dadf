"""The statements about payouts, by name; the same in every store. Columns stand in the order of the port's rows."""
# ruff: noqa: S608 - statements are put together from the constants of this file only; values are always bound

PURSE = (
    "order_id, version, buyer, seller, currency, provider, paid_at, changed_at, paid, held, settling, released, fee, refunded, "
    "charged_back, due, on_its_way, passed_on, released_at"
)
_CHANGING = "version paid held settling released fee refunded charged_back due on_its_way passed_on provider paid_at"
# Who hears of a later turn first may know more than who hears of an earlier one, and who looks at an order without hearing of a
# turn knows less: of when money was released or anything changed, the later counts.
KEEP_PURSE = f"""
INSERT INTO purses ({PURSE}) VALUES ({", ".join("?" * 19)})
ON CONFLICT (order_id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in _CHANGING.split())},
changed_at = CASE WHEN purses.changed_at > excluded.changed_at THEN purses.changed_at ELSE excluded.changed_at END,
released_at = CASE
    WHEN excluded.released_at IS NULL OR purses.released_at > excluded.released_at THEN purses.released_at
    ELSE excluded.released_at
END
WHERE excluded.version >= purses.version
"""
ONE_PURSE = f"SELECT {PURSE} FROM purses WHERE order_id = ?"
PURSES_OF = f"""
SELECT {PURSE} FROM purses WHERE seller = ? AND (changed_at, order_id) < (?, ?)
ORDER BY changed_at DESC, order_id DESC LIMIT ?
"""
OWED = """
SELECT seller, provider, currency, CAST(sum(due) AS BIGINT), count(*), min(released_at) FROM purses
WHERE due <> 0 AND (seller, provider, currency) > (?, ?, ?)
GROUP BY seller, provider, currency ORDER BY seller, provider, currency LIMIT ?
"""
OWED_TO = """
SELECT seller, provider, currency, CAST(sum(due) AS BIGINT), count(*), min(released_at) FROM purses
WHERE due <> 0 AND seller = ? GROUP BY seller, provider, currency ORDER BY seller, provider, currency
"""
OWED_ON = """
SELECT CAST(coalesce(sum(due), 0) AS BIGINT), count(*), min(released_at) FROM purses
WHERE due <> 0 AND seller = ? AND provider = ? AND currency = ?
"""
_MOST = """
SELECT seller, provider, currency, CAST(sum(due) AS BIGINT) AS owed, count(*), min(released_at),
min(CASE WHEN due < 0 THEN changed_at END) FROM purses
WHERE due <> 0 AND currency = ? GROUP BY seller, provider, currency HAVING sum(due) {sign} 0
ORDER BY owed {order}, seller, provider LIMIT ?
"""
MOST_DUE = _MOST.format(sign=">", order="DESC")
MOST_OWING = _MOST.format(sign="<", order="ASC")
DUE_IN_ALL = """
SELECT currency, CAST(sum(CASE WHEN due > 0 THEN due ELSE 0 END) AS BIGINT), count(DISTINCT CASE WHEN due > 0 THEN seller END),
CAST(sum(CASE WHEN due < 0 THEN -due ELSE 0 END) AS BIGINT), count(DISTINCT CASE WHEN due < 0 THEN seller END)
FROM (
    SELECT seller, provider, currency, sum(due) AS due FROM purses WHERE due <> 0 GROUP BY seller, provider, currency
) AS accounts GROUP BY currency ORDER BY currency
"""
LAST_RELEASE = """
SELECT max(released_at) FROM purses WHERE released_at IS NOT NULL AND seller = ? AND provider = ? AND currency = ?
"""
RELEASED_LATELY = """
SELECT CAST(coalesce(sum(released), 0) AS BIGINT) FROM purses
WHERE released_at IS NOT NULL AND seller = ? AND provider = ? AND currency = ? AND released_at > ?
"""
WAITING = f"""
SELECT {PURSE} FROM purses WHERE due <> 0 AND seller = ? AND provider = ? AND currency = ? AND due >= ? {{whole}}
ORDER BY released_at, order_id LIMIT ?
"""
WHOLE = "AND held = 0 AND settling = 0"
# A whole number of steps is what is left of a division of whole numbers.
FITTING = """
SELECT CAST(coalesce(sum(due / CAST(? AS BIGINT)), 0) AS BIGINT) FROM purses
WHERE due <> 0 AND seller = ? AND provider = ? AND currency = ? AND due >= ? {whole}
"""
OWING = f"""
SELECT {PURSE} FROM purses WHERE due <> 0 AND due < 0 AND seller = ? AND provider = ? AND currency = ?
ORDER BY released_at, order_id LIMIT ?
"""
HELD = """
SELECT currency, CASE {spans} END AS span, count(*), CAST(sum(held) AS BIGINT), CAST(sum(settling) AS BIGINT) FROM purses
WHERE held > 0 OR settling > 0 GROUP BY currency, span ORDER BY currency, span
"""

_PAYEE = "seller, provider, account, own, since, may_be_paid, wanting, seen_at, parked_why, parked_at, care, failures"
PAYEE = f"SELECT {_PAYEE} FROM payees WHERE seller = ? AND provider = ?"
PAYEES_OF = f"SELECT {_PAYEE} FROM payees WHERE seller = ? ORDER BY provider"
PAYEES = f"SELECT {_PAYEE} FROM payees WHERE (seller, provider) > (?, ?) ORDER BY seller, provider LIMIT ?"
PARKED = f"""
SELECT {_PAYEE} FROM payees
WHERE (parked_at IS NOT NULL OR may_be_paid = 0) AND (seller, provider) > (?, ?) ORDER BY seller, provider LIMIT ?
"""
OWN_RULES = "SELECT seller, provider, own FROM payees WHERE own <> '{}'"
FIRST_MONEY = "UPDATE payees SET since = ? WHERE seller = ? AND provider = ? AND since = 0"
MEET_PAYEE = f"""
INSERT INTO payees ({_PAYEE}) VALUES ({", ".join("?" * 12)}) ON CONFLICT (seller, provider) DO NOTHING
"""
# What a provider said of another account says nothing of this one.
SET_ACCOUNT = """
UPDATE payees SET account = ?, may_be_paid = NULL, wanting = '', seen_at = NULL
WHERE seller = ? AND provider = ? AND account <> ?
"""
AGREE = "UPDATE payees SET own = ? WHERE seller = ? AND provider = ?"
AGREE_AFTER = "UPDATE payees SET own = ? WHERE seller = ? AND provider = ? AND own = ?"
TAKE_CARE = "UPDATE payees SET care = ? WHERE seller = ? AND provider = ?"
RESUME = """
UPDATE payees SET parked_why = '', parked_at = NULL, failures = 0, care = ?
WHERE seller = ? AND provider = ? AND (parked_at IS NOT NULL OR may_be_paid = 0)
"""
SEEN_ACCOUNT = """
UPDATE payees SET may_be_paid = ?, wanting = ?, seen_at = ? WHERE provider = ? AND account = ?
"""
PARK = """
UPDATE payees SET parked_why = ?, parked_at = ? WHERE seller = ? AND provider = ? AND parked_at IS NULL
"""
COUNT_FAILURE = "UPDATE payees SET failures = failures + 1 WHERE seller = ? AND provider = ? RETURNING failures"
NO_FAILURE = "UPDATE payees SET failures = 0 WHERE seller = ? AND provider = ? AND failures > 0"

_PAYOUT = (
    "id, seller, provider, currency, to_account, amount, stage, made_at, made_by, arrived, reference, why, tries, "
    "next_at, done_at"
)
MAKE = f"INSERT INTO payouts ({_PAYOUT}) VALUES ({', '.join('?' * 15)}) ON CONFLICT (id) DO NOTHING"
PAYOUT = f"SELECT {_PAYOUT} FROM payouts WHERE id = ?"
TURN = "SELECT turn FROM payees WHERE seller = ? AND provider = ?"
TAKE_TURN = "UPDATE payees SET turn = turn + 1 WHERE seller = ? AND provider = ? AND turn = ?"
UNTOLD = f"""
SELECT {_PAYOUT} FROM payouts
WHERE stage = 'made' AND seller = ? AND provider = ? AND currency = ? ORDER BY made_at, id LIMIT ?
"""
MOVE = """
UPDATE payouts SET stage = ?, arrived = ?, reference = ?, why = ?, tries = ?, next_at = ?, done_at = ?
WHERE id = ? AND stage = ? AND tries = ? AND reference = ?
"""
PASSED_ON = """
SELECT CAST(coalesce(sum(parts.amount - parts.taken_back), 0) AS BIGINT)
FROM payouts JOIN payout_parts AS parts ON parts.payout = payouts.id AND parts.stage = 'sent'
WHERE payouts.seller = ? AND payouts.provider = ? AND payouts.currency = ?
"""
SENT_TO_BANK = """
SELECT CAST(coalesce(sum(arrived), 0) AS BIGINT) FROM payouts
WHERE seller = ? AND provider = ? AND currency = ? AND id <> ? AND (stage = 'done' OR (stage = 'to_bank' AND reference <> ''))
"""
_OPEN = "stage IN ('made', 'on_its_way', 'to_bank')"
MOVABLE = f"""
SELECT {_PAYOUT} FROM payouts WHERE {_OPEN} AND (made_at, id) > (?, ?) AND (
    stage = 'made' OR (stage = 'to_bank' AND (next_at IS NULL OR next_at <= ?))
    OR (stage = 'on_its_way' AND NOT EXISTS (
        SELECT 1 FROM payout_parts WHERE payout_parts.payout = payouts.id AND payout_parts.stage IN ('planned', 'started')
    ))
) ORDER BY made_at, id LIMIT ?
"""
NEXT_LOOK = f"SELECT min(next_at) FROM payouts WHERE {_OPEN} AND stage = 'to_bank'"
OF_SELLER = f"""
SELECT {_PAYOUT} FROM payouts WHERE seller = ? AND (made_at, id) < (?, ?) {{stages}} ORDER BY made_at DESC, id DESC LIMIT ?
"""
OF_ALL = f"""
SELECT {_PAYOUT} FROM payouts WHERE (made_at, id) < (?, ?) {{stages}} ORDER BY made_at DESC, id DESC LIMIT ?
"""

_PART = "payout, order_id, amount, stage, why, taken_back"
PARTS = f"SELECT {_PART} FROM payout_parts WHERE payout = ? AND order_id > ? ORDER BY order_id LIMIT ?"
BY_STAGE = """
SELECT stage, count(*), CAST(sum(amount - taken_back) AS BIGINT) FROM payout_parts WHERE payout = ? GROUP BY stage
"""
# What ended once does not begin anew: a part that did not arrive is none any more, and another takes its place. And what was
# taken back is not given again: whoever hears of an earlier turn later must not write the less that they know.
SET_PART = f"""
INSERT INTO payout_parts ({_PART}, noted) VALUES (?, ?, ?, ?, ?, ?, 0)
ON CONFLICT (payout, order_id) DO UPDATE SET stage = excluded.stage, why = excluded.why,
taken_back = CASE WHEN excluded.taken_back > payout_parts.taken_back THEN excluded.taken_back ELSE payout_parts.taken_back END
WHERE payout_parts.stage NOT IN ('failed', 'returned')
AND NOT (payout_parts.stage = 'sent' AND excluded.stage IN ('planned', 'dropped', 'started'))
AND NOT (payout_parts.stage = 'started' AND excluded.stage IN ('planned', 'dropped'))
"""
UNNOTED = f"""
SELECT {", ".join(f"parts.{name}" for name in _PART.split(", "))}, {", ".join(f"payouts.{name}" for name in _PAYOUT.split(", "))}
FROM payout_parts AS parts JOIN payouts ON payouts.id = parts.payout
WHERE parts.noted = 0 AND parts.stage IN ('failed', 'returned') ORDER BY parts.payout, parts.order_id LIMIT ?
"""
NOTE = "UPDATE payout_parts SET noted = 1 WHERE payout = ? AND order_id = ? AND noted = 0"
