"""What money does at Stripe's fake, with every line of every balance."""

from tests.fakes.stripe.books import AVAILABLE_AFTER, DISPUTE_FEE, Books, Object, fee_of
from tests.fakes.stripe.errors import SaysNo


def charge(books: Books, intent: Object, *, captured: bool) -> Object:
    """Money taken from the buyer, or set aside with them."""
    made = _charge(books, intent, "succeeded", captured=captured)
    intent["latest_charge"] = made["id"]
    if captured:
        book_charge(books, intent, made, intent["amount"])
    else:
        intent.update(status="requires_capture", amount_capturable=intent["amount"])
    return made


def failed_charge(books: Books, intent: Object) -> None:
    """A card that was declined."""
    made = _charge(books, intent, "failed", captured=False)
    error = {
        "type": "card_error",
        "code": "card_declined",
        "decline_code": "generic_decline",
        "message": "Your card was declined.",
    }
    intent.update(status="requires_payment_method", latest_charge=made["id"], last_payment_error=error)


def book_charge(books: Books, intent: Object, made: Object, amount: int) -> None:
    """The money is on the platform's balance, and in some days it may leave."""
    line = books.line(
        "charge",
        amount,
        made["currency"],
        made["id"],
        fee=fee_of(amount),
        available_on=books.at + AVAILABLE_AFTER,
    )
    made.update(captured=True, amount_captured=amount, balance_transaction=line["id"])
    intent.update(status="succeeded", amount_received=amount, amount_capturable=0)


def refund(books: Books, intent: Object, amount: int, metadata: dict[str, str], *, slow: bool = False) -> Object:
    """Money back to the buyer."""
    taken = books.objects[intent["latest_charge"]]
    left = taken["amount_captured"] - taken["amount_refunded"]
    if taken["disputed"]:
        raise SaysNo(f"Charge {taken['id']} has been charged back; cannot issue a refund.", "charge_disputed")
    if not left:
        raise SaysNo(f"Charge {taken['id']} has already been refunded.", "charge_already_refunded")
    if amount > left:
        raise SaysNo(f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})", param="amount")
    fields: Object = {
        "amount": amount,
        "charge": taken["id"],
        "currency": taken["currency"],
        "metadata": metadata,
        "payment_intent": intent["id"],
        "reason": None,
        "status": "pending" if slow else "succeeded",
    }
    made = books.add("re", "refund", fields)
    made["balance_transaction"] = books.line("refund", -amount, taken["currency"], made["id"])["id"]
    taken["amount_refunded"] += amount
    taken["refunded"] = taken["amount_refunded"] == taken["amount"]
    books.happen("refund.created", made)
    books.happen("charge.refunded", taken)
    return made


def fail_refund(books: Books, made: Object) -> None:
    """The buyer's card does not take it."""
    line = books.line("refund_failure", made["amount"], made["currency"], made["id"])
    made.update(
        status="failed",
        failure_reason="expired_or_canceled_card",
        failure_balance_transaction=line["id"],
    )
    taken = books.objects[made["charge"]]
    taken.update(amount_refunded=taken["amount_refunded"] - made["amount"], refunded=False)
    books.happen("refund.failed", made)
    books.happen("refund.updated", made)


def transfer(books: Books, taken: Object, amount: int, asked: Object) -> Object:
    """Money on to a connected account; it becomes available there when the charge does."""
    given = [one for one in books.all("transfer") if one["source_transaction"] == taken["id"]]
    if amount + sum(one["amount"] - one["amount_reversed"] for one in given) > taken["amount"]:
        raise SaysNo("Transfers using this transaction as a source must not exceed the source amount", param="amount")
    line = books.objects[taken["balance_transaction"]]
    if line["currency"] != asked["currency"]:
        raise SaysNo(f"The currency must match the balance transaction's: {line['currency']}", param="currency")
    fields: Object = {
        "amount": amount,
        "amount_reversed": 0,
        "currency": asked["currency"],
        "description": None,
        "destination": asked["destination"],
        "metadata": asked.get("metadata", {}),
        "reversed": False,
        "source_transaction": taken["id"],
        "source_type": "card",
        "transfer_group": asked.get("transfer_group"),
    }
    made = books.add("tr", "transfer", fields)
    made["reversals"] = books.listing([], f"/v1/transfers/{made['id']}/reversals")
    made["balance_transaction"] = books.line("transfer", -amount, made["currency"], made["id"])["id"]
    received = books.line(
        "payment", amount, made["currency"], made["id"], made["destination"], available_on=line["available_on"]
    )
    made["destination_payment"] = f"py_{received['id']}"
    books.happen("transfer.created", made)
    return made


