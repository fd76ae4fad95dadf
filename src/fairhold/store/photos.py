"""Rows of photos: small tables that lie with sessions and keys, the same in every store."""

from collections.abc import Sequence

from fairhold.domain.ids import OrderId
from fairhold.domain.instants import Instant
from fairhold.engine.ports.photos import Photo
from fairhold.engine.ports.small_tables import Tables

ADD_PHOTO = """
INSERT INTO photos (id, owner, sha256, width, height, size, uploaded_at) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO NOTHING
"""
PHOTOS = "SELECT id, owner, sha256, width, height, size, uploaded_at FROM photos WHERE id IN ({}) ORDER BY id"
ALL_PHOTOS = "SELECT id, owner, sha256, width, height, size, uploaded_at FROM photos ORDER BY id"
NTH_NEWEST = "SELECT uploaded_at FROM photos WHERE owner = ? ORDER BY uploaded_at DESC LIMIT 1 OFFSET ?"
ATTACH_PHOTO = "INSERT INTO photo_orders (photo_id, order_id) VALUES (?, ?) ON CONFLICT (photo_id, order_id) DO NOTHING"
ATTACHED_TO = "SELECT order_id FROM photo_orders WHERE photo_id = ? ORDER BY order_id"


class PhotoTables:
    """Photos, and the orders that were told of them; safe from any thread."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def add_photo(self, photo: Photo) -> Photo:
        """Keep the row unless its id is there already; answers the row that stands there."""
        self._tables.change((ADD_PHOTO, photo))
        [kept] = self.photos([photo.id])
        return kept

    def photos(self, ids: Sequence[str]) -> list[Photo]:
        """The photos of these names that exist, in the order of their names."""
        if not ids:
            return []
        found = self._tables.rows(PHOTOS.format(", ".join("?" * len(ids))), *ids)
        return [Photo(*row) for row in found]

    def nth_newest(self, owner: str, n: int) -> Instant | None:
        """When the `n`-th newest photo of this person came, from 1; None where they have fewer."""
        found = self._tables.rows(NTH_NEWEST, owner, n - 1)
        return Instant(found[0][0]) if found else None

    def attach_photos(self, ids: Sequence[str], order: OrderId) -> None:
        """Note that this order may come to show these photos; noting it twice changes nothing."""
        self._tables.change(*((ATTACH_PHOTO, (photo, order)) for photo in ids))

    def attached_to(self, id: str) -> list[OrderId]:
        """The orders that may show the photo, oldest first. Whether one does, the order itself says."""
        return [OrderId(order) for (order,) in self._tables.rows(ATTACHED_TO, id)]
