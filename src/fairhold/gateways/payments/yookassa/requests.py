"""What YooKassa is asked in its own words: the bodies of requests. Texts are cut to the length that it takes."""

from typing import Any

from fairhold.engine.outside.payments import PageAsked, RefundAsked, TransferAsked
from fairhold.gateways.payments.yookassa.reading import marks
from fairhold.gateways.payments.yookassa.sums import written

LONGEST_DESCRIPTION = 128
FEE_MOMENT = "deal_closed"
"""Our commission comes when the deal closes: only then can a refund give back all that the buyer paid."""


def deal(asked: PageAsked) -> dict[str, Any]:
    """A deal that is to hold one payment."""
    return {
        "type": "safe_deal",
        "fee_moment": FEE_MOMENT,
        "description": asked.order[:LONGEST_DESCRIPTION],
        "metadata": marks(asked.order, attempt=asked.attempt),
    }


def payment(asked: PageAsked, deal: str) -> dict[str, Any]:
    """A payment in it, on a page of YooKassa's."""
    return {
        "amount": written(asked.amount, asked.currency),
        "capture": True,
        "confirmation": {
            "type": "redirect",
            "return_url": asked.back,
            "locale": "ru_RU" if asked.language.partition("-")[0] == "ru" else "en_US",
        },
        "deal": {"id": deal, "settlements": [_settlement(asked.sellers_part, asked.currency)]},
        "description": asked.title[:LONGEST_DESCRIPTION],
        "metadata": marks(asked.order, attempt=asked.attempt),
    }


def refund(asked: RefundAsked) -> dict[str, Any]:
    """Giving back; within a deal it is said what of it was the seller's."""
    body: dict[str, Any] = {
        "payment_id": asked.paid.payment,
        "amount": written(asked.amount, asked.currency),
        "description": f"{asked.order} #{asked.number}"[:LONGEST_DESCRIPTION],
        "metadata": marks(asked.order, number=asked.number),
    }
    if asked.paid.deal:
        body["deal"] = {"refund_settlements": [_settlement(asked.sellers_part, asked.currency)]}
    return body


def payout(asked: TransferAsked) -> dict[str, Any]:
    """Paying the seller out of a deal, by the token that the seller's card or wallet got from YooKassa's widget."""
    return {
        "amount": written(asked.amount, asked.currency),
        "payout_token": asked.account,
        "deal": {"id": asked.paid.deal},
        "description": f"{asked.order} #{asked.number}"[:LONGEST_DESCRIPTION],
        "metadata": marks(asked.order, number=asked.number) | {"transfer": transfer_mark(asked)},
    }


def transfer_mark(asked: TransferAsked) -> str:
    """One text by which a payout can be searched: a search takes one pair only."""
    return f"{asked.order}-{asked.number}"


def _settlement(amount: int, currency: str) -> dict[str, Any]:
    return {"type": "payout", "amount": written(amount, currency)}
