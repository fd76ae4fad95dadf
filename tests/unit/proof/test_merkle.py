"""Trees of every small size: roots as RFC 6962 defines them, a path for each leaf, and none for anything else."""

from hashlib import sha256

import pytest

from fairhold.proof import merkle
from fairhold.proof.heads import day_of, day_text, message, moment_text
from fairhold.proof.keys import Signer, fingerprint, is_signed


def defined(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, 2.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\x01" + defined(leaves[:k]) + defined(leaves[k:])).digest()


def contents(count: int) -> list[bytes]:
    return [str(n).encode() for n in range(count)]


@pytest.mark.parametrize("count", [*range(36), 100, 128, 129])
def test_the_root_is_the_one_that_the_rfc_defines(count: int) -> None:
    assert merkle.root([merkle.leaf(one) for one in contents(count)]) == defined(contents(count))


@pytest.mark.parametrize("count", [*range(1, 36), 100])
def test_every_leaf_has_a_path_and_no_other_leaf_place_size_or_path_leads_to_the_root(count: int) -> None:
    hashes = [merkle.leaf(one) for one in contents(count)]
    root = merkle.root(hashes)
    for index, start in enumerate(hashes):
        steps = merkle.path(hashes, index)
        assert merkle.root_by_path(start, index, count, steps) == root
        assert merkle.root_by_path(merkle.leaf(b"other"), index, count, steps) != root
        assert merkle.root_by_path(start, index, count, [*steps, root]) != root
        if steps:
            assert merkle.root_by_path(start, index, count, steps[:-1]) != root
            assert merkle.root_by_path(start, index ^ 1, count, steps) != root
        assert merkle.root_by_path(start, count, count, steps) is None
        assert merkle.root_by_path(start, -1, count, steps) is None


@pytest.mark.parametrize("count", [1, 7, 8, 9, 16, 17, 24, 65])
def test_a_path_through_a_block_and_the_roots_of_blocks_is_a_path_of_the_whole_tree(count: int) -> None:
    block = 8
    hashes = [merkle.leaf(one) for one in contents(count)]
    roots = [merkle.root(hashes[at : at + block]) for at in range(0, count, block)]
    assert merkle.root(roots) == merkle.root(hashes)
    for index, start in enumerate(hashes):
        own, place = divmod(index, block)
        steps = merkle.path(hashes[own * block : (own + 1) * block], place) + merkle.path(roots, own)
        assert merkle.root_by_path(start, index, count, steps) == merkle.root(hashes)


def test_a_head_is_signed_as_text_by_a_key_that_follows_from_the_secret() -> None:
    signer = Signer("a-secret-of-the-tests")
    text = message(20_592, bytes(32), b"\x01" * 32, 7)
    assert text.decode() == f"fairhold daily head v1\n2026-05-19\n{'00' * 32}\n{'01' * 32}\n7\n"
    assert is_signed(signer.public, signer.sign(text), text)
    assert not is_signed(signer.public, signer.sign(text), text + b" ")
    assert not is_signed(Signer("another-secret").public, signer.sign(text), text)
    assert not is_signed(b"short", b"", text)
    assert Signer("a-secret-of-the-tests").public == signer.public
    assert len(fingerprint(signer.public)) == 32


@pytest.mark.parametrize(
    "text", ["", "x", "2026-5-19", "20260519", "2026-05-32", "1969-12-31", "2026-W21-2", "0000-01-01"]
)
def test_what_names_no_day_is_none(text: str) -> None:
    assert day_of(text) is None


def test_days_and_moments_are_written_as_the_api_writes_them() -> None:
    assert day_text(20_592) == "2026-05-19"
    assert day_of("2026-05-19") == 20_592
    assert moment_text(20_592 * 86_400_000_000 + 1) == "2026-05-19T00:00:00.000001Z"
    assert moment_text(20_592 * 86_400_000_000) == "2026-05-19T00:00:00Z"
