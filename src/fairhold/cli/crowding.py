"""How many requests may wait for their answer in one process: beyond that, one is told at once to come again.

Whoever waits costs memory and makes everybody behind wait longer. So the lines are short: what has been accepted is answered
soon, and the others hear in a millisecond that they are not (503 with `Retry-After`), before a byte of their body is read.
"""

from starlette.types import ASGIApp, Receive, Scope, Send

from fairhold.api.app import is_call
from fairhold.api.commanding import failure_reply
from fairhold.api.http import Head, send_reply
from fairhold.engine.kernel.envelope import RETRY_SECONDS, Overloaded
from fairhold.words.reader import reader_of

MOST_COMMANDS = 512
"""Calls that change something. They wait for the engine: one full batch is being written, the next is filling."""
MOST_OTHERS = 256
"""Pages and what is only read. They take turns at some forty threads."""
MOST_CONNECTIONS = 8192
"""Connections, most of which are idle or follow a conversation; one more is told so and closed."""

_ALWAYS = ("/health", "/metrics", "/static/")
"""Answered in any case: whoever watches a server asks most of all when it has too much to do."""


class Line:
    """Requests whose body is here and whose answer has not begun. Those that are still being sent hold no place."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.waiting = 0


class Gate:
    """The lines of one process. Only for its server's loop."""

    def __init__(self, refuse: ASGIApp, *, commands: int = MOST_COMMANDS, others: int = MOST_OTHERS) -> None:
        self.refuse = refuse
        """Answers who is not let in."""
        self._commands = Line(commands)
        self._others = Line(others)

    def line(self, method: str, path: str) -> Line:
        """The line in which such a request waits."""
        return self._commands if method == "POST" and is_call(path) else self._others

    def is_full(self, line: Line, path: str, connections: int) -> bool:
        """Whether one more would be too many."""
        if connections > MOST_CONNECTIONS:
            return True
        return line.waiting >= line.most and not path.startswith(_ALWAYS)


def refusing(pages: ASGIApp) -> ASGIApp:
    """Tells calls of the API and visitors of pages that it is too much just now; `pages` has the page that says so."""

    async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
        if is_call(scope["path"]):
            head = Head(scope)
            await send_reply(scope, send, failure_reply(Overloaded(RETRY_SECONDS), reader_of(head.language)), head)
        else:
            await pages(scope, receive, send)

    return refuse
