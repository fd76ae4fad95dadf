"""YooKassa's books: what may be done in a deal, what that does to its balances, and what everybody else does.

A deal closes where nothing is left in it for anybody, or, as «General scenario» can be read, with its first payout that succeeds
(`first_payout_closes`). The buyer's, the bank's and time's part is played by the methods below «The world».
"""

import json
from dataclasses import dataclass, field

from tests.fakes.yookassa.things import JSON, Deal, Payment, Payout, Problem, Refund, Thing, kopecks

DAY = 86_400_000_000
SECOND = 1_000_000
LARGEST_PAYOUT = 150_000_00


@dataclass
class Books:
    """`now` in microseconds goes on by a second with all that is made; `notices` are what it would tell us, oldest first."""

    now: int = 1_780_000_000 * SECOND
    life: int = 90 * DAY
    fee_percent: int = 3
    refunds_pend: bool = False
    payouts_pend: bool = False
    first_payout_closes: bool = False
    no_cover: bool = False
    """Our balance for refunds is empty."""
    bad_tokens: set[str] = field(default_factory=set)
    deals: dict[str, Deal] = field(default_factory=dict)
    payments: dict[str, Payment] = field(default_factory=dict)
    refunds: dict[str, Refund] = field(default_factory=dict)
    payouts: dict[str, Payout] = field(default_factory=dict)
    notices: list[bytes] = field(default_factory=list)

    def create_deal(self, asked: JSON) -> Deal:
        _texts(asked, 128)
        if asked.get("type") != "safe_deal":
            raise Problem("Unknown deal type", "type")
        if asked.get("fee_moment") not in ("payment_succeeded", "deal_closed"):
            raise Problem("Unknown fee moment", "fee_moment")
        name, at = self._new("dl")
        deal = Deal(
            name, at, at + self.life, asked["fee_moment"], asked.get("metadata", {}), asked.get("description", "")
        )
        self.deals[name] = deal
        return deal

    def create_payment(self, asked: JSON) -> Payment:
        _texts(asked, 128)
        amount = _above_zero(kopecks(asked.get("amount"), "amount"), "amount.value")
        confirmation = asked.get("confirmation", {})
        if confirmation.get("type") != "redirect" or not confirmation.get("return_url"):
            raise Problem("Return URL is required", "confirmation.return_url")
        if confirmation.get("locale", "ru_RU") not in ("ru_RU", "en_US"):
            raise Problem("Unknown locale", "confirmation.locale")
        deal, part = None, 0
        if "deal" in asked:
            deal = self._open(asked["deal"].get("id", "")).id
            part = _part(asked["deal"].get("settlements"), "deal.settlements")
            if not 0 < part <= amount:
                raise Problem("Settlements exceed the amount of the payment", "deal.settlements")
        name, at = self._new("2f")
        payment = Payment(name, at, amount, bool(asked.get("capture", False)), asked.get("metadata", {}))
        payment.description, payment.deal, payment.part = asked.get("description", ""), deal, part
        self.payments[name] = payment
        return payment

    def capture(self, payment: Payment, asked: JSON) -> Payment:
        if payment.status != "waiting_for_capture":
            raise Problem("Payment is not waiting for capture")
        if "amount" in asked and kopecks(asked["amount"], "amount") != payment.amount:
            raise Problem("Settlements are required to capture a part", "deal")
        self._take(payment)
        return payment

    def cancel(self, payment: Payment) -> Payment:
        if payment.status != "waiting_for_capture":
            raise Problem("Payment is not waiting for capture")
        self._end(payment, "canceled_by_merchant")
        return payment

    def create_refund(self, asked: JSON) -> Refund:
        _texts(asked, 250)
        payment = self.payments.get(asked.get("payment_id", ""))
        if payment is None:
            raise Problem("Payment doesn't exist or access denied", "payment_id", 404, "not_found")
        amount = _above_zero(kopecks(asked.get("amount"), "amount"), "amount.value")
        if payment.status != "succeeded":
            raise Problem("Payment is not in a suitable status for a refund", "payment_id")
        if amount > payment.amount - payment.refunded:
            raise Problem("Amount exceeds what can be refunded", "amount.value")
        part = 0
        if payment.deal:
            deal = self._open(payment.deal)
            part = _part(asked.get("deal", {}).get("refund_settlements"), "deal.refund_settlements")
            if part > min(amount, deal.payout_balance) or amount > deal.balance:
                raise Problem("Settlements exceed the balance of the deal", "deal.refund_settlements")
            if deal.fee_moment == "payment_succeeded" and part != amount:
                raise Problem("Only the seller's part can be refunded", "deal.refund_settlements")
        return self._give_back(payment, amount, part, asked.get("metadata", {}))

    def create_payout(self, asked: JSON) -> Payout:
        _texts(asked, 128)
        amount = kopecks(asked.get("amount"), "amount")
        deal = self._open(asked.get("deal", {}).get("id", ""))
        token = asked.get("payout_token")
        if not token or token in self.bad_tokens:
            raise Problem("Payout token is invalid", "payout_token")
        if amount < 100:
            raise Problem("A payout is at least a rouble", "amount.value")
        if amount > deal.payout_balance:
            raise Problem("Not enough on the balance of the deal", "amount.value")
        name, at = self._new("po")
        payout = Payout(name, at, deal.id, amount, token, asked.get("metadata", {}), asked.get("description", ""))
        self.payouts[name] = payout
        deal.balance, deal.payout_balance = deal.balance - amount, deal.payout_balance - amount
        if amount > LARGEST_PAYOUT:
            self.fail(name, "one_time_limit_exceeded")
        elif not self.payouts_pend:
            self.settle(name)
        return payout

    # The world.

    def pay(self, payment: str) -> None:
        """The buyer pays on the page."""
        found = self.payments[payment]
        assert found.status == "pending"
        if found.capture:
            self._take(found)
        else:
            found.status = "waiting_for_capture"
            self._tell("payment.waiting_for_capture", found)

    def decline(self, payment: str, reason: str = "insufficient_funds") -> None:
        """The buyer's bank says no, or the page expires."""
        self._end(self.payments[payment], reason)

    def settle(self, payout: str) -> None:
        """The seller's bank has it."""
        found = self.payouts[payout]
        assert found.status == "pending"
        found.status, found.succeeded = "succeeded", self._tick()
        self._tell("payout.succeeded", found)
        self._close_if_done(self.deals[found.deal])

    def fail(self, payout: str, reason: str = "general_decline") -> None:
        """The seller's bank does not take it, or gave it back before it was through: the money lies in the deal again."""
        found, deal = self.payouts[payout], self.deals[self.payouts[payout].deal]
        assert found.status == "pending"
        found.status, found.reason = "canceled", reason
        deal.balance, deal.payout_balance = deal.balance + found.amount, deal.payout_balance + found.amount
        self._tell("payout.canceled", found)

    def complete(self, refund: str) -> None:
        """The buyer has a refund that was pending."""
        found = self.refunds[refund]
        assert found.status == "pending"
        found.status = "succeeded"
        self._tell("refund.succeeded", found)
        deal = self.payments[found.payment].deal
        if deal:
            self._close_if_done(self.deals[deal])

    def reject(self, refund: str, reason: str = "general_decline") -> None:
        """A refund comes to nothing. Nobody is told."""
        found = self.refunds[refund]
        assert found.status == "pending"
        found.status, found.reason = "canceled", reason
        payment = self.payments[found.payment]
        payment.refunded -= found.amount
        if payment.deal:
            deal = self.deals[payment.deal]
            deal.balance, deal.payout_balance = deal.balance + found.amount, deal.payout_balance + found.part

    def refund_in_office(self, payment: str, amount: int, part: int) -> Refund:
        """A person gives something back in YooKassa's office."""
        return self._give_back(self.payments[payment], amount, part, {})

    def pass_ceiling(self, deal: str) -> None:
        """The deal's time passes: what lies in it goes back to the buyer, a page that is open closes."""
        found = self.deals[deal]
        self.now = max(self.now, found.expires)
        for payment in [one for one in self.payments.values() if one.deal == deal]:
            if payment.status == "succeeded" and found.balance:
                self._give_back(payment, found.balance, found.payout_balance, {}, at_once=True)
            elif payment.status in ("pending", "waiting_for_capture"):
                self._end(payment, "deal_expired")
        self._close(found)

    def _take(self, payment: Payment) -> None:
        payment.status, payment.captured = "succeeded", self._tick()
        payment.kept = payment.amount * self.fee_percent // 100
        if payment.deal:
            deal = self.deals[payment.deal]
            deal.payout_balance += payment.part
            deal.balance += payment.amount if deal.fee_moment == "deal_closed" else payment.part
        self._tell("payment.succeeded", payment)

    def _end(self, payment: Payment, reason: str) -> None:
        assert payment.status in ("pending", "waiting_for_capture")
        payment.status, payment.reason = "canceled", reason
        self._tell("payment.canceled", payment)

    def _give_back(self, payment: Payment, amount: int, part: int, metadata: JSON, at_once: bool = False) -> Refund:
        name, at = self._new("3a")
        refund = Refund(name, at, payment.id, amount, part, metadata)
        self.refunds[name] = refund
        payment.refunded += amount
        if payment.deal:
            deal = self.deals[payment.deal]
            deal.balance, deal.payout_balance = deal.balance - amount, deal.payout_balance - part
        if self.no_cover and not at_once:
            self.reject(name, "insufficient_funds")
        elif at_once or not self.refunds_pend:
            self.complete(name)
        return refund

    def _open(self, deal: str) -> Deal:
        found = self.deals.get(deal)
        if found is None:
            raise Problem("Deal doesn't exist or access denied", "deal.id")
        if found.status != "opened":
            raise Problem("Deal is closed", "deal.id")
        return found

    def _close_if_done(self, deal: Deal) -> None:
        payouts = [one for one in self.payouts.values() if one.deal == deal.id]
        refunds = [one for one in self.refunds.values() if self.payments[one.payment].deal == deal.id]
        if "pending" in {one.status for one in payouts} | {one.status for one in refunds}:
            return
        paid_out = any(one.status == "succeeded" for one in payouts)
        if deal.balance == 0 or (paid_out and (deal.payout_balance == 0 or self.first_payout_closes)):
            self._close(deal)

    def _close(self, deal: Deal) -> None:
        if deal.status == "opened":
            deal.status, deal.balance, deal.payout_balance = "closed", 0, 0
            self._tell("deal.closed", deal)

    def _tell(self, event: str, thing: Thing) -> None:
        said = {"type": "notification", "event": event, "object": thing.shown()}
        self.notices.append(json.dumps(said).encode())

    def _tick(self) -> int:
        self.now += SECOND
        return self.now

    def _new(self, prefix: str) -> tuple[str, int]:
        made = len(self.deals) + len(self.payments) + len(self.refunds) + len(self.payouts)
        return f"{prefix}-{made:08x}-000f-5000-8000-0123456789ab", self._tick()


def _above_zero(amount: int, parameter: str) -> int:
    if amount == 0:
        raise Problem("Amount is zero", parameter)
    return amount


def _part(settlements: object, parameter: str) -> int:
    if not isinstance(settlements, list) or len(settlements) != 1 or settlements[0].get("type") != "payout":
        raise Problem("Settlements are required", parameter)
    return kopecks(settlements[0].get("amount"), f"{parameter}.amount")


def _texts(asked: JSON, longest: int) -> None:
    """What holds for all: how long a description may be, and what may be written on an object."""
    if len(asked.get("description", "")) > longest:
        raise Problem("Description is too long", "description")
    metadata = asked.get("metadata", {})
    for name, value in metadata.items():
        if len(metadata) > 16 or len(name) > 32 or not isinstance(value, str) or len(value) > 512:
            raise Problem("Metadata is not as it may be", "metadata")
