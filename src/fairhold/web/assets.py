"""Style sheets, icons and scripts: read once, served from memory under a name that carries their hash."""

import gzip
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from starlette.requests import Request
from starlette.responses import Response

_TYPES = {
    "css": "text/css; charset=utf-8",
    "png": "image/png",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "txt": "text/plain; charset=utf-8",
}
_A_YEAR = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Asset:
    """One file as it goes over the wire; `squeezed` is empty where that would save nothing."""

    name: str
    address: str
    content: bytes
    squeezed: bytes
    media_type: str


@cache
def _own() -> tuple[Asset, ...]:
    return tuple(_assets(files("fairhold.web").joinpath("static")))


def _assets(folder: Traversable, prefix: str = "") -> Iterator[Asset]:
    for entry in folder.iterdir():
        name = prefix + entry.name
        if entry.is_dir():
            yield from _assets(entry, name + "/")
            continue
        stem, _, suffix = name.rpartition(".")
        if suffix in _TYPES:
            content = entry.read_bytes()
            address = f"{stem}.{hashlib.sha256(content).hexdigest()[:12]}.{suffix}"
            squeezed = b"" if suffix == "png" else gzip.compress(content, mtime=0)
            yield Asset(name, address, content, squeezed, _TYPES[suffix])


class Assets:
    """The static folder. `url` gives an address that changes with the content and may be kept for ever."""

    def __init__(self, folder: Traversable | None = None, mount: str = "/static") -> None:
        self._mount = mount
        found = _own() if folder is None else tuple(_assets(folder))
        self._by_address = {one.address: one for one in found}
        self._addresses = {one.name: one.address for one in found}

    def url(self, name: str) -> str:
        """Where `name` (with a fragment, `icons.svg#clock`) is to be had."""
        file, mark, fragment = name.partition("#")
        return f"{self._mount}/{self._addresses[file]}{mark}{fragment}"

    async def serve(self, request: Request) -> Response:
        """The file of that address, compressed for whoever takes it; 404 for any other."""
        asset = self._by_address.get(request.path_params["address"])
        if asset is None:
            return Response(status_code=404)
        headers = {"Cache-Control": _A_YEAR, "Vary": "Accept-Encoding"}
        if asset.squeezed and "gzip" in request.headers.get("accept-encoding", ""):
            return Response(
                asset.squeezed, media_type=asset.media_type, headers={**headers, "Content-Encoding": "gzip"}
            )
        return Response(asset.content, media_type=asset.media_type, headers=headers)
