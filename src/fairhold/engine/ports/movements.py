"""The books' transfers, as stores read them."""

from typing import NamedTuple, Protocol

from fairhold.domain.ids import OrderId
from fairhold.domain.instants import Instant


class StoredTransfer(NamedTuple):
    """A row of `transfers`: `n` counts the transfers of one event from 0; the amount is above zero."""

    lane: int
    order_id: str
    seq: int
    n: int
    debit: str
    credit: str
    amount: int
    at: int


class MovementReader(Protocol):
    """What is asked about transfers."""

    def transfers(
        self, order: OrderId | None, after: tuple[int, str, int, int] | None, limit: int
    ) -> list[StoredTransfer]:
        """Transfers by (lane, order, seq, n), of one order or of all."""
        ...

    def provider_transfers(
        self, first: Instant, last: Instant, after: tuple[int, int, str, int, int] | None, limit: int
    ) -> list[StoredTransfer]:
        """Transfers from and to providers' accounts, from `first` to before `last`, by (at, lane, order, seq, n)."""
        ...
