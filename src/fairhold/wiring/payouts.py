"""From settings to payouts: who notes down what is due, who makes payouts, who sees them through."""

from collections.abc import Mapping

from fairhold.engine.clock import Clock
from fairhold.engine.core import Engine
from fairhold.engine.payees import Payees
from fairhold.engine.paymaster import Paymaster
from fairhold.engine.payment_ports import Provider
from fairhold.engine.payout_balances import Balances
from fairhold.engine.payout_making import PayoutMaker
from fairhold.engine.payout_notices import PayoutNotices, Tell
from fairhold.engine.payout_office import PayoutOffice
from fairhold.engine.payout_progress import PayoutProgress
from fairhold.engine.policies import PolicyBook
from fairhold.engine.ports import Store
from fairhold.engine.purses import CatchingUp, Purses
from fairhold.engine.queries import Queries
from fairhold.store.payouts import PayoutTables


def purses_of(store: Store) -> Purses:
    """Who hears of what is due."""
    return Purses(PayoutTables(store.tables()))


def payouts_of(
    store: Store,
    purses: Purses,
    engine: Engine,
    queries: Queries,
    policies: PolicyBook,
    providers: Mapping[str, Provider],
    clock: Clock,
    tell: Tell,
) -> PayoutOffice:
    """Put together what makes payouts; `tell` puts notices into sellers' inboxes."""
    rows = PayoutTables(store.tables())
    balances = Balances(rows, providers, lambda: policies.default.payouts)
    maker = PayoutMaker(rows, purses, balances, engine, queries)
    progress = PayoutProgress(rows, balances, maker, PayoutNotices(tell).ended)
    catching_up = CatchingUp(rows, store.reader(), store)
    paymaster = Paymaster(rows, balances, maker, progress, catching_up, store, clock)
    purses.woken = paymaster.wake
    return PayoutOffice(rows, balances, Payees(rows, balances, maker, clock, paymaster.wake), progress, paymaster)
