"""Stripe's interface, as far as we call it: what each address does with the books."""

import re
from collections.abc import Callable
from typing import Any

from tests.fakes.stripe import money
from tests.fakes.stripe.books import DAY, Books, Object
from tests.fakes.stripe.errors import SaysNo, missing

Asked = dict[str, Any]
"""What a form or a query says, nested."""


class Desk:
    """Answers one question at a time."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self.slow_refunds = False

    def answer(self, method: str, path: str, asked: Asked, account: str) -> Object:
        """The object or the list that comes back. Raises SaysNo."""
        if account and account not in self.books.objects:
            raise SaysNo(f"The provided key does not have access to account '{account}'", "account_invalid", status=403)
        for way, pattern, act in ROUTES:
            if way == method and (match := re.fullmatch(pattern, path)):
                return act(self, asked, account, *match.groups())
        raise SaysNo(f"Unrecognized request URL ({method}: {path})", status=404)

    # looking at one

    def shown(self, asked: Asked, account: str, kind: str, name: str) -> Object:
        found = self.books.get(name, account)
        if found is None or found["object"] != KINDS[kind]:
            raise missing(KINDS[kind], name)
        return found

    def seller(self, asked: Asked, account: str, name: str) -> Object:
        found = self.books.objects.get(name)
        if found is None or found["object"] != "account":
            raise SaysNo(f"No access to account '{name}'", "account_invalid", status=403)
        return found

    def balance(self, asked: Asked, account: str) -> Object:
        lines = self.books.all("balance_transaction", account)
        parts = {one["currency"]: self.books.balance(one["currency"], account) for one in lines}
        available = [{"amount": now, "currency": code} for code, (now, _) in parts.items()]
        pending = [{"amount": later, "currency": code} for code, (_, later) in parts.items()]
        return {"object": "balance", "available": available, "pending": pending, "livemode": False}

    # lists

    def listed(self, asked: Asked, account: str, kind: str) -> Object:
        found = [one for one in self.books.all(KINDS[kind], account) if _fits(one, asked)]
        return self._page(found, asked, kind)

    def reversals(self, asked: Asked, account: str, name: str) -> Object:
        made = self.shown(asked, account, "transfers", name)
        return self._page(made["reversals"]["data"], asked, f"transfers/{name}/reversals")

    def _page(self, found: list[Object], asked: Asked, path: str) -> Object:
        start = asked.get("starting_after")
        if start:
            names = [one["id"] for one in found]
            found = found[names.index(start) + 1 :]
        limit = int(asked.get("limit", 10))
        return {"object": "list", "data": found[:limit], "has_more": len(found) > limit, "url": f"/v1/{path}"}

    # pages and payments

    def open(self, asked: Asked, account: str) -> Object:
        price = asked["line_items"]["0"]["price_data"]
        amount, end = int(price["unit_amount"]), int(asked.get("expires_at", str(self.books.at + DAY)))
        if amount < 50:
            raise SaysNo("Amount must be at least 50", "amount_too_small", param="line_items")
        if amount > 99_999_999:
            raise SaysNo("Amount must be no more than 99999999", "amount_too_large", param="line_items")
        if not 1800 <= end - self.books.at <= DAY:
            raise SaysNo("The `expires_at` timestamp must be between 30 minutes and 24 hours away", param="expires_at")
        fields: Object = {
            "_payment_intent_data": asked.get("payment_intent_data", {}),
            "amount_total": amount,
            "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
            "cancel_url": asked["cancel_url"],
            "client_reference_id": asked.get("client_reference_id"),
            "currency": price["currency"],
            "custom_fields": [],
            "custom_text": {
                "after_submit": None,
                "shipping_address": None,
                "submit": None,
                "terms_of_service_acceptance": None,
            },
            "expires_at": end,
            "locale": asked["locale"],
            "metadata": asked.get("metadata", {}),
            "mode": "payment",
            "payment_intent": None,
            "payment_method_types": ["card"],
            "payment_status": "unpaid",
            "shipping_options": [],
            "status": "open",
            "success_url": asked["success_url"],
        }
        made = self.books.add("cs_test", "checkout.session", fields)
        made["url"] = f"https://checkout.stripe.com/c/pay/{made['id']}"
        return made

    def expire(self, asked: Asked, account: str, name: str) -> Object:
        page = self.shown(asked, account, "checkout/sessions", name)
        if page["status"] != "open":
            raise SaysNo(
                f'Only Checkout Sessions with a status in ["open"] can be expired. This is `{page["status"]}`.'
            )
        page.update(status="expired", url=None)
        self.books.happen("checkout.session.expired", page)
        return page

    def capture(self, asked: Asked, account: str, name: str) -> Object:
        intent = self._waiting(asked, account, name)
        most = int(intent["amount_capturable"])
        amount = int(asked.get("amount_to_capture", most))
        if amount > most:
            raise SaysNo("The amount exceeds what can be captured", "amount_too_large", param="amount_to_capture")
        money.book_charge(self.books, intent, self.books.objects[intent["latest_charge"]], amount)
        self.books.happen("payment_intent.succeeded", intent)
        return intent

    def cancel(self, asked: Asked, account: str, name: str) -> Object:
        intent = self._waiting(asked, account, name)
        intent.update(status="canceled", amount_capturable=0)
        self.books.happen("payment_intent.canceled", intent)
        return intent

    def _waiting(self, asked: Asked, account: str, name: str) -> Object:
        intent = self.shown(asked, account, "payment_intents", name)
        if intent["status"] != "requires_capture":
            raise SaysNo(f"This PaymentIntent is {intent['status']}", "payment_intent_unexpected_state")
        return intent

    # money that moves

    def refund(self, asked: Asked, account: str) -> Object:
        intent = self.shown(asked, account, "payment_intents", asked["payment_intent"])
        if intent["status"] != "succeeded":
            raise SaysNo("This PaymentIntent does not have a successful charge to refund.")
        return money.refund(self.books, intent, int(asked["amount"]), asked.get("metadata", {}), slow=self.slow_refunds)

    def transfer(self, asked: Asked, account: str) -> Object:
        if asked["destination"] not in self.books.objects:
            raise SaysNo(f"No such destination: '{asked['destination']}'", "resource_missing", param="destination")
        seller = self.books.objects[asked["destination"]]
        if seller["capabilities"].get("transfers") != "active":
            raise SaysNo("Your destination account needs more", "insufficient_capabilities_for_transfer")
        taken = self.shown(asked, account, "charges", asked["source_transaction"])
        return money.transfer(self.books, taken, int(asked["amount"]), asked)

    def reverse(self, asked: Asked, account: str, name: str) -> Object:
        made = self.shown(asked, account, "transfers", name)
        return money.reverse(self.books, made, int(asked["amount"]), asked.get("metadata", {}))

    def pay_out(self, asked: Asked, account: str) -> Object:
        return money.pay_out(self.books, account, int(asked["amount"]), asked["currency"], asked.get("metadata", {}))

    # disputes and sellers

    def contest(self, asked: Asked, account: str, name: str) -> Object:
        made = self.shown(asked, account, "disputes", name)
        if made["status"] not in ("needs_response", "warning_needs_response"):
            raise SaysNo("This dispute is already closed")
        made["evidence"].update(asked["evidence"])
        made["evidence_details"].update(has_evidence=True, submission_count=1)
        made["status"] = {"needs_response": "under_review"}.get(made["status"], "warning_under_review")
        self.books.happen("charge.dispute.updated", made)
        return made

    def upload(self, asked: Asked, account: str) -> Object:
        fields = {"filename": asked["filename"], "purpose": asked["purpose"], "size": asked["size"], "type": "pdf"}
        made = self.books.add("file", "file", fields)
        made["_content"] = asked["content"]
        return made

    def new_seller(self, asked: Asked, account: str) -> Object:
        fields: Object = {
            "capabilities": {"transfers": "inactive"},
            "charges_enabled": False,
            "country": asked["country"],
            "details_submitted": False,
            "metadata": asked.get("metadata", {}),
            "payouts_enabled": False,
            "requirements": {
                "currently_due": ["external_account", "tos_acceptance.date"],
                "disabled_reason": "requirements.past_due",
                "past_due": ["tos_acceptance.date"],
            },
            "settings": {**_SETTINGS, "payouts": _payouts(asked.get("settings", {}))},
            "type": asked["type"],
        }
        return self.books.add("acct", "account", fields)

    def link(self, asked: Asked, account: str) -> Object:
        self.seller(asked, account, asked["account"])
        self.books.at += 1
        return {
            "object": "account_link",
            "created": self.books.at,
            "expires_at": self.books.at + 300,
            "url": f"https://connect.stripe.com/setup/e/{asked['account']}/{self.books.at}",
        }


_SETTINGS: Object = {
    "branding": {"icon": None, "logo": None, "primary_color": None, "secondary_color": None},
    "card_payments": {"statement_descriptor_prefix": None},
    "dashboard": {"display_name": None, "timezone": "Etc/UTC"},
    "payments": {"statement_descriptor": None},
}


def _payouts(settings: Asked) -> Object:
    """When a seller is paid out: every day, unless the platform says otherwise."""
    interval = settings.get("payouts", {}).get("schedule", {}).get("interval", "daily")
    return {"debit_negative_balances": False, "schedule": {"delay_days": 2, "interval": interval}}


def _fits(one: Object, asked: Asked) -> bool:
    for name in ("payment_intent", "charge", "transfer_group", "type"):
        if name in asked and one.get(name) != asked[name]:
            return False
    span = asked.get("created", {})
    created = int(one["created"])
    return int(span.get("gte", 0)) <= created < int(span.get("lt", 10**12))


KINDS = {
    "checkout/sessions": "checkout.session",
    "payment_intents": "payment_intent",
    "charges": "charge",
    "refunds": "refund",
    "transfers": "transfer",
    "payouts": "payout",
    "disputes": "dispute",
    "balance_transactions": "balance_transaction",
    "events": "event",
}
_ANY = "|".join(KINDS)

ROUTES: tuple[tuple[str, str, Callable[..., Object]], ...] = (
    ("GET", "balance", Desk.balance),
    ("GET", "accounts/([^/]+)", Desk.seller),
    ("GET", "transfers/([^/]+)/reversals", Desk.reversals),
    ("GET", f"({_ANY})", Desk.listed),
    ("GET", f"({_ANY})/([^/]+)", Desk.shown),
    ("POST", "checkout/sessions", Desk.open),
    ("POST", "checkout/sessions/([^/]+)/expire", Desk.expire),
    ("POST", "payment_intents/([^/]+)/capture", Desk.capture),
    ("POST", "payment_intents/([^/]+)/cancel", Desk.cancel),
    ("POST", "refunds", Desk.refund),
    ("POST", "transfers", Desk.transfer),
    ("POST", "transfers/([^/]+)/reversals", Desk.reverse),
    ("POST", "payouts", Desk.pay_out),
    ("POST", "disputes/([^/]+)", Desk.contest),
    ("POST", "files", Desk.upload),
    ("POST", "accounts", Desk.new_seller),
    ("POST", "account_links", Desk.link),
)
