"""Checking an evidence bundle with nothing but the file itself: no database, no network, no secret."""

import re
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from fairhold.proof import bundle, chain, merkle
from fairhold.proof.archive import Malformed, read_archive, shown
from fairhold.proof.bundle import EventLine, HeadProof, Manifest
from fairhold.proof.heads import day_of, message, moment_text
from fairhold.proof.keys import fingerprint, is_signed

_NAMES = re.compile(
    "|".join(
        [
            *map(re.escape, (bundle.MANIFEST, bundle.SIGNATURE, bundle.EVENTS, bundle.ORDER, bundle.TIMELINE)),
            bundle.PHOTO_NAME.pattern,
        ]
    ),
    re.ASCII,
)
_NEEDED = (bundle.MANIFEST, bundle.SIGNATURE, bundle.EVENTS, bundle.ORDER, bundle.TIMELINE)
_TEXT_LIMIT = 64 << 20
_MOST_FAULTS = 20
_manifest = msgspec.json.Decoder(Manifest).decode
_line = msgspec.json.Decoder(EventLine).decode


class Verdict(NamedTuple):
    """What was found. Without `faults` the bundle is sound, and `proved` holds; `open` says what it does not prove."""

    order: str
    fingerprint: str
    faults: tuple[str, ...]
    proved: tuple[str, ...]
    open: tuple[str, ...]


