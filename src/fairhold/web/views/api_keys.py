"""What the page of the API's keys shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from fairhold.domain.actors import Role
from fairhold.domain.instants import Instant
from fairhold.engine.accounts.key_ring import SCOPES
from fairhold.engine.ports.admission import ApiKey
from fairhold.web.views.parts import Pill
from fairhold.words import dates
from fairhold.words.catalog import N_
from fairhold.words.names import role_name
from fairhold.words.reader import Reader

ROLES = (Role.BUYER, Role.SELLER, Role.SUPPORT, Role.MEDIATOR, Role.OPERATOR)
OVERLAPS = (24, 0, 1, 168)
"""Hours for which a replaced key still counts; the first is chosen for the operator."""
SCOPE_NAMES = {
    "tracking": N_("report what carriers say about parcels"),
    "webhooks": N_("set up webhooks"),
    "bank": N_("say which bank transfers came and went"),
    "people": N_("set people's addresses"),
    "sign_in": N_("let people in by links"),
    "keys": N_("make keys"),
}


@dataclass(frozen=True)
class KeyRow:
    """A key in the list."""

    id: str
    label: str
    rights: str
    used: str
    made: str
    pill: Pill
    live: bool
    replaceable: bool


@dataclass(frozen=True)
class Choice:
    """A box to tick, or an option."""

    value: str
    text: str
    chosen: bool


def key_rows(reader: Reader, keys: Sequence[ApiKey], now: Instant) -> list[KeyRow]:
    """Those that count first, the newest first."""
    rows = [_row(reader, key, now) for key in reversed(keys)]
    return sorted(rows, key=lambda row: not row.live)


def _row(reader: Reader, key: ApiKey, now: Instant) -> KeyRow:
    words = reader.words
    names = [role_name(words, Role(role)) for role in key.roles]
    reach = [words.gettext(SCOPE_NAMES[scope]) for scope in key.scopes if scope in SCOPE_NAMES]
    live = key.revoked_at is None or key.revoked_at > now
    if key.revoked_at is None:
        pill = Pill(words.gettext("counts"), "check", "safe")
    elif live:
        until = dates.moment_in_text(reader, Instant(key.revoked_at), now)
        pill = Pill(words.gettext("replaced, counts until %(moment)s", moment=until), "clock", "turn")
    else:
        pill = Pill(words.gettext("counts no more"), "cross")
    used = dates.moment_in_text(reader, Instant(key.used_at), now) if key.used_at else words.gettext("never used")
    made = dates.moment_in_text(reader, Instant(key.created_at), now)
    rights = ", ".join((*names, *reach))
    return KeyRow(key.id, key.label, rights, used, made, pill, live, live and key.replaced_by is None)


def role_choices(reader: Reader, chosen: Sequence[str]) -> list[Choice]:
    """For whom a key may speak."""
    return [Choice(role.value, role_name(reader.words, role), role in chosen) for role in ROLES]


def scope_choices(reader: Reader, chosen: Sequence[str]) -> list[Choice]:
    """What else it may reach."""
    return [Choice(scope, reader.words.gettext(SCOPE_NAMES[scope]), scope in chosen) for scope in SCOPES]


def overlap_choices(reader: Reader) -> list[Choice]:
    """How long a replaced key still counts."""
    words = reader.words
    return [
        Choice(
            str(one),
            words.ngettext("the old one counts for %(num)d more hour", "the old one counts for %(num)d more hours", one)
            if one
            else words.gettext("the old one stops at once"),
            one == OVERLAPS[0],
        )
        for one in OVERLAPS
    ]
