"""The letter to operators about an endpoint that was turned off."""

from collections.abc import Callable

from fairhold.engine.ports.webhooks import OffBecause
from fairhold.engine.webhooks.notice import TEMPLATE
from fairhold.words.catalog import N_
from fairhold.words.letters.text import Button, Fact, LetterText, Pen
from fairhold.words.webhooks import OFF


def _off(pen: Pen) -> LetterText:
    subject = pen.say(N_("A webhook of %(marketplace)s was turned off"), marketplace=pen.marketplace)
    return LetterText(
        subject=subject,
        heading=subject,
        paragraphs=(
            pen.say(OFF[OffBecause(pen.text("because"))]),
            pen.say(
                N_(
                    "Your server no longer hears of what happens to orders. What it misses is kept for 30 days and can"
                    " be sent once it is on again."
                )
            ),
        ),
        facts=(
            Fact(pen.say(N_("Address")), pen.text("address")),
            Fact(pen.say(N_("Turned off")), pen.moment(pen.instant("at"))),
        ),
        button=Button(pen.say(N_("See what failed")), pen.page(f"/operator/webhooks/{pen.text('webhook')}")),
        why=pen.say(
            N_("You get this letter because you are an operator of %(marketplace)s."), marketplace=pen.marketplace
        ),
    )


WEBHOOK_LETTERS: dict[str, Callable[[Pen], LetterText]] = {TEMPLATE: _off}
