"""Databases that keep orders: what the engine asks of them stands in `fairhold.engine.ports`."""

from fairhold.store.urls import StoreUrlError, open_store

__all__ = ["StoreUrlError", "open_store"]
