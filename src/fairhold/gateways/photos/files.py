"""Where pictures lie: a folder, or a bucket that speaks S3. Nothing is made or asked before the first picture comes."""

import os
from abc import ABC, abstractmethod
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from fairhold.engine.installation.durable import sync
from fairhold.engine.ports.photos import PhotoFiles
from fairhold.engine.ports.store import StoreUnavailable

if TYPE_CHECKING:
    from obstore import Attributes
    from obstore.store import ObjectStore

_PATIENCE = timedelta(seconds=10)
"""How long a bucket may keep a person waiting."""


def open_files(place: str) -> PhotoFiles:
    """The files in `place`: a folder's path, or `s3://bucket/prefix`.

    A bucket's credentials, region and endpoint come from the usual variables (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY,
    AWS_REGION, AWS_ENDPOINT_URL; AWS_ALLOW_HTTP where the endpoint is not encrypted).
    """
    return Bucket(place) if place.startswith("s3://") else Folder(Path(place))


class _Files(ABC):
    """Pictures in one of obstore's stores."""

    _attributes: "Attributes | None" = None

    def __init__(self, shown: str) -> None:
        self._shown = shown

    @cached_property
    def _store(self) -> "ObjectStore":
        return self._open()

    @abstractmethod
    def _open(self) -> "ObjectStore":
        """The place, reached for the first time."""

    @abstractmethod
    def _settle(self, name: str) -> None:
        """Make a file that was written safe."""

    def put(self, name: str, content: bytes) -> None:
        """Keep a file; comes back once it is safe."""
        try:
            self._store.put(name, content, attributes=self._attributes, use_multipart=False)
            self._settle(name)
        except Exception as error:
            raise StoreUnavailable(f"The photo cannot be written to {self._shown}: {_first_line(error)}") from error

    def get(self, name: str) -> bytes:
        """The file's content."""
        try:
            return bytes(self._store.get(name).bytes())
        except Exception as error:
            raise StoreUnavailable(
                f"The photo {name} cannot be read from {self._shown}: {_first_line(error)}"
            ) from error


class Folder(_Files):
    """Pictures as files in a folder that its owner alone may enter, each on the disk once `put` comes back."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self._path = path.absolute()

    def _open(self) -> "ObjectStore":
        # Loaded by those who use it: a server starts sooner.
        from obstore.store import LocalStore

        self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return LocalStore(self._path)

    def _settle(self, name: str) -> None:
        # The file was moved to its place whole; now it, and the folders that were made for it, must outlive a power cut.
        target = self._path / name
        sync(target)
        for folder in target.parents:
            sync(folder)
            if folder == self._path.parent:
                break


class Bucket(_Files):
    """Pictures as objects of a bucket that speaks S3, which answers once they are safe."""

    _attributes: "Attributes | None" = {"Content-Type": "image/jpeg"}  # noqa: RUF012 - nobody changes it

    def _open(self) -> "ObjectStore":
        from obstore.store import S3Store

        return S3Store.from_url(
            self._shown,
            client_options={"timeout": _PATIENCE, "connect_timeout": _PATIENCE, "allow_http": _may_be_unencrypted()},
            retry_config={"max_retries": 3, "retry_timeout": _PATIENCE},
        )

    def _settle(self, name: str) -> None:
        """It was safe before the bucket answered."""


def _may_be_unencrypted() -> bool:
    """What AWS_ALLOW_HTTP says; obstore asks it only where no other option of the client is given."""
    return os.environ.get("AWS_ALLOW_HTTP", "").lower() in ("1", "true")


def _first_line(error: Exception) -> str:
    """What went wrong, without the details that obstore writes below."""
    return (str(error).splitlines() or [type(error).__name__])[0][:300]
