"""Evidence against a chargeback beside it: how it stands, and the form that hands it in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from fairhold.domain.actors import Role
from fairhold.domain.dispute import Chargeback
from fairhold.domain.instants import Instant
from fairhold.domain.order import Order
from fairhold.engine.payments.contests import Contests
from fairhold.engine.ports.contests import Contest, ContestState
from fairhold.web.views.sight import Sight
from fairhold.words.catalog import N_
from fairhold.words.contests import why_refused


class Contesting(NamedTuple):
    """What was asked about the order's chargebacks, and which can be contested now.

    What was `typed` of one of them comes back with the `error` beside it.
    """

    known: Mapping[str, Contest]
    possible: frozenset[str]
    typed: tuple[str, str, str] = ("", "", "")
    """The chargeback, the text, and what is wrong with it."""


NOTHING_CONTESTED = Contesting({}, frozenset())


def contesting_of(contests: Contests, order: Order, now: Instant) -> Contesting:
    """How it stands with the order's chargebacks. Raises StoreUnavailable."""
    if not order.chargebacks:
        return NOTHING_CONTESTED
    possible = (one.id for one in order.chargebacks if contests.hindrance(order, one, now) is None)
    return Contesting({one.chargeback: one for one in contests.rows.of_order(order.id)}, frozenset(possible))


@dataclass(frozen=True)
class ContestCard:
    """`said` is how it stands, empty before anybody asked; `url` takes the form, empty where there is none to show.

    `typed` is what the form says; without a form, what was not handed in, for whoever typed it.
    """

    id: str
    said: str
    bad: bool
    note: str
    url: str
    until: str
    typed: str
    error: str


def contest_card(sight: Sight, one: Chargeback, contesting: Contesting) -> ContestCard | None:
    """The card of a chargeback; None where nothing was asked and nothing can be."""
    known = contesting.known.get(one.id)
    refused = known is not None and known.state is ContestState.REFUSED
    may = one.id in contesting.possible and (known is None or refused) and sight.actor.role is Role.OPERATOR
    if known is None and not may:
        return None
    about, typed, error = contesting.typed
    until = N_("It can be handed in once, until %(moment)s.") if one.answer_by else N_("It can be handed in once.")
    return ContestCard(
        id=one.id.rpartition("-")[2],
        said="" if known is None else _said(sight, known),
        bad=refused,
        note="" if known is None else known.note,
        url=f"{sight.url}/chargebacks/{one.id}/evidence" if may else "",
        until=sight.say(until, moment=sight.moment(one.answer_by)) if one.answer_by else sight.say(until),
        typed=typed if about == one.id else known.note if known is not None and may else "",
        error=error if about == one.id else "",
    )


def _said(sight: Sight, known: Contest) -> str:
    if known.state is ContestState.HANDED_IN:
        return sight.say(
            N_("The evidence was handed in: %(moment)s."), moment=sight.moment(known.done_at or known.asked_at)
        )
    if known.state is ContestState.REFUSED:
        why = why_refused(sight.reader.words, known.why)
        return sight.say(N_("The provider did not take the evidence. %(why)s"), why=why)
    asked = N_("The evidence is on its way to the provider since %(moment)s.")
    return sight.say(asked, moment=sight.moment(known.asked_at))
