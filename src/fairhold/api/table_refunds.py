"""Calls on refunds that did not reach their buyer."""

from fairhold.api.refunds import PaidElsewhere, SendingAgain, paid_elsewhere, send_again
from fairhold.api.rows import Route, ask
from fairhold.domain.actors import Role
from fairhold.domain.refund_commands import RecordRefundElsewhere, SendRefundAgain

REFUND_ROUTES: tuple[Route, ...] = (
    ask(
        "/orders/{order}/refunds/{refund}/again",
        "sendRefundAgain",
        "Send a refund that came back once more, by the way that the money came. It gets a number of its own.",
        SendingAgain,
        send_again,
        (SendRefundAgain,),
        {Role.OPERATOR},
        "no_refund_returned",
        "taken_by_bank",
    ),
    ask(
        "/orders/{order}/refunds/{refund}/elsewhere",
        "recordRefundElsewhere",
        "Record that the buyer has a refund that came back in another way: nothing more of it is sent.",
        PaidElsewhere,
        paid_elsewhere,
        (RecordRefundElsewhere,),
        {Role.OPERATOR},
        "no_refund_returned",
    ),
)
