"""Everything that signs people in, in one place for those who ask for it."""

from dataclasses import dataclass

from fairhold.engine.accounts.credentials import Credentials
from fairhold.engine.accounts.entrance import Entrance
from fairhold.engine.accounts.key_ring import KeyRing
from fairhold.engine.accounts.marketplace_sign_in import ByProvider, Handovers
from fairhold.engine.accounts.passkeys import Passkeys
from fairhold.engine.accounts.people import Accounts
from fairhold.engine.accounts.personal_data import PersonalData
from fairhold.engine.accounts.rate_limits import RateLimits
from fairhold.engine.accounts.request_keys import RequestKeys
from fairhold.engine.accounts.second_factors import SecondFactors
from fairhold.engine.accounts.second_steps import SecondSteps
from fairhold.engine.accounts.staffing import Staffing
from fairhold.engine.accounts.tickets import Tickets


@dataclass(frozen=True)
class Membership:
    """Accounts and what belongs to them."""

    accounts: Accounts
    entrance: Entrance
    credentials: Credentials
    factors: SecondFactors
    passkeys: Passkeys
    steps: SecondSteps
    handovers: Handovers
    provider: ByProvider | None
    personal: PersonalData
    staffing: Staffing
    keys: KeyRing
    tickets: Tickets
    requests: RequestKeys
    limits: RateLimits
