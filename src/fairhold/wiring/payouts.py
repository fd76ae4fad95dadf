"""From settings to payouts: who notes down what is due, who makes payouts, who sees them through."""

from collections.abc import Mapping

from fairhold.engine.installation.clock import Clock
from fairhold.engine.installation.policies import PolicyBook
from fairhold.engine.kernel.core import Engine
from fairhold.engine.notices.payouts import PayoutNotices, Tell
from fairhold.engine.outside.payments import Provider
from fairhold.engine.payouts.balances import Balances
from fairhold.engine.payouts.making import PayoutMaker
from fairhold.engine.payouts.office import PayoutOffice
from fairhold.engine.payouts.payees import Payees
from fairhold.engine.payouts.paymaster import Paymaster
from fairhold.engine.payouts.progress import PayoutProgress
from fairhold.engine.payouts.purses import CatchingUp, Purses
from fairhold.engine.ports.store import Store
from fairhold.engine.reading.orders import Queries
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
