"""What the auditor is shown: the database's rows as they lie there, answers that callers got, the provider's statement.

The statements stand here and not in `store/`: whoever checks what a store wrote does not ask through its code.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Literal, NamedTuple, Protocol

ORDER = "SELECT version, snapshot, next_deadline_at, parked FROM orders WHERE lane = ? AND id = ?"
ORDERS = "SELECT id FROM orders ORDER BY id"
EVENTS = """
SELECT seq, at, by, type, data FROM events WHERE lane = ? AND order_id = ? AND seq >= ? ORDER BY seq
"""
TRANSFERS = """
SELECT seq, n, debit, credit, amount FROM transfers WHERE lane = ? AND order_id = ? AND seq >= ? ORDER BY seq, n
"""
BALANCES = "SELECT lane, account, balance FROM balances"
KEY = "SELECT made, version, fingerprint FROM idempotency WHERE lane = ? AND order_id = ? AND key = ?"
PLACED = "SELECT made, version, fingerprint FROM idempotency WHERE order_id = '' AND key = ?"
MESSAGES = """
SELECT seq, n, destination, payload, state FROM outbox
WHERE lane = ? AND order_id = ? AND state <> 'done' ORDER BY seq, n
"""
PAYMENTS = """
SELECT order_id, seq, n, destination, payload, state FROM outbox WHERE destination LIKE 'payments:' || ? ORDER BY 1, 2, 3
"""
PURSES = "SELECT order_id, version, due, on_its_way, passed_on FROM purses"

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


class OrderRow(NamedTuple):
    """An order as it is stored."""

    version: int
    snapshot: bytes
    next_deadline_at: int | None
    parked: int


class EventRow(NamedTuple):
    """One event of it."""

    seq: int
    at: int
    by: str
    type: str
    data: bytes


class TransferRow(NamedTuple):
    """What one event moved."""

    seq: int
    n: int
    debit: str
    credit: str
    amount: int


class KeyRow(NamedTuple):
    """What was done under a key: for placing, `made` names the order."""

    made: str
    version: int
    fingerprint: bytes


class MessageRow(NamedTuple):
    """What is to be told outside."""

    order: str
    seq: int
    n: int
    destination: str
    payload: bytes
    state: str


class PurseRow(NamedTuple):
    """What whoever makes payouts has noted of an order as of its `version`."""

    order: str
    version: int
    due: int
    on_its_way: int
    passed_on: int


class Operation(NamedTuple):
    """A line of the payment provider's statement; `key` is the one that it was asked under, of what it accepted the method.

    Of a transfer that came back it is that of the transfer. On the way to a seller's bank it is the payout's name, and `order`
    the seller's account. `fee` was kept of it.
    """

    kind: Literal[
        "accepted",
        "refund",
        "refund_returned",
        "chargeback",
        "given_back",
        "transfer",
        "transfer_returned",
        "taken_back",
        "to_bank",
        "to_bank_returned",
    ]
    key: str
    amount: int
    currency: str
    order: str = ""
    fee: int = 0


class Asked(Protocol):
    """What was asked of the engine, as far as it matters here: under which key, and of which order (none: it is placed)."""

    @property
    def order(self) -> Any: ...  # noqa: D102 - the names say it
    @property
    def key(self) -> str | None: ...  # noqa: D102
    @property
    def fingerprint(self) -> bytes: ...  # noqa: D102
    @property
    def dry_run(self) -> bool: ...  # noqa: D102


class Answered(Protocol):
    """What the caller was told: the order as it is (its `id` and `version`), and whether that was a repeated answer."""

    @property
    def order(self) -> Any: ...  # noqa: D102
    @property
    def repeated(self) -> bool: ...  # noqa: D102


class Source(Protocol):
    """Where the auditor looks rows up."""

    def order(self, order: str) -> OrderRow | None: ...  # noqa: D102
    def orders(self) -> list[str]: ...  # noqa: D102
    def events(self, order: str, first: int) -> list[EventRow]: ...  # noqa: D102
    def transfers(self, order: str, first: int) -> list[TransferRow]: ...  # noqa: D102
    def balances(self) -> dict[tuple[int, str], int]: ...  # noqa: D102
    def key(self, order: str, scope: str, key: str) -> KeyRow | None: ...  # noqa: D102
    def placed(self, key: str) -> KeyRow | None: ...  # noqa: D102
    def waiting(self, order: str) -> list[MessageRow]: ...  # noqa: D102
    def payments(self) -> list[MessageRow]: ...  # noqa: D102
    def purses(self) -> list[PurseRow]: ...  # noqa: D102


class Rows:
    """Reads rows by SQL, the same for every store; `ask` runs a query with `?` for values, on the database of all lanes."""

    def __init__(self, ask: Callable[..., Sequence[Sequence[Any]]]) -> None:
        self._ask = ask

    def order(self, order: str) -> OrderRow | None:
        """Its row."""
        found = self._ask(ORDER, lane_of(order), order)
        return OrderRow._make(_bytes(found[0])) if found else None

    def orders(self) -> list[str]:
        """Every order there is."""
        return [order for (order,) in self._ask(ORDERS)]

    def events(self, order: str, first: int) -> list[EventRow]:
        """Its events from number `first` on."""
        return [EventRow._make(_bytes(row)) for row in self._ask(EVENTS, lane_of(order), order, first)]

    def transfers(self, order: str, first: int) -> list[TransferRow]:
        """What its events from number `first` on moved."""
        return [TransferRow._make(row) for row in self._ask(TRANSFERS, lane_of(order), order, first)]

    def balances(self) -> dict[tuple[int, str], int]:
        """Every balance, by lane and account."""
        return {(lane, account): balance for lane, account, balance in self._ask(BALANCES)}

    def key(self, order: str, scope: str, key: str) -> KeyRow | None:
        """What was done under the key; `scope` is empty where it placed the order, else the order."""
        found = self._ask(KEY, lane_of(order), scope, key)
        return KeyRow._make(_bytes(found[0])) if found else None

    def placed(self, key: str) -> KeyRow | None:
        """The order that was placed under the key, in whichever lane."""
        found = self._ask(PLACED, key)
        return KeyRow._make(_bytes(found[0])) if found else None

    def waiting(self, order: str) -> list[MessageRow]:
        """What of the order is still to be told, or was given up."""
        return [MessageRow._make((order, *_bytes(row))) for row in self._ask(MESSAGES, lane_of(order), order)]

    def payments(self) -> list[MessageRow]:
        """Everything that a payment provider was ever to be told."""
        return [MessageRow._make(_bytes(row)) for row in self._ask(PAYMENTS, "%")]

    def purses(self) -> list[PurseRow]:
        """What is noted as due to sellers."""
        return [PurseRow._make(row) for row in self._ask(PURSES)]


@lru_cache(maxsize=4096)
def lane_of(order: str) -> int:
    """The lane of an order: the last 16 bits of its id."""
    number = 0
    for digit in order[-4:]:
        number = number * 32 + _ALPHABET.index(digit)
    return number & 0xFFFF


def named(key: str) -> tuple[str, int]:
    """The order and the event that a message's key names."""
    order, _, rest = key.partition("-")
    return order, int(rest.partition("-")[0])


def _bytes(row: Sequence[Any]) -> tuple[Any, ...]:
    """The row with whatever a driver answers for bytes as bytes."""
    return tuple([bytes(value) if isinstance(value, memoryview) else value for value in row])