class _Notes:
    """What a check finds, in sentences."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.proved: list[str] = []
        self.open: list[str] = []


def verify(file: Path, key: str | None = None) -> Verdict:
    """Check the bundle; `key` is the fingerprint that its key must have. Raises Malformed where there is nothing to check."""
    files = read_archive(file, _NAMES)
    for name in _NEEDED:
        if name not in files:
            raise Malformed(f"{file.name} has no {name}: it is no evidence bundle, or not all of one.")
    manifest = _read_manifest(files[bundle.MANIFEST])
    notes = _Notes()
    _check_signature(notes, manifest, files, key)
    _check_files(notes, manifest, files)
    lines = _read_events(files[bundle.EVENTS])
    _check_events(notes, manifest, lines)
    _check_photos(notes, manifest, lines, files)
    _check_daily_head(notes, manifest, lines, key)
    faults = notes.faults[:_MOST_FAULTS]
    if len(notes.faults) > _MOST_FAULTS:
        faults.append(f"And {len(notes.faults) - _MOST_FAULTS} more.")
    shown_key = fingerprint(bytes.fromhex(manifest.public_key))
    return Verdict(manifest.order, shown_key, tuple(faults), tuple(notes.proved), tuple(notes.open))


def _read_manifest(data: bytes) -> Manifest:
    try:
        read = _manifest(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(f"{bundle.MANIFEST} is not the list of a bundle: {shown(str(error), 160)}.") from None
    if read.format != bundle.FORMAT:
        raise Malformed(f"{bundle.MANIFEST} is of another format: {shown(read.format)}.")
    if read.version != bundle.VERSION:
        raise Malformed(
            f"The bundle has version {read.version} of the format, this program reads {bundle.VERSION}: use a newer one."
        )
    return read


def _check_signature(notes: _Notes, manifest: Manifest, files: dict[str, bytes], key: str | None) -> None:
    public = bytes.fromhex(manifest.public_key)
    found = fingerprint(public)
    if manifest.fingerprint != found:
        notes.faults.append(f"{bundle.MANIFEST}: the fingerprint is not that of the key beside it.")
    try:
        signature = bytes.fromhex(files[bundle.SIGNATURE].decode("ascii").strip())
    except ValueError:
        signature = b""
    if not is_signed(public, signature, bundle.signed_text(files[bundle.MANIFEST])):
        notes.faults.append(f"{bundle.SIGNATURE}: {bundle.MANIFEST} was not signed with the key that it names.")
        return
    if key is None:
        notes.open.append(
            f"Whose key {found} is. Compare it with the one that the marketplace publishes (/v1/heads), and give it with --key."
        )
    elif _plain(key) != found:
        notes.faults.append(f"{bundle.MANIFEST}: signed with the key {found}, not with the one given.")
    whose = "the key given" if key is not None and _plain(key) == found else f"the key {found}"
    notes.proved.append(
        f"Whoever holds {whose} issued this bundle for {shown(manifest.made_for)} at {shown(manifest.made_at)}."
    )


def _plain(key: str) -> str:
    return re.sub(r"[\s:-]", "", key).lower()


def _check_files(notes: _Notes, manifest: Manifest, files: dict[str, bytes]) -> None:
    before = len(notes.faults)
    own = {bundle.MANIFEST, bundle.SIGNATURE}
    for name in sorted(manifest.files.keys() - files.keys()):
        notes.faults.append(f"{shown(name)} is missing.")
    for name in sorted(files.keys() - manifest.files.keys() - own):
        notes.faults.append(f"{name} does not stand in {bundle.MANIFEST}.")
    for name in sorted(manifest.files.keys() & files.keys()):
        if sha256(files[name]).hexdigest() != manifest.files[name]:
            notes.faults.append(f"{name} is not the file that {bundle.MANIFEST} names: its hash differs.")
    if len(notes.faults) == before:
        notes.proved.append(f"All {len(manifest.files)} files are as they were issued.")


def _read_events(data: bytes) -> list[EventLine]:
    if len(data) > _TEXT_LIMIT:
        raise Malformed(f"{bundle.EVENTS} is larger than any history.")
    found = []
    for number, line in enumerate(data.splitlines(), 1):
        try:
            found.append(_line(line))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise Malformed(f"{bundle.EVENTS}, line {number}: not an event: {shown(str(error), 160)}.") from None
    return found


def _check_events(notes: _Notes, manifest: Manifest, lines: Sequence[EventLine]) -> None:
    if [line.seq for line in lines] != list(range(1, len(lines) + 1)):
        notes.faults.append(f"{bundle.EVENTS}: the events are not numbered from 1 without a gap.")
        return
    if len(lines) != manifest.events:
        notes.faults.append(f"{bundle.EVENTS} has {len(lines)} events, {bundle.MANIFEST} says {manifest.events}.")
        return
    before = len(notes.faults)
    for line in lines:
        notes.faults.extend(f"{bundle.EVENTS}, event {line.seq}: {what}" for what in _wrong(line, manifest.order))
    head = chain.head_of(manifest.order, [bytes.fromhex(line.commitment) for line in lines])
    if head.hex() != manifest.head:
        notes.faults.append(
            f"{bundle.EVENTS}: the chain of commitments does not lead to the head in {bundle.MANIFEST}."
        )
    if len(notes.faults) > before:
        return
    whole = [line for line in lines if line.salt is not None and line.body is not None]
    notes.proved.append(
        f"{len(whole)} of {len(lines)} events of order {manifest.order} are what was committed to, in this order,"
        " and none is missing between them."
    )
    forgotten = [line.seq for line in lines if line.salt is None and line.body is not None]
    withheld = [line.seq for line in lines if line.body is None]
    if forgotten:
        notes.open.append(
            f"What events {_listed(forgotten)} said: their text was forgotten, only their place is proved."
        )
    if withheld:
        notes.open.append(f"What events {_listed(withheld)} said: they are not for whoever asked for this bundle.")


def _wrong(line: EventLine, order: str) -> Iterator[str]:
    """What is wrong with an event by itself."""
    if line.body is None:
        if line.salt is not None:
            yield "it has a salt and no text."
        return
    body = line.body.encode("utf-8", "surrogatepass")
    if line.salt is not None and chain.commitment(bytes.fromhex(line.salt), body).hex() != line.commitment:
        yield "its text is not what was committed to."
        return
    said = _told(body)
    if said is None:
        yield "its text cannot be read."
        return
    for name, shown_as in (("type", line.type), ("by", line.by), ("at", line.at)):
        value = _moment(said.get("at")) if name == "at" else said.get(name)
        if value != shown_as:
            yield f"«{name}» differs from its text."
    if line.seq == 1 and said.get("order") != order:
        yield "it is the beginning of another order."


def _told(body: bytes) -> dict[str, Any] | None:
    try:
        said = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


def _moment(at: object) -> str | None:
    if not isinstance(at, int) or isinstance(at, bool):
        return None
    try:
        return moment_text(at)
    except (ValueError, OverflowError, OSError):
        return None


def _listed(numbers: Sequence[int]) -> str:
    text = ", ".join(map(str, numbers[:12]))
    return f"{text}, …" if len(numbers) > 12 else text


def _check_photos(notes: _Notes, manifest: Manifest, lines: Sequence[EventLine], files: dict[str, bytes]) -> None:
    named: dict[str, str] = {}
    for line in lines:
        if line.body is not None and line.salt is not None:
            named.update(bundle.photos_in(line.body.encode("utf-8", "surrogatepass")))
    here = {
        name.removeprefix(bundle.PHOTOS).removesuffix(".jpg"): data for name, data in files.items() if _is_photo(name)
    }
    before = len(notes.faults)
    for photo, data in sorted(here.items()):
        if photo not in named:
            notes.faults.append(f"{bundle.PHOTOS}{photo}.jpg: no event names this photo.")
        elif sha256(data).hexdigest() != named[photo]:
            notes.faults.append(f"{bundle.PHOTOS}{photo}.jpg is not the photo that the events name: its hash differs.")
    lost = sorted(named.keys() - here.keys())
    unsaid = [photo for photo in lost if photo not in manifest.missing_photos]
    notes.faults.extend(f"{bundle.PHOTOS}{shown(photo)}.jpg is named by an event and missing." for photo in unsaid)
    if here and len(notes.faults) == before:
        notes.proved.append(f"All {len(here)} photos are those that the events name.")
    if lost and not unsaid:
        notes.open.append(f"What is on {len(lost)} photos: events name them, and they are not in this bundle.")


def _is_photo(name: str) -> bool:
    return bundle.PHOTO_NAME.fullmatch(name) is not None


def _check_daily_head(notes: _Notes, manifest: Manifest, lines: Sequence[EventLine], key: str | None) -> None:
    proof = manifest.daily_head
    if proof is None:
        notes.open.append(
            "When it was written: no daily head covers this order yet. One is signed for each day soon after its end (UTC);"
            " ask for the bundle again then."
        )
        return
    where = f"{bundle.MANIFEST}, head of {shown(proof.day)}"
    day = day_of(proof.day)
    if day is None:
        notes.faults.append(f"{where}: it is of no day.")
        return
    if proof.seq > len(lines):
        notes.faults.append(f"{where}: it covers {proof.seq} events, there are {len(lines)}.")
        return
    public = bytes.fromhex(proof.public_key)
    signed = message(day, bytes.fromhex(proof.previous), bytes.fromhex(proof.root), proof.count)
    if not is_signed(public, bytes.fromhex(proof.signature), signed):
        notes.faults.append(f"{where}: it was not signed with the key that it names.")
        return
    commitments = [bytes.fromhex(line.commitment) for line in lines[: proof.seq]]
    if not _leads_to_root(manifest.order, commitments, proof):
        notes.faults.append(f"{where}: the events do not lead to its root.")
        return
    _say_of_head(notes, manifest, proof, len(lines), key)


def _leads_to_root(order: str, commitments: Sequence[bytes], proof: HeadProof) -> bool:
    start = merkle.order_leaf(order, proof.seq, chain.head_of(order, commitments))
    steps = [bytes.fromhex(step) for step in proof.path]
    reached = merkle.root_by_path(start, proof.index, proof.count, steps)
    return reached is not None and reached.hex() == proof.root


def _say_of_head(notes: _Notes, manifest: Manifest, proof: HeadProof, events: int, key: str | None) -> None:
    own = fingerprint(bytes.fromhex(proof.public_key))
    same = proof.public_key == manifest.public_key
    notes.proved.append(
        f"Events 1 to {proof.seq} stand under the head of {proof.day}, over {proof.count} orders with the root {proof.root}."
    )
    notes.open.append(
        f"That the head of {proof.day} is the one that was published: compare its root with /v1/heads/{proof.day}, or with"
        " a copy that somebody else kept."
    )
    if not same and (key is None or _plain(key) != own):
        notes.open.append(f"Whose key {own} is: the head of {proof.day} is signed with it, the bundle with another.")
    if proof.seq < events:
        notes.open.append(f"When events {proof.seq + 1} to {events} were written: no daily head covers them yet.")
