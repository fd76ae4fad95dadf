"""Everything about payouts in one place, as faces ask for it."""

from typing import NamedTuple

from fairhold.engine.payouts.balances import Balances
from fairhold.engine.payouts.payees import Payees
from fairhold.engine.payouts.paymaster import Paymaster
from fairhold.engine.payouts.progress import PayoutProgress
from fairhold.engine.ports.payouts import PayoutRows


class PayoutOffice(NamedTuple):
    """What passes released money on to sellers, and who answers about it."""

    rows: PayoutRows
    balances: Balances
    payees: Payees
    progress: PayoutProgress
    paymaster: Paymaster
