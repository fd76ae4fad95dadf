"""How accounts are put together."""

from fairhold.engine.accounts.credentials import Credentials
from fairhold.engine.accounts.entrance import Entrance
from fairhold.engine.accounts.keeping import Keeping
from fairhold.engine.accounts.key_ring import KeyRing
from fairhold.engine.accounts.letters import Letters
from fairhold.engine.accounts.marketplace_sign_in import ByProvider, Handovers
from fairhold.engine.accounts.membership import Membership
from fairhold.engine.accounts.passkeys import Passkeys
from fairhold.engine.accounts.passwords import Passwords
from fairhold.engine.accounts.people import Accounts
from fairhold.engine.accounts.personal_data import Parts as DataParts
from fairhold.engine.accounts.personal_data import PersonalData
from fairhold.engine.accounts.rate_limits import RateLimits
from fairhold.engine.accounts.request_keys import RequestKeys
from fairhold.engine.accounts.second_factors import SecondFactors
from fairhold.engine.accounts.second_steps import SecondSteps
from fairhold.engine.accounts.staffing import Staffing
from fairhold.engine.accounts.tickets import Tickets
from fairhold.engine.installation.clock import Clock, SystemClock
from fairhold.engine.installation.settings import Settings
from fairhold.engine.intake.photos import Photos
from fairhold.engine.notices.correspondence import Correspondence
from fairhold.engine.notices.told import Told
from fairhold.engine.ports.store import Store
from fairhold.engine.reading.orders import Queries
from fairhold.engine.support.records import SupportRecords
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
