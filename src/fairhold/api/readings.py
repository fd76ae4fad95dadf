"""Calls that read: each a plain function from a call to an answer, or to why there is none."""

from typing import NamedTuple

import msgspec

from fairhold.access import may_see_account, may_see_ledger, whose
from fairhold.access.history import history_for
from fairhold.api.history import event_out
from fairhold.api.orders import order_out
from fairhold.api.parameters import MOST_ON_A_PAGE, ON_A_PAGE
from fairhold.api.parts import Call, Download, Parts, Streamed
from fairhold.api.problems import Problem
from fairhold.api.shapes import Out
from fairhold.api.wire import ClockOut, EventList, OrderList, PolicyList
from fairhold.api.wire_ledger import AccountList, AccountOut, TransferList, TransferOut
from fairhold.domain.actors import STAFF, Actor, Role
from fairhold.domain.ids import OrderId
from fairhold.domain.instants import Instant
from fairhold.domain.money import Currency, Money
from fairhold.domain.policy import Policy
from fairhold.domain.reasons import Reason, Refusal
from fairhold.domain.status import Tab
from fairhold.engine.ports.movements import StoredTransfer
from fairhold.ledger.accounts import currency_of
from fairhold.words.dates import rfc3339
from fairhold.words.faults import Fault


class Served(NamedTuple):
    """A picture instead of JSON; `shared`: everybody may see it."""

    jpeg: bytes
    shared: bool = False


Reading = Out | Served | Download | Streamed | Problem | Refusal

_BAD_CURSOR = Problem(Fault.INVALID_CURSOR, "cursor")


def order(parts: Parts, call: Call) -> Reading:
    """One order."""
    found = parts.order(call.actor, call.names["order"])
    return found if isinstance(found, Refusal) else order_out(found, call.actor, parts.queries.now(), call.reader)


def orders(parts: Parts, call: Call) -> Reading:
    """The caller's own orders by tab; all of them for staff."""
    actor, query = call.actor, call.query
    role = query.get("role", actor.role)
    if role != actor.role and actor.role not in STAFF:
        return Refusal(Reason.NOT_ALLOWED, "role")
    position = None
    if "cursor" in query:
        position = parts.cursors.read("orders", query["cursor"])
        if position is None:
            return _BAD_CURSOR
    buyer, seller = whose(actor)
    page = parts.queries.list_orders(
        buyer=buyer,
        seller=seller,
        tab=query.get("status"),
        search=query.get("q", ""),
        older_than=position,
        limit=query.get("limit", ON_A_PAGE),
    )
    now = parts.queries.now()
    counts = parts.queries.tab_counts(buyer=buyer, seller=seller)
    return OrderList(
        items=[order_out(found, actor, now, call.reader) for found in page.items],
        next=None if page.older is None else parts.cursors.write("orders", page.older),
        counts={_name(tab): number for tab, number in counts.numbers.items()},
        counts_at_least=[_name(tab) for tab in counts.numbers if tab in counts.at_least],
    )


def _name(tab: Tab | None) -> str:
    return "all" if tab is None else tab.value


def events(parts: Parts, call: Call) -> Reading:
    """What happened to one order."""
    found = parts.order(call.actor, call.names["order"])
    if isinstance(found, Refusal):
        return found
    after = 0
    if "cursor" in call.query:
        position = parts.cursors.read(f"events/{found.id}", call.query["cursor"])
        if position is None:
            return _BAD_CURSOR
        after = int(position)
    limit, now = call.query.get("limit", MOST_ON_A_PAGE), parts.queries.now()
    known = history_for(found, call.actor, parts.queries.history(found.id))
    waiting = [(seq, event) for seq, event in known if seq > after]
    items = [event_out(found, seq, event, now, call.reader) for seq, event in waiting[:limit]]
    more = len(waiting) > limit
    return EventList(items, parts.cursors.write(f"events/{found.id}", str(items[-1].seq)) if more else None)


def accounts(parts: Parts, call: Call) -> Reading:
    """All accounts; a seller's own for a seller."""
    after = ""
    if "cursor" in call.query:
        position = parts.cursors.read("accounts", call.query["cursor"])
        if position is None:
            return _BAD_CURSOR
        after = position
    limit = call.query.get("limit", MOST_ON_A_PAGE)
    prefix = f"seller:{call.actor.id}:" if call.actor.role is Role.SELLER else ""
    found = [
        _account(name, balance)
        for name, balance in parts.queries.balances(prefix, after, limit + 1).items()
        if may_see_account(call.actor, name)
    ]
    more = len(found) > limit
    return AccountList(found[:limit], parts.cursors.write("accounts", found[limit - 1].name) if more else None)


def account(parts: Parts, call: Call) -> Reading:
    """One account."""
    name = call.names["account"]
    balance = parts.queries.balance(name) if may_see_account(call.actor, name) else None
    return Problem(Fault.ACCOUNT_NOT_FOUND) if balance is None else _account(name, balance)


def _account(name: str, balance: int) -> AccountOut:
    return AccountOut(name, Money(balance, Currency(currency_of(name))))


def transfers(parts: Parts, call: Call) -> Reading:
    """The books' transfers, of one order or of all."""
    assert may_see_ledger(call.actor), "the table lets the operator in alone"
    after = None
    if "cursor" in call.query:
        position = parts.cursors.read("transfers", call.query["cursor"])
        if position is None:
            return _BAD_CURSOR
        lane, order_id, seq, n = position.split(":")
        after = (int(lane), order_id, int(seq), int(n))
    limit = call.query.get("limit", ON_A_PAGE)
    named = call.query.get("order")
    order = None if named is None else OrderId(named)
    found = parts.queries.transfers(order=order, after=after, limit=limit)
    # A full page may have been the last; then the next one is empty.
    more = parts.cursors.write("transfers", _end(found[-1])) if len(found) == limit else None
    return TransferList([_transfer(stored) for stored in found], more)


def _end(stored: StoredTransfer) -> str:
    return f"{stored.lane}:{stored.order_id}:{stored.seq}:{stored.n}"


def _transfer(stored: StoredTransfer) -> TransferOut:
    return TransferOut(
        order=stored.order_id,
        seq=stored.seq,
        n=stored.n,
        debit=stored.debit,
        credit=stored.credit,
        amount=Money(stored.amount, Currency(currency_of(stored.debit))),
        at=rfc3339(Instant(stored.at)),
    )


def policies(parts: Parts, call: Call) -> Reading:
    """Every policy, the marketplace's own first; what single sellers pay is for the operator, and of a seller for themselves."""
    return PolicyList([_seen_by(call.actor, policy) for policy in parts.policies.all()], None)


def _seen_by(actor: Actor, policy: Policy) -> Policy:
    sellers = policy.commission.sellers
    if actor.role is Role.OPERATOR or not sellers:
        return policy
    own = {name: rates for name, rates in sellers.items() if actor.role is Role.SELLER and name == actor.id}
    commission = msgspec.structs.replace(policy.commission, sellers=own)
    return msgspec.structs.replace(policy, commission=commission)


def clock(parts: Parts, call: Call) -> Reading:
    """What time it is in the sandbox."""
    return ClockOut(rfc3339(parts.queries.now())) if parts.sandbox else Problem(Fault.SANDBOX_ONLY)
