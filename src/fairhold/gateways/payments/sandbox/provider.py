"""The sandbox's payment provider as the engine asks it.

What it does follows from the method (`methods.py`), which every name of a payment begins with; a payment at once has no other
name. It keeps an entry for everything that it was asked to do, in a table of its own as a real provider would: by that, what is
asked again is done once, in whatever process, there is a statement, and nothing goes out twice. A payment at once is not among
them, since it was never asked about it: of such a payment it knows no limit, and its statement begins with what went out.
"""

import hashlib
from collections.abc import Iterator, Mapping

from fairhold.domain.instants import Duration, Instant, after
from fairhold.domain.reasons import Reason
from fairhold.engine.installation.clock import Clock
from fairhold.engine.outside.destinations import TryLater, Unreadable
from fairhold.engine.outside.payment_seen import AccountSeen, Line, No, Paid, PaymentSeen, Seen, State
from fairhold.engine.outside.payments import (
    PLAIN_TERMS,
    Answer,
    EvidenceAsked,
    Page,
    PageAsked,
    PayoutAsked,
    RefundAsked,
    Refused,
    TakingBackAsked,
    TransferAsked,
)
from fairhold.engine.ports.sandbox import Entry, EntryKind, SandboxRows
from fairhold.gateways.payments.sandbox import methods
from fairhold.gateways.payments.sandbox.entries import answer, lines, payment_seen, seen, state

_TERMS = PLAIN_TERMS._replace(takes_back=True, pays_seller="in_two_steps", chargebacks=False, needs_account=False)
_REFUND_DONE: Mapping[str, Duration | None] = {methods.REFUND_LATER: methods.SOON, methods.REFUND_NEVER: None}
_AT_ONCE = Duration(0)


