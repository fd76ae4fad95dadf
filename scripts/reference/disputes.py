"""The states of a dispute: whose turn, until when, what comes otherwise, and who may do what; read off its walk."""

from collections.abc import Iterable

from fairhold.domain.actors import Role
from fairhold.domain.commands import Command
from fairhold.domain.conditions import MAX_CHARGEBACKS, MAX_DISPUTES, MAX_DISPUTES_A_UNIT
from fairhold.domain.dispute import CLOSED_DISPUTES, Dispute, DisputeState
from fairhold.domain.dispute_guards import DISPUTE_GUARDS, MAX_EVIDENCE, MAX_MESSAGES, MAX_OFFERS
from fairhold.domain.dispute_status import main_deadline
from fairhold.domain.guards import check
from fairhold.domain.instants import MINUTE, Instant
from fairhold.domain.order import Order
from fairhold.words import disputes as words
from fairhold.words.catalog import Language, words_of
from scripts.reference import markdown
from scripts.reference.bodies import in_dispute
from scripts.reference.deadlines import EFFECTS, usual, when
from scripts.reference.dispute_walk import Step, dispute_walk
from scripts.reference.markdown import code, codes, table
from scripts.reference.walk import ACTORS

_INTRO = """
A dispute is a small machine of its own beside the goods it is about, which are `in_dispute` [all the while](states.md). Each
open state has somebody whose turn it is, one deadline, and one thing that happens when nobody acts. [How a dispute
runs](../explanation/disputes.md) says why; [disputes by the API](../how-to/disputes.md) plays one.
"""
_MEANING: dict[DisputeState, str] = {
    DisputeState.AWAITING_ANSWER: "The buyer said what is wrong and what they want. The demand is offer 1.",
    DisputeState.NEGOTIATING: "The seller answered; offers go back and forth.",
    DisputeState.CLAIMED: "A mediator is to decide. Until then the two can still agree.",
    DisputeState.RULED: "A mediator decided; no money has moved.",
    DisputeState.APPEALED: "Another mediator is to decide, and that stands.",
    DisputeState.RETURN_DUE: "Agreed: the goods go back, then the money. The buyer still has them.",
    DisputeState.RETURNING: "The goods are on their way back, or with the seller, who looks at them.",
    DisputeState.RESEND_DUE: "Agreed: the goods are sent again. The seller has not shipped yet.",
    DisputeState.SETTLED: "The money is decided: the buyer's part on its way back, the rest with the seller.",
    DisputeState.RESENT: "The goods were sent again; they are protected anew and can be disputed again.",
    DisputeState.WITHDRAWN: "Whoever opened it took it back; protection runs on with what was left of it.",
}
_RU = words_of(Language.RU)


def page() -> str:
    """The page."""
    return markdown.page(
        "Disputes", _INTRO, _states(), _mermaid(), _ways(), _staying(), _who(), _guards(), _names(), _limits()
    )


def moving() -> list[Step]:
    """The ways that lead from one state to another, in the order of the states."""
    order = {state: position for position, state in enumerate(DisputeState)}
    found = (step for step in dispute_walk().steps.values() if step.source is not step.target)
    return sorted(found, key=lambda step: (order[step.source], order[step.target], step.what))


def _states() -> str:
    rows = []
    for state in DisputeState:
        owners, times, effects, stops = _by_itself(state)
        rows.append((code(state.value), _MEANING[state], owners, times, effects, stops))
    columns = ("state", "meaning", "whose turn", "until, under `aliexpress`", "if nobody acts", "what stops that")
    remark = (
        "An offer that expires ends nothing: it only leaves the table. Where two are named, the first is usual: "
        "after a ruling it is the turn of the side that lost more, and an overdue ruling is the operator's."
    )
    return f"## States\n\n{table(columns, rows)}\n\n{remark}"


def _by_itself(state: DisputeState) -> tuple[str, str, str, str]:
    """Whose turn it is in a state, until when, what comes otherwise, and what would stop that."""
    found = []
    for order, _ in dispute_walk().orders[state]:
        deadline = main_deadline(order, order.disputes[-1])
        if deadline is not None and _usual(order.disputes[-1]):
            found.append(deadline)
    if not found:
        return ("·",) * 4
    owners = dict.fromkeys(deadline.owner.value for deadline in found)
    times = dict.fromkeys(when(deadline.because, usual()) for deadline in found)
    effects = dict.fromkeys(EFFECTS[deadline.effect] for deadline in found)
    return ", ".join(owners), "; ".join(times), "; or ".join(effects), codes(found[0].stopped_by)


def _usual(dispute: Dispute) -> bool:
    """Whether no ruling is overdue, except where one is owed: what was agreed on is the other side's to do."""
    return not dispute.overdue or dispute.state in (DisputeState.CLAIMED, DisputeState.APPEALED)


