"""The history of an order as a list, newest first."""

from collections.abc import Iterable

from fairhold.access.history import history_for
from fairhold.domain.events import CheckpointRecorded, Event
from fairhold.web.views.parts import Step
from fairhold.web.views.sight import Sight
from fairhold.words.dates import to_the_second
from fairhold.words.history import done_by, tell


def story_of(sight: Sight, history: Iterable[tuple[int, Event]], *, scans: bool = False) -> tuple[Step, ...]:
    """What happened, as far as the reader may know of it, newest first; scans of parcels only where asked for."""
    found = []
    for _, event in history_for(sight.order, sight.actor, history):
        if isinstance(event, CheckpointRecorded) and not scans:
            continue
        told = tell(sight.order, event, sight.now, sight.reader)
        note = f"{sight.moment(event.at)} · {done_by(event.by, sight.reader)}"
        photos = tuple(photo.id for photo in (*getattr(event, "evidence", ()), *getattr(event, "photos", ())))
        found.append(
            Step(when=told.title, text=told.text, kind="past", note=note, at=to_the_second(event.at), photos=photos)
        )
    return tuple(reversed(found))
