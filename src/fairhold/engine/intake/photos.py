"""Photos that people send: made safe, kept once, and found again by those who may see them.

A photo is named after its owner and the bytes that were sent, under the installation's secret: whoever sends the same
file again gets the same photo, and nobody can guess the name of another's.
"""

import hashlib
import hmac
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import BinaryIO, NamedTuple

import structlog

from fairhold.access import is_public_photo, may_see_photo
from fairhold.domain.actors import Actor
from fairhold.domain.evidence import Evidence, PhotoId
from fairhold.domain.ids import ALPHABET, OrderId
from fairhold.domain.instants import DAY, Instant, after
from fairhold.domain.order import Order
from fairhold.engine.installation.clock import Clock
from fairhold.engine.kernel.envelope import RETRY_SECONDS, Overloaded
from fairhold.engine.ports.photos import MOST_BYTES, Photo, PhotoFiles, PhotoRows, Reencoder, Unfit
from fairhold.engine.ports.store import StoreUnavailable

_log = structlog.get_logger("fairhold.photos")

ID_LENGTH = 26
ID_PATTERN = f"^[{ALPHABET}]{{{ID_LENGTH}}}$"
PHOTOS_A_DAY = 200
MOST_WAITING = 16
"""How many may wait while another's photo is decoded, before more are told to come again."""
_PIECE = 1 << 16


class TooMany(NamedTuple):
    """This person has sent as many photos as a day may have. `until` is when the next one is taken."""

    until: Instant


class UnknownPhoto(NamedTuple):
    """There is no such photo, or somebody else sent it."""

    id: str


def is_photo_id(text: str) -> bool:
    """Whether `text` has the form of a photo's id."""
    return len(text) == ID_LENGTH and not text.strip(ALPHABET)


def resolve_photos(rows: PhotoRows, ids: Sequence[str], actor: Actor) -> tuple[Evidence, ...] | UnknownPhoto:
    """The actor's own photos of these names as evidence, in the order given and each once; or the first that is none."""
    wanted = tuple(dict.fromkeys(ids))
    found = {photo.id: photo for photo in rows.photos([name for name in wanted if is_photo_id(name)])}
    evidence = []
    for name in wanted:
        photo = found.get(PhotoId(name))
        if photo is None or photo.owner != str(actor):
            return UnknownPhoto(name)
        evidence.append(Evidence(photo.id, photo.sha256))
    return tuple(evidence)


