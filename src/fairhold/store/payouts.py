"""Rows of payouts: small tables that lie with sessions and keys, the same in every store."""

from collections.abc import Sequence
from typing import Any

import msgspec

from fairhold.domain.ids import OrderId
from fairhold.domain.instants import Instant
from fairhold.domain.payout_rules import Measure, OwnRules, Schedule
from fairhold.engine.ports.payouts import (
    Account,
    DueInAll,
    HeldAge,
    Made,
    Owed,
    Part,
    PartStage,
    Payee,
    Payout,
    PayoutPlace,
    PayoutStage,
    Purse,
)
from fairhold.engine.ports.small_tables import Tables
from fairhold.store import payout_statements as sql

_LAST = 2**63 - 1
"""Later than any instant."""
_END = "\x7f"
_FIRST = PayoutPlace(Instant(-1), "")
"""Behind every id."""

_read_own = msgspec.json.Decoder(OwnRules).decode
_write = msgspec.json.Encoder().encode


class PayoutTables:
    """Purses, payees, payouts; safe from any thread."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def keep_purses(self, purses: Sequence[Purse]) -> None:
        """Write them, unless a later version of the order was written already."""
        with self._tables.transaction() as run:
            for purse in purses:
                run(sql.KEEP_PURSE, *purse)

    def purse(self, order: OrderId) -> Purse | None:
        """The one of that order."""
        return next(iter(self._purses(sql.ONE_PURSE, order)), None)

    def purses_of(self, seller: str, behind: tuple[Instant, str] | None, limit: int) -> list[Purse]:
        """A seller's, the last changed first."""
        return self._purses(sql.PURSES_OF, seller, *(behind or (_LAST, _END)), limit)

    def owed(self, after: Account | None, limit: int) -> list[Owed]:
        """Every account on which something is due or owed."""
        return [_owed(row) for row in self._tables.rows(sql.OWED, *(after or ("", "", "")), limit)]

    def owed_to(self, seller: str) -> list[Owed]:
        """A seller's accounts, by provider and currency."""
        return [_owed(row) for row in self._tables.rows(sql.OWED_TO, seller)]

    def owed_on(self, account: Account) -> Owed:
        """The same of one account."""
        [(due, orders, first)] = self._tables.rows(sql.OWED_ON, *account)
        return Owed(account, due, orders, _instant(first))

    def most_owed(self, currency: str, limit: int, *, owing: bool) -> list[Owed]:
        """The accounts in that currency on which most is due, or is owed."""
        return [_owed(row) for row in self._tables.rows(sql.MOST_OWING if owing else sql.MOST_DUE, currency, limit)]

    def due_in_all(self) -> list[DueInAll]:
        """By currency, all that is due and all that is owed."""
        return [DueInAll(*row) for row in self._tables.rows(sql.DUE_IN_ALL)]

    def last_release(self, account: Account) -> Instant | None:
        """When money was last released."""
        return _instant(self._tables.rows(sql.LAST_RELEASE, *account)[0][0])

    def released_lately(self, account: Account, since: Instant) -> int:
        """What was released since then, whatever has become of it."""
        return int(self._tables.rows(sql.RELEASED_LATELY, *account, since)[0][0])

    def waiting(self, account: Account, limit: int, least: int = 1, *, whole: bool = False) -> list[Purse]:
        """Orders of which no less than `least` is due, the longest released first."""
        return self._purses(sql.WAITING.format(whole=sql.WHOLE if whole else ""), *account, least, limit)

    def fitting(self, account: Account, measure: Measure, *, whole: bool) -> int:
        """What of all that is due is in sums of the measure, order by order."""
        statement = sql.FITTING.format(whole=sql.WHOLE if whole else "")
        [(steps,)] = self._tables.rows(statement, measure.step, *account, measure.smallest)
        return int(steps) * measure.step

    def owing(self, account: Account, limit: int) -> list[Purse]:
        """Orders of which the seller owes something."""
        return self._purses(sql.OWING, *account, limit)

    def held_by_age(self, ends: Sequence[Instant]) -> list[HeldAge]:
        """What is held and settling, by currency and by when it was paid."""
        spans = " ".join(f"WHEN paid_at >= {int(end)} THEN {span}" for span, end in enumerate(ends))
        rows = self._tables.rows(sql.HELD.format(spans=f"{spans} ELSE {len(ends)}"))
        return [HeldAge(*row) for row in rows]

    def payee(self, seller: str, provider: str) -> Payee | None:
        """The seller at that provider."""
        return next(iter(self._payees(sql.PAYEE, seller, provider)), None)

    def payees(self, *, parked: bool, after: tuple[str, str] | None, limit: int) -> list[Payee]:
        """All of them, or those to whom nothing can be paid."""
        return self._payees(sql.PARKED if parked else sql.PAYEES, *(after or ("", "")), limit)

    def payees_of(self, seller: str) -> list[Payee]:
        """A seller at every provider."""
        return self._payees(sql.PAYEES_OF, seller)

    def own_schedules(self) -> dict[tuple[str, str], Schedule]:
        """What was agreed with those who are not paid as everybody is."""
        found = {(seller, provider): _read_own(own) for seller, provider, own in self._tables.rows(sql.OWN_RULES)}
        return {place: own.schedule for place, own in found.items() if own.schedule is not None}

    def first_met(self, payee: Payee) -> Payee:
        """Write it unless it is there; what is there then."""
        self._tables.change((sql.MEET_PAYEE, _columns(payee)))
        return self.payee(payee.seller, payee.provider) or payee

    def first_money(self, seller: str, provider: str, at: Instant) -> None:
        """Money was released to them for the first time."""
        self._tables.change((sql.FIRST_MONEY, (at, seller, provider)))

    def set_account(self, seller: str, provider: str, account: str) -> None:
        """Where the provider pays them to from now on."""
        self._tables.change((sql.SET_ACCOUNT, (account, seller, provider, account)))

    def agree(self, seller: str, provider: str, own: OwnRules, before: OwnRules | None = None) -> bool:
        """What was agreed with them; False where it was not as `before`."""
        if before is None:
            changed = self._tables.change((sql.AGREE, (_write(own).decode(), seller, provider)))
        else:
            values = (_write(own).decode(), seller, provider, _write(before).decode())
            changed = self._tables.change((sql.AGREE_AFTER, values))
        return changed == [1]

    def take_care(self, seller: str, provider: str, by: str) -> bool:
        """Who looks after them from now on; False where they are not known there."""
        return self._tables.change((sql.TAKE_CARE, (by, seller, provider))) == [1]

    def resume(self, seller: str, provider: str, by: str) -> bool:
        """Pay out to them again; False where nothing was in the way."""
        return self._tables.change((sql.RESUME, (by, seller, provider))) == [1]

    def seen_account(
        self, provider: str, account: str, wanting: Sequence[str], at: Instant, *, may_be_paid: bool
    ) -> None:
        """Note the provider's word about an account."""
        self._tables.change((sql.SEEN_ACCOUNT, (int(may_be_paid), "\n".join(wanting), at, provider, account)))

    def park(self, seller: str, provider: str, why: str, at: Instant) -> bool:
        """Pay nothing out to them any more; False where that was so already."""
        return self._tables.change((sql.PARK, (why, at, seller, provider))) == [1]

    def count_failure(self, seller: str, provider: str) -> int:
        """One more in a row; how many."""
        with self._tables.transaction() as run:
            found = run(sql.COUNT_FAILURE, seller, provider).fetchall()
        return int(found[0][0]) if found else 0

    def no_failure(self, seller: str, provider: str) -> None:
        """Something arrived."""
        self._tables.change((sql.NO_FAILURE, (seller, provider)))

    def turn(self, seller: str, provider: str) -> int:
        """How many payouts were made of this payee's money."""
        return next((int(turn) for (turn,) in self._tables.rows(sql.TURN, seller, provider)), 0)

    def untold(self, account: Account, limit: int) -> list[Payout]:
        """Those made of this account whose orders are yet to be told."""
        return self._payouts(sql.UNTOLD, *account, limit)

    def make(self, payout: Payout, parts: Sequence[Part], turn: int) -> Made:
        """Write a new one, with its parts."""
        seller, provider, _ = payout.account
        with self._tables.transaction() as run:
            if run(sql.TAKE_TURN, seller, provider, turn).rowcount != 1:
                return Made.OUT_OF_TURN
            if run(sql.MAKE, *_written(payout)).rowcount != 1:
                return Made.BEFORE
            for part in parts:
                run(sql.SET_PART, *part)
        return Made.NOW

    def payout(self, id: str) -> Payout | None:
        """The one of that id."""
        return next(iter(self._payouts(sql.PAYOUT, id)), None)

    def parts(self, payout: str, after: str, limit: int) -> list[Part]:
        """Its parts, by order."""
        return [_part(row) for row in self._tables.rows(sql.PARTS, payout, after, limit)]

    def parts_by_stage(self, payout: str) -> dict[PartStage, tuple[int, int]]:
        """How many parts of it have come how far, and what they are together."""
        rows = self._tables.rows(sql.BY_STAGE, payout)
        return {PartStage(stage): (count, amount) for stage, count, amount in rows}

    def set_parts(self, parts: Sequence[Part]) -> None:
        """Write how far these have come."""
        with self._tables.transaction() as run:
            for part in parts:
                run(sql.SET_PART, *part)

    def unnoted(self, limit: int) -> list[tuple[Part, Payout]]:
        """Parts that did not arrive, of which nobody has taken note."""
        rows = self._tables.rows(sql.UNNOTED, limit)
        return [(_part(row[:6]), _payout(row[6:])) for row in rows]

    def note(self, part: Part) -> bool:
        """Take note of it; False where somebody has."""
        return self._tables.change((sql.NOTE, (part.payout, part.order))) == [1]

    def move(self, before: Payout, after: Payout) -> bool:
        """Write it anew, unless somebody else has moved it from that stage meanwhile."""
        values = (after.stage, after.arrived, after.reference, after.why, after.tries, after.next_at, after.done_at)
        return self._tables.change((sql.MOVE, (*values, before.id, before.stage, before.tries, before.reference))) == [
            1
        ]

    def lying(self, payout: Payout) -> int:
        """What lies on its account at the provider by what is known."""
        [(passed_on,)] = self._tables.rows(sql.PASSED_ON, *payout.account)
        [(sent,)] = self._tables.rows(sql.SENT_TO_BANK, *payout.account, payout.id)
        return int(passed_on) - int(sent)

    def movable(self, now: Instant, after: PayoutPlace | None, limit: int) -> list[Payout]:
        """Those of which something is to be done by `now`."""
        return self._payouts(sql.MOVABLE, *(after or _FIRST), now, limit)

    def next_look(self) -> Instant | None:
        """When a provider is to be asked next about a way to the bank."""
        return _instant(self._tables.rows(sql.NEXT_LOOK)[0][0])

    def list_payouts(
        self, seller: str | None, stages: Sequence[PayoutStage], behind: PayoutPlace | None, limit: int
    ) -> list[Payout]:
        """Of one seller or of everybody, the newest first."""
        only = f"AND stage IN ({', '.join('?' * len(stages))})" if stages else ""
        place = behind or (_LAST, _END)
        if seller is None:
            return self._payouts(sql.OF_ALL.format(stages=only), *place, *stages, limit)
        return self._payouts(sql.OF_SELLER.format(stages=only), seller, *place, *stages, limit)

    def _purses(self, statement: str, *values: object) -> list[Purse]:
        return [Purse(*row) for row in self._tables.rows(statement, *values)]

    def _payees(self, statement: str, *values: object) -> list[Payee]:
        return [_payee(row) for row in self._tables.rows(statement, *values)]

    def _payouts(self, statement: str, *values: object) -> list[Payout]:
        return [_payout(row) for row in self._tables.rows(statement, *values)]


