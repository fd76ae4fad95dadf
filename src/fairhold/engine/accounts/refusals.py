"""Why something about an account is refused. Each has its words in `words/account_refusals.py`."""

from enum import StrEnum
from typing import NamedTuple

from fairhold.domain.instants import Duration


class Denial(StrEnum):
    """A reason, by the value; nothing has changed then."""

    WRONG_SIGN_IN = "wrong_sign_in"
    TOO_MANY_ATTEMPTS = "too_many_attempts"
    BUSY = "busy"
    EMAIL_INVALID = "email_invalid"
    NAME_INVALID = "name_invalid"
    PASSWORD_TOO_SHORT = "password_too_short"  # noqa: S105 - the name of a reason
    PASSWORD_TOO_LONG = "password_too_long"  # noqa: S105 - the name of a reason
    PASSWORD_COMMON = "password_common"  # noqa: S105 - the name of a reason
    PASSWORD_IS_NAME = "password_is_name"  # noqa: S105 - the name of a reason
    PASSWORD_WRONG = "password_wrong"  # noqa: S105 - the name of a reason
    LINK_SPENT = "link_spent"
    CODE_WRONG = "code_wrong"
    PASSKEY_FAILED = "passkey_failed"
    TOO_MANY_PASSKEYS = "too_many_passkeys"
    LAST_FACTOR = "last_factor"
    IDENTITY_FAILED = "identity_failed"
    IDENTITY_AWAY = "identity_away"
    NOT_HANDED_OVER = "not_handed_over"
    ORDERS_OPEN = "orders_open"
    STAFF_STAYS = "staff_stays"
    ROLES_MISSING = "roles_missing"
    LAST_OPERATOR = "last_operator"
    SIGN_UP_CLOSED = "sign_up_closed"
    KEY_INVALID = "key_invalid"
    KEY_SPENT = "key_spent"
    TOO_MANY_KEYS = "too_many_keys"


class Denied(NamedTuple):
    """A refusal; the form's field that is at fault, and how long to wait, where there is either."""

    why: Denial
    field: str | None = None
    wait: Duration | None = None
