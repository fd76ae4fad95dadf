"""Calls about what proves a history: daily heads, and the bundle of an order."""

import msgspec

from fairhold.access.history import history_for
from fairhold.api.orders import order_out
from fairhold.api.parameters import ON_A_PAGE
from fairhold.api.parts import Call, Download, Parts
from fairhold.api.problems import Problem
from fairhold.api.readings import Reading
from fairhold.api.wire import HeadList, HeadOut
from fairhold.domain.actors import Actor
from fairhold.domain.ids import order_number
from fairhold.domain.instants import Instant
from fairhold.domain.order import Order
from fairhold.domain.reasons import Refusal
from fairhold.engine.audit.evidence import EvidenceRoom, File
from fairhold.engine.ports.heads import DailyHead
from fairhold.proof.bundle import ORDER, TIMELINE
from fairhold.proof.heads import day_of, day_text
from fairhold.proof.keys import fingerprint
from fairhold.words.dates import rfc3339
from fairhold.words.faults import Fault
from fairhold.words.reader import Reader
from fairhold.words.timeline import Picture, timeline


def heads(parts: Parts, call: Call) -> Reading:
    """Daily heads, newest first."""
    before = None
    if "cursor" in call.query:
        position = parts.cursors.read("heads", call.query["cursor"])
        if position is None:
            return Problem(Fault.INVALID_CURSOR, "cursor")
        before = int(position)
    limit = call.query.get("limit", ON_A_PAGE)
    found = parts.evidence.heads(before, limit + 1)
    more = len(found) > limit
    return HeadList(
        items=[_head_out(head) for head in found[:limit]],
        next=parts.cursors.write("heads", str(found[limit - 1].day)) if more else None,
        fingerprint=parts.evidence.fingerprint,
    )


def head(parts: Parts, call: Call) -> Reading:
    """The head of a day."""
    day = day_of(call.names["day"])
    found = None if day is None else parts.evidence.head(day)
    return Problem(Fault.HEAD_NOT_FOUND) if found is None else _head_out(found)


def _head_out(made: DailyHead) -> HeadOut:
    return HeadOut(
        day=day_text(made.day),
        previous=made.previous.hex(),
        root=made.root.hex(),
        count=made.orders,
        signature=made.signature.hex(),
        public_key=made.public_key.hex(),
        fingerprint=fingerprint(made.public_key),
        made_at=rfc3339(Instant(made.made_at)),
    )


def bundle(parts: Parts, call: Call) -> Reading:
    """The evidence bundle of an order."""
    found = parts.order(call.actor, call.names["order"])
    if isinstance(found, Refusal):
        return found
    packed, name = bundle_of(parts.evidence, found, call.actor, parts.queries.now(), call.reader)
    return Download(packed, "application/zip", name)


def bundle_of(room: EvidenceRoom, found: Order, actor: Actor, now: Instant, reader: Reader) -> tuple[bytes, str]:
    """The bundle for somebody who sees the order, and the name of its file: the pages hand it out, too."""

    def told(file: File) -> dict[str, bytes]:
        pictures = [Picture(photo.name, photo.sha256, photo.data is not None) for photo in file.photos]
        known = history_for(found, actor, file.history)
        page = timeline(file.order, known, pictures, str(actor), room.fingerprint, now, reader)
        return {TIMELINE: page, ORDER: msgspec.json.encode(order_out(file.order, actor, now, reader))}

    packed = room.bundle(found.id, actor, now, reader.language.value, told)
    return packed, f"fairhold-evidence-{order_number(found.id)}.zip"
