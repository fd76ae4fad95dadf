"""From settings to the support desk: its conversations, and the pages that follow them."""

from typing import NamedTuple

from fairhold.engine.installation.clock import Clock
from fairhold.engine.ports.store import Store
from fairhold.engine.support.desk import MESSAGES_AN_HOUR, SupportDesk, Tell
from fairhold.engine.support.watch import ChatWatch
from fairhold.store.support import SupportTables


class Helping(NamedTuple):
    """The desk, and who follows its conversations in this process."""

    desk: SupportDesk
    chats: ChatWatch


def helping_of(store: Store, clock: Clock, tell: Tell, *, sandbox: bool) -> Helping:
    """Both, on the store's own tables. In the sandbox no rate limit applies unless set."""
    rows = SupportTables(store.tables())
    watch = ChatWatch(rows)
    most = None if sandbox else MESSAGES_AN_HOUR
    return Helping(SupportDesk(rows, clock, most, woken=watch.wake, tell=tell), watch)
