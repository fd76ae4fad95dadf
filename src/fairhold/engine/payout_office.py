"""Everything about payouts in one place, as faces ask for it."""

from typing import NamedTuple

from fairhold.engine.payees import Payees
from fairhold.engine.paymaster import Paymaster
from fairhold.engine.payout_balances import Balances
from fairhold.engine.payout_ports import PayoutRows
from fairhold.engine.payout_progress import PayoutProgress


class PayoutOffice(NamedTuple):
    """What passes released money on to sellers, and who answers about it."""

    rows: PayoutRows
    balances: Balances
    payees: Payees
    progress: PayoutProgress
    paymaster: Paymaster
