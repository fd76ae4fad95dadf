"""The chain of an order's events: what it fixes."""

from hashlib import sha256

from fairhold.proof.chain import commitment, head_of, linked, origin

ORDER = "0123456789abcdefghjk"
SALTS = [bytes([n]) * 16 for n in range(1, 5)]
BODIES = [b'{"type":"order_placed"}', b'{"text":"my address"}', b'{"text":"thanks"}', b"{}"]


def commitments() -> list[bytes]:
    return [commitment(salt, body) for salt, body in zip(SALTS, BODIES, strict=True)]


def test_a_link_is_the_hash_of_the_head_before_the_number_and_the_commitment() -> None:
    first = commitment(SALTS[0], BODIES[0])
    assert first == sha256(SALTS[0] + BODIES[0]).digest()
    head = sha256(origin(ORDER) + b"\x00\x00\x00\x01" + first).digest()
    assert linked(origin(ORDER), 1, first) == head == head_of(ORDER, [first])


def test_the_head_changes_with_every_event_its_place_and_the_order() -> None:
    own = commitments()
    heads = {
        head_of(ORDER, own),
        head_of(ORDER, own[:-1]),
        head_of(ORDER, own[1:]),
        head_of(ORDER, own[::-1]),
        head_of(ORDER, [*own, own[0]]),
        head_of(ORDER[::-1], own),
        head_of(ORDER, [commitment(SALTS[0], BODIES[0] + b" "), *own[1:]]),
    }
    assert len(heads) == 7
