"""What was written to a file, or is named in a folder, is on the disk before one goes on."""

import os
from pathlib import Path


def sync(path: Path) -> None:
    """Have the file's bytes, or the folder's names, on the disk. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
