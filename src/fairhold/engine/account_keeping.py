"""What those who look after accounts share."""

from collections.abc import Callable
from typing import NamedTuple

from fairhold.engine.account_letters import Letters
from fairhold.engine.account_ports import AccountRows
from fairhold.engine.clock import Clock
from fairhold.engine.contact_ports import Contacts
from fairhold.engine.passwords import Passwords
from fairhold.engine.rate_limits import RateLimits
from fairhold.engine.tickets import Tickets


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
