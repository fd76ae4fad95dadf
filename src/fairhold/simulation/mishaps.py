"""What can go wrong, and where: one table. A step of the simulation brings at most one of these, at its n-th occasion."""

from collections import Counter
from enum import StrEnum


class Point(StrEnum):
    """Where a server process can die."""

    BEFORE_LOADING = "before_loading"
    AFTER_LOADING = "after_loading"
    BEFORE_COMMIT = "before_commit"
    AFTER_COMMIT = "after_commit"
    BEFORE_CLAIMING_ORDERS = "before_claiming_orders"
    BETWEEN_CLAIM_AND_FIRE = "between_claim_and_fire"
    BEFORE_CLAIMING_MESSAGES = "before_claiming_messages"
    BETWEEN_CLAIM_AND_CALL = "between_claim_and_call"
    BEFORE_PROVIDER_ACTS = "before_provider_acts"
    AFTER_PROVIDER_ACTED = "after_provider_acted"
    BEFORE_CARRIER_ANSWERS = "before_carrier_answers"
    AFTER_CARRIER_ANSWERED = "after_carrier_answered"
    BEFORE_MARKING_MESSAGES = "before_marking_messages"
    AFTER_MARKING_MESSAGES = "after_marking_messages"
    BEFORE_NEWS = "before_news"
    AFTER_NEWS = "after_news"
    AFTER_FORGETTING_NEWS = "after_forgetting_news"
    BEFORE_FORGETTING_KEYS = "before_forgetting_keys"
    AFTER_FORGETTING_KEYS = "after_forgetting_keys"
    BEFORE_LEAVES = "before_leaves"
    AFTER_LEAVES = "after_leaves"
    BEFORE_HEAD = "before_head"
    AFTER_HEAD = "after_head"
    BEFORE_NOTING = "before_noting"
    AFTER_NOTING = "after_noting"


class Fault(StrEnum):
    """What the world can do to a process that goes on living."""

    DATABASE_AWAY_ON_LOADING = "database_away_on_loading"
    DATABASE_AWAY_ON_WRITING = "database_away_on_writing"
    COMMIT_ANSWER_LOST = "commit_answer_lost"
    COMMIT_ANSWER_LOST_AND_AWAY = "commit_answer_lost_and_away"
    WRITE_BROKEN = "write_broken"
    OVERTAKEN = "overtaken"
    PROVIDER_LATE = "provider_late"
    PROVIDER_TIMED_OUT_AFTER_ACTING = "provider_timed_out_after_acting"
    PROVIDER_ANSWERED_TWICE = "provider_answered_twice"
    PROVIDER_ANSWERED_OTHER = "provider_answered_other"
    PROVIDER_GARBLED = "provider_garbled"
    CARRIER_LATE = "carrier_late"
    CARRIER_REPEATED = "carrier_repeated"
    CARRIER_REORDERED = "carrier_reordered"
    CARRIER_GARBLED = "carrier_garbled"
    NEWS_NOT_NOTED = "news_not_noted"
    DATABASE_AWAY_ON_NOTING = "database_away_on_noting"
    NOTING_ANSWER_LOST = "noting_answer_lost"
    PROCESS_OVERTAKES = "process_overtakes"


Mishap = Point | Fault
MISHAPS: dict[str, Mishap] = {mishap.value: mishap for kind in (Point, Fault) for mishap in kind}


class Crash(BaseException):
    """The process is dead. No `except Exception` of the engine catches it, as none would."""


class Mishaps:
    """Those of one process: at most one is armed at a time, for its n-th occasion from then on."""

    def __init__(self, happened: Counter[str]) -> None:
        self._happened = happened
        self._armed: Mishap | None = None
        self._left = 0
        self.dead = False

    def arm(self, mishap: Mishap | None, occasion: int = 1) -> None:
        """From now on, this one happens at its `occasion`, counted from 1; None: nothing does."""
        self._armed, self._left = mishap, occasion

    def reach(self, point: Point) -> None:
        """The process gets to `point`. Raises Crash where it dies there, and for everything that a dead one tries."""
        if self.dead:
            raise Crash
        if self.strikes(point):
            self.dead = True
            raise Crash(point.value)

    def strikes(self, mishap: Mishap) -> bool:
        """Whether it happens now."""
        if self._armed is not mishap:
            return False
        self._left -= 1
        if self._left:
            return False
        self._armed = None
        self._happened[mishap.value] += 1
        return True
