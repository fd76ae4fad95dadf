"""One review before a moderator: everything that was said, who complained, what was decided, what can be decided now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fairhold.domain.events import Event
from fairhold.domain.order import Order
from fairhold.domain.review import Moderated, Part, Review, Standing, Verdict
from fairhold.domain.review_events import ModerationContested, ReviewModerated, ReviewReplied, Said
from fairhold.engine.ports.reviews import StoredReport
from fairhold.engine.reading.reviews import Version
from fairhold.web.views.moderation import Piece, pieces
from fairhold.web.views.moderation_desk import ReviewDesk
from fairhold.web.views.parts import Fact, Pill
from fairhold.web.views.public_report import report_reason
from fairhold.web.views.review_cards import CriterionView, Stars, stars
from fairhold.words.catalog import N_
from fairhold.words.typography import keep_numbers

PARTS = {Part.REVIEW: N_("The review"), Part.REPLY: N_("The reply")}
_STANDINGS = {
    Standing.STANDING: (N_("Published"), "ok", "safe"),
    Standing.HELD: (N_("Waits for a moderator"), "search", "turn"),
    Standing.HIDDEN: (N_("Hidden"), "alert", "bad"),
    Standing.WITHDRAWN: (N_("Withdrawn after a legal demand"), "cross", "bad"),
}
_DECIDED = {
    Verdict.PUBLISH: N_("Published"),
    Verdict.HIDE: N_("Hidden"),
    Verdict.WITHDRAW: N_("Withdrawn after a legal demand"),
}


@dataclass(frozen=True)
class ProductWords:
    """What was said of one product apart."""

    title: str
    stars: Stars
    pieces: tuple[Piece, ...]
    photos: tuple[str, ...]


@dataclass(frozen=True)
class VersionView:
    """What the review said from a moment on; `name` is empty where it is the only version."""

    name: str
    when: str
    at: str
    stars: Stars
    criteria: tuple[CriterionView, ...]
    pieces: tuple[Piece, ...]
    language: str
    photos: tuple[str, ...]
    products: tuple[ProductWords, ...]


@dataclass(frozen=True)
class Answer:
    """The other side's reply."""

    who: str
    when: str
    pieces: tuple[Piece, ...]
    pill: Pill


@dataclass(frozen=True)
class ReportView:
    """Somebody's report."""

    who: str
    when: str
    reason: str
    text: str


@dataclass(frozen=True)
class Past:
    """A decision, or the author's words against one."""

    who: str
    when: str
    title: str
    text: str
    contests: bool = False


@dataclass(frozen=True)
class VerdictChoice:
    """One of the decisions that can be taken."""

    value: str
    name: str
    hint: str
    chosen: bool


def standing_pill(desk: ReviewDesk, moderated: Moderated) -> Pill:
    """Where a text stands with moderation."""
    if moderated.reopened:
        return Pill(desk.say(N_("Contested: decide again")), "scales", "turn")
    text, icon, kind = _STANDINGS[moderated.standing]
    return Pill(desk.say(text), icon, kind)


def versions_of(desk: ReviewDesk, order: Order, versions: Sequence[Version]) -> list[VersionView]:
    """Every version, the newest first."""
    several = len(versions) > 1
    found = []
    for version in reversed(versions):
        newest = version.number == len(versions)
        name = desk.say(N_("Now")) if newest else desk.say(N_("Version %(number)d"), number=version.number)
        found.append(_version(desk, order, version, name if several else ""))
    return found


def _version(desk: ReviewDesk, order: Order, version: Version, name: str) -> VersionView:
    said, words = version.said, desk.reader.words
    given = (
        (words.gettext("Description"), said.description_accuracy),
        (words.gettext("Communication"), said.communication),
        (words.gettext("Shipping speed"), said.shipping_speed),
    )
    return VersionView(
        name=name,
        when=desk.moment(version.at),
        at=str(version.at),
        stars=stars(words, said.rating),
        criteria=tuple(CriterionView(text, got) for text, got in given if got is not None),
        pieces=pieces(desk, said.text or ""),
        language=said.language or "",
        photos=tuple(photo.id for photo in said.photos),
        products=_products(desk, order, said),
    )


