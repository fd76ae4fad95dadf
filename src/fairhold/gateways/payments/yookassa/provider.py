"""YooKassa as the engine asks it: a deal and in it one payment per attempt, refunds, and payouts to the seller's card or wallet.

What is asked for is looked for first, where it can be: it forgets keys after 24 hours, and a question may be older.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from fairhold.domain.instants import HOUR, MINUTE, Duration, Instant, days
from fairhold.domain.payout_rules import Measure
from fairhold.engine.outside.destinations import TryLater, Unreadable
from fairhold.engine.outside.payment_seen import AccountSeen, Line, No, Paid, PaymentSeen, Seen
from fairhold.engine.outside.payments import (
    Answer,
    EvidenceAsked,
    Page,
    PageAsked,
    PayoutAsked,
    RefundAsked,
    Refused,
    TakingBackAsked,
    Terms,
    TransferAsked,
)
from fairhold.gateways.answers import moment
from fairhold.gateways.payments.yookassa import deals, notifications, requests, statement
from fairhold.gateways.payments.yookassa.calling import SECONDS, URL, NotThere, Way, idempotence_key
from fairhold.gateways.payments.yookassa.notifications import NETWORKS, Senders, is_id
from fairhold.gateways.payments.yookassa.reading import (
    CANCELED,
    PENDING,
    SUCCEEDED,
    WAITING,
    Deal,
    Payment,
    Payout,
    Refund,
    answer,
    mark,
    payment_seen,
    refund_seen,
    transfer_seen,
    why,
)
from fairhold.gateways.payments.yookassa.sums import minor, written

LONGEST = days(180)
"""The longest life of a deal; how long deals of a shop live is agreed with YooKassa."""
USUAL = days(90)
"""How long deals live unless something else is agreed («API reference», `expires_at` of a deal)."""
_CURRENCIES = frozenset({"RUB"})
"""Payouts of deals go to Russian cards and wallets of YooMoney, in roubles."""
_LEAST = {"RUB": 100}
"""A payout is no smaller than a rouble («Payouts to sellers»), so neither is what is to become one."""
_ASK_AGAIN = Duration(10 * MINUTE)
_ROUNDING = MINUTE
_OPEN = frozenset({PENDING, WAITING})


class YooKassa:
    """A shop of YooKassa with «Safe deal»; `life` is how long its deals live by its contract.

    `gateway` is the account and key of a gateway for payouts; without it the shop's own are used. Which of the two are right for
    payouts of deals «depends on the payment solution» (its OpenAPI description): the contract says.
    """

    name = "yookassa"

    def __init__(
        self,
        shop: tuple[str, str],
        gateway: tuple[str, str] | None = None,
        *,
        life: Duration = USUAL,
        url: str = URL,
        networks: Sequence[str] = NETWORKS,
        seconds: float = SECONDS,
    ) -> None:
        if not 0 < life <= LONGEST:
            raise ValueError(f"a deal lives up to {LONGEST // days(1)} days")
        self.terms = Terms(
            currencies=_CURRENCIES,
            ceiling=life,
            at_ceiling="refunds",
            least=_LEAST,
            passes_on={code: Measure(least=least) for code, least in _LEAST.items()},
            takes_back=False,
            contests=False,
            pays_seller="at_once",
            returns_fee=False,
            # Its pages differ on whether a deal may have several payouts: what would need two waits for one.
            in_parts=False,
            chargebacks=False,
        )
        self._shop = Way(*shop, url=url, seconds=seconds)
        self._gateway = Way(*(gateway or shop), url=url, seconds=seconds)
        self._senders = Senders(networks)

    def hang_up(self) -> None:
        """Hang up."""
        self._shop.close()
        self._gateway.close()

    def open(self, asked: PageAsked, key: str) -> Page:
        """A page on which the buyer pays into a deal of its own. It takes money for about an hour, whatever `until` says."""
        _known(asked.currency)
        if not 0 < asked.sellers_part <= asked.amount:
            raise Refused(No.BROKEN, "a seller's part that is no part of the amount")
        with _readable():
            deal = self._shop.tell("deals", requests.deal(asked), Deal, idempotence_key(key, "deal"))
            assert self.terms.ceiling is not None
            if moment(deal.expires_at) - moment(deal.created_at) < self.terms.ceiling - _ROUNDING:
                raise Refused(No.BROKEN, f"its deals live shorter than is agreed: {deal.id} until {deal.expires_at}")
            body = requests.payment(asked, deal.id)
            payment = self._shop.tell("payments", body, Payment, idempotence_key(key, "payment"))
            if payment.status == CANCELED:
                raise Refused(why(payment) or No.DECLINED, "the payment was canceled at once")
            if payment.status == SUCCEEDED:
                raise Refused(No.TOO_LATE, "it is paid already")
        if payment.confirmation is None or not payment.confirmation.confirmation_url:
            raise TryLater("it names no page")
        return Page(payment.id, payment.confirmation.confirmation_url)

    def capture(self, paid: Paid, amount: int, currency: str, key: str) -> Answer:
        """Take what was authorized, all of it: for a part it wants to know what of that is the seller's."""
        with _readable():
            payment = self._payment(paid.payment)
            if (minor(payment.amount), payment.amount.currency) != (amount, currency):
                raise Refused(No.UNSUPPORTED, "only the whole sum can be captured")
            if payment.status == WAITING:
                path = f"payments/{payment.id}/capture"
                body = {"amount": written(amount, currency)}
                payment = self._shop.tell(path, body, Payment, idempotence_key(key, "capture"))
            if payment.status == PENDING:
                raise Refused(No.BROKEN, "nothing is authorized yet")
            if payment.status == CANCELED:
                raise Refused(why(payment) or No.EXPIRED, "its authorization is over")
            return answer(payment)

    def close(self, payment: str, key: str) -> None:
        """Take nothing more for it. A page that is open cannot be closed; it is asked about until it is paid or expired."""
        with _readable():
            found = self._payment(payment)
            if found.status == WAITING:
                path = f"payments/{found.id}/cancel"
                found = self._shop.tell(path, {}, Payment, idempotence_key(key, "cancel"))
        if found.status == SUCCEEDED:
            raise Refused(No.TOO_LATE, "it is paid")
        if found.status in _OPEN:
            raise TryLater("its page takes money until it expires", _ASK_AGAIN)

    def refund(self, asked: RefundAsked, key: str) -> Answer:
        """Give money back. That a refund came to nothing is not notified: while it is pending, ask again.

        What has gone back by itself, because the deal's time had passed, need not go back again.
        """
        _known(asked.currency)
        if not 0 <= asked.sellers_part <= asked.amount:
            raise Refused(No.BROKEN, "a seller's part that is no part of the amount")
        _named(asked.paid.payment)
        with _readable():
            for one in deals.refunds(self._shop, asked.paid.payment):
                if mark(one.metadata, "number") == (asked.order, asked.number):
                    return answer(one)
            body = requests.refund(asked)
            try:
                return answer(self._shop.tell("refunds", body, Refund, idempotence_key(key, "refund")))
            except Refused as no:
                said = deals.no_refund(self._shop, no, asked.paid.payment, asked.amount)
            if said.why is No.TOO_LATE and asked.paid.deal:
                _named(asked.paid.deal)
                back = deals.given_back(self._shop, asked.paid.payment, asked.paid.deal, asked.amount)
                if back is not None:
                    return answer(back)
            raise said

    def transfer(self, asked: TransferAsked, key: str) -> Answer:
        """Pay the seller out of the deal; `account` is the token of their card or wallet. Pending, it is notified later."""
        _known(asked.currency)
        _named(asked.paid.deal)
        if not asked.account.strip():
            raise Refused(No.ACCOUNT_CLOSED, "no token of a card or wallet")
        with _readable():
            mine = {"metadata[transfer]": requests.transfer_mark(asked)}
            made = [
                one
                for one in self._gateway.every("payouts/search", Payout, **mine)
                if mark(one.metadata, "number") == (asked.order, asked.number)
            ]
            if made:
                # Also one that was canceled: its notification has been heard, and the money is on its way under another number.
                return answer(min(made, key=lambda one: one.status == CANCELED))
            body = requests.payout(asked)
            try:
                return answer(self._gateway.tell("payouts", body, Payout, idempotence_key(key, "payout")))
            except Refused as no:
                raise deals.no_payout(self._shop, no, asked.paid.deal, asked.amount) from None

    def take_back(self, asked: TakingBackAsked, key: str) -> Answer:  # noqa: ARG002 - the port's shape
        """What a seller has on their card stays there."""
        raise Refused(No.UNSUPPORTED, "a payout cannot be taken back")

    def pay_out(self, asked: PayoutAsked, key: str) -> Answer:  # noqa: ARG002 - the port's shape
        """Sellers have no accounts there on which anything could lie."""
        raise Refused(No.UNSUPPORTED, "a transfer reaches the seller at once")

    def contest(self, asked: EvidenceAsked, key: str) -> Answer:  # noqa: ARG002 - the port's shape
        """Its API knows no chargebacks: they are settled by mail."""
        raise Refused(No.UNSUPPORTED, "chargebacks are contested by mail")

    def account(self, account: str) -> AccountSeen:
        """A token may be paid to until a payout to it fails: there is nothing that could be asked."""
        there = bool(account.strip())
        return AccountSeen(account, there, () if there else ("payout_token",))

    def read(self, headers: Mapping[str, str], body: bytes, address: str, now: Instant) -> tuple[Seen, ...]:  # noqa: ARG002 - the port's shape
        """What a notification tells: what is true now of the object that it names."""
        if not self._senders.has(address):
            raise Unreadable(f"not an address of YooKassa's: {address[:60]!r}")
        told = notifications.about(body)
        try:
            with _readable():
                return self._told(told)
        except NotThere as no:
            raise Unreadable(f"there is no such {told.kind[:20]}: {no.words}") from None
        except Refused as no:
            raise TryLater(str(no)) from None

    def payment(self, payment: str) -> PaymentSeen:
        """How it stands with a payment. Refused(BROKEN) where there is none or it is not ours."""
        with _readable():
            seen = payment_seen(self._payment(payment))
        if seen is None:
            raise Refused(No.BROKEN, "not a payment of ours")
        return seen

    def statement(self, first: Instant, last: Instant) -> Iterator[Line]:
        """What came and went from `first` to before `last`, oldest first; `statement.py` says what it cannot tell."""
        with _readable():
            yield from statement.lines(self._shop, self._gateway, first, last)

    def _payment(self, payment: str) -> Payment:
        _named(payment)
        return self._shop.fetch(f"payments/{payment}", Payment)

    def _told(self, told: notifications.About) -> tuple[Seen, ...]:
        seen: Seen | None = None
        if told.kind == "payment":
            seen = payment_seen(self._shop.fetch(f"payments/{told.id}", Payment))
        elif told.kind == "refund":
            refund = self._shop.fetch(f"refunds/{told.id}", Refund)
            payment = payment_seen(self._payment(refund.payment_id))
            seen = refund_seen(refund, payment.order) if payment else None
        elif told.kind == "payout":
            seen = transfer_seen(self._gateway.fetch(f"payouts/{told.id}", Payout))
        elif told.kind == "deal":
            return deals.closed(self._shop, self._shop.fetch(f"deals/{told.id}", Deal))
        return () if seen is None else (seen,)


def _known(currency: str) -> None:
    if currency not in _CURRENCIES:
        raise Refused(No.UNSUPPORTED, f"not a currency of deals: {currency[:10]}")


def _named(name: str) -> None:
    """Refuse what cannot be the name of an object: it would become part of a path."""
    if not is_id(name):
        raise Refused(No.BROKEN, f"not a name of YooKassa's: {name[:40]!r}")


@contextmanager
def _readable() -> Iterator[None]:
    """An answer that is none of those documented leaves open what was done."""
    try:
        yield
    except Unreadable as error:
        raise TryLater(f"an answer that cannot be read: {error}", Duration(HOUR)) from None
