"""The auditor's own book of one order: every piece of goods by itself, moved by events and by nothing else."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from fairhold.simulation.auditor.invariants import Invariant
from fairhold.simulation.auditor.parts import Part, asked_for, kept_of, with_seller
from fairhold.simulation.auditor.terms import HOUR, LATEST, Terms, later

HELD, DISPUTED, CONFIRMED = "held", "disputed", "confirmed"
SETTLED, REFUNDED, CANCELLED = "settled", "refunded", "cancelled"
OPEN = frozenset({HELD, DISPUTED, CONFIRMED})
DECIDED = frozenset({SETTLED, REFUNDED, CANCELLED})

Event = dict[str, Any]
Complain = Callable[[Invariant, str], None]


@dataclass(slots=True)
class Unit:
    """One piece of goods; sums in minor units, times in microseconds."""

    worth: int
    category: str | None
    line: str
    state: str = HELD
    shipment: str | None = None
    protection_ends: int | None = None
    window_ends: int | None = None
    ship_again_by: int | None = None
    confirmed_at: int | None = None
    settles_at: int | None = None
    kept_since: int | None = None
    lapse_extended: bool = False
    shipped_again: bool = False
    buyer_undid: bool = False
    charged: int = 0
    owed: int = 0
    returned: int = 0
    dispute: str | None = None
    disputed: int = 0
    accident: str | None = None
    completed_at: int | None = None

    @property
    def left(self) -> int:
        """What of its worth the buyer's bank has not taken."""
        return self.worth - self.charged


@dataclass(slots=True)
class Parcel:
    """Where a parcel is, as far as money depends on it."""

    delivered_at: int | None = None
    returned: bool = False
    returns: str | None = None


@dataclass(slots=True)
class Case:
    """One dispute."""

    amount: int
    opened_at: int
    by_seller: bool
    state: str
    due: int | None
    negotiation_due: int | None = None
    last: int | None = None
    offers: list[dict[str, Any]] = field(default_factory=list)
    rulings: list[tuple[str, int]] = field(default_factory=list)
    agreed: dict[str, Any] | None = None
    postage: int = 0
    overdue: bool = False
    contested: bool = False
    claimed: bool = False
    outcome: str | None = None
    decided: int = 0

    @property
    def is_open(self) -> bool:
        """Whether anything is undecided."""
        return self.state not in ("settled", "resent", "withdrawn")

    @property
    def offer(self) -> dict[str, Any] | None:
        """What lies on the table."""
        newest = self.offers[-1] if self.offers else None
        return newest if newest is not None and not newest.get("lapsed") else None


@dataclass(slots=True)
class Refund:
    """Money that goes back to the buyer; `seq` is the event that decided it, `waits`: a message about it is on its way."""

    amount: int
    seq: int
    paid_at: int | None = None
    waits: bool = True
    attempt: int = 0
    """Which payment it is of, where that is not the one that paid the order."""
    returned: bool = False
    """The provider could not carry it out, or it came back; then it goes out as `again`, or was paid `elsewhere`."""
    again: int = 0
    elsewhere: bool = False


@dataclass(slots=True)
class Attempt:
    """An attempt to pay on a provider's page; `returned` came by it and goes back, `fee` is what the provider keeps."""

    method: str
    ceiling: int | None = None
    state: str = "asked"
    returned: int = 0
    fee: int = 0


@dataclass(slots=True)
class Chargeback:
    """Money that the buyer's bank took of payment `attempt` (0: the one that paid the order), `beyond` of it no longer there.

    `fee`: what the provider took for it and has not given back.
    """

    amount: int
    due: int
    beyond: int = 0
    attempt: int = 0
    fee: int = 0
    state: str = "open"
    lapsed: bool = False
    """Lost by silence: the bank may still say that it gives the money back."""


@dataclass(slots=True)
class Said:
    """One side's review."""

    side: str
    rating: int
    left_at: int
    last_at: int
    version: int = 1
    blind: bool = False
    automatic: bool = False
    standing: str = "standing"
    reply: str | None = None


