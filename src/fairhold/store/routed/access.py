"""Sessions and API keys, which lie in the home database."""

from collections.abc import Callable, Mapping

from fairhold.domain.instants import Instant
from fairhold.engine.ports.admission import ApiKey, Session
from fairhold.store.routed.databases import Database


class RoutedAccess:
    """Sessions and API keys; safe from any thread. Every method raises StoreUnavailable while the home is away."""

    def __init__(self, home: Callable[[], Database]) -> None:
        self._home = home

    def add_session(self, session: Session) -> None:
        """Keep a session; those that expired before it began are forgotten."""
        home = self._home()
        with home.asked():
            home.store.access().add_session(session)

    def session(self, token_hash: bytes) -> Session | None:
        """The session of that token, expired or not."""
        home = self._home()
        with home.asked():
            return home.store.access().session(token_hash)

    def end_session(self, token_hash: bytes) -> None:
        """Forget a session, if there is one."""
        home = self._home()
        with home.asked():
            home.store.access().end_session(token_hash)

    def replace_session(self, ended: bytes, session: Session) -> bool:
        """End one session and begin another in the same moment; False where the first has ended: then none begins."""
        home = self._home()
        with home.asked():
            return home.store.access().replace_session(ended, session)

    def touch_session(self, token_hash: bytes, at: int) -> None:
        """Note that it was seen."""
        home = self._home()
        with home.asked():
            home.store.access().touch_session(token_hash, at)

    def sessions_of(self, person: str) -> list[Session]:
        """All sessions of a person, the newest first, expired ones too."""
        home = self._home()
        with home.asked():
            return home.store.access().sessions_of(person)

    def end_sessions_of(self, person: str, but: bytes | None = None) -> int:
        """End all sessions of a person, but perhaps one; how many."""
        home = self._home()
        with home.asked():
            return home.store.access().end_sessions_of(person, but)

    def add_api_key(self, key: ApiKey) -> None:
        """Keep a key. Raises Conflict where its id is taken."""
        home = self._home()
        with home.asked():
            home.store.access().add_api_key(key)

    def api_keys(self) -> list[ApiKey]:
        """All keys, oldest first, revoked ones too."""
        home = self._home()
        with home.asked():
            return home.store.access().api_keys()

    def revoke_api_key(self, id: str, at: Instant) -> None:
        """Say from when on a key counts no more; an earlier time stays."""
        home = self._home()
        with home.asked():
            home.store.access().revoke_api_key(id, at)

    def replace_api_key(self, id: str, key: ApiKey, until: Instant) -> bool:
        """Let another count beside it until then; False where it counts no more, or was replaced before."""
        home = self._home()
        with home.asked():
            return home.store.access().replace_api_key(id, key, until)

    def used_api_keys(self, used: Mapping[str, int]) -> None:
        """Note when keys were last used, by their ids."""
        home = self._home()
        with home.asked():
            home.store.access().used_api_keys(used)
