"""How a refund stands, as an answer says it."""

from typing import Literal

from fairhold.api.shapes import At, Out

RefundStatus = Literal["on_its_way", "paid", "returned", "sent_again", "paid_elsewhere"]


class RefundOut(Out, frozen=True):
    """Money on its way back to the buyer. `returned`: it did not reach them (`why`), and waits for a person.

    It is then `sent_again` as refund number `again`, or `paid_elsewhere`.
    """

    number: int
    amount: int
    status: RefundStatus
    paid_at: At | None = None
    why: str | None = None
    again: int | None = None
