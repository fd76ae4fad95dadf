"""The page that a link in a letter opens: the order in short, and two ways on of equal weight (S13, S14)."""

from dataclasses import dataclass

from fairhold.web.views.clocks import clock_of
from fairhold.web.views.lines import picture_of, states_of
from fairhold.web.views.parts import Clock, Link, Note, Pill
from fairhold.web.views.pills import pill_of
from fairhold.web.views.sight import Sight
from fairhold.words.catalog import N_
from fairhold.words.names import pieces


@dataclass(frozen=True)
class Item:
    """What is in the order; no price."""

    title: str
    thumb: str
    quantity: str
    states: tuple[Pill, ...]


@dataclass(frozen=True)
class Way:
    """One of the two answers; the link opens the first step, and nothing is done there yet."""

    title: str
    text: str
    link: Link


@dataclass(frozen=True)
class Letter:
    """The page. Without `ways` there is nothing to decide at the moment."""

    title: str
    head: str
    pill: Pill
    clock: Clock | None
    items: tuple[Item, ...]
    ways: tuple[Way, ...]
    note: Note | None
    way_out: Link


def letter_of(sight: Sight, *, signed_in: bool, somebody_else: bool) -> Letter:
    """The page for the buyer of the letter. `somebody_else`: another person is signed in here."""
    ways = () if somebody_else else _ways(sight)
    home = Link(sight.say(N_("To the home page")), "/")
    return Letter(
        title=sight.say(N_("Is everything fine?")) if ways else sight.say(N_("Order %(number)s"), number=sight.number),
        head=sight.say(N_("Order %(number)s · %(who)s"), number=sight.number, who=sight.seller())
        if ways
        else sight.seller(),
        pill=pill_of(sight),
        clock=clock_of(sight),
        items=tuple(
            Item(
                sight.title(line),
                picture_of(sight, line),
                pieces(sight.reader.words, line.quantity),
                states_of(sight, line),
            )
            for line in sight.order.lines
        ),
        ways=ways,
        note=_note(sight, bool(ways), signed_in=signed_in, somebody_else=somebody_else),
        way_out=home if somebody_else else Link(sight.say(N_("Open the order")), sight.url, quiet=bool(ways)),
    )


def _ways(sight: Sight) -> tuple[Way, ...]:
    found = []
    if sight.can("confirm_receipt"):
        found.append(
            Way(
                sight.say(N_("All fine")),
                sight.say(
                    N_("You choose what you received, then see sums and dates. Nothing is confirmed before that.")
                ),
                Link(sight.say(N_("All fine…")), f"{sight.url}/receipt"),
            )
        )
    if sight.can("open_dispute"):
        found.append(
            Way(
                sight.say(N_("Something is wrong")),
                sight.say(N_("You choose the item and say what happened. The money for it stays with us.")),
                Link(sight.say(N_("Something is wrong…")), f"{sight.url}/dispute"),
            )
        )
    return tuple(found)


def _note(sight: Sight, ways: bool, *, signed_in: bool, somebody_else: bool) -> Note | None:
    if somebody_else:
        return Note(
            sight.say(N_("You are signed in under another name.")),
            sight.say(N_("This letter went to the buyer of the order. Only they can answer: sign in as the buyer.")),
            "turn",
            "alert",
        )
    if not ways:
        return Note(
            sight.say(N_("There is nothing to decide here at the moment.")),
            sight.say(N_("The order page tells what happened since the letter was sent.")),
            "",
            "info",
        )
    if not signed_in:
        return Note(
            sight.say(N_("The link from the letter only shows the order.")),
            sight.say(N_("Whichever you choose, we ask you to sign in first: only the buyer can answer.")),
            "",
            "shield",
        )
    return None
