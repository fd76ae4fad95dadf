"""How accounts are put together."""

from fairhold.engine.account_keeping import Keeping
from fairhold.engine.account_letters import Letters
from fairhold.engine.accounts import Accounts
from fairhold.engine.clock import Clock, SystemClock
from fairhold.engine.correspondence import Correspondence
from fairhold.engine.credentials import Credentials
from fairhold.engine.entrance import Entrance
from fairhold.engine.key_ring import KeyRing
from fairhold.engine.marketplace_sign_in import ByProvider, Handovers
from fairhold.engine.membership import Membership
from fairhold.engine.passkeys import Passkeys
from fairhold.engine.passwords import Passwords
from fairhold.engine.personal_data import Parts as DataParts
from fairhold.engine.personal_data import PersonalData
from fairhold.engine.photos import Photos
from fairhold.engine.ports import Store
from fairhold.engine.queries import Queries
from fairhold.engine.rate_limits import RateLimits
from fairhold.engine.request_keys import RequestKeys
from fairhold.engine.second_factors import SecondFactors
from fairhold.engine.second_steps import SecondSteps
from fairhold.engine.settings import Settings
from fairhold.engine.staffing import Staffing
from fairhold.engine.support_records import SupportRecords
from fairhold.engine.tickets import Tickets
from fairhold.engine.told import Told
from fairhold.gateways.oidc import OidcProvider
from fairhold.store.accounts import AccountTables
from fairhold.store.factors import FactorTables
from fairhold.store.support import SupportTables
from fairhold.store.tickets import TicketTables


def membership_of(
    settings: Settings,
    store: Store,
    clock: Clock,
    secret: str,
    messages: Correspondence,
    queries: Queries,
    photos: Photos,
) -> Membership:
    """Accounts and what belongs to them. `clock` is the installation's, by which letters are sent.

    What lets people in goes by the machine's own clock, even in the sandbox: a phone that makes codes knows no other, and
    whoever moves the test clock by a month must not be signed out by it.
    """
    machine, tables = SystemClock(), store.tables()
    rows, tickets = TicketTables(tables), Tickets(TicketTables(tables), machine)
    limits = RateLimits(rows, machine, secret, on=settings.rate_limits)
    access = store.access()

    def end_sessions(person: str) -> None:
        access.end_sessions_of(person)

    letters = Letters(messages.mail, clock)
    keeping = Keeping(
        AccountTables(tables), tickets, Passwords(), limits, letters, messages.contacts, machine, end_sessions
    )
    factors = SecondFactors(FactorTables(tables), machine, limits, secret)
    passkeys = Passkeys(FactorTables(tables), rows, machine, secret, settings.marketplace)
    holders = (Told(messages), SupportRecords(SupportTables(tables)))
    accounts, entrance = Accounts(keeping), Entrance(keeping, is_open=settings.sign_up)
    return Membership(
        accounts=accounts,
        entrance=entrance,
        staffing=Staffing(accounts, entrance),
        credentials=Credentials(keeping),
        factors=factors,
        passkeys=passkeys,
        steps=SecondSteps(factors, passkeys, keeping.letters),
        handovers=Handovers(keeping, rows, secret),
        provider=_provider(settings, keeping, rows, machine, secret),
        personal=PersonalData(DataParts(keeping, factors, access, queries, photos, holders)),
        keys=KeyRing(access, machine, secret),
        tickets=tickets,
        requests=RequestKeys(rows, machine),
        limits=limits,
    )


def _provider(settings: Settings, keeping: Keeping, rows: TicketTables, clock: Clock, secret: str) -> ByProvider | None:
    """The marketplace's own sign-in, where one is set."""
    own = settings.identity
    if own is None:
        return None
    provider = OidcProvider(
        own.issuer, (own.client_id, own.client_secret), clock, scopes=own.scopes, person_claim=own.person_claim
    )
    return ByProvider(provider, keeping, rows, secret, own.name, own.roles)
