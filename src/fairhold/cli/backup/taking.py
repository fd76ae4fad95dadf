"""`fairhold backup`."""

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

import fairhold
from fairhold.cli.backup.folder import FORMAT, PHOTOS, Manifest, Pictures, finish, growing, part
from fairhold.cli.options import Database, settings_from
from fairhold.cli.stopping import CLEAN, FOUND_SOMETHING, Stop
from fairhold.cli.stores import existing_store
from fairhold.cli.terminal import progress, say
from fairhold.engine.installation.clock import SystemClock
from fairhold.engine.installation.settings import Settings
from fairhold.engine.intake.photos import name_of
from fairhold.engine.ports.photos import Photo, PhotoFiles
from fairhold.engine.ports.store import StoreUnavailable
from fairhold.gateways.photos.files import open_files
from fairhold.proof.keys import Signer, fingerprint
from fairhold.store.copied import Copied, Damaged
from fairhold.store.copies import moments
from fairhold.store.urls import is_postgres, sqlite_path
from fairhold.wiring import photos_place
from fairhold.wiring.building import SECRET_SETTING
from fairhold.words.dates import to_the_second


def backup(
    target: Annotated[Path, Parameter(help="The folder to write; it must not exist yet.")],
    /,
    *,
    photos: Annotated[bool, Parameter(help="Copy the photos, too; --no-photos leaves them out.")] = True,
    database: Database = None,
) -> int:
    """Write a copy of everything, as it is at one moment, to a new folder. Servers may go on meanwhile.

    Of SQLite it has the file, of PostgreSQL every table, read in one snapshot; and the photos that the rows name. Each
    file is checked, hashed and on the disk before the folder gets its name. FAIRHOLD_SECRET is not in it, where there is
    one: keep that apart. Whoever reads the folder reads all orders and addresses. `fairhold restore` puts it back.
    """
    settings = settings_from(database=database)
    if target.exists() or target.is_symlink():
        raise Stop(f"{target} is there already, and a backup overwrites nothing.", "Choose another name.")
    with existing_store(settings, migrated=False) as store:
        store.lanes()  # of several databases, all of them
        kept = store.setting(SECRET_SETTING)
    _refuse_without_room(settings, target)
    secret = settings.secret or kept
    try:
        with growing(target) as draft:
            began = to_the_second(SystemClock().now())
            copies, pictures = _write(settings, draft, photos=photos)
            manifest = Manifest(
                format=FORMAT,
                fairhold=fairhold.__version__,
                began_at=began,
                ended_at=to_the_second(SystemClock().now()),
                databases=copies,
                orders=sum(copy.rows["orders"] for copy in copies),
                photos=pictures,
                key=fingerprint(Signer(secret).public) if secret else None,
                secret_inside=not settings.secret and kept is not None,
            )
            with progress("Hashing") as advance:
                finish(draft, target, manifest, advance)
    except (OSError, Damaged) as error:
        raise Stop(f"The backup to {target} failed: {error}.", "Check the folder and the room on its disk.") from None
    return _tell(target, manifest)


def _refuse_without_room(settings: Settings, target: Path) -> None:
    if is_postgres(settings.database) or not target.absolute().parent.is_dir():
        return
    needed = sqlite_path(settings.database).stat().st_size
    free = shutil.disk_usage(target.absolute().parent).free
    if free < needed:
        raise Stop(
            f"The disk of {target} has {free >> 20} MB left, and the database is {needed >> 20} MB.", "Make room first."
        )


def _write(settings: Settings, draft: Path, *, photos: bool) -> tuple[tuple[Copied, ...], Pictures | None]:
    copies: list[Copied] = []
    with moments(settings.database) as found:
        for number, moment in enumerate(found, 1):
            folder = draft / part(number)
            folder.mkdir(mode=0o700)
            name = part(number) if len(found) > 1 else "the database"
            with progress(f"Copying {name}") as advance:
                copies.append(moment.write(folder, advance))
        knowing = [moment for moment, copy in zip(found, copies, strict=True) if "photos" in copy.rows]
        rows = [photo for moment in knowing for photo in moment.photos()] if photos else []
    # Files are only ever added, and before their row: every photo that the copy knows of is there by now.
    return tuple(copies), _copy_photos(open_files(photos_place(settings)), rows, draft / PHOTOS) if photos else None


def _copy_photos(files: PhotoFiles, photos: Iterable[Photo], folder: Path) -> Pictures:
    rows = list(photos)
    missing = []
    with progress("Copying photos") as advance:
        for number, photo in enumerate(rows, 1):
            for name in (name_of(photo, thumb=False), name_of(photo, thumb=True)):
                try:
                    content = files.get(name)
                except StoreUnavailable:
                    missing.append(name)
                    continue
                (folder / name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                (folder / name).write_bytes(content)
            advance(number, len(rows))
    return Pictures(len(rows), tuple(missing))


def _tell(target: Path, manifest: Manifest) -> int:
    size = sum(path.stat().st_size for path in target.rglob("*") if path.is_file())
    with_photos = f", {manifest.photos.count} photos" if manifest.photos is not None else ", without photos"
    say(
        f"{target}: {manifest.orders} orders{with_photos}, {size} bytes, checked. Put it back: fairhold restore {target}"
    )
    if manifest.secret_inside:
        say("The installation's secret is inside, in the database: whoever has this folder can sign in its name.")
    else:
        say(f"FAIRHOLD_SECRET is not inside: keep it apart.{f' Its key is {manifest.key}.' if manifest.key else ''}")
    if manifest.photos is not None and manifest.photos.missing:
        say(f"{len(manifest.photos.missing)} pictures could not be read, first {manifest.photos.missing[0]}.")
        return FOUND_SOMETHING
    return CLEAN
