"""What stands in an evidence bundle: a ZIP of a few files, their shapes, and the text that is signed.

`manifest.json` names every other file with its hash and is signed (`manifest.sig`, hexadecimal). `events.jsonl` has one
event a line, with what its commitment is made of. `timeline.html` tells the same to people, `order.json` is the order as the
API shows it, `photos/` holds what the events name.
"""

import re
from collections.abc import Iterator
from typing import Annotated, Any

import msgspec
from msgspec import Meta

FORMAT = "fairhold-evidence-bundle"
VERSION = 1
MANIFEST, SIGNATURE, EVENTS, ORDER, TIMELINE = (
    "manifest.json",
    "manifest.sig",
    "events.jsonl",
    "order.json",
    "timeline.html",
)
PHOTOS = "photos/"
PHOTO_NAME = re.compile(r"photos/[A-Za-z0-9_-]{1,128}\.jpg", re.ASCII)
PHOTO_ID = re.compile(r"[A-Za-z0-9_-]{1,128}", re.ASCII)

_SIGNED = b"fairhold evidence bundle v1\n"
_DEEPEST = 40

Hash = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
Salt = Annotated[str, Meta(pattern="^[0-9a-f]{32}$")]
Signature = Annotated[str, Meta(pattern="^[0-9a-f]{128}$")]


class EventLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """An event. `body` is its text as stored: the commitment is the SHA-256 of `salt` and `body`.

    Without a salt the text was forgotten, and `body`, if any, is what stands in its place. Without both it is withheld from
    whoever asked for the bundle.
    """

    seq: Annotated[int, Meta(ge=1)]
    type: str
    at: str
    by: str
    commitment: Hash
    salt: Salt | None = None
    body: str | None = None


class HeadProof(msgspec.Struct, frozen=True):
    """A daily head, and the way from the order's chain, as it was after `seq` events, to the head's root."""

    day: str
    previous: Hash
    root: Hash
    count: Annotated[int, Meta(ge=1)]
    public_key: Hash
    signature: Signature
    seq: Annotated[int, Meta(ge=1)]
    index: Annotated[int, Meta(ge=0)]
    path: Annotated[list[Hash], Meta(max_length=64)]


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What the bundle is, and the hash of each of its files. `events` counts the order's events, `head` is its chain's head."""

    format: str
    version: int
    order: str
    made_at: str
    made_for: str
    language: str
    public_key: Hash
    fingerprint: str
    events: Annotated[int, Meta(ge=1)]
    head: Hash
    files: dict[str, Hash]
    missing_photos: list[str]
    daily_head: HeadProof | None


def signed_text(manifest: bytes) -> bytes:
    """What the signature of a bundle covers."""
    return _SIGNED + manifest


def photos_in(body: bytes) -> list[tuple[str, str]]:
    """(id, SHA-256) of each photo that an event names: the entries of any list called `evidence`."""
    try:
        return list(dict.fromkeys(_named(msgspec.json.decode(body), _DEEPEST)))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return []


def _named(value: Any, deepest: int) -> Iterator[tuple[str, str]]:
    if deepest == 0:
        return
    if isinstance(value, list):
        for inner in value:
            yield from _named(inner, deepest - 1)
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name == "evidence" and isinstance(inner, list):
                yield from (
                    (one["id"], one["sha256"])
                    for one in inner
                    if isinstance(one, dict) and isinstance(one.get("id"), str) and isinstance(one.get("sha256"), str)
                )
            else:
                yield from _named(inner, deepest - 1)
