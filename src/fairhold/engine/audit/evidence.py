"""What one sends to a bank: an order's history with everything that proves it, as one file."""

import io
import threading
import zipfile
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple

import msgspec
import structlog

from fairhold.access import may_have_event
from fairhold.access.history import may_read
from fairhold.domain.actors import Actor
from fairhold.domain.events import Event
from fairhold.domain.evolve import fold
from fairhold.domain.ids import OrderId
from fairhold.domain.instants import Instant
from fairhold.domain.order import Order
from fairhold.engine.audit.trees import proof_of
from fairhold.engine.kernel.codec import decode_event
from fairhold.engine.kernel.envelope import Overloaded
from fairhold.engine.ports.heads import DailyHead, Heads
from fairhold.engine.ports.store import Reader, StoredEvent
from fairhold.proof import bundle
from fairhold.proof.chain import NO_SALT, head_of
from fairhold.proof.heads import moment_text
from fairhold.proof.keys import Signer, fingerprint

_log = structlog.get_logger("fairhold.evidence")

Photos = Callable[[str], bytes | None]
"""The stored bytes of the photo with that id; None where there are none any more."""

MOST_PHOTO_BYTES = 48 << 20
"""Photos of one bundle; what does not fit is named as missing."""
AT_ONCE = 2
"""Bundles that are packed at the same time: each may take the memory of its photos twice."""
PATIENCE_SECONDS = 10
_MODES = 0o600 << 16
_OLDEST = (1980, 1, 1, 0, 0, 0)


class Photo(NamedTuple):
    """A photo that events name; `data` None: it is not in the bundle."""

    id: str
    sha256: str
    data: bytes | None

    @property
    def name(self) -> str:
        """Its name in the bundle."""
        return f"{bundle.PHOTOS}{self.id}.jpg"


class File(NamedTuple):
    """A history as it is written down, ready to be told and packed. `order` is what these events make of it."""

    order: Order
    history: tuple[tuple[int, Event], ...]
    photos: tuple[Photo, ...]
    rows: tuple[StoredEvent, ...]
    may_have: tuple[bool, ...]
    may_know: tuple[bool, ...]


def no_photos(_: str) -> bytes | None:
    """Where nothing keeps photos."""
    return None


class EvidenceRoom:
    """Heads and bundles. Plain calls, safe from any thread."""

    def __init__(self, reader: Reader, heads: Heads, signer: Signer, photos: Photos = no_photos) -> None:
        self._reader = reader
        self._heads = heads
        self._signer = signer
        self._photos = photos
        self._places = threading.BoundedSemaphore(AT_ONCE)

    @property
    def fingerprint(self) -> str:
        """Of the key that signs now."""
        return fingerprint(self._signer.public)

    def heads(self, before: int | None, limit: int) -> list[DailyHead]:
        """Daily heads, the newest first, of days before `before`."""
        return self._heads.heads(before, limit)

    def head(self, day: int) -> DailyHead | None:
        """The head of a day."""
        return self._heads.head(day)

    def bundle(
        self, order: OrderId, actor: Actor, now: Instant, language: str, told: Callable[[File], Mapping[str, bytes]]
    ) -> bytes:
        """The bundle of an order that `actor` may see, as a ZIP; `told` makes the files that people read.

        Raises Overloaded where too many are being packed.
        """
        if not self._places.acquire(timeout=PATIENCE_SECONDS):
            raise Overloaded(PATIENCE_SECONDS)
        try:
            file = self._file(order, actor)
            return self._packed(file, actor, now, language, told(file))
        finally:
            self._places.release()

    def _file(self, order: OrderId, actor: Actor) -> File:
        rows = tuple(self._reader.events(order))
        events = [decode_event(row.data) for row in rows]
        order_then = fold(events)
        may_know = may_read(order_then, actor, events)
        may_have = tuple(know and may_have_event(actor, event) for know, event in zip(may_know, events, strict=True))
        photos = self._named_photos([row for row, may in zip(rows, may_have, strict=True) if may])
        return File(order_then, tuple(enumerate(events, 1)), photos, rows, may_have, may_know)

    def _named_photos(self, rows: Sequence[StoredEvent]) -> tuple[Photo, ...]:
        """The photos that these events name, forgotten ones left out: what stands there now, nobody committed to."""
        named: dict[str, str] = {}
        for row in rows:
            if row.salt is not None or row.commitment is None:
                named.update(bundle.photos_in(row.data))
        found, left = [], MOST_PHOTO_BYTES
        for id_, digest in named.items():
            data = self._photos(id_) if bundle.PHOTO_ID.fullmatch(id_) else None
            if data is not None and sha256(data).hexdigest() != digest:
                _log.critical("a stored photo is not the one that events name", photo=id_)
                data = None
            if data is not None and len(data) > left:
                data = None
            left -= len(data or b"")
            found.append(Photo(id_, digest, data))
        return tuple(found)

    def _packed(self, file: File, actor: Actor, now: Instant, language: str, told: Mapping[str, bytes]) -> bytes:
        files = {bundle.EVENTS: _lines(file), **told}
        files |= {photo.name: photo.data for photo in file.photos if photo.data is not None}
        manifest = bundle.Manifest(
            format=bundle.FORMAT,
            version=bundle.VERSION,
            order=file.order.id,
            made_at=moment_text(now),
            made_for=f"{actor.role.value}:{actor.id}",
            language=language,
            public_key=self._signer.public.hex(),
            fingerprint=self.fingerprint,
            events=len(file.rows),
            head=head_of(file.order.id, [row.committed for row in file.rows]).hex(),
            files={name: sha256(data).hexdigest() for name, data in files.items()},
            missing_photos=[photo.id for photo in file.photos if photo.data is None],
            daily_head=proof_of(self._heads, file.order.id),
        )
        listed = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
        signature = self._signer.sign(bundle.signed_text(listed)).hex().encode() + b"\n"
        return _zipped({bundle.MANIFEST: listed, bundle.SIGNATURE: signature, **files})


def _lines(file: File) -> bytes:
    """One event a line. Bytes that are no text cannot be: they were written as JSON.

    Of what somebody may not know of at all stands the commitment alone, which holds the chain together (S32).
    """
    found = []
    for row, may_have, may_know in zip(file.rows, file.may_have, file.may_know, strict=True):
        old = row.commitment is None
        salt = NO_SALT if old else row.salt
        line = bundle.EventLine(
            seq=row.seq,
            type=row.type if may_know else "",
            at=moment_text(row.at) if may_know else "",
            by=row.by if may_know else "",
            commitment=row.committed.hex(),
            salt=salt.hex() if may_have and salt is not None else None,
            body=row.data.decode() if may_have else None,
        )
        found.append(msgspec.json.encode(line) + b"\n")
    return b"".join(found)


def _zipped(files: Mapping[str, bytes]) -> bytes:
    """The same files give the same bytes; what is packed already is not packed again."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, _OLDEST)
            entry.external_attr = _MODES
            entry.compress_type = zipfile.ZIP_STORED if name.startswith(bundle.PHOTOS) else zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return out.getvalue()
