"""Telling reviews: who wrote what of whom, who answered, what moderators made of it, and who complained."""

from typing import NamedTuple

from fairhold.cli.demo.dispute_steps import BUYER, SELLER
from fairhold.cli.demo.steps import Step, ago
from fairhold.domain import review_commands as commands
from fairhold.domain.actors import Actor
from fairhold.domain.commands import Command
from fairhold.domain.review import Part, Verdict
from fairhold.engine.intake.screened import screened


class Saying(NamedTuple):
    """What a buyer says: stars for the deal, words, stars for description, communication and shipping, a picture.

    `named`: the buyer's name may be shown.
    """

    rating: int
    text: str = ""
    apart: tuple[int, int, int] | None = None
    picture: str = ""
    named: bool = False


def _written(saying: Saying) -> commands.WriteReview:
    accuracy, communication, speed = saying.apart or (None, None, None)
    return commands.WriteReview(
        rating=saying.rating,
        text=saying.text or None,
        description_accuracy=accuracy,
        communication=communication,
        shipping_speed=speed,
        anonymous=not saying.named,
        screened=screened(saying.text or None),
    )


def wrote(when: str, saying: Saying) -> Step:
    """The buyer reviewed the deal."""
    pictures = (saying.picture,) if saying.picture else ()
    return Step(ago(when), lambda order, at: _written(saying), BUYER, pictures)


def wrote_of_buyer(when: str, rating: int, text: str = "") -> Step:
    """The seller reviewed the buyer."""
    return Step(ago(when), lambda order, at: _written(Saying(rating, text, named=True)), SELLER)


def revised(when: str, saying: Saying) -> Step:
    """The buyer said it anew."""

    def command(order: object, at: object) -> Command:
        written = _written(saying)
        given = {name: getattr(written, name) for name in written.__struct_fields__}
        return commands.ReviseReview(review="", **given)

    return Step(ago(when), command, BUYER, about=BUYER)


def replied(when: str, text: str) -> Step:
    """The seller answered the buyer's review."""
    return Step(
        ago(when),
        lambda order, at: commands.ReplyToReview(review="", text=text, screened=screened(text)),
        SELLER,
        about=BUYER,
    )


def moderated(when: str, who: Actor, decision: Verdict, reasons: str, part: Part = Part.REVIEW) -> Step:
    """A moderator decided on the buyer's review, or on the answer to it."""
    return Step(
        ago(when),
        lambda order, at: commands.ModerateReview(review="", decision=decision, reasons=reasons, part=part),
        who,
        about=BUYER,
    )


def disagreed(when: str, text: str) -> Step:
    """The buyer asked another moderator."""
    return Step(ago(when), lambda order, at: commands.ContestModeration(review="", text=text), BUYER, about=BUYER)
