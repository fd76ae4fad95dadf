"""Photos in forms about disputes: those that were just chosen, and those that were sent before."""

from collections.abc import Sequence

from fairhold.domain.evidence import Evidence
from fairhold.domain.ids import OrderId
from fairhold.engine.intake.photos import UnknownPhoto
from fairhold.web.photo_forms import NotKept, chosen, keep_photos
from fairhold.web.visits import Visit
from fairhold.words.catalog import N_
from fairhold.words.problems import fault_text

FIELD = "files"


def newly_sent(visit: Visit, most: int, name: str = FIELD, too_many: str = "") -> tuple[str, ...] | str:
    """Keep the files that a field of the form brings, at most `most`: their names, or a sentence about what was not taken.

    `too_many` is what is said of more than that.
    """
    files = chosen(visit.form, name)
    if len(files) > most:
        return too_many or (
            visit.say(N_("At most %(most)d photos at once."), most=most)
            if most
            else visit.say(N_("No more photos fit here."))
        )
    kept = keep_photos(visit.site.photos, visit.who(), visit.form, name, most)
    if not isinstance(kept, NotKept):
        return kept
    title, detail = fault_text(visit.reader.words, kept.fault, kept.hint, kept.limit)
    if len(files) == 1:
        return f"{title} {detail}"
    return visit.say(N_("Photo %(number)d: %(fault)s"), number=kept.number, fault=f"{title} {detail}")


def attached(visit: Visit, order: OrderId, photos: Sequence[str]) -> tuple[Evidence, ...] | None:
    """The person's own photos of these names, which the order may show from now on; None where one is none of theirs."""
    if not photos:
        return ()
    found = visit.site.photos.attach(photos, visit.who(), order)
    return None if isinstance(found, UnknownPhoto) else found
