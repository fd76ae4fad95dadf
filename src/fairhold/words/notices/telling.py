"""A notice in its reader's words."""

from collections.abc import Callable
from typing import Any, NamedTuple

from fairhold.domain.actors import Role
from fairhold.domain.coming import Because
from fairhold.domain.dispute import DisputeReason, Offer, Outcome
from fairhold.domain.instants import Duration, Instant, between
from fairhold.engine.notices.tellings import Topic
from fairhold.engine.ports.notices import Notice, actor_of
from fairhold.words import dates
from fairhold.words.disputes import DISPUTE_REASONS, OUTCOMES, offer_words
from fairhold.words.money import money
from fairhold.words.names import carrier_name
from fairhold.words.notices.disputes import DISPUTE_TEXTS
from fairhold.words.notices.lines import Side, Text, applies
from fairhold.words.notices.orders import ORDER_TEXTS
from fairhold.words.notices.reminders import REMINDER_TEXTS
from fairhold.words.notices.reviews import REVIEW_TEXTS
from fairhold.words.reader import Reader
from fairhold.words.reviews import stars
from fairhold.words.typography import keep_numbers

TEXTS: dict[tuple[Topic, Side], Text] = {**ORDER_TEXTS, **DISPUTE_TEXTS, **REVIEW_TEXTS}
"""What is said to whom of each topic, reminders apart."""


class NoticeText(NamedTuple):
    """A notice in words. `goods` names what the order is about, empty where its reader may not know that."""

    title: str
    sentences: tuple[str, ...]
    goods: str

    @property
    def text(self) -> str:
        """The sentences in one paragraph."""
        return " ".join(self.sentences)


def tell_notice(notice: Notice, reader: Reader, now: Instant) -> NoticeText:
    """What the notice says. `now` decides whether a date needs its year."""
    facts = dict(notice.values)
    facts["decided"] = f"{facts.get('part')}/{facts.get('decision')}"
    text = _text(Topic(notice.topic), actor_of(notice.recipient).role, facts)
    shown = _shown(facts, reader, notice.at, now)
    names = frozenset(shown)
    say = reader.words.gettext
    titles = [say(line.text, **shown) for line in text.titles if applies(line, facts, names)]
    sentences = tuple(say(line.text, **shown) for line in text.lines if applies(line, facts, names))
    return NoticeText(titles[0], sentences, goods_of(facts, reader))


def _text(topic: Topic, role: Role, facts: dict[str, Any]) -> Text:
    if topic is Topic.REMINDER:
        return REMINDER_TEXTS[Because(facts["because"])]
    return TEXTS.get((topic, role)) or TEXTS[topic, None]


def goods_of(facts: dict[str, Any], reader: Reader) -> str:
    """«Лампа «Север» и ещё 2 товара»; empty where the order is not named."""
    if "goods" not in facts:
        return ""
    goods, others = keep_numbers(str(facts["goods"])), int(facts["others"])
    if not others:
        return goods
    return reader.words.ngettext(
        "%(goods)s and %(num)d other item", "%(goods)s and %(num)d other items", others, goods=goods
    )


_SUMS = frozenset({"sum", "less", "fee", "fees", "refund", "rest", "net", "beyond"})
_MOMENTS = frozenset({"until", "ruling"})


def _shown(facts: dict[str, Any], reader: Reader, at: Instant, now: Instant) -> dict[str, str]:
    """The values of a notice as its sentences show them. A commission or a share of nothing is not worth a sentence."""
    shown: dict[str, str] = {}
    for name, value in facts.items():
        if name in _SUMS:
            if value or name not in ("fee", "fees", "net"):
                shown[name] = money(reader, value, facts["currency"])
        elif name in _MOMENTS:
            shown[name] = dates.moment(reader, Instant(value), now)
        elif (show := _SHOW.get(name)) is not None:
            shown[name] = show(reader, value)
    if "rating" in facts:
        shown["stars"] = stars(reader.words, facts["rating"])
    if "because" in facts:
        shown["left"] = dates.remaining(reader, between(at, Instant(facts["until"])), coarse=True)
    if "dispute" in facts and "sum" in facts:
        shown["offer"] = offer_words(reader, _offer(facts), facts["currency"])
    return shown


_SHOW: dict[str, Callable[[Reader, Any], str]] = {
    "length": lambda reader, value: dates.whole_days(reader, Duration(value)),
    "carrier": lambda reader, value: carrier_name(reader.words, value),
    "number": lambda reader, value: str(value),
    "place": lambda reader, value: str(value),
    "reason": lambda reader, value: reader.words.gettext(DISPUTE_REASONS[DisputeReason(value)]),
    "outcome": lambda reader, value: reader.words.gettext(OUTCOMES[Outcome(value)]),
}


def _offer(facts: dict[str, Any]) -> Offer:
    return Offer(
        number=0,
        by=Role.SYSTEM,
        refund=facts["sum"],
        return_goods="return_goods" in facts,
        resend="resend" in facts,
    )
