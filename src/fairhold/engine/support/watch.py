"""Who is reading a conversation just now, and how they hear that it went on, in whatever process that happened."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import Protocol

import structlog

from fairhold.domain.ids import OrderId
from fairhold.engine.ports.store import StoreUnavailable

_log = structlog.get_logger("fairhold.support")

LOOK_SECONDS = 1.5
"""How often all open conversations are looked at together: what another process wrote is seen within this time."""
MOST_A_PERSON = 6
MOST = 2000
"""How many pages one person, and all together, may have open at one server process."""

Chat = tuple[OrderId, str]


class Newest(Protocol):
    """How far conversations have come. Raises StoreUnavailable."""

    def newest(self, chats: Sequence[Chat]) -> dict[Chat, int]:
        """How many messages each of these has, as far as there are any."""
        ...


class Following:
    """One open page. `end` it in any case."""

    def __init__(self, watch: "ChatWatch", chat: Chat, reader: str) -> None:
        self._watch = watch
        self.chat = chat
        self.reader = reader
        self.news = asyncio.Event()

    @property
    def over(self) -> bool:
        """Whether the server is about to stop: nothing more comes."""
        return self._watch.closed

    async def changed(self, seconds: float) -> bool:
        """Wait until the conversation may have gone on; False where it has not for so long."""
        try:
            async with asyncio.timeout(seconds):
                await self.news.wait()
        except TimeoutError:
            return False
        self.news.clear()
        return True

    def end(self) -> None:
        """The page is closed."""
        self._watch.forget(self)


class ChatWatch:
    """All open pages of one server process. `wake` is safe from any thread; all else belongs to the server's loop."""

    def __init__(
        self,
        rows: Newest,
        *,
        seconds: float = LOOK_SECONDS,
        most_a_person: int = MOST_A_PERSON,
        most: int = MOST,
    ) -> None:
        self._rows = rows
        self._seconds = seconds
        self._most_a_person = most_a_person
        self._most = most
        self._open: dict[Chat, set[Following]] = {}
        self._readers: Counter[str] = Counter()
        self._known: dict[Chat, int] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._looking: asyncio.Task[None] | None = None
        self.closed = False

    @property
    def full(self) -> bool:
        """Whether everybody together has as many pages open as one process keeps."""
        return self._readers.total() >= self._most

    def follow(self, chat: Chat, reader: str) -> Following | None:
        """Follow a conversation; None where this person, or everybody, has too many pages open already."""
        if self.closed or self.full or self._readers[reader] >= self._most_a_person:
            return None
        following = Following(self, chat, reader)
        self._open.setdefault(chat, set()).add(following)
        self._readers[reader] += 1
        self._loop = asyncio.get_running_loop()
        if self._looking is None or self._looking.done():
            self._looking = self._loop.create_task(self._look())
        return following

    def forget(self, following: Following) -> None:
        """The page is closed. Twice is once."""
        pages = self._open.get(following.chat, set())
        if following not in pages:
            return
        pages.remove(following)
        self._readers -= Counter({following.reader: 1})
        if not pages:
            del self._open[following.chat]
            self._known.pop(following.chat, None)

    def wake(self, order: OrderId, person: str) -> None:
        """This process has changed a conversation."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._tell, (order, person))

    def close(self) -> None:
        """The server stops: every page is told, and opens again at whatever answers then."""
        self.closed = True
        for chat in list(self._open):
            self._tell(chat)

    def _tell(self, chat: Chat) -> None:
        for following in self._open.get(chat, ()):
            following.news.set()

    async def _look(self) -> None:
        """One question for all open pages, as long as there are any."""
        while self._open and not self.closed:
            await asyncio.sleep(self._seconds)
            chats = list(self._open)
            try:
                found = await asyncio.to_thread(self._rows.newest, chats)
            except StoreUnavailable as failure:
                _log.warning("cannot look for messages", error=str(failure))
                continue
            for chat, count in found.items():
                if self._known.get(chat) != count and chat in self._open:
                    self._known[chat] = count
                    self._tell(chat)
