"""What a backup is: a folder with the databases, the photos, a manifest, and the hash of every file.

    manifest.json     what it is a backup of: versions, tables and their rows, photos, the installation's key
    SHA256SUMS        every other file's SHA-256, as `sha256sum --check SHA256SUMS` reads it
    database-1/       the file of SQLite, or a compressed file for each table of PostgreSQL
    photos/           the pictures, under the names that they have in the installation

It gets its name once it is whole and on the disk.
"""

import hashlib
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from fairhold.engine.installation.durable import sync
from fairhold.store.copied import Advance, Copied, Damaged

MANIFEST, SUMS, PHOTOS = "manifest.json", "SHA256SUMS", "photos"
FORMAT = 1
_PIECE = 1 << 20
_SUM = re.compile(r"([0-9a-f]{64})  (.+)")


class Pictures(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The photos in it: how many, and those that could not be read where they lay."""

    count: int
    missing: tuple[str, ...] = ()


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a backup says of itself.

    `key` is the fingerprint of the key that the installation's secret makes; `secret_inside` says whether that secret is
    in the database. `photos` is nothing where they were left out.
    """

    format: int
    fairhold: str
    began_at: str
    ended_at: str
    databases: tuple[Copied, ...]
    orders: int
    photos: Pictures | None
    key: str | None
    secret_inside: bool


def part(number: int) -> str:
    """The folder of the database of that number, from 1."""
    return f"database-{number}"


@contextmanager
def growing(target: Path) -> Iterator[Path]:
    """A folder beside the target, for its owner alone; away again unless `finish` gave it the name."""
    draft = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent))
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def finish(draft: Path, target: Path, manifest: Manifest, advance: Advance) -> None:
    """Write manifest and hashes, sync everything, and give it its name. Raises OSError."""
    (draft / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n")
    names = _files(draft)
    lines = []
    for number, name in enumerate(names, 1):
        lines.append(f"{_hash(draft / name)}  {name}\n")
        advance(number, len(names))
    (draft / SUMS).write_text("".join(lines), encoding="utf-8")
    for name in (*names, SUMS):
        sync(draft / name)
    for folder in (*(path for path in draft.rglob("*") if path.is_dir()), draft):
        sync(folder)
    draft.rename(target)
    sync(target.parent)


def read(folder: Path, advance: Advance) -> Manifest:
    """The manifest of a backup each of whose files is what was written. Raises Damaged."""
    if not (folder / MANIFEST).is_file() or not (folder / SUMS).is_file():
        raise Damaged(f"{folder} is no backup: {MANIFEST} and {SUMS} are not both in it")
    try:
        lines = [_SUM.fullmatch(line) for line in (folder / SUMS).read_text(encoding="utf-8").splitlines()]
    except UnicodeDecodeError:
        lines = [None]
    sums = {line[2]: line[1] for line in lines if line is not None}
    if None in lines:
        raise Damaged(f"{SUMS}: it cannot be read")
    there = {*_files(folder)}
    for name in sorted(sums.keys() ^ there):
        raise Damaged(f"{name}: it is missing" if name in sums else f"{name}: {SUMS} does not know it")
    for number, name in enumerate(sorted(there), 1):
        if _hash(folder / name) != sums[name]:
            raise Damaged(f"{name}: its SHA-256 is another than {SUMS} says")
        advance(number, len(there))
    return _manifest(folder)


def _manifest(folder: Path) -> Manifest:
    content = (folder / MANIFEST).read_bytes()
    try:
        found = msgspec.json.decode(content)
        version = found.get("format") if isinstance(found, dict) else None
        if isinstance(version, int) and version > FORMAT:
            raise Damaged(f"{MANIFEST}: a newer Fairhold made this backup; use that version or a newer one")
        manifest = msgspec.json.decode(content, type=Manifest)
    except msgspec.DecodeError as error:
        raise Damaged(f"{MANIFEST}: {error}") from None
    if not manifest.databases:
        raise Damaged(f"{MANIFEST}: it names no database")
    for number in range(1, len(manifest.databases) + 1):
        if not (folder / part(number)).is_dir():
            raise Damaged(f"{part(number)}: it is missing")
    return manifest


def _files(folder: Path) -> list[str]:
    """Every file but the sums, by its name from the folder."""
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return sorted(name for name in found if name != SUMS)


def _hash(file: Path) -> str:
    found = hashlib.sha256()
    with file.open("rb") as source:
        while piece := source.read(_PIECE):
            found.update(piece)
    return found.hexdigest()