def _instant(value: int | None) -> Instant | None:
    return None if value is None else Instant(value)


def _owed(row: Sequence[Any]) -> Owed:
    seller, provider, currency, due, orders, first, *since = row
    return Owed(Account(seller, provider, currency), due, orders, _instant(first), *map(_instant, since))


def _columns(payee: Payee) -> tuple[object, ...]:
    may = None if payee.may_be_paid is None else int(payee.may_be_paid)
    values = {**payee._asdict(), "since": payee.since or 0, "own": _write(payee.own).decode(), "may_be_paid": may}
    return tuple((values | {"wanting": "\n".join(payee.wanting)}).values())


def _payee(row: Sequence[Any]) -> Payee:
    payee = Payee(*row)
    may = None if payee.may_be_paid is None else bool(payee.may_be_paid)
    wanting = tuple(part for part in str(payee.wanting).split("\n") if part)
    since = _instant(payee.since or None)
    return payee._replace(since=since, own=_read_own(str(payee.own)), may_be_paid=may, wanting=wanting)


def _written(payout: Payout) -> tuple[object, ...]:
    name, account, *rest = payout
    return (name, *account, *rest)


def _payout(row: Sequence[Any]) -> Payout:
    name, seller, provider, currency, to, amount, stage, *rest = row
    return Payout(name, Account(seller, provider, currency), to, amount, PayoutStage(stage), *rest)


def _part(row: Sequence[Any]) -> Part:
    payout, order, amount, stage, why, taken_back = row
    return Part(payout, OrderId(order), amount, PartStage(stage), why, taken_back)
