"""`fairhold restore`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from fairhold.cli.backup.folder import PHOTOS, Manifest, part, read
from fairhold.cli.options import Database, settings_from
from fairhold.cli.stopping import CLEAN, FOUND_SOMETHING, Stop
from fairhold.cli.stores import existing_store
from fairhold.cli.terminal import progress, say
from fairhold.engine.audit import auditing as engine_audit
from fairhold.engine.installation.policies import read_policies
from fairhold.engine.installation.settings import Settings, database_urls
from fairhold.gateways.photos.files import open_files
from fairhold.proof.keys import Signer, fingerprint
from fairhold.store.copied import Damaged, Held, Place
from fairhold.store.copies import kind_of, look, places
from fairhold.store.migrations import REVISIONS
from fairhold.wiring import photos_place


def restore(
    source: Annotated[Path, Parameter(help="The folder that `fairhold backup` wrote.")],
    /,
    *,
    verify: Annotated[
        bool, Parameter(help="Only look whether every file of it is sound and complete; 1 if not.", negative="")
    ] = False,
    replace: Annotated[
        int | None,
        Parameter(help="Replace a database that is not empty, which has so many orders; say it after having looked."),
    ] = None,
    database: Database = None,
) -> int:
    """Put a backup back into an empty database, and look whether its books add up.

    Everything is checked before anything is written, and the database is there whole or not at all. One in use is refused.
    One that is not empty is refused too, with what it has: `--replace` with the number of its orders puts the backup in
    its place. A file of SQLite that is replaced keeps a name beside it; what PostgreSQL had is gone. Exits 1 when the audit
    finds something.
    """
    settings = settings_from(database=database)
    try:
        manifest = _checked(source)
    except (Damaged, OSError) as damage:
        code = FOUND_SOMETHING if verify else 2
        raise Stop(f"{source} is damaged and cannot be restored. {damage}.", "Use another backup.", code=code) from None
    if verify:
        say(f"Sound: {source}, {manifest.orders} orders as of {manifest.began_at}, migration {_revision(manifest)}.")
        return CLEAN
    _refuse_unfit(settings, manifest)
    try:
        _put_back(settings, source, manifest, replace)
    except (Damaged, OSError) as error:
        raise Stop(f"{source} could not be restored, and nothing was changed: {error}.") from None
    return _tell(settings, manifest)


def _checked(source: Path) -> Manifest:
    """The manifest of a backup that was read whole. Raises Damaged or OSError."""
    with progress("Checking files") as advance:
        manifest = read(source, advance)
    for number, copied in enumerate(manifest.databases, 1):
        with progress("Checking the database") as advance:
            found = look(copied.kind, source / part(number), advance)
        if found.rows != copied.rows:
            raise Damaged(f"{part(number)}: its tables have other rows than manifest.json says")
    return manifest


def _revision(manifest: Manifest) -> str:
    return manifest.databases[0].revision


def _refuse_unfit(settings: Settings, manifest: Manifest) -> None:
    kinds = {copied.kind for copied in manifest.databases}
    if kinds != {kind_of(settings.database)}:
        raise Stop(
            f"The backup is one of {' and '.join(sorted(kinds))}, and {settings.database_shown} is not.",
            "Name a database of the same kind with --database or FAIRHOLD_DATABASE.",
        )
    urls = len(database_urls(settings.database))
    if urls != len(manifest.databases):
        raise Stop(
            f"The backup has {len(manifest.databases)} databases, and FAIRHOLD_DATABASE names {urls}.",
            "Name as many empty ones, in any order.",
        )
    known = {revision.id for revision in REVISIONS}
    for copied in manifest.databases:
        if copied.revision not in known:
            raise Stop(
                f"The backup has seen migration {copied.revision}, which this Fairhold does not know.",
                f"Use version {manifest.fairhold} or a newer one.",
            )


def _put_back(settings: Settings, source: Path, manifest: Manifest, replace: int | None) -> None:
    with places(settings.database) as found:
        _refuse_occupied(settings, manifest, found, replace)
        _put_photos_back(settings, source)
        for number, (place, copied) in enumerate(zip(found, manifest.databases, strict=True), 1):
            with progress("Restoring the database") as advance:
                place.load(source / part(number), copied, advance)
        for place in found:
            before = place.keep()
            if before is not None:
                say(f"What was there before is {before} now.")


def _refuse_occupied(settings: Settings, manifest: Manifest, found: Sequence[Place], replace: int | None) -> None:
    helds = [held for held in (place.held() for place in found) if held is not None]
    if all(held.empty for held in helds):
        return _refuse_other_tables(settings, manifest, helds)
    orders = sum(held.orders for held in helds)
    if replace is None:
        raise Stop(
            f"{settings.database_shown} is not empty: it has {orders} orders.",
            f"Name an empty database, or, to put the backup in the place of all that: --replace {orders}",
        )
    if replace != orders:
        raise Stop(f"{settings.database_shown} has {orders} orders, not {replace}.", "Look again at what it is.")
    return _refuse_other_tables(settings, manifest, helds)


def _refuse_other_tables(settings: Settings, manifest: Manifest, helds: Sequence[Held]) -> None:
    """Tables of PostgreSQL are filled, not made anew: so they must be those of the backup."""
    if kind_of(settings.database) == "sqlite":
        return
    for held in helds:
        if held.revision != _revision(manifest):
            raise Stop(
                f"{settings.database_shown} has tables of migration {held.revision or 'none'}, the backup of"
                f" {_revision(manifest)}.",
                "Name a database without tables.",
            )


def _put_photos_back(settings: Settings, source: Path) -> None:
    folder = source / PHOTOS
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    if not names:
        return
    files = open_files(photos_place(settings))
    with progress("Restoring photos") as advance:
        for number, name in enumerate(names, 1):
            files.put(name, (folder / name).read_bytes())
            advance(number, len(names))


def _tell(settings: Settings, manifest: Manifest) -> int:
    key = fingerprint(Signer(settings.secret).public) if settings.secret else None
    if not manifest.secret_inside and manifest.key not in (None, key):
        say(
            f"FAIRHOLD_SECRET is not the one of this installation, whose key is {manifest.key}: with another one nobody"
            " stays signed in, and what it seals (second factors, secrets of webhooks) cannot be read."
        )
    if manifest.photos is None:
        say("The backup has no photos: give the installation the place that they lie in (FAIRHOLD_PHOTOS).")
    if _revision(manifest) != REVISIONS[-1].id:
        say(
            f"Restored: {manifest.orders} orders as of {manifest.began_at}. Run `fairhold migrate`, then `fairhold audit`."
        )
        return CLEAN
    with existing_store(settings) as store, progress("Auditing") as advance:
        findings = engine_audit.audit(store, advance, read_policies(settings.policy).today)
    for finding in findings:
        say(str(finding))
    verdict = f"{len(findings)} findings." if findings else "The books add up."
    say(f"Restored: {manifest.orders} orders as of {manifest.began_at}. {verdict}")
    return FOUND_SOMETHING if findings else CLEAN