def reverse(books: Books, made: Object, amount: int, metadata: dict[str, str]) -> Object:
    """Money back from a connected account, if it is still there."""
    if amount > made["amount"] - made["amount_reversed"]:
        raise SaysNo("Transfer reversal amount is greater than unreversed amount on transfer", param="amount")
    if amount > sum(books.balance(made["currency"], made["destination"])):
        raise SaysNo("The connected account does not have sufficient funds", "balance_insufficient")
    fields: Object = {"amount": amount, "currency": made["currency"], "metadata": metadata, "transfer": made["id"]}
    back = books.add("trr", "transfer_reversal", fields)
    back["balance_transaction"] = books.line("transfer_refund", amount, made["currency"], made["id"])["id"]
    books.line("payment_refund", -amount, made["currency"], back["id"], made["destination"])
    made["amount_reversed"] += amount
    made["reversed"] = made["amount_reversed"] == made["amount"]
    made["reversals"]["data"].insert(0, back)
    books.happen("transfer.reversed", made)
    return back


def pay_out(books: Books, account: str, amount: int, currency: str, metadata: dict[str, str]) -> Object:
    """Money from a connected account to its owner's bank."""
    if not books.objects[account]["payouts_enabled"]:
        raise SaysNo("Payouts are not enabled on this account", "payouts_not_allowed")
    if amount > books.balance(currency, account)[0]:
        raise SaysNo("You have insufficient funds in your Stripe account", "balance_insufficient")
    fields: Object = {
        "amount": amount,
        "arrival_date": books.at + 86_400,
        "automatic": False,
        "currency": currency,
        "description": None,
        "destination": "ba_1",
        "failure_code": None,
        "failure_message": None,
        "metadata": metadata,
        "method": "standard",
        "reconciliation_status": "not_applicable",
        "source_type": "card",
        "statement_descriptor": None,
        "status": "pending",
        "type": "bank_account",
    }
    made = books.add("po", "payout", fields, account)
    made["balance_transaction"] = books.line("payout", -amount, currency, made["id"], account)["id"]
    books.happen("payout.created", made, account)
    return made


def arrive(books: Books, made: Object) -> None:
    """The bank has it."""
    made["status"] = "paid"
    books.happen("payout.paid", made, books.owners[made["id"]])


def fail_payout(books: Books, made: Object, code: str) -> None:
    """The bank does not take it, or sends it back."""
    account = books.owners[made["id"]]
    line = books.line("payout_failure", made["amount"], made["currency"], made["id"], account)
    made.update(
        status="failed",
        failure_code=code,
        failure_message=f"The bank says {code}",
        failure_balance_transaction=line["id"],
    )
    books.happen("payout.failed", made, account)


def dispute(books: Books, intent: Object, *, inquiry: bool, amount: int | None = None) -> Object:
    """The buyer's bank asks, or takes the money at once."""
    taken = books.objects[intent["latest_charge"]]
    fields: Object = {
        "amount": taken["amount_captured"] if amount is None else amount,
        "balance_transactions": [],
        "charge": taken["id"],
        "currency": taken["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {"enhanced_evidence": {}},
        "evidence_details": {
            "due_by": books.at + 10 * 86_400,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
        },
        "is_charge_refundable": inquiry,
        "metadata": {},
        "payment_intent": intent["id"],
        "reason": "product_not_received",
        "status": "warning_needs_response" if inquiry else "needs_response",
    }
    made = books.add("dp", "dispute", fields)
    books.happen("charge.dispute.created", made)
    if not inquiry:
        withdraw(books, made)
    return made


def withdraw(books: Books, made: Object) -> None:
    """The bank has taken the money."""
    books.objects[made["charge"]]["disputed"] = True
    line = books.line("adjustment", -made["amount"], made["currency"], made["id"], fee=DISPUTE_FEE, category="dispute")
    made["balance_transactions"].append(line)
    made.update(status="needs_response", is_charge_refundable=False)
    books.happen("charge.dispute.funds_withdrawn", made)


def decide(books: Books, made: Object, *, won: bool) -> None:
    """The bank's last word."""
    if won and made["balance_transactions"]:
        line = books.line(
            "adjustment", made["amount"], made["currency"], made["id"], fee=-DISPUTE_FEE, category="dispute_reversal"
        )
        made["balance_transactions"].append(line)
    asked_only = made["status"].startswith("warning")
    made["status"] = "warning_closed" if asked_only else "won" if won else "lost"
    if won and made["balance_transactions"]:
        books.happen("charge.dispute.funds_reinstated", made)
    books.happen("charge.dispute.closed", made)


def _charge(books: Books, intent: Object, status: str, *, captured: bool) -> Object:
    fields: Object = {
        "amount": intent["amount"],
        "amount_captured": 0,
        "amount_refunded": 0,
        "balance_transaction": None,
        "billing_details": {"address": None, "email": None, "name": None, "phone": None, "tax_id": None},
        "captured": captured,
        "currency": intent["currency"],
        "disputed": False,
        "metadata": intent["metadata"],
        "paid": status == "succeeded",
        "payment_intent": intent["id"],
        "refunded": False,
        "status": status,
        "transfer_group": intent["transfer_group"],
    }
    return books.add("ch", "charge", fields)
