"""What Stripe's objects tell, in the words of the port."""

import re
from collections.abc import Iterator, Mapping

from fairhold.domain.instants import SECOND, Instant
from fairhold.engine.outside.payment_seen import (
    AccountSeen,
    Bank,
    ChargebackSeen,
    No,
    Paid,
    PaymentSeen,
    PayoutSeen,
    RefundSeen,
    State,
    TransferSeen,
)
from fairhold.engine.outside.payments import Refused
from fairhold.gateways.payments.stripe.objects import (
    Account,
    Charge,
    Dispute,
    Failure,
    Intent,
    Payout,
    Refund,
    Session,
    Transfer,
)
from fairhold.gateways.payments.stripe.sums import from_stripe

ORDER, ATTEMPT, NUMBER, PAYOUT = "order", "attempt", "number", "payout"
"""What our marks in Stripe's metadata are called."""

_REFUNDS = {
    "pending": State.PENDING,
    "requires_action": State.PENDING,
    "succeeded": State.DONE,
    "failed": State.FAILED,
    "canceled": State.FAILED,
}
_REFUND_FAILURES = {
    "lost_or_stolen_card": No.DECLINED,
    "expired_or_canceled_card": No.DECLINED,
    "declined": No.DECLINED,
    "charge_for_pending_refund_disputed": No.TOO_LATE,
    "insufficient_funds": No.INSUFFICIENT_BALANCE,
}
_PAYOUTS = {
    "pending": State.PENDING,
    "in_transit": State.PENDING,
    "paid": State.DONE,
    "failed": State.FAILED,
    "canceled": State.FAILED,
}
_PAYOUT_FAILURES = {
    "account_closed": No.ACCOUNT_CLOSED,
    "account_frozen": No.ACCOUNT_CLOSED,
    "bank_account_restricted": No.ACCOUNT_CLOSED,
    "bank_account_unusable": No.ACCOUNT_CLOSED,
    "incorrect_account_holder_details": No.ACCOUNT_CLOSED,
    "incorrect_account_holder_name": No.ACCOUNT_CLOSED,
    "invalid_account_number": No.ACCOUNT_CLOSED,
    "no_account": No.ACCOUNT_CLOSED,
    "declined": No.DECLINED,
    "debit_not_authorized": No.DECLINED,
    "insufficient_funds": No.INSUFFICIENT_BALANCE,
    "invalid_currency": No.UNSUPPORTED,
    "unsupported_card": No.UNSUPPORTED,
}
_TOO_LATE = frozenset({"capture_charge_authorization_expired", "charge_expired_for_capture"})


def sum_of(amount: int, currency: str) -> int:
    """Minor units. Raises Refused where Stripe writes what the currency does not have, and a person has to look."""
    try:
        return from_stripe(amount, currency)
    except ValueError as error:
        raise Refused(No.BROKEN, str(error)) from None


def number_in(metadata: Mapping[str, str] | None, name: str) -> int:
    """A number that we wrote there; 0 where there is none."""
    text = (metadata or {}).get(name, "")
    return int(text) if re.fullmatch("[0-9]{1,9}", text, re.ASCII) else 0


def order_of(intent: Intent | str | None) -> str:
    """Whose payment it is; empty where it is none of ours."""
    return intent.metadata.get(ORDER, "") if isinstance(intent, Intent) else ""


def charge_of(intent: Intent) -> Charge | str | None:
    """The charge that took the money."""
    return intent.latest_charge or (intent.charges.data[-1] if intent.charges.data else None)


def taken_by(charge: Charge) -> int:
    """How much, in Stripe's units."""
    return charge.amount if charge.amount_captured is None else charge.amount_captured


def paid_by(intent: Intent) -> Paid:
    """What it is called from now on."""
    charge = charge_of(intent)
    return Paid(intent.id, charge.id if isinstance(charge, Charge) else charge or "")


def payment_of(intent: Intent, session: Session | None) -> PaymentSeen | None:
    """How it stands with a payment, which is over only when the page on which it began is; None where it is none of ours.

    The sum is what was taken, or can be: nothing as long as it is open.
    """
    metadata = intent.metadata if ORDER in intent.metadata or session is None else session.metadata
    if ORDER not in metadata:
        return None
    state, why = _state_of(intent, session)
    taken = {State.DONE: intent.amount_received, State.AUTHORIZED: intent.amount_capturable}.get(state, 0)
    currency = intent.currency.upper()
    return PaymentSeen(
        order=metadata[ORDER],
        attempt=number_in(metadata, ATTEMPT),
        paid=paid_by(intent),
        state=state,
        amount=sum_of(taken, currency),
        currency=currency,
        fee=_fee_of(intent) if state is State.DONE else 0,
        why=why,
    )


def payment_before_any(session: Session) -> PaymentSeen | None:
    """How it stands with a page on which nobody has tried to pay yet."""
    if ORDER not in session.metadata or session.currency is None:
        return None
    over = session.status != "open"
    return PaymentSeen(
        order=session.metadata[ORDER],
        attempt=number_in(session.metadata, ATTEMPT),
        paid=Paid(session.id),
        state=State.FAILED if over else State.PENDING,
        amount=0,
        currency=session.currency.upper(),
        why=No.EXPIRED if over else None,
    )


