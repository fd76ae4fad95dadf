"""Rows of accounts: who signs in, by what, and what counts once. Small tables that have nothing to do with orders."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from fairhold.domain.instants import Instant


class Account(NamedTuple):
    """Somebody who signs in. `person` is the marketplace's id of them, the same in all of `roles`.

    `email` is as `mail_addresses.py` reads it, and confirmed. `password` is an Argon2 hash. `totp` is the sealed
    secret of one-time codes, `totp_step` the last half minute whose code was taken. `changed_at`: when what they sign in
    with was last changed.
    """

    person: str
    name: str
    email: str | None
    password: str | None
    roles: tuple[str, ...]
    language: str
    created_at: Instant
    changed_at: Instant
    totp: bytes | None = None
    totp_step: int = 0
    forgotten_at: Instant | None = None


class Passkey(NamedTuple):
    """A passkey: `id` is the credential's, in base64url; `uses` is the authenticator's own counter, which may stay 0."""

    id: str
    person: str
    public_key: bytes
    uses: int
    name: str
    added_at: Instant
    used_at: Instant | None = None


class Ticket(NamedTuple):
    """A right to do one thing once. Of the token that a person brings only the hash is kept; `value` is JSON."""

    token_hash: bytes
    purpose: str
    person: str
    value: str
    expires_at: Instant


class AccountRows(Protocol):
    """Accounts. Safe from any thread; raises StoreUnavailable."""

    def account(self, person: str) -> Account | None:
        """The account of that person, a forgotten one too."""
        ...

    def account_by_email(self, email_key: str) -> Account | None:
        """Whose address that is."""
        ...

    def names(self, people: Sequence[str]) -> dict[str, str]:
        """What these people are called; those who have no account, or are forgotten, are left out."""
        ...

    def staff(self) -> list[Account]:
        """Everybody who has a role of the staff, the first first."""
        ...

    def add_account(self, account: Account, email_key: str | None) -> bool:
        """Keep it; False where the person or the address has one. A forgotten person may come again."""
        ...

    def set_password(self, person: str, password: str, was: str | None, at: Instant) -> bool:
        """Replace the hash `was`; False where another stands there by now."""
        ...

    def set_email(self, person: str, email: str, email_key: str, at: Instant) -> bool:
        """False where another account has that address."""
        ...

    def set_name(self, person: str, name: str, language: str) -> None:
        """What to call them, in which language to write."""
        ...

    def set_roles(self, person: str, roles: Sequence[str]) -> None:
        """The sides that they may take."""
        ...

    def forget_account(self, person: str, at: Instant) -> bool:
        """Take everything away but the person's id, and that it was forgotten; False where that has been done."""
        ...

    def person_of(self, issuer: str, subject: str) -> str | None:
        """Who it is that another house calls so."""
        ...

    def add_identity(self, issuer: str, subject: str, person: str, at: Instant) -> bool:
        """Note what another house calls them; False where that means somebody already."""
        ...

    def identities(self, person: str) -> list[tuple[str, str, Instant]]:
        """Issuer, subject and since when, of every other house that knows them."""
        ...


class FactorRows(Protocol):
    """What people have beside a password. Safe from any thread; raises StoreUnavailable."""

    def set_totp(self, person: str, sealed: bytes | None, step: int, at: Instant) -> None:
        """Take codes of this secret from now on, later ones than that of `step`; None: no codes."""
        ...

    def take_step(self, person: str, step: int) -> bool:
        """Note that the code of that half minute was used; False where it, or a later one, was used before."""
        ...

    def set_recovery_codes(self, person: str, hashes: Sequence[bytes]) -> None:
        """Let these count, and no others."""
        ...

    def take_recovery_code(self, person: str, code_hash: bytes) -> bool:
        """Use one up; False where there is none such."""
        ...

    def recovery_codes(self, person: str) -> int:
        """How many are left."""
        ...

    def passkeys(self, person: str) -> list[Passkey]:
        """The person's passkeys, oldest first."""
        ...

    def passkey(self, id: str) -> Passkey | None:
        """The passkey of that credential."""
        ...

    def add_passkey(self, passkey: Passkey) -> bool:
        """Keep it; False where that credential is somebody's already."""
        ...

    def used_passkey(self, id: str, was: int, uses: int, at: Instant) -> bool:
        """Note its counter, which stood at `was`; False where it has moved meanwhile."""
        ...

    def remove_passkey(self, person: str, id: str) -> bool:
        """Take no signature of it any more; False where this person has none such."""
        ...


class TicketRows(Protocol):
    """Rights that count once, and counted attempts. Safe from any thread; raises StoreUnavailable."""

    def add_ticket(self, ticket: Ticket, now: Instant) -> None:
        """Keep it; those that have expired are forgotten."""
        ...

    def ticket(self, token_hash: bytes) -> Ticket | None:
        """The ticket of that token, expired or not."""
        ...

    def take_ticket(self, token_hash: bytes) -> Ticket | None:
        """Use it up: of several who try at once, one gets it."""
        ...

    def drop_tickets(self, person: str, purposes: Sequence[str]) -> None:
        """Let none of this person's tickets for that count any more."""
        ...

    def spend(self, token_hash: bytes, expires_at: Instant, now: Instant) -> bool:
        """Note that a signed token was used; False where it was used before."""
        ...

    def count(self, bucket: bytes, ends_at: Instant, now: Instant) -> int:
        """Count one more attempt in a bucket that is emptied at `ends_at`; how many there are."""
        ...

    def clear(self, bucket: bytes) -> None:
        """Empty a bucket."""
        ...
