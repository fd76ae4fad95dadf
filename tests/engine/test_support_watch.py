"""Open pages hear that a conversation went on, wherever that was written, and nobody has too many of them open."""

import asyncio
from collections.abc import Sequence
from threading import Thread

from fairhold.domain.ids import OrderId
from fairhold.engine.ports.store import StoreUnavailable
from fairhold.engine.support.watch import Chat, ChatWatch

PATIENCE = 30
ONE, TWO = (OrderId("one"), "buyer:ann"), (OrderId("two"), "buyer:ann")


class Rows:
    """How far conversations have come, as a test says."""

    def __init__(self) -> None:
        self.counts: dict[Chat, int] = {}
        self.asked: list[int] = []
        self.broken = False

    def newest(self, chats: Sequence[Chat]) -> dict[Chat, int]:
        self.asked.append(len(chats))
        if self.broken:
            raise StoreUnavailable("away")
        return {chat: self.counts[chat] for chat in chats if chat in self.counts}


async def asked(rows: Rows) -> None:
    """Somebody has asked."""
    async with asyncio.timeout(PATIENCE):
        while not rows.asked:  # noqa: ASYNC110 - it is asked by another thread
            await asyncio.sleep(0.001)


def quick(rows: Rows, **limits: int) -> ChatWatch:
    return ChatWatch(rows, seconds=0.01, **limits)


def test_what_another_process_wrote_is_seen() -> None:
    async def run() -> None:
        rows = Rows()
        watch = quick(rows)
        following = watch.follow(ONE, "buyer:ann")
        assert following is not None
        assert not await following.changed(0.05)
        rows.counts[ONE] = 1
        assert await following.changed(PATIENCE)
        assert not await following.changed(0.05)
        following.end()

    asyncio.run(run())


def test_what_this_process_wrote_is_seen_at_once_by_those_who_follow_it() -> None:
    async def run() -> None:
        watch = ChatWatch(Rows(), seconds=60)
        first, second = watch.follow(ONE, "buyer:ann"), watch.follow(TWO, "buyer:ann")
        assert first is not None
        assert second is not None
        thread = Thread(target=watch.wake, args=ONE)
        thread.start()
        assert await first.changed(PATIENCE)
        assert not await second.changed(0.02)
        thread.join()
        first.end()
        second.end()

    asyncio.run(run())


def test_all_pages_are_one_question_and_none_is_none() -> None:
    async def run() -> None:
        rows = Rows()
        watch = quick(rows)
        pages = [watch.follow(chat, f"buyer:{n}") for n in range(3) for chat in (ONE, TWO)]
        await asked(rows)
        assert set(rows.asked) == {2}
        for page in pages:
            assert page is not None
            page.end()
        assert watch._looking is not None
        await asyncio.wait_for(watch._looking, PATIENCE)
        count = len(rows.asked)
        await asyncio.sleep(0.05)
        assert len(rows.asked) == count

    asyncio.run(run())


def test_nobody_has_more_pages_open_than_they_may() -> None:
    async def run() -> None:
        watch = quick(Rows(), most_a_person=2, most=3)
        first = watch.follow(ONE, "buyer:ann")
        assert first is not None
        assert watch.follow(ONE, "buyer:ann") is not None
        assert watch.follow(TWO, "buyer:ann") is None
        assert watch.follow(ONE, "support:sam") is not None
        assert watch.full
        assert watch.follow(ONE, "support:sue") is None
        first.end()
        first.end()
        assert watch.follow(TWO, "buyer:ann") is not None
        assert watch.follow(TWO, "buyer:ann") is None

    asyncio.run(run())


def test_a_store_that_is_away_is_asked_again() -> None:
    async def run() -> None:
        rows = Rows()
        rows.broken = True
        watch = quick(rows)
        following = watch.follow(ONE, "buyer:ann")
        assert following is not None
        await asked(rows)
        rows.counts[ONE], rows.broken = 1, False
        assert await following.changed(PATIENCE)
        following.end()

    asyncio.run(run())


def test_a_server_that_stops_ends_every_page() -> None:
    async def run() -> None:
        watch = quick(Rows())
        following = watch.follow(ONE, "buyer:ann")
        assert following is not None
        watch.close()
        assert await following.changed(PATIENCE)
        assert following.over
        assert watch.follow(TWO, "buyer:ann") is None

    asyncio.run(run())
