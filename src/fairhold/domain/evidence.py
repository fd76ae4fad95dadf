"""What is laid before the other side and the mediator: photos, each named by the hash of its bytes."""

import msgspec


class Evidence(msgspec.Struct, frozen=True, gc=False):
    """A photo as it was stored: `sha256` is the hash of its bytes (64 hexadecimal digits), so no other can take its place."""

    id: str
    sha256: str
