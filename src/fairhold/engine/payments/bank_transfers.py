"""Where people say which bank transfers came and went: two of them for large sums, and nobody about an order of their own."""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping

import structlog

from fairhold.domain.actors import Actor
from fairhold.domain.ids import OrderId
from fairhold.domain.instants import MINUTE, Duration, Instant
from fairhold.domain.order import Order
from fairhold.engine.installation.clock import Clock
from fairhold.engine.kernel.envelope import Overloaded, Unavailable
from fairhold.engine.outside.payment_seen import Seen
from fairhold.engine.payments.bank_words import Unsaid, heard, seen, unheard
from fairhold.engine.ports.bank import BankRows, Place, Said, Shelf, Task, TaskKind, TaskState, Word
from fairhold.engine.ports.store import StoreUnavailable

_log = structlog.get_logger("fairhold.payments")

FOLDER = "/bank"
"""Where buyers read how to pay."""
_TRIES = 50
_SURELY_LOST = Duration(MINUTE)
_AT_ONCE = 20
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""What nobody mistakes for something else when they copy it by hand: no 0, 1, I, O."""
_LENGTH = 10

Tell = Callable[[Seen], None]
"""Has the order learn it. Raises Unavailable."""


class BankPages:
    """The addresses of the pages for buyers: each shows one payment to whoever has its address."""

    def __init__(self, secret: str, url: str) -> None:
        self._key = hashlib.sha256(b"fairhold page about a bank transfer\n" + secret.encode()).digest()
        self._url = url

    def address(self, task: str) -> str:
        """Where the buyer reads it."""
        return f"{self._url}{FOLDER}/{task}/{self._token(task)}"

    def opens(self, task: str, token: str) -> bool:
        """Whether that is the end of its address."""
        return hmac.compare_digest(self._token(task).encode(), token.encode())

    def _token(self, task: str) -> str:
        return base64.urlsafe_b64encode(hmac.digest(self._key, task.encode(), "sha256")[:15]).decode()


class BankTransfers:
    """Takes people's words. Safe from any thread and from several processes; everything raises StoreUnavailable."""

    def __init__(
        self,
        rows: BankRows,
        pages: BankPages,
        clock: Clock,
        order: Callable[[OrderId], Order | None],
        two_from: Mapping[str, int],
        tell: Tell,
    ) -> None:
        self.pages = pages
        self.two_from = two_from
        self._rows = rows
        self._clock = clock
        self._order = order
        self._tell = tell

    def task(self, id: str) -> Task | None:
        """The task of that id."""
        return self._rows.task(id)

    def of_order(self, order: str) -> list[Task]:
        """All of an order, oldest first."""
        return self._rows.of_order(order)

    def shelf(self, shelf: Shelf, behind: Place | None, limit: int) -> list[Task]:
        """A part of the list. What an order was not told when it was settled it is told now."""
        for task in self._rows.untold(Instant(self._clock.now() - _SURELY_LOST), _AT_ONCE):
            try:
                self._told(task)
            except (Unavailable, Overloaded):
                # The engine takes nothing just now: the next look tells it.
                break
            except StoreUnavailable:
                raise
            except Exception:  # noqa: BLE001 - one order that cannot be told holds up no other, nor the list
                _log.exception(
                    "what was said of a bank transfer cannot be told to its order", order=task.order, task=task.id
                )
        return self._rows.shelf(shelf, behind, limit)

    def waiting(self, most: int) -> int:
        """How many wait for a word, counted up to `most`."""
        return self._rows.count(Shelf.OPEN, most)

    def say(self, id: str, who: Actor, word: Word) -> Task | Unsaid:
        """Take the word of a person; what the task then is. Said again it is the same word.

        Raises Unavailable where the word counts and the order could not be told; said again, the word tells it.
        """
        return self._changed(id, who, lambda task: heard(task, word, str(who), self._clock.now(), self.two_from))

    def take_back(self, id: str, who: Actor) -> Task | Unsaid:
        """Take back the word that waits for a second one."""
        return self._changed(id, who, unheard)

    def came_back(self, id: str, who: Actor, amount: int, reference: str) -> Task | Unsaid:
        """Say that the bank sent back what had gone out by that task; the task of what came back. Raises Unavailable."""
        gone = self._rows.task(id)
        if gone is None:
            return Unsaid.NOT_FOUND
        if gone.kind not in (TaskKind.REFUND, TaskKind.TRANSFER):
            return Unsaid.NOT_OF_THIS
        if gone.state is not TaskState.DONE:
            return Unsaid.SETTLED
        if self._own(gone, who):
            return Unsaid.OWN_ORDER
        if not 0 < amount <= gone.amount:
            return Unsaid.SUM
        if not reference:
            return Unsaid.REFERENCE
        name = task_name(TaskKind.RETURN, gone.order, gone.id)
        now = self._clock.now()
        back = Task(name, TaskKind.RETURN, gone.order, gone.number, gone.amount, gone.currency, now, about=gone.id)
        self._rows.ask(back)
        return self.say(name, who, Word(Said.CAME, amount, reference))

    def _changed(self, id: str, who: Actor, change: Callable[[Task], Task | Unsaid]) -> Task | Unsaid:
        for _ in range(_TRIES):
            before = self._rows.task(id)
            if before is None:
                return Unsaid.NOT_FOUND
            if self._own(before, who):
                return Unsaid.OWN_ORDER
            after = change(before)
            if isinstance(after, Unsaid):
                return after
            if after is before or self._rows.change(before, after):
                if after.settled_at is not None and after.told_at is None:
                    self._told(after)
                return self._rows.task(id) or after
        raise AssertionError(f"the bank transfer {id} changes too fast to be written")

    def _own(self, task: Task, who: Actor) -> bool:
        order = self._order(OrderId(task.order))
        return order is not None and who.id in (order.buyer, order.seller)

    def _told(self, task: Task) -> None:
        assert task.settled_at is not None
        gone = self._rows.task(task.about) if task.kind is TaskKind.RETURN else None
        self._tell(seen(task, gone, self._clock.now()))
        self._rows.told(task.id, task.settled_at, self._clock.now())


def task_name(kind: TaskKind, order: str, what: object) -> str:
    """Our reference for a task, which people copy by hand: the same for the same question. 50 bits of a hash."""
    number = int.from_bytes(hashlib.sha256(f"{kind.value}\n{order}\n{what}".encode()).digest()[:8], "big")
    letters = [_ALPHABET[(number >> 5 * place) % 32] for place in range(_LENGTH)]
    return f"{''.join(letters[:5])}-{''.join(letters[5:])}"
