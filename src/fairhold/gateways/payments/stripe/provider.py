"""Stripe Connect behind the port: pages of Checkout, refunds, transfers and payouts to sellers.

Whatever moves money is looked for before it is asked for. Stripe forgets a key after a day at the earliest, and we may ask again
much later; our marks in the metadata stay. That costs one more question each time, and no second refund.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Literal, NoReturn, TypeVar

from fairhold.domain.instants import DAY, HOUR, SECOND, Duration, Instant
from fairhold.engine.outside.destinations import TryLater, Unreadable
from fairhold.engine.outside.payment_seen import (
    AccountSeen,
    Line,
    No,
    Paid,
    PaymentSeen,
    PayoutSeen,
    RefundSeen,
    Seen,
    State,
)
from fairhold.engine.outside.payments import (
    Answer,
    EvidenceAsked,
    Onboarding,
    Page,
    PageAsked,
    PayoutAsked,
    RefundAsked,
    Refused,
    TakingBackAsked,
    TransferAsked,
)
from fairhold.gateways.payments.calling import SECONDS, Field
from fairhold.gateways.payments.stripe import evidence, pages, statement
from fairhold.gateways.payments.stripe.client import FILES_URL, URL, Client, Unexplained, name_in_path
from fairhold.gateways.payments.stripe.events import SIGNATURE, is_signed, tell
from fairhold.gateways.payments.stripe.looking import Looking
from fairhold.gateways.payments.stripe.objects import Account, Balance, Intent, Link, Payout, Refund, Reversal, Transfer
from fairhold.gateways.payments.stripe.seen import NUMBER, ORDER, PAYOUT, payout_of, refund_of, sum_of, taken_by
from fairhold.gateways.payments.stripe.sums import to_stripe
from fairhold.gateways.payments.stripe.terms import HOLDS, terms_of

_CLOCKS_DIFFER = 30 * DAY
"""A payout is looked for from so long before it was made here, or before now: a sandbox's clock may be ahead of Stripe's."""

_T = TypeVar("_T", Refund, Transfer, Reversal, Payout)


class Stripe:
    """The platform's account at Stripe, under a secret key. `secrets` are those of the webhooks' endpoints.

    `holds` is what Stripe says for the platform's country; `capture` whether a payment on a page is only authorized.
    """

    name = "stripe"

    def __init__(
        self,
        key: str,
        secrets: Sequence[str],
        *,
        url: str = URL,
        files_url: str = FILES_URL,
        seconds: float = SECONDS,
        holds: Duration = HOLDS,
        capture: Literal["automatic", "manual"] = "automatic",
        now: Callable[[], float] = time.time,
    ) -> None:
        if not all(secrets):
            raise ValueError("a webhook secret of Stripe's that is empty is known to everybody")
        self._client = Client(key, url=url, files_url=files_url, seconds=seconds)
        self._looking = Looking(self._client)
        self._secrets = tuple(secrets)
        self._livemode = "_test_" not in key
        self._capture = capture
        self._now = now
        self.terms = terms_of(holds)

    def hang_up(self) -> None:
        """Hang up."""
        self._client.close()

    def open(self, asked: PageAsked, key: str) -> Page:
        """A page of Checkout, open for half an hour at least and a day at most: Stripe has no others."""
        return pages.opened(self._client, asked, key, self._capture, int(self._now()))

    def capture(self, paid: Paid, amount: int, currency: str, key: str) -> Answer:
        """Take what was authorized, or a part of it; the rest is let go."""
        asked: dict[str, Field] = {
            "amount_to_capture": to_stripe(amount, currency),
            "expand": ("latest_charge.balance_transaction",),
        }
        try:
            intent = self._client.post(f"payment_intents/{name_in_path(paid.payment)}/capture", Intent, asked, key)
        except Refused as error:
            intent = self._looking.intent(paid.payment)
            if intent.status == "requires_capture" and to_stripe(amount, currency) > intent.amount_capturable:
                raise Refused(No.TOO_MUCH, error.words) from None
            if intent.status != "succeeded":
                raise
            if intent.amount_received != to_stripe(amount, currency):
                raise Refused(No.TOO_LATE, error.words) from None
        seen = self._looking.by_intent(intent)
        return Answer(intent.id, fee=seen.fee if seen else 0)

    def close(self, payment: str, key: str) -> None:
        """Let the page take nothing more, and let go of what was authorized on it."""
        pages.closed(self._client, self._looking, payment, key)

    def refund(self, asked: RefundAsked, key: str) -> Answer:
        """Give money back, out of the platform's balance."""
        amount, marks = to_stripe(asked.amount, asked.currency), _marks(asked.order, asked.number)
        query: dict[str, Field] = {"payment_intent": asked.paid.payment}
        refund = self._client.found("refunds", Refund, query, marks)
        if refund is None:
            fields: dict[str, Field] = {**query, "amount": amount, "metadata": marks}
            try:
                refund = self._client.post("refunds", Refund, fields, key)
            except Unexplained as error:
                intent = self._looking.intent(asked.paid.payment)
                charge = pages.charge_shown(intent)
                if charge and amount > taken_by(charge) - charge.amount_refunded:
                    raise Refused(No.TOO_MUCH, error.words) from None
                raise
        seen = refund_of(_same(refund, amount, asked.currency))
        return _answer(seen, refund.id)

    def transfer(self, asked: TransferAsked, key: str) -> Answer:
        """Pass money on to the seller's account: the money of this very charge, so that it need not have arrived yet."""
        amount, marks = to_stripe(asked.amount, asked.currency), _marks(asked.order, asked.number)
        query: dict[str, Field] = {"transfer_group": asked.order}
        transfer = self._client.found("transfers", Transfer, query, marks)
        if transfer is None:
            charge = asked.paid.charge or self._charge_of(asked.paid)
            fields: dict[str, Field] = {
                **query,
                "amount": amount,
                "currency": asked.currency.lower(),
                "destination": asked.account,
                "source_transaction": charge,
                "metadata": marks,
            }
            try:
                transfer = self._client.post("transfers", Transfer, fields, key)
            except Unexplained as error:
                self._explain_transfer(asked, amount, error)
        return Answer(_same(transfer, amount, asked.currency).id)

    def take_back(self, asked: TakingBackAsked, key: str) -> Answer:
        """Take back of a transfer, from what lies on the seller's account."""
        amount, marks = to_stripe(asked.amount, asked.currency), _marks(asked.order, asked.number)
        path = f"transfers/{name_in_path(asked.transfer)}"
        reversal = self._client.found(f"{path}/reversals", Reversal, {}, marks)
        if reversal is None:
            fields: dict[str, Field] = {"amount": amount, "metadata": marks}
            try:
                reversal = self._client.post(f"{path}/reversals", Reversal, fields, key)
            except Unexplained as error:
                transfer = self._client.get(path, Transfer)
                if amount > transfer.amount - transfer.amount_reversed:
                    raise Refused(No.TOO_MUCH, error.words) from None
                raise
        return Answer(_same(reversal, amount, asked.currency).id)

    def pay_out(self, asked: PayoutAsked, key: str) -> Answer:
        """Send what lies on the seller's account to their bank, once it may be sent: a charge takes days to become available."""
        amount, marks = to_stripe(asked.amount, asked.currency, payout=True), {PAYOUT: asked.payout}
        since: dict[str, Field] = {"created": {"gte": self._since(asked.made_at)}}
        payout = self._client.found("payouts", Payout, since, marks, asked.account)
        if payout is None:
            self._expect_available(asked, amount)
            fields: dict[str, Field] = {"amount": amount, "currency": asked.currency.lower(), "metadata": marks}
            try:
                payout = self._client.post("payouts", Payout, fields, key, asked.account)
            except Unexplained as error:
                if not self.account(asked.account).may_be_paid:
                    raise Refused(No.ACCOUNT_CLOSED, error.words) from None
                raise
        _same(payout, amount, asked.currency)
        return _answer(payout_of(payout, had_arrived=False), payout.id)

    def contest(self, asked: EvidenceAsked, key: str) -> Answer:
        """Hand in evidence; text goes in as text, other things as a file."""
        return evidence.contest(self._client, self._looking, asked, key)

    def account(self, account: str) -> AccountSeen:
        """How it stands with a seller's account."""
        try:
            return self._looking.account(account)
        except Unexplained as error:
            raise Refused(No.ACCOUNT_CLOSED, error.words) from None

    def onboard(
        self, account: str, key: str, *, seller: str, country: str, back: str, again: str, page: str = ""
    ) -> Onboarding:
        """An Express account for a seller without one (`account` is empty), and a page on which Stripe asks who they are.

        The page is good once and for minutes: where the seller comes too late, Stripe sends them to `again` for the next one.
        Under one name of a `page` it is the same page; without a name each is another.
        """
        if not account:
            fields: dict[str, Field] = {
                "type": "express",
                "country": country,
                "capabilities": {"transfers": {"requested": True}},
                # Otherwise Stripe pays out every day what we have not asked it to.
                "settings": {"payouts": {"schedule": {"interval": "manual"}}},
                "metadata": {"seller": seller},
            }
            account = self._client.post("accounts", Account, fields, key).id
        link: dict[str, Field] = {
            "account": account,
            "type": "account_onboarding",
            "refresh_url": again,
            "return_url": back,
        }
        name = f"{key}-{page or f'{self._now():.3f}'}"
        return Onboarding(account, self._client.post("account_links", Link, link, name).url)

    def read(
        self,
        headers: Mapping[str, str],
        body: bytes,
        address: str,  # noqa: ARG002 - the signature proves more
        now: Instant,
    ) -> tuple[Seen, ...]:
        """What a webhook tells, as it stands now."""
        if not is_signed(headers.get(SIGNATURE, ""), body, self._secrets, now):
            raise Unreadable("not signed by Stripe, or too long ago")
        return tell(body, self._looking, livemode=self._livemode)

    def payment(self, payment: str) -> PaymentSeen:
        """How it stands with a payment, by its page or by its PaymentIntent."""
        seen = self._looking.payment(payment)
        if seen is None:
            raise Refused(No.BROKEN, f"{payment} is no payment of ours")
        return seen

    def statement(self, first: Instant, last: Instant, account: str = "") -> Iterator[Line]:
        """The platform's statement; that of a connected account, with its payouts, where one is named."""
        return statement.lines(self._client, first, last, account)

    def _charge_of(self, paid: Paid) -> str:
        charge = pages.charge_shown(self._looking.intent(paid.payment))
        if charge is None:
            raise Refused(No.BROKEN, f"{paid.payment} was never paid")
        return charge.id

    def _explain_transfer(self, asked: TransferAsked, amount: int, error: Unexplained) -> NoReturn:
        """Why Stripe does not pass this on, which it says in words only."""
        if error.param == "destination":
            raise Refused(No.ACCOUNT_CLOSED, error.words) from None
        charge = pages.charge_shown(self._looking.intent(asked.paid.payment))
        if charge is None or charge.balance_transaction is None or isinstance(charge.balance_transaction, str):
            raise error
        if charge.balance_transaction.currency != asked.currency.lower():
            words = f"Stripe keeps this charge in {charge.balance_transaction.currency}: {error.words}"
            raise Refused(No.UNSUPPORTED, words) from None
        gone = self._client.listed("transfers", Transfer, {"transfer_group": asked.order})
        if amount + sum(one.amount - one.amount_reversed for one in gone) > taken_by(charge):
            raise Refused(No.TOO_MUCH, error.words) from None
        raise error

    def _since(self, made_at: Instant) -> int:
        """From when on what was made at that moment of ours may be there, in Stripe's seconds."""
        return max(0, min(made_at // SECOND, int(self._now())) - _CLOCKS_DIFFER // SECOND)

    def _expect_available(self, asked: PayoutAsked, amount: int) -> None:
        """Stripe would remember under the key that there was not enough, so what is only on its way is waited for beforehand."""
        balance = self._client.get("balance", Balance, None, asked.account)
        currency = asked.currency.lower()
        available = sum(part.amount for part in balance.available if part.currency == currency)
        pending = sum(part.amount for part in balance.pending if part.currency == currency)
        if available >= amount:
            return
        words = f"{sum_of(available, currency)} of {sum_of(amount, currency)} {asked.currency} are available"
        if available + pending >= amount:
            raise TryLater(words, HOUR)
        raise Refused(No.INSUFFICIENT_BALANCE, words)


def _marks(order: str, number: int) -> dict[str, str]:
    return {ORDER: order, NUMBER: str(number)}


def _same(found: _T, amount: int, currency: str) -> _T:
    """What was found or made, if it is what was asked for: under one number there is one sum."""
    if (found.amount, found.currency) != (amount, currency.lower()):
        raise Refused(
            No.BROKEN, f"{found.id} has {found.amount} {found.currency}, and {amount} {currency} were asked for"
        )
    return found


def _answer(seen: RefundSeen | PayoutSeen | None, reference: str) -> Answer:
    return Answer(reference, seen.state, why=seen.why) if seen else Answer(reference, State.PENDING)
