"""Disputes and chargebacks beside an order: what each is about, where it stands, and the way to it."""

from collections.abc import Iterable
from dataclasses import dataclass

from fairhold.domain.actors import Role
from fairhold.domain.dispute import Chargeback, ChargebackState, Dispute, DisputeState, Outcome
from fairhold.domain.spans import Span
from fairhold.web.views.contests import NOTHING_CONTESTED, ContestCard, Contesting, contest_card
from fairhold.web.views.dispute_sentences import is_turn, turn_sentence
from fairhold.web.views.parts import Link, Note, Pill
from fairhold.web.views.sight import Sight
from fairhold.words.catalog import N_
from fairhold.words.disputes import CHARGEBACK_STATES, OUTCOMES, reason_name, state_name
from fairhold.words.names import pieces
from fairhold.words.typography import NBSP


@dataclass(frozen=True)
class DisputeRow:
    """A dispute beside its order; `anchor` is its place on a page, `text` says whose turn it is or how it ended."""

    anchor: str
    title: str
    pill: Pill
    goods: tuple[str, ...]
    text: str
    sum: str
    link: Link


def dispute_rows(sight: Sight) -> tuple[DisputeRow, ...]:
    """The order's disputes, the newest first."""
    return tuple(_row(sight, dispute) for dispute in reversed(sight.order.disputes))


def _row(sight: Sight, dispute: Dispute) -> DisputeRow:
    text = N_("Answer…") if is_turn(sight, dispute) else N_("To the dispute")
    return DisputeRow(
        anchor=f"dispute-{dispute.id.rpartition('-d')[2]}",
        title=reason_name(sight.reader.words, dispute.reason),
        pill=dispute_pill(sight, dispute),
        goods=goods_of_spans(sight, dispute.spans),
        text=turn_sentence(sight, dispute) or outcome_sentence(sight, dispute),
        sum=sight.sum(dispute.amount),
        link=Link(sight.say(text), sight.dispute_url(dispute)),
    )


def dispute_pill(sight: Sight, dispute: Dispute) -> Pill:
    """Where the dispute stands: whose turn it is comes first."""
    if not dispute.is_open:
        return Pill(state_name(sight.reader.words, dispute.state), "ok", "")
    if is_turn(sight, dispute):
        return Pill(sight.say(N_("Your turn")), "clock", "turn")
    icon = "scales" if dispute.state in (DisputeState.CLAIMED, DisputeState.APPEALED, DisputeState.RULED) else "chat"
    return Pill(state_name(sight.reader.words, dispute.state), icon, "bad")


def goods_of_spans(sight: Sight, spans: Iterable[Span]) -> tuple[str, ...]:
    """«Термокружка, 1 из 2»: which goods, and how many of them where it is not all."""
    units: dict[str, int] = {}
    for span in spans:
        units[span.line] = units.get(span.line, 0) + span.quantity
    found = []
    for line in sight.order.lines:
        number = units.get(line.id, 0)
        if not number:
            continue
        if number < line.quantity:
            many = sight.say(N_("%(number)d of %(all)d"), number=number, all=line.quantity).replace(" ", NBSP)
            found.append(f"{sight.title(line).strip()}, {many}")
        elif number > 1:
            found.append(f"{sight.title(line).strip()}, {pieces(sight.reader.words, number)}")
        else:
            found.append(sight.title(line))
    return tuple(found)


def outcome_sentence(sight: Sight, dispute: Dispute) -> str:
    """How a closed dispute ended; nothing while it is open."""
    end = dispute.end
    if end is None:
        return ""
    how = f"{sight.say(OUTCOMES[end.outcome])}."
    if end.outcome is Outcome.WITHDRAWN:
        return sight.say(N_("The dispute was withdrawn; protection runs on."))
    if end.outcome is Outcome.RESENT:
        return sight.say(N_("The goods were sent again and are protected anew."))
    sums = N_("%(refund)s came back to you, %(gross)s went to the seller.")
    if sight.actor.role is not Role.BUYER:
        sums = N_("%(refund)s went back to the buyer, %(gross)s to the seller, commission included.")
    shown = sight.say(sums, refund=sight.sum(end.refunded), gross=sight.sum(end.released))
    return f"{how} {shown}"