class Sandbox:
    """Takes and gives back what the method says. Nothing of it lies behind a network."""

    name = "sandbox"
    terms = _TERMS
    far = False

    def __init__(self, rows: SandboxRows, clock: Clock, url: str, page: str = methods.PAGE) -> None:
        """`url` is where people reach us; `page` says what becomes of payments on pages."""
        self._rows = rows
        self._clock = clock
        self._url = url
        self._page = page

    def judge(self, method: str, amount: int, currency: str) -> Reason | None:  # noqa: ARG002 - the port's shape
        """Why this method cannot pay at once; None where it can, and the money is there."""
        return methods.judge(method)

    def hang_up(self) -> None:
        """There is nobody to hang up on."""

    def open(self, asked: PageAsked, key: str) -> Page:  # noqa: ARG002 - the port's shape
        """A page that nobody has to look at: it is paid, or not, as `page` says."""
        now = self._clock.now()
        name = f"{self._page}#{_hash('payment', asked.order, asked.attempt)}"
        entry = Entry(name, EntryKind.PAYMENT, asked.order, asked.attempt, asked.amount, asked.currency, now)
        entry = entry._replace(
            until=asked.until,
            done_at=after(now, methods.SOON) if self._page == methods.PAGE else None,
            declined_at=now if self._page == methods.PAGE_DECLINED else None,
        )
        kept = self._kept(entry, None)
        return Page(kept.name, f"{self._url}/orders/{asked.order}")

    def capture(self, paid: Paid, amount: int, currency: str, key: str) -> Answer:  # noqa: ARG002 - the port's shape
        """What is paid is taken."""
        raise Refused(No.UNSUPPORTED, "nothing is only authorized here")

    def close(self, payment: str, key: str) -> None:  # noqa: ARG002 - the port's shape
        """Take nothing more for it."""
        entry, now = self._payment(payment), self._clock.now()
        found = state(entry, now)
        if found is State.DONE:
            raise Refused(No.TOO_LATE, "it is paid")
        if found is State.PENDING:
            self._rows.settle(entry._replace(done_at=None, failed_at=now))

    def refund(self, asked: RefundAsked, key: str) -> Answer:  # noqa: ARG002 - the port's shape
        """Give money back, as soon as the method says."""
        method, now = _method(asked.paid.payment), self._clock.now()
        wait = _REFUND_DONE.get(method, _AT_ONCE)
        entry = self._entry(EntryKind.REFUND, asked.order, asked.number, asked.amount, asked.currency)
        entry = entry._replace(
            about=_about(asked.paid, asked.order),
            done_at=None if wait is None else after(now, wait),
            failed_at=after(now, methods.RETURNS_AFTER) if method == methods.REFUND_RETURNED else None,
        )
        return answer(self._kept(entry, self._most(asked.paid)), now)

    def transfer(self, asked: TransferAsked, key: str) -> Answer:  # noqa: ARG002 - the port's shape
        """Pass money on to the seller's account here."""
        method, now = _method(asked.paid.payment), self._clock.now()
        self.account(asked.account)
        if method == methods.TRANSFER_FAILS:
            raise Refused(No.ACCOUNT_CLOSED, "the method says that nothing can be passed on")
        entry = self._entry(EntryKind.TRANSFER, asked.order, asked.number, asked.amount, asked.currency)
        entry = entry._replace(
            about=_about(asked.paid, asked.order),
            account=asked.account,
            done_at=now,
            failed_at=after(now, methods.RETURNS_AFTER) if method == methods.TRANSFER_RETURNED else None,
        )
        return answer(self._kept(entry, self._most(asked.paid)), now)

    def take_back(self, asked: TakingBackAsked, key: str) -> Answer:  # noqa: ARG002 - the port's shape
        """Take of a transfer what the seller still has."""
        transfer, now = self._rows.entry(asked.transfer), self._clock.now()
        if transfer is None or transfer.kind is not EntryKind.TRANSFER:
            raise Refused(No.BROKEN, f"no transfer: {asked.transfer[:40]!r}")
        # Each transfer counts for itself how often something was taken back of it.
        whose = f"{asked.order}\n{transfer.name}"
        entry = self._entry(EntryKind.TAKEN_BACK, whose, asked.number, asked.amount, asked.currency)
        known = self._rows.entry(entry.name)
        if known is None and _method(transfer.about) == methods.TAKE_BACK_FAILS:
            raise Refused(No.INSUFFICIENT_BALANCE, "the seller has spent it")
        entry = entry._replace(order=asked.order, about=transfer.name, account=transfer.account, done_at=now)
        kept = self._rows.take_back(entry, transfer.amount)
        if kept is True:
            raise Refused(No.INSUFFICIENT_BALANCE, "the seller has spent it")
        if kept is False:
            raise Refused(No.TOO_MUCH, "more than is left of it")
        return answer(_same(entry, kept), now)

    def pay_out(self, asked: PayoutAsked, key: str) -> Answer:  # noqa: ARG002 - the port's shape
        """Send what has lain on the seller's account for a minute to their bank."""
        now = self._clock.now()
        entry = self._entry(EntryKind.PAYOUT, asked.payout, 0, asked.amount, asked.currency)
        fails, returns = asked.account == methods.PAYOUT_FAILS, asked.account == methods.PAYOUT_RETURNED
        later = after(now, methods.SOON)
        entry = entry._replace(
            account=asked.account,
            done_at=None if fails else later,
            failed_at=later if fails else after(later, methods.RETURNS_AFTER) if returns else None,
        )
        kept = self._rows.pay_out(entry, Instant(now - methods.SOON))
        if kept is True:
            raise TryLater("it may not go on to a bank yet", methods.SOON)
        if kept is False:
            raise Refused(No.INSUFFICIENT_BALANCE, "there is not so much on this account")
        return answer(_same(entry, kept), now)

    def contest(self, asked: EvidenceAsked, key: str) -> Answer:  # noqa: ARG002 - the port's shape
        """The sandbox's chargebacks are reported by its operator, and decided by them."""
        raise Refused(No.UNSUPPORTED, "chargebacks are not contested here")

    def account(self, account: str) -> AccountSeen:
        """All accounts may be paid to, but for one."""
        if not account.strip() or account == methods.CLOSED:
            raise Refused(No.ACCOUNT_CLOSED, "this account may not be paid to")
        return AccountSeen(account, may_be_paid=True)

    def read(self, headers: Mapping[str, str], body: bytes, address: str, now: Instant) -> tuple[Seen, ...]:  # noqa: ARG002 - the port's shape
        """It sends no notifications: `seen` says what they would tell."""
        raise Unreadable("the sandbox sends no notifications")

    def payment(self, payment: str) -> PaymentSeen:
        """How it stands with a payment on a page."""
        return payment_seen(self._payment(payment), self._clock.now())

    def seen(self, name: str) -> Seen:
        """How it stands with anything that it was asked for."""
        entry = self._rows.entry(name)
        if entry is None:
            raise Refused(No.BROKEN, f"there is no {name[:40]!r}")
        return seen(entry, self._taken_back(entry), self._clock.now())

    def statement(self, first: Instant, last: Instant) -> Iterator[Line]:
        """What came and went from `first` to before `last`, oldest first; nothing of payments at once."""
        now = self._clock.now()
        found = [
            line for entry in self._rows.between(first, last) for line in lines(entry, self._taken_back(entry), now)
        ]
        yield from sorted(
            (line for line in found if first <= line.at < last), key=lambda line: (line.at, line.reference)
        )

    def _taken_back(self, entry: Entry) -> int:
        return self._rows.taken_back(entry.name) if entry.kind is EntryKind.TRANSFER else 0

    def _entry(self, kind: EntryKind, order: str, number: int, amount: int, currency: str) -> Entry:
        return Entry(f"sbx_{_hash(kind, order, number)}", kind, order, number, amount, currency, self._clock.now())

    def _kept(self, entry: Entry, most: int | None) -> Entry:
        kept = self._rows.ask(entry, most)
        if kept is None:
            raise Refused(No.TOO_MUCH, "more than is left of it")
        return _same(entry, kept)

    def _payment(self, payment: str) -> Entry:
        entry = self._rows.entry(payment)
        if entry is None or entry.kind is not EntryKind.PAYMENT:
            raise Refused(No.BROKEN, f"no payment on a page: {payment[:40]!r}")
        return entry

    def _most(self, paid: Paid) -> int | None:
        """What came by it; nobody knows of a payment at once."""
        entry = self._rows.entry(paid.payment)
        if entry is None:
            return None
        if state(entry, self._clock.now()) is not State.DONE:
            raise Refused(No.TOO_LATE, "that money never came")
        return entry.amount


def _same(asked: Entry, kept: Entry) -> Entry:
    if (kept.amount, kept.currency, kept.account) != (asked.amount, asked.currency, asked.account):
        raise Refused(No.BROKEN, f"{asked.name} was asked for before, with another sum or account")
    return kept


def _method(payment: str) -> str:
    return payment.partition("#")[0]


def _about(paid: Paid, order: str) -> str:
    """Payments at once have no names of their own: what is of one is told by its order."""
    return paid.payment if "#" in paid.payment else f"{paid.payment}#{order}"


def _hash(kind: str, order: str, number: int) -> str:
    return hashlib.sha256(f"{kind}\n{order}\n{number}".encode()).hexdigest()[:20]
