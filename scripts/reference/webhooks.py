"""What webhooks tell: each type, the event behind it, and when it is tried again."""

from fairhold.domain.instants import HOUR, MINUTE, SECOND
from fairhold.engine.ports.webhook_sending import Trouble
from fairhold.engine.webhooks.event_types import TYPES
from fairhold.engine.webhooks.schedule import PAUSES
from fairhold.words.catalog import Language, words_of
from fairhold.words.webhooks import GROUPS, TROUBLES, TYPE_TEXTS
from scripts.reference import markdown
from scripts.reference.markdown import code, table

_INTRO = """
A webhook has `type`, `timestamp` (when the event happened) and `data`: `order`, as `GET /v1/orders/{order}` shows it to
the operator, and `event`, as `GET /v1/orders/{order}/events` lists it. [How to set one up](../how-to/webhooks.md),
[the calls](api.md). Types are added, never renamed: pass over what you do not know. `webhook.test` is what the test button
sends: its `data` is empty.
"""


def _duration(pause: int) -> str:
    for unit, name in ((HOUR, "h"), (MINUTE, "min"), (SECOND, "s")):
        if pause >= unit:
            return f"{pause // unit} {name}"
    raise AssertionError("no pause is shorter than a second")


def page() -> str:
    """The page."""
    russian = words_of(Language.RU)
    parts = [_INTRO]
    for group, heading in GROUPS.items():
        rows = [
            (code(kind), code(event), TYPE_TEXTS[kind], russian.gettext(TYPE_TEXTS[kind]))
            for event, kind in TYPES.items()
            if kind.startswith(f"{group}.")
        ]
        parts.append(f"## {heading}\n\n" + table(("type", "event", "what happened", "по-русски"), rows))
    pauses = ", ".join(_duration(pause) for pause in PAUSES)
    parts.append(
        f"## Attempts\n\nAt once, then after {pauses}: each up to a tenth sooner or later. Why one failed stands in"
        " `trouble`:\n\n"
        + table(("trouble", "what it means"), [(code(trouble), TROUBLES[trouble]) for trouble in Trouble])
    )
    return markdown.page("Webhooks", *parts)