def open_disputes(sight: Sight) -> tuple[Dispute, ...]:
    """The disputes in which something is undecided, those that wait for this person first."""
    found = [dispute for dispute in sight.order.disputes if dispute.is_open]
    return tuple(sorted(found, key=lambda dispute: not is_turn(sight, dispute)))


def disputes_in_short(sight: Sight) -> str:
    """The open disputes in a line for lists: the one that matters most, and how many more there are."""
    found = open_disputes(sight)
    if not found:
        return ""
    said = sight.say(
        N_("Dispute over %(sum)s: %(turn)s."),
        sum=sight.sum(found[0].amount),
        turn=_lower(turn_sentence(sight, found[0])),
    )
    more = len(found) - 1
    rest = sight.reader.words.ngettext("One more dispute is open.", "%(num)d more disputes are open.", more)
    return f"{said} {rest}" if more else said


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


_CHARGED = {
    Role.BUYER: (
        N_("Your bank took %(sum)s back for you and is deciding."),
        N_("It decides by %(moment)s. Nothing of that sum is paid out meanwhile."),
    ),
    Role.SELLER: (
        N_("The buyer's bank took back %(sum)s and is deciding."),
        N_("It decides by %(moment)s. If it decides for you, the sum comes back."),
    ),
}


def chargeback_notes(sight: Sight) -> tuple[Note, ...]:
    """What the buyer's bank took back and has not decided yet."""
    title, text = _CHARGED.get(sight.actor.role, _CHARGED[Role.SELLER])
    return tuple(
        Note(
            sight.say(title, sum=sight.sum(one.amount)),
            _with_loss(sight, one, sight.say(text, moment=sight.moment(one.due))),
            "bad",
            "wallet",
        )
        for one in sight.order.chargebacks
        if one.state is ChargebackState.OPEN
    )


def _with_loss(sight: Sight, one: Chargeback, text: str) -> str:
    """`text`, and what the bank took of what the buyer had back already."""
    if not one.beyond:
        return text
    known = N_("%(sum)s of it went back to you before: please tell your bank.")
    if sight.actor.role is not Role.BUYER:
        known = N_("%(sum)s of it had gone back to the buyer before; the platform bears that.")
    return f"{text.rstrip('.')}. {sight.say(known, sum=sight.sum(one.beyond))}"


def _times(sight: Sight, one: Chargeback) -> str:
    """When it was taken, when it is decided, and until when the bank hears evidence, as long as it does."""
    told = sight.say(N_("Taken %(at)s, to be decided by %(due)s"), at=sight.moment(one.at), due=sight.moment(one.due))
    if one.answer_by is None or one.state is not ChargebackState.OPEN:
        return told
    until = sight.say(N_("The bank hears evidence until %(moment)s"), moment=sight.moment(one.answer_by))
    return f"{told}. {until}"


@dataclass(frozen=True)
class ChargebackRow:
    """A chargeback as staff see it."""

    sum: str
    state: str
    text: str
    contest: ContestCard | None


def chargeback_rows(sight: Sight, contesting: Contesting = NOTHING_CONTESTED) -> tuple[ChargebackRow, ...]:
    """All chargebacks of the order, the newest first."""
    return tuple(
        ChargebackRow(
            sum=sight.sum(one.amount),
            state=sight.say(CHARGEBACK_STATES[one.state]),
            text=_with_loss(
                sight,
                one,
                _times(sight, one),
            ),
            contest=contest_card(sight, one, contesting),
        )
        for one in reversed(sight.order.chargebacks)
    )