class Photos:
    """All photos of one installation; safe from any thread, and every method may block.

    `a_day`: how many photos a person may send within 24 hours, None for any number. `order` finds an order. Raises
    StoreUnavailable.
    """

    def __init__(
        self,
        rows: PhotoRows,
        files: PhotoFiles,
        reencoder: Reencoder,
        clock: Clock,
        order: Callable[[OrderId], Order | None],
        *,
        secret: str,
        a_day: int | None = PHOTOS_A_DAY,
    ) -> None:
        self._rows = rows
        self._files = files
        self._reencoder = reencoder
        self._clock = clock
        self._order = order
        self._key = hashlib.sha256(b"fairhold photo\n" + secret.encode()).digest()
        self._a_day = a_day
        self._line = _Line(MOST_WAITING)

    def full(self, actor: Actor) -> TooMany | None:
        """Whether this person has sent all photos that a day may have: worth asking before a file is read."""
        if self._a_day is None:
            return None
        oldest = self._rows.nth_newest(str(actor), self._a_day)
        if oldest is None or after(oldest, DAY) <= self._clock.now():
            return None
        return TooMany(after(oldest, DAY))

    def keep(self, actor: Actor, file: BinaryIO) -> Photo | Unfit | TooMany:
        """Keep what `file` has, from its start; the photo that it is from now on. Raises Overloaded, too.

        Pictures are decoded one at a time: one takes up to 450 MB for a second or two.
        """
        sent = _digest(file)
        if sent is None:
            return Unfit.TOO_LARGE
        name = self._id(actor, sent)
        known = self._rows.photos([name])
        if known:
            return known[0]
        with self._line.turn():
            return self._keep_new(actor, name, file)

    def _keep_new(self, actor: Actor, id: PhotoId, file: BinaryIO) -> Photo | Unfit | TooMany:
        too_many = self.full(actor)
        if too_many is not None:
            return too_many
        file.seek(0)
        picture = self._reencoder.reencode(file.read(MOST_BYTES))
        if isinstance(picture, Unfit):
            return picture
        photo = Photo(
            id=id,
            owner=str(actor),
            sha256=hashlib.sha256(picture.full).hexdigest(),
            width=picture.width,
            height=picture.height,
            size=len(picture.full),
            uploaded_at=self._clock.now(),
        )
        # The files come first: a row promises that they are there.
        self._files.put(name_of(photo, thumb=True), picture.thumb)
        self._files.put(name_of(photo, thumb=False), picture.full)
        return self._rows.add_photo(photo)

    def _id(self, actor: Actor, sent: bytes) -> PhotoId:
        number = int.from_bytes(hmac.digest(self._key, f"{actor}\n".encode() + sent, "sha256"))
        return PhotoId("".join(ALPHABET[number >> 5 * digit & 31] for digit in range(ID_LENGTH)))

    def seen_by(self, actor: Actor, id: str) -> Photo | None:
        """The photo, if there is one that this person may see."""
        found = self._rows.photos([id]) if is_photo_id(id) else []
        if not found:
            return None
        return found[0] if may_see_photo(actor, found[0].owner, found[0].id, self._showing(found[0].id)) else None

    def seen_by_all(self, id: str) -> Photo | None:
        """The photo, if there is one that a published review shows to everybody."""
        found = self._rows.photos([id]) if is_photo_id(id) else []
        return found[0] if found and is_public_photo(found[0].id, self._showing(found[0].id)) else None

    def _showing(self, id: PhotoId) -> Iterator[Order]:
        for name in self._rows.attached_to(id):
            order = self._order(name)
            if order is not None:
                yield order

    def picture(self, photo: Photo, *, thumb: bool = False) -> bytes:
        """The photo as a JPEG, whole or small."""
        return self._files.get(name_of(photo, thumb=thumb))

    def rows(self, ids: Sequence[str]) -> list[Photo]:
        """What is known of the photos of these names, whoever asks."""
        return self._rows.photos([name for name in ids if is_photo_id(name)])

    def stored(self, id: str) -> bytes | None:
        """The bytes of a photo, whoever asks; None where there is none, or where its file cannot be read."""
        found = self._rows.photos([id]) if is_photo_id(id) else []
        try:
            return self._files.get(name_of(found[0], thumb=False)) if found else None
        except StoreUnavailable as error:
            _log.error("photo cannot be read", photo=id, error=str(error))
            return None

    def attach(self, ids: Sequence[str], actor: Actor, order: OrderId) -> tuple[Evidence, ...] | UnknownPhoto:
        """As `resolve_photos`, and the order's other party will find them once the order lists them."""
        evidence = resolve_photos(self._rows, ids, actor)
        if evidence and not isinstance(evidence, UnknownPhoto):
            self._rows.attach_photos([one.id for one in evidence], order)
        return evidence


def _digest(file: BinaryIO) -> bytes | None:
    """The hash of what was sent; None where that is too large."""
    file.seek(0)
    found, size = hashlib.sha256(), 0
    while piece := file.read(_PIECE):
        size += len(piece)
        if size > MOST_BYTES:
            return None
        found.update(piece)
    return found.digest()


def name_of(photo: Photo, *, thumb: bool) -> str:
    """Where a picture lies. With the hash in its name, what a row promises is never overwritten by another encoding."""
    return f"{photo.id[:2]}/{photo.id}/{photo.sha256}{'-thumb' if thumb else ''}.jpg"


class _Line:
    """One at a time, and not too many waiting."""

    def __init__(self, most: int) -> None:
        self._places = threading.BoundedSemaphore(most + 1)
        self._turn = threading.Lock()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for one's turn. Raises Overloaded where too many do."""
        if not self._places.acquire(blocking=False):
            raise Overloaded(RETRY_SECONDS)
        try:
            with self._turn:
                yield
        finally:
            self._places.release()