class Book:
    """What is known of one order after the events that were read so far."""

    def __init__(self, complain: Complain) -> None:
        self.complain = complain
        self.seen = 0
        self.terms: Terms = {}
        self.rules_today: Terms | None = None
        self.id = self.buyer = self.seller = self.currency = ""
        self.units: dict[str, list[Unit]] = {}
        self.parcels: dict[str, Parcel] = {}
        self.cases: dict[str, Case] = {}
        self.chargebacks: dict[str, Chargeback] = {}
        self.refunds: dict[int, Refund] = {}
        self.parts: dict[int, Part] = {}
        self.reviews: dict[str, Said] = {}
        self.reviews_closed = False
        self.payment = "awaited"
        self.attempts: dict[int, Attempt] = {}
        self.method = ""
        self.paid_at: int | None = None
        self.payment_due: int | None = None
        self.shipping_due: int | None = None
        self.closed_at: int | None = None
        self.extensions = 0
        self.request: tuple[str | None, int | None, int] | None = None
        """A request for more time: who answers, by when, and how long it asks for."""
        self.accident: tuple[int, bool] | None = None
        """A report to support: when the answer is due, and whether it is overdue."""
        self.outages: list[tuple[int, int]] = []
        self.commission: dict[int, tuple[int, int]] = {}
        """Per rate: what was released, and what was taken of it."""
        self.by_line: dict[str, tuple[int, int]] = {}
        """The same of each line on which there is a fixed part."""
        self.paid = self.released = self.fee = self.refunded = 0
        self.before: Event = {}
        """The event before the one that is being read, but for the bank's money moving out of its way."""

    def every(self) -> Iterator[Unit]:
        """All pieces of goods."""
        for units in self.units.values():
            yield from units

    def of(self, spans: Iterable[list[Any]]) -> list[Unit]:
        """The pieces that these spans (line, start, quantity) name."""
        found: list[Unit] = []
        for line, start, quantity in spans:
            units = self.units[line][start : start + quantity]
            if len(units) != quantity or quantity < 1:
                raise ValueError(f"{line} has no units {start} to {start + quantity}")
            found += units
        if len({id(unit) for unit in found}) != len(found):
            raise ValueError("a unit is named twice")
        return found

    @property
    def ceiling(self) -> int | None:
        """Until when the payment provider holds the money."""
        lengths = [self.terms["ceiling"], *(one.ceiling for one in self.attempts.values() if one.state == "paid")]
        known = [length for length in lengths if length is not None]
        return later(self.paid_at, min(known)) if known and self.paid_at is not None else None

    def within(self, at: int) -> int:
        """`at`, or the provider's ceiling where that comes first."""
        ceiling = self.ceiling
        return at if ceiling is None else min(at, ceiling)

    def is_sent(self, unit: Unit) -> bool:
        """Whether it is with a carrier or with the buyer."""
        return unit.shipment is not None and not self.parcels[unit.shipment].returned

    def is_protected(self, unit: Unit) -> bool:
        """Whether protection runs on it: the buyer can confirm it or open a dispute."""
        return unit.state == HELD and self.payment == "received" and self.is_sent(unit)

    def rate(self, unit: Unit) -> int:
        """The commission on it, in hundredths of a per cent."""
        rates: dict[str, int] = self.terms["category_commission"]
        usual: int = self.terms["commission"]
        return rates.get(unit.category or "", usual)

    def fixed(self, unit: Unit) -> int:
        """What the line that it is of costs beside that."""
        others: dict[str, int] = self.terms["category_fixed"]
        usual: int = self.terms["fixed_commission"]
        return others.get(unit.category or "", usual)

    def sums(self) -> dict[str, int]:
        """Where the order's money is."""
        held = settling = charged_back = 0
        for units in self.units.values():
            for unit in units:
                charged_back += unit.charged
                if unit.state == CONFIRMED:
                    settling += unit.worth - unit.charged
                elif unit.state in (HELD, DISPUTED):
                    held += unit.worth - unit.charged
        return {
            "paid": self.paid,
            "held": held if self.payment == "received" else 0,
            "settling": settling,
            "released": self.released,
            "fee": self.fee,
            "refunded": self.refunded,
            "charged_back": charged_back,
        }

    def accounts(self, sums: dict[str, int]) -> dict[str, int]:
        """What is to stand on each account for this order (credits minus debits), its money being where `sums` says."""
        currency = self.currency
        unpaid = sum(one.amount for one in self.refunds.values() if one.paid_at is None and not one.again)
        found = {
            f"held:{currency}": sums["held"],
            f"settling:{currency}": sums["settling"],
            f"seller:{self.seller}:{currency}": sums["released"] - with_seller(self.parts.values()),
            f"payouts:{currency}": asked_for(self.parts.values()),
            f"fees:{currency}": sums["fee"],
            f"refunds:{currency}": unpaid,
            f"own:{currency}": sum(one.amount for one in self.refunds.values() if one.elsewhere),
            f"losses:{currency}": -sum(one.beyond for one in self.chargebacks.values() if one.state != "won"),
            f"costs:{currency}": -sum(one.fee for one in self.chargebacks.values())
            - sum(one.fee for one in self.attempts.values())
            - kept_of(self.parts.values()),
        }
        for method, there in self._with_providers(sums):
            account = f"provider:{method.partition(':')[0]}:{currency}"
            found[account] = found.get(account, 0) - there
        return {account: balance for account, balance in found.items() if balance}

    def _with_providers(self, sums: dict[str, int]) -> Iterator[tuple[str, int]]:
        """By method, what was paid by it and has neither gone back nor been kept."""
        paid_out = dict.fromkeys((0, *self.attempts), 0)
        for refund in self.refunds.values():
            paid_out[refund.attempt] += refund.amount if refund.paid_at is not None and not refund.elsewhere else 0
        returned = {number: one.returned for number, one in self.attempts.items() if one.returned}
        fee = sum(one.fee for one in self.attempts.values() if not one.returned)
        parts = self.parts.values()
        fee += with_seller(parts) - asked_for(parts) + kept_of(parts)
        here = sums["paid"] - sum(returned.values()) - sums["charged_back"] - fee
        yield self.method, here - paid_out[0] - self._gone_to_banks(0)
        for number, amount in returned.items():
            gone = paid_out[number] + self._gone_to_banks(number)
            yield self.attempts[number].method, amount - gone - self.attempts[number].fee

    def _gone_to_banks(self, payment: int) -> int:
        """What chargebacks of a payment cost, beside what was the order's: losses, and the provider's fees."""
        of_it = [one for one in self.chargebacks.values() if one.attempt == payment]
        return sum(one.fee for one in of_it) + sum(one.beyond for one in of_it if one.state != "won")

    @property
    def pay_by(self) -> int | None:
        """Until when money is waited for: an hour longer while it may be on its way from a page."""
        under_way = any(one.state in ("asked", "open") for one in self.attempts.values())
        return None if self.payment_due is None else later(self.payment_due, HOUR if under_way else 0)

    def moved_by_outage(self, at: int | None, start: int, end: int) -> int | None:
        """A person's deadline, later by the outage where it fell into it."""
        return min(at + end - start, LATEST) if at is not None and start <= at <= end else at


def spread(units: list[Unit], name: str, total: int) -> None:
    """So much on these units, on the first of them first."""
    for unit in units:
        part = min(unit.worth, total)
        setattr(unit, name, part)
        total -= part
    if total:
        raise ValueError(f"{name} is {total} more than these units are worth")