def _state_of(intent: Intent, session: Session | None) -> tuple[State, No | None]:
    if intent.status == "succeeded":
        return State.DONE, None
    if intent.status == "requires_capture":
        return State.AUTHORIZED, None
    why = _why(intent.last_payment_error) if intent.last_payment_error else None
    if intent.status == "canceled":
        return State.FAILED, why or No.EXPIRED
    if intent.status == "processing":
        return State.PENDING, None
    if session is not None and session.status == "expired":
        return State.FAILED, why or No.EXPIRED
    if session is not None and session.status == "complete" and why:
        return State.FAILED, why
    return State.PENDING, why


def _why(failure: Failure) -> No:
    return No.TOO_LATE if failure.code in _TOO_LATE else No.DECLINED


def _fee_of(intent: Intent) -> int:
    """What Stripe kept. 0 while it does not say, or where it keeps it in another currency: the statement has it then."""
    charge = charge_of(intent)
    line = charge.balance_transaction if isinstance(charge, Charge) else None
    if line is None or isinstance(line, str) or line.currency != intent.currency:
        return 0
    return sum_of(line.fee, line.currency)


def refund_of(refund: Refund) -> RefundSeen | None:
    """How it stands with a refund; None where the payment is none of ours."""
    order = (refund.metadata or {}).get(ORDER) or order_of(refund.payment_intent)
    if not order:
        return None
    state = _REFUNDS.get(refund.status or "", State.PENDING)
    return RefundSeen(
        order=order,
        number=number_in(refund.metadata, NUMBER),
        reference=refund.id,
        state=state,
        amount=sum_of(refund.amount, refund.currency),
        currency=refund.currency.upper(),
        why=_REFUND_FAILURES.get(refund.failure_reason or "", No.BROKEN) if state is State.FAILED else None,
    )


def transfer_of(transfer: Transfer) -> TransferSeen | None:
    """What has gone to a seller; None where it was not we who sent it."""
    order, number = transfer.metadata.get(ORDER, ""), number_in(transfer.metadata, NUMBER)
    if not order:
        return None
    currency = transfer.currency.upper()
    amount, back = sum_of(transfer.amount, currency), sum_of(transfer.amount_reversed, currency)
    return TransferSeen(order, number, transfer.id, amount, back, currency)


def payout_of(payout: Payout, *, had_arrived: bool) -> PayoutSeen | None:
    """How it stands with a payout; None where it was not we who asked for it. `had_arrived`: Stripe had called it paid before."""
    ours = (payout.metadata or {}).get(PAYOUT, "")
    if not ours:
        return None
    state = _PAYOUTS.get(payout.status, State.PENDING)
    why = _PAYOUT_FAILURES.get(payout.failure_code or "", No.BROKEN) if state is State.FAILED else None
    if state is State.FAILED and had_arrived:
        state = State.RETURNED
    currency = payout.currency.upper()
    return PayoutSeen(ours, payout.id, state, sum_of(payout.amount, currency), currency, why)


def chargeback_of(dispute: Dispute) -> tuple[ChargebackSeen, ...]:
    """All that the bank has done so far, in its order, so that nothing is missing whichever notification comes first or last.

    The fee stands where money moves: with TOOK what Stripe takes, with GAVE_BACK, below zero, what it returns of it.
    """
    order = order_of(dispute.payment_intent)
    if not order:
        return ()
    return tuple(
        ChargebackSeen(
            order=order,
            chargeback=dispute.id,
            paid=Paid(_id_of(dispute.payment_intent), dispute.charge),
            bank=bank,
            amount=sum_of(dispute.amount, dispute.currency),
            currency=dispute.currency.upper(),
            fee=fee,
            answer_by=_instant(dispute.evidence_details.due_by),
            reason=dispute.reason[:100],
        )
        for bank, fee in _steps(dispute)
    )


def _steps(dispute: Dispute) -> Iterator[tuple[Bank, int]]:
    """An inquiry that comes to nothing is won: it is over, and no money has moved."""
    went = [line for line in dispute.balance_transactions if line.amount <= 0]
    came = [line for line in dispute.balance_transactions if line.amount > 0]
    if not went:
        yield Bank.ASKS, 0
    else:
        yield Bank.TOOK, sum(sum_of(line.fee, line.currency) for line in went if line.currency == dispute.currency)
    if came:
        yield Bank.GAVE_BACK, sum(sum_of(line.fee, line.currency) for line in came if line.currency == dispute.currency)
    if dispute.status in ("won", "warning_closed"):
        yield Bank.WON, 0
    if dispute.status == "lost":
        yield Bank.LOST, 0


def account_of(account: Account) -> AccountSeen:
    """Whether a seller can be paid: what comes to their account, and what goes from there to their bank."""
    wants = account.requirements
    able = account.payouts_enabled and (account.capabilities or {}).get("transfers") == "active"
    wanting = (*(wants.currently_due or ()), *(wants.past_due or ())) if wants else ()
    if not able and not wanting and wants and wants.disabled_reason:
        wanting = (wants.disabled_reason,)
    return AccountSeen(account.id, able, tuple(dict.fromkeys(wanting)))


def _id_of(intent: Intent | str | None) -> str:
    return intent.id if isinstance(intent, Intent) else intent or ""


def _instant(seconds: int | None) -> Instant | None:
    return None if seconds is None else Instant(seconds * SECOND)