def _products(desk: ReviewDesk, order: Order, said: Said) -> tuple[ProductWords, ...]:
    found = []
    for one in said.lines:
        line = order.line(one.line)
        if line is not None:
            photos = tuple(photo.id for photo in one.photos)
            text = pieces(desk, one.text or "")
            found.append(ProductWords(keep_numbers(line.title), stars(desk.reader.words, one.rating), text, photos))
    return tuple(found)


def answer_of(desk: ReviewDesk, review: Review, replied: ReviewReplied | None) -> Answer | None:
    """The reply, if there is one."""
    if review.reply is None or replied is None:
        return None
    pill = standing_pill(desk, review.reply.moderated)
    return Answer(desk.person(replied.by), desk.moment(replied.at), pieces(desk, replied.text), pill)


def reports_of(desk: ReviewDesk, reports: Iterable[StoredReport]) -> list[ReportView]:
    """Who complains, and why."""
    words = desk.reader.words
    return [
        ReportView(desk.person(one.reporter), desk.moment(one.at), report_reason(words, one.reason), one.text)
        for one in reports
    ]


def past_of(desk: ReviewDesk, review: Review, events: Iterable[Event]) -> list[Past]:
    """What was decided on the review and its reply, and what their authors said to that; the latest first."""
    found = []
    for event in events:
        if isinstance(event, ReviewModerated | ModerationContested) and event.review == review.id:
            part, who, when = desk.say(PARTS[event.part]), desk.person(event.by), desk.moment(event.at)
            if isinstance(event, ReviewModerated):
                found.append(Past(who, when, f"{part}: {desk.say(_DECIDED[event.decision]).lower()}", event.reasons))
            else:
                found.append(Past(who, when, desk.say(N_("%(part)s: contested"), part=part), event.text, contests=True))
    return found[::-1]


def facts_of(desk: ReviewDesk, order: Order, review: Review, author: str, subject: str) -> tuple[Fact, ...]:
    """Who wrote about whom, and what they agreed to show."""
    named = desk.say(N_("no: shown as “Buyer”")) if review.anonymous else desk.say(N_("yes"))
    titles = "; ".join(keep_numbers(line.title) for line in order.lines)
    return (
        Fact(desk.say(N_("Author")), desk.person(author)),
        Fact(desk.say(N_("About")), desk.person(subject)),
        Fact(desk.say(N_("Name shown")), named),
        Fact(desk.say(N_("Goods")), titles),
    )


def verdicts_of(desk: ReviewDesk, part: Part, moderated: Moderated, chosen: str) -> tuple[VerdictChoice, ...]:
    """What can be decided. To leave a thing as it is is a decision, too, where somebody asked for one."""
    stays = moderated.standing
    names = {
        Verdict.PUBLISH: desk.say(N_("Leave it published")) if stays is Standing.STANDING else desk.say(N_("Publish")),
        Verdict.HIDE: desk.say(N_("Leave it hidden")) if stays is Standing.HIDDEN else desk.say(N_("Hide")),
        Verdict.WITHDRAW: desk.say(N_("Withdraw after a legal demand")),
    }
    hints = {
        Verdict.PUBLISH: desk.say(N_("Everybody sees it, and its stars count."))
        if part is Part.REVIEW
        else desk.say(N_("Everybody sees it.")),
        Verdict.HIDE: desk.say(N_("Nobody but its author sees it. The author can contest that once.")),
        Verdict.WITHDRAW: desk.say(N_("A note stays in its place: the law demanded it.")),
    }
    same = {Standing.HIDDEN: Verdict.HIDE, Standing.WITHDRAWN: Verdict.WITHDRAW}.get(stays)
    return tuple(
        VerdictChoice(verdict.value, names[verdict], hints[verdict], verdict.value == chosen)
        for verdict in Verdict
        if verdict is not same or moderated.reopened
    )
