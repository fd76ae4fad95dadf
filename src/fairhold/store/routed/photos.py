"""Rows of photos, which lie in the home database."""

from collections.abc import Callable, Sequence

from fairhold.domain.ids import OrderId
from fairhold.domain.instants import Instant
from fairhold.engine.ports.photos import Photo
from fairhold.store.routed.databases import Database


class RoutedPhotos:
    """Photos; safe from any thread. Every method raises StoreUnavailable while the home is away."""

    def __init__(self, home: Callable[[], Database]) -> None:
        self._home = home

    def add_photo(self, photo: Photo) -> Photo:
        """Keep the row unless its id is there already; answers the row that stands there."""
        home = self._home()
        with home.asked():
            return home.store.photos().add_photo(photo)

    def photos(self, ids: Sequence[str]) -> list[Photo]:
        """The photos of these names that exist, in the order of their names."""
        home = self._home()
        with home.asked():
            return home.store.photos().photos(ids)

    def nth_newest(self, owner: str, n: int) -> Instant | None:
        """When the `n`-th newest photo of this person came, from 1; None where they have fewer."""
        home = self._home()
        with home.asked():
            return home.store.photos().nth_newest(owner, n)

    def attach_photos(self, ids: Sequence[str], order: OrderId) -> None:
        """Note that this order may come to show these photos; noting it twice changes nothing."""
        home = self._home()
        with home.asked():
            home.store.photos().attach_photos(ids, order)

    def attached_to(self, id: str) -> list[OrderId]:
        """The orders that may show the photo, oldest first. Whether one does, the order itself says."""
        home = self._home()
        with home.asked():
            return home.store.photos().attached_to(id)
