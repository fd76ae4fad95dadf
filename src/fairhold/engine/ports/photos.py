"""Photos as the engine asks for them: their rows, their files, and whoever makes a safe picture of what was sent."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple, Protocol

from fairhold.domain.evidence import PhotoId
from fairhold.domain.ids import OrderId
from fairhold.domain.instants import Instant

MOST_BYTES = 10 * 1024 * 1024
"""The largest file that is taken."""
MOST_PIXELS = 50_000_000
"""The largest JPEG that is decoded: what the largest sensors of telephones take (8160 × 6120) just fits."""
MOST_PIXELS_UNSCALED = 25_000_000
"""The largest PNG or WebP, which cannot be decoded at a fraction of its size: about 450 MB at the worst, as for a JPEG."""
LEAST_SIDE = 8
"""Pixels of the shorter side below which nothing can be seen."""
LONGEST_SIDE = 2400
"""Pixels of the longer side, at most, as pictures are stored."""
LONGEST_SIDE_OF_THUMB = 400
"""Pixels of the longer side of the small version, at most."""


class Photo(NamedTuple):
    """A row of `photos`: its owner as the stored actor (`buyer:ann`), and what the stored picture is like.

    `sha256` (64 hexadecimal digits), `size` (bytes), `width` and `height` (pixels) are not those of the file that was sent.
    """

    id: PhotoId
    owner: str
    sha256: str
    width: int
    height: int
    size: int
    uploaded_at: Instant


class Unfit(StrEnum):
    """Why a file is not taken as a photo."""

    TOO_LARGE = "too_large"
    UNSUPPORTED_TYPE = "unsupported_type"
    UNREADABLE = "unreadable"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_SMALL = "too_small"


class Picture(NamedTuple):
    """A photo made anew out of its pixels: both versions as JPEG without a word about the camera or the place."""

    full: bytes
    thumb: bytes
    width: int
    height: int


class Reencoder(Protocol):
    """Makes a picture out of whatever somebody sent."""

    def reencode(self, sent: bytes) -> Picture | Unfit:
        """The picture, upright and free of metadata, or why there is none; never raises for what was sent."""
        ...


class PhotoFiles(Protocol):
    """Where the bytes of pictures lie. Both methods are safe from any thread and raise StoreUnavailable."""

    def put(self, name: str, content: bytes) -> None:
        """Keep a file; comes back once it is safe. The same name is only ever put with the same content."""
        ...

    def get(self, name: str) -> bytes:
        """The file's content."""
        ...


class PhotoRows(Protocol):
    """Which photos there are, and which orders were told of them. Safe from any thread; raises StoreUnavailable."""

    def add_photo(self, photo: Photo) -> Photo:
        """Keep the row unless its id is there already; answers the row that stands there."""
        ...

    def photos(self, ids: Sequence[str]) -> list[Photo]:
        """The photos of these names that exist, in the order of their names."""
        ...

    def nth_newest(self, owner: str, n: int) -> Instant | None:
        """When the `n`-th newest photo of this person came, from 1; None where they have fewer."""
        ...

    def attach_photos(self, ids: Sequence[str], order: OrderId) -> None:
        """Note that this order may come to show these photos; noting it twice changes nothing."""
        ...

    def attached_to(self, id: str) -> list[OrderId]:
        """The orders that may show the photo, oldest first. Whether one does, the order itself says."""
        ...
