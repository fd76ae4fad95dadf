"""What those who look after accounts share."""

from collections.abc import Callable
from typing import NamedTuple

from fairhold.engine.accounts.letters import Letters
from fairhold.engine.accounts.passwords import Passwords
from fairhold.engine.accounts.rate_limits import RateLimits
from fairhold.engine.accounts.tickets import Tickets
from fairhold.engine.installation.clock import Clock
from fairhold.engine.ports.accounts import AccountRows
from fairhold.engine.ports.contacts import Contacts


class Keeping(NamedTuple):
    """Where accounts are kept, and by what means people show who they are. `end_sessions` ends all of a person's."""

    rows: AccountRows
    tickets: Tickets
    passwords: Passwords
    limits: RateLimits
    letters: Letters
    contacts: Contacts
    clock: Clock
    end_sessions: Callable[[str], None]
