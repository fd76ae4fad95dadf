"""What the sandbox's payment provider does, said by the method that was paid with.

| method | what happens |
|---|---|
| `sandbox:ok` | the payment is accepted at once; refunds, transfers and taking back are done at once |
| `sandbox:declined` | the payment is declined |
| `sandbox:insufficient_funds` | declined too |
| `sandbox:expired_card` | declined too |
| `sandbox:refund-later` | accepted; a refund takes its time |
| `sandbox:refund-never` | accepted; a refund is never carried out |
| `sandbox:refund-returned` | accepted; a refund is done, and an hour later the buyer's bank sends it back |
| `sandbox:transfer-fails` | accepted; nothing can be passed on to the seller |
| `sandbox:transfer-returned` | accepted; what was passed on comes back an hour later |
| `sandbox:take-back-fails` | accepted; the seller has spent what was passed on: nothing can be taken back |
| any other | unknown, as a misspelt method should be |

Pages are paid by one of `sandbox:page` (paid a minute later), `sandbox:page-declined` (the buyer's bank says no) and
`sandbox:page-never` (nobody pays), whichever the sandbox is made with.

Accounts of sellers are called anything but `sandbox:closed`, which may not be paid to. A payout from `sandbox:payout-fails` is
refused by the bank, one from `sandbox:payout-returned` arrives and comes back an hour later.
"""

from fairhold.domain.instants import HOUR, MINUTE
from fairhold.domain.reasons import Reason

DECLINED = frozenset({"sandbox:declined", "sandbox:insufficient_funds", "sandbox:expired_card"})
OK = "sandbox:ok"
REFUND_LATER = "sandbox:refund-later"
REFUND_NEVER = "sandbox:refund-never"
REFUND_RETURNED = "sandbox:refund-returned"
TRANSFER_FAILS = "sandbox:transfer-fails"
TRANSFER_RETURNED = "sandbox:transfer-returned"
TAKE_BACK_FAILS = "sandbox:take-back-fails"
ACCEPTED = frozenset(
    {OK, REFUND_LATER, REFUND_NEVER, REFUND_RETURNED, TRANSFER_FAILS, TRANSFER_RETURNED, TAKE_BACK_FAILS}
)
PAGE = "sandbox:page"
PAGE_DECLINED = "sandbox:page-declined"
PAGE_NEVER = "sandbox:page-never"

CLOSED = "sandbox:closed"
PAYOUT_FAILS = "sandbox:payout-fails"
PAYOUT_RETURNED = "sandbox:payout-returned"

SOON = MINUTE
"""After so long is done what takes its time, and may what went to a seller's account go on to their bank."""
RETURNS_AFTER = HOUR


def judge(method: str) -> Reason | None:
    """Why this method cannot pay at once; None where it can."""
    if method in ACCEPTED:
        return None
    return Reason.PAYMENT_DECLINED if method in DECLINED else Reason.UNKNOWN_PAYMENT_METHOD
