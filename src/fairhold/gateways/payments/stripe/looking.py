"""How it stands at Stripe right now: each object is fetched anew, with what belongs to it."""

from collections.abc import Iterator

from fairhold.engine.outside.payment_seen import (
    AccountSeen,
    ChargebackSeen,
    PaymentSeen,
    PayoutSeen,
    RefundSeen,
    TransferSeen,
)
from fairhold.gateways.payments.calling import Field
from fairhold.gateways.payments.stripe.client import Client, name_in_path
from fairhold.gateways.payments.stripe.objects import (
    Account,
    Charge,
    Dispute,
    Happened,
    Intent,
    Named,
    Payout,
    Refund,
    Session,
    Transfer,
    read_part,
)
from fairhold.gateways.payments.stripe.seen import (
    account_of,
    chargeback_of,
    payment_before_any,
    payment_of,
    payout_of,
    refund_of,
    transfer_of,
)

SESSION = "cs_"
CHARGE_OF_INTENT = "latest_charge.balance_transaction"


class Looking:
    """Asks Stripe; what is none of ours comes back as None or nothing."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def payment(self, name: str) -> PaymentSeen | None:
        """A payment, by its page or by its PaymentIntent."""
        if not name.startswith(SESSION):
            return self.by_intent(self.intent(name))
        session = self.session(name)
        if isinstance(session.payment_intent, Intent):
            return payment_of(session.payment_intent, session)
        return payment_before_any(session)

    def session(self, name: str) -> Session:
        """A page with the payment made on it."""
        query = {"expand": (f"payment_intent.{CHARGE_OF_INTENT}",)}
        return self._client.get(f"checkout/sessions/{name_in_path(name)}", Session, query)

    def intent(self, name: str) -> Intent:
        """A payment with its charge and what that brought."""
        return self._client.get(f"payment_intents/{name_in_path(name)}", Intent, {"expand": (CHARGE_OF_INTENT,)})

    def by_intent(self, intent: Intent) -> PaymentSeen | None:
        """A payment; the page is looked for only where it decides whether the payment is over."""
        if intent.status in ("succeeded", "requires_capture", "canceled", "processing"):
            return payment_of(intent, None)
        pages = self._client.listed("checkout/sessions", Session, {"payment_intent": intent.id})
        return payment_of(intent, next(pages, None))

    def payment_of_charge(self, charge: str) -> PaymentSeen | None:
        """The payment that a charge belongs to."""
        intent = self._client.get(f"charges/{name_in_path(charge)}", Charge).payment_intent
        return self.by_intent(self.intent(intent)) if intent else None

    def refund(self, name: str) -> RefundSeen | None:
        """A refund, with the payment that it belongs to."""
        return refund_of(self._client.get(f"refunds/{name_in_path(name)}", Refund, {"expand": ("payment_intent",)}))

    def refunds_of_charge(self, charge: str) -> Iterator[RefundSeen]:
        """All refunds of a charge."""
        query: dict[str, Field] = {"charge": charge, "expand": ("data.payment_intent",)}
        for refund in self._client.listed("refunds", Refund, query):
            if seen := refund_of(refund):
                yield seen

    def transfer(self, name: str) -> TransferSeen | None:
        """A transfer, with what was taken back of it."""
        return transfer_of(self._client.get(f"transfers/{name_in_path(name)}", Transfer))

    def payout(self, name: str, account: str) -> PayoutSeen | None:
        """A payout of a connected account."""
        payout = self._client.get(f"payouts/{name_in_path(name)}", Payout, None, account)
        return payout_of(payout, had_arrived=payout.status == "failed" and self._had_arrived(payout, account))

    def _had_arrived(self, payout: Payout, account: str) -> bool:
        """Whether Stripe said before that it was paid: the payout itself does not tell, but events are kept for thirty days."""
        query: dict[str, Field] = {"type": "payout.paid", "created": {"gte": payout.created}}
        events = self._client.listed("events", Happened, query, account)
        return any(event.data.object.get("id") == payout.id for event in events)

    def dispute(self, name: str) -> tuple[ChargebackSeen, ...]:
        """What the buyer's bank has done so far."""
        return chargeback_of(self.raw_dispute(name))

    def raw_dispute(self, name: str) -> Dispute:
        """A dispute, with the payment that it is about."""
        return self._client.get(f"disputes/{name_in_path(name)}", Dispute, {"expand": ("payment_intent",)})

    def account(self, name: str) -> AccountSeen:
        """A seller's account."""
        return account_of(self._client.get(f"accounts/{name_in_path(name)}", Account))


def id_in(happened: Happened) -> str:
    """What an event is about. Raises Unreadable where it does not say."""
    return read_part(happened.data.object, Named).id
