"""What proves a word in a dispute: a photo by its name, with the hash of its bytes, so that the order vouches for it."""

from typing import NewType

import msgspec

PhotoId = NewType("PhotoId", str)


class Evidence(msgspec.Struct, frozen=True, gc=False):
    """A photo in evidence. `sha256` is of the bytes as they are stored and served, in 64 hexadecimal digits."""

    id: PhotoId
    sha256: str
