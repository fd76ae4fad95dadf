"""Everything that signs people in, in one place for those who ask for it."""

from dataclasses import dataclass

from fairhold.engine.accounts import Accounts
from fairhold.engine.credentials import Credentials
from fairhold.engine.entrance import Entrance
from fairhold.engine.key_ring import KeyRing
from fairhold.engine.marketplace_sign_in import ByProvider, Handovers
from fairhold.engine.passkeys import Passkeys
from fairhold.engine.personal_data import PersonalData
from fairhold.engine.rate_limits import RateLimits
from fairhold.engine.request_keys import RequestKeys
from fairhold.engine.second_factors import SecondFactors
from fairhold.engine.second_steps import SecondSteps
from fairhold.engine.staffing import Staffing
from fairhold.engine.tickets import Tickets


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
