"""What happens to refunds that a buyer's bank sends back. Amounts in minor units."""

from fairhold.domain.event_shape import EventBase


class RefundReturned(EventBase, frozen=True, kw_only=True, tag="refund_returned"):
    """Refund `number` is owed again and waits for a person; `why` is the provider's word, `reference` its name for the refund."""

    number: int
    amount: int
    reference: str
    why: str


class RefundSentAgain(EventBase, frozen=True, kw_only=True, tag="refund_sent_again"):
    """What came back as refund `returned` goes out as refund `number`: to the provider it is another."""

    number: int
    returned: int
    amount: int


class RefundPaidElsewhere(EventBase, frozen=True, kw_only=True, tag="refund_paid_elsewhere"):
    """The buyer has what came back as refund `number` in another way: what the provider still has of it is the marketplace's."""

    number: int
    amount: int
    reference: str