def _mermaid() -> str:
    grouped: dict[tuple[DisputeState, DisputeState], list[str]] = {}
    for step in moving():
        label = f"{step.what.replace('_', ' ')}{'' if step.who else ' ⏱'}{' *' if step.by_policy else ''}"
        grouped.setdefault((step.source, step.target), []).append(label)
    lines = ["stateDiagram-v2", "    [*] --> awaiting_answer: open dispute, or lapse of protection *"]
    lines.append("    [*] --> claimed: contest returned parcel")
    for (source, target), labels in grouped.items():
        lines.append(f"    {source.value} --> {target.value}: {', '.join(labels)}")
    lines.extend(f"    {state.value} --> [*]" for state in DisputeState if state in CLOSED_DISPUTES)
    remark = "⏱ happens by itself at a [deadline](deadlines.md); \\* under some policies or payment providers only."
    return "## Ways\n\n" + remark + "\n\n```mermaid\n" + "\n".join(lines) + "\n```"


def _ways() -> str:
    rows = (
        (
            code(step.source.value),
            code(step.what) + (" *" if step.by_policy else ""),
            ", ".join(step.who) or "a deadline",
            code(step.target.value),
        )
        for step in moving()
    )
    return table(("from", "by", "whose", "to"), rows)


def _staying() -> str:
    stays: dict[str, list[str]] = {}
    for step in dispute_walk().steps.values():
        if step.source is step.target:
            stays.setdefault(step.what, []).append(step.source.value)
    rows = ((code(what), codes(dict.fromkeys(states))) for what, states in stays.items())
    return "These lead nowhere else:\n\n" + table(("by", "in"), rows)


def _who() -> str:
    open_states = [state for state in DisputeState if state not in CLOSED_DISPUTES]
    rows = [
        (code(guard.command.NAME), *(_allowed(state, guard.command) for state in open_states))
        for guard in DISPUTE_GUARDS
    ]
    remark = (
        "Each cell names who can at some time in that state. A closed dispute takes no command: `dispute_closed`. The "
        "actions of a dispute (`actions` in the API) say the same for one person, with the reason where something cannot be done."
    )
    columns = ("command", *(code(state.value) for state in open_states))
    return f"## Who may do what\n\n{remark}\n\n" + table(columns, rows)


def _allowed(state: DisputeState, command_type: type[Command]) -> str:
    found: set[Role] = set()
    for order, now in dispute_walk().orders[state]:
        found.update(_able(order, Instant(now + MINUTE), command_type))
    return ", ".join(role.value for role in Role if role in found) or "·"


def _able(order: Order, now: Instant, command_type: type[Command]) -> Iterable[Role]:
    command = next(one for one in in_dispute(order.disputes[-1]) if isinstance(one, command_type))
    return (actor.role for actor in ACTORS if check(order, command, actor, now) is None)


def _guards() -> str:
    rows = (
        (
            code(guard.command.NAME),
            ", ".join(sorted(role.value for role in guard.roles)),
            codes(state.value for state in DisputeState if state in guard.states),
            "; ".join(condition.name for condition in guard.conditions) or "·",
            code(guard.otherwise.value),
        )
        for guard in DISPUTE_GUARDS
    )
    remark = (
        "The second half of the [table of guards](states.md#guards). Roles are looked at first, then the state, then the "
        "conditions from the left. Where a command comes too late, [the reason](reasons.md) says what happened meanwhile; in "
        "any other state that is not its own, it is the last column."
    )
    return f"## Guards\n\n{remark}\n\n" + table(("command", "roles", "states", "must hold", "otherwise"), rows)


def _names() -> str:
    tables = (
        ("A state:", words.DISPUTE_STATES),
        ("A reason to open one:", words.DISPUTE_REASONS),
        ("What the buyer asks for:", words.DEMANDS),
        ("How it ended:", words.OUTCOMES),
        ("A tab of lists:", words.DISPUTE_TABS),
        ("A chargeback:", words.CHARGEBACK_STATES),
    )
    parts = (
        f"{title}\n\n"
        + table(
            ("name", "in English", "по-русски"),
            ((code(key.value), text, _RU.gettext(text)) for key, text in of.items()),
        )
        for title, of in tables
    )
    return "## Names\n\n" + "\n\n".join(parts)


def _limits() -> str:
    rows = (
        (str(MAX_DISPUTES_A_UNIT), "disputes on the same goods, so that nobody stops the clock for ever"),
        (str(MAX_DISPUTES), "disputes of one order"),
        (str(MAX_OFFERS), "offers in a dispute"),
        (str(MAX_MESSAGES), "messages in a dispute"),
        (str(MAX_EVIDENCE), "photos in a dispute"),
        (str(MAX_CHARGEBACKS), "chargebacks of one order"),
    )
    return "## Limits\n\n" + table(("at most", "of what"), rows)
