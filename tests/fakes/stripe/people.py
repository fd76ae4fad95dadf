"""Who acts at Stripe without asking its interface: buyers on the page, banks, and persons in the dashboard."""

from typing import Literal

from tests.fakes.stripe import money
from tests.fakes.stripe.books import Books, Object

Card = Literal["good", "declined", "slow"]


class People:
    """All of them, by the names of what they act upon."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self.left: dict[str, Object] = {}

    def pay(self, session: str, card: Card = "good") -> str:
        """The buyer pays on the page; the PaymentIntent that comes of it. With `slow`, the bank needs days."""
        page = self.books.objects[session]
        if page["status"] != "open" or page["expires_at"] <= self.books.at:
            raise AssertionError(f"nobody can pay on a page that is {page['status']}")
        intent = self._intent(page)
        if card == "declined":
            money.failed_charge(self.books, intent)
            self.books.happen("payment_intent.payment_failed", intent)
            return str(intent["id"])
        page.update(status="complete", url=None)
        if card == "slow":
            intent["status"] = "processing"
            self.books.happen("payment_intent.processing", intent)
        else:
            self._take(intent, page)
        self.books.happen("checkout.session.completed", page)
        return str(intent["id"])

    def bank_answers(self, session: str, *, paid: bool) -> None:
        """What came of a slow payment."""
        page = self.books.objects[session]
        intent = self.books.objects[page["payment_intent"]]
        if paid:
            self._take(intent, page)
        else:
            money.failed_charge(self.books, intent)
            self.books.happen("payment_intent.payment_failed", intent)
        self.books.happen(f"checkout.session.async_payment_{'succeeded' if paid else 'failed'}", page)

    def let_expire(self, session: str) -> None:
        """Nobody paid until the page's end."""
        page = self.books.objects[session]
        self.books.at = max(self.books.at, page["expires_at"])
        page.update(status="expired", url=None)
        self.books.happen("checkout.session.expired", page)

    def wait(self, seconds: int) -> None:
        """Time passes."""
        self.books.at += seconds

    def refund_by_hand(self, intent: str, amount: int) -> str:
        """Somebody gives money back in the dashboard."""
        return str(money.refund(self.books, self.books.objects[intent], amount, {})["id"])

    def fail_refund(self, refund: str) -> None:
        """The buyer's bank sends a refund back."""
        money.fail_refund(self.books, self.books.objects[refund])

    def dispute(self, intent: str, *, inquiry: bool = False) -> str:
        """The buyer calls their bank."""
        return str(money.dispute(self.books, self.books.objects[intent], inquiry=inquiry)["id"])

    def escalate(self, dispute: str) -> None:
        """An inquiry becomes a chargeback."""
        money.withdraw(self.books, self.books.objects[dispute])

    def decide(self, dispute: str, *, won: bool) -> None:
        """The bank's last word."""
        money.decide(self.books, self.books.objects[dispute], won=won)

    def settle(self, payout: str, *, fails: str = "") -> None:
        """The seller's bank takes a payout, or says why it does not; also after it had taken it."""
        made = self.books.objects[payout]
        if fails:
            money.fail_payout(self.books, made, fails)
        else:
            money.arrive(self.books, made)

    def restrict(self, account: str, wanting: str) -> None:
        """Stripe wants something of a seller, and pays nothing out until then."""
        seller = self.books.objects[account]
        seller.update(payouts_enabled=False)
        seller["requirements"].update(currently_due=[wanting], disabled_reason="requirements.past_due")
        self.books.happen("account.updated", seller, account)

    def become_known(self, account: str) -> None:
        """A seller has told Stripe all that it wants to know."""
        seller = self.books.objects[account]
        seller.update(payouts_enabled=True, charges_enabled=True, details_submitted=True)
        seller["capabilities"] = {"transfers": "active"}
        seller["requirements"].update(currently_due=[], past_due=[], disabled_reason=None)
        self.books.happen("account.updated", seller, account)

    def leave(self, account: str) -> None:
        """A seller takes the platform off their account: it is told so, and sees nothing of it any more."""
        self.left[account] = self.books.objects.pop(account)
        self.books.happen("account.application.deauthorized", {"id": "ca_1", "object": "application"}, account)

    def come_back(self, account: str) -> None:
        """They connect it again."""
        self.books.objects[account] = self.left.pop(account)

    def spend(self, account: str, currency: str) -> None:
        """Everything leaves a seller's account on some other way."""
        left = sum(self.books.balance(currency, account))
        self.books.line("adjustment", -left, currency, account, account, category="other_adjustment")

    def _intent(self, page: Object) -> Object:
        """The payment begins with the first attempt on the page, not before."""
        if page["payment_intent"]:
            return self.books.objects[page["payment_intent"]]
        wishes = page["_payment_intent_data"]
        fields: Object = {
            "amount": page["amount_total"],
            "amount_capturable": 0,
            "amount_received": 0,
            "capture_method": wishes.get("capture_method", "automatic_async"),
            "currency": page["currency"],
            "last_payment_error": None,
            "latest_charge": None,
            "metadata": wishes.get("metadata", {}),
            "payment_method_types": ["card"],
            "status": "requires_payment_method",
            "transfer_group": wishes.get("transfer_group"),
        }
        made = self.books.add("pi", "payment_intent", fields)
        page["payment_intent"] = made["id"]
        return made

    def _take(self, intent: Object, page: Object) -> None:
        captured = intent["capture_method"] != "manual"
        intent["last_payment_error"] = None
        taken = money.charge(self.books, intent, captured=captured)
        if captured:
            page["payment_status"] = "paid"
        self.books.happen("charge.succeeded", taken)
        self.books.happen("charge.updated", taken)
        what = "succeeded" if captured else "amount_capturable_updated"
        self.books.happen(f"payment_intent.{what}", intent)
