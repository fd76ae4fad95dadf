"""What is kept of a person: taken out as a file, and forgotten.

Forgetting takes the name, the address and all that the person signed in with. Records of money stay, under the marketplace's
own id of the person: they are the other side's, too, and the books must add up.
"""

import io
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, Protocol

import msgspec

from fairhold.access import may_have_event
from fairhold.access.history import history_for
from fairhold.domain.actors import Actor, Role
from fairhold.domain.events import Event
from fairhold.domain.ids import PersonId
from fairhold.domain.order import Order
from fairhold.domain.status import Tab
from fairhold.engine.accounts.keeping import Keeping
from fairhold.engine.accounts.letters import Letter
from fairhold.engine.accounts.people import is_staff
from fairhold.engine.accounts.refusals import Denial, Denied
from fairhold.engine.accounts.second_factors import SecondFactors
from fairhold.engine.intake.photos import Photos
from fairhold.engine.ports.accounts import Account
from fairhold.engine.ports.admission import Access
from fairhold.engine.reading.orders import Queries

SIDES = (Role.BUYER, Role.SELLER)
MOST_PHOTOS = 300
"""How many photos one file holds; the newest orders' come first."""
_PAGE = 200
_OLDEST = (1980, 1, 1, 0, 0, 0)


class Holder(Protocol):
    """Somebody else who keeps something of a person."""

    name: str

    def taken_out(self, person: str) -> object:
        """What is kept, as JSON can say it."""
        ...

    def forget(self, person: str) -> None:
        """Keep it no longer. Doing so twice changes nothing."""
        ...


class Parts(NamedTuple):
    """Where what is kept of a person lies."""

    keeping: Keeping
    factors: SecondFactors
    access: Access
    queries: Queries
    photos: Photos
    holders: Sequence[Holder]


class PersonalData:
    """Takes out and forgets. Blocks; safe from any thread; raises StoreUnavailable."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def open_orders(self, person: str) -> int:
        """How many of this person's orders, on either side, still hold money or wait for somebody."""
        sides = (self._parts.queries.tab_counts(buyer=person), self._parts.queries.tab_counts(seller=person))
        return sum(counts.numbers[None] - counts.numbers[Tab.CLOSED] for counts in sides)

    def archive(self, account: Account) -> bytes:
        """Everything of this person's in any role, as JSON in a ZIP, with the photos that they sent as evidence."""
        out, person = io.BytesIO(), account.person
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            _put(archive, "account.json", self._account(account))
            for holder in self._parts.holders:
                _put(archive, f"{holder.name}.json", holder.taken_out(person))
            photos: dict[str, None] = {}
            for role in SIDES:
                for order in self._orders(role, person):
                    told = self._told(order, Actor(role, PersonId(person)))
                    _put(archive, f"{role.value}/{order.id}.json", told)
                    photos |= dict.fromkeys(self._own_photos(person, told))
            for photo in list(photos)[:MOST_PHOTOS]:
                picture = self._parts.photos.stored(photo)
                if picture is not None:
                    archive.writestr(zipfile.ZipInfo(f"photos/{photo}.jpg", _OLDEST), picture)
        return out.getvalue()

    def forget(self, account: Account, url: str) -> Denied | None:
        """Keep nothing of this person but the records of money. Not while an order of theirs is open, and not the staff."""
        if is_staff(account.roles):
            return Denied(Denial.STAFF_STAYS)
        if self.open_orders(account.person):
            return Denied(Denial.ORDERS_OPEN)
        parts = self._parts
        # The letter is queued while there is an address to write to; it is not about an order, so that nothing drops it.
        parts.keeping.letters.tell(Letter.FORGOTTEN, account, url)
        for holder in parts.holders:
            holder.forget(account.person)
        parts.keeping.rows.forget_account(account.person, parts.keeping.clock.now())
        return None

    def _account(self, account: Account) -> dict[str, object]:
        factors = self._parts.factors.of(account)
        sessions = self._parts.access.sessions_of(account.person)
        return {
            "person": account.person,
            "name": account.name,
            "email": account.email,
            "roles": account.roles,
            "language": account.language,
            "created_at": account.created_at,
            "has_password": account.password is not None,
            "one_time_codes": factors.totp,
            "recovery_codes_left": factors.codes,
            "passkeys": [
                {"name": one.name, "added_at": one.added_at, "used_at": one.used_at} for one in factors.passkeys
            ],
            "known_elsewhere": [
                {"issuer": issuer, "subject": subject, "since": since}
                for issuer, subject, since in self._parts.keeping.rows.identities(account.person)
            ],
            "sessions": [
                {"means": one.means, "device": one.device, "began_at": one.created_at, "seen_at": one.seen_at}
                for one in sessions
            ],
        }

    def _orders(self, role: Role, person: str) -> Iterator[Order]:
        cursor: str | None = None
        while True:
            buyer, seller = (person, None) if role is Role.BUYER else (None, person)
            page = self._parts.queries.list_orders(buyer=buyer, seller=seller, older_than=cursor, limit=_PAGE)
            yield from page.items
            cursor = page.older
            if cursor is None:
                return

    def _told(self, order: Order, actor: Actor) -> list[Any]:
        """What happened to the order, as far as this side may know it (S32)."""
        history = history_for(order, actor, self._parts.queries.history(order.id))
        return [_plain(event) for _, event in history if may_have_event(actor, event)]

    def _own_photos(self, person: str, told: list[Any]) -> list[str]:
        owners = {f"{role.value}:{person}" for role in SIDES}
        names = sorted(set(_photos_in(told)))
        return [photo.id for photo in self._parts.photos.rows(names) if photo.owner in owners]


def _plain(event: Event) -> Any:
    return msgspec.to_builtins(event)


def _photos_in(told: object) -> Iterator[str]:
    """Names of photos wherever they stand: each has the hash of its bytes beside it."""
    if isinstance(told, dict):
        if {"id", "sha256"} <= told.keys():
            yield told["id"]
        for value in told.values():
            yield from _photos_in(value)
    elif isinstance(told, list | tuple):
        for value in told:
            yield from _photos_in(value)


def _put(archive: zipfile.ZipFile, name: str, said: object) -> None:
    entry = zipfile.ZipInfo(name, _OLDEST)
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, msgspec.json.format(msgspec.json.encode(said), indent=1))
