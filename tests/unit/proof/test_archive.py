"""A ZIP that somebody sent: whatever it is, it ends in a sentence and never in a traceback or a full memory."""

import io
import random
import re
import struct
import warnings
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest

from fairhold.proof import archive
from fairhold.proof.archive import Malformed, read_archive
from fairhold.proof.verify import verify

ALLOWED = re.compile(r"[a-z]+\.txt")


def zipped(*entries: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, data in entries:
            made.writestr(name, data)
    return out.getvalue()


def refused(tmp_path: Path, data: bytes) -> str:
    path = tmp_path / "sent.zip"
    path.write_bytes(data)
    with pytest.raises(Malformed) as caught:
        read_archive(path, ALLOWED)
    return str(caught.value)


def test_files_are_read_by_name(tmp_path: Path) -> None:
    path = tmp_path / "sent.zip"
    path.write_bytes(zipped(("a.txt", b"1"), ("b.txt", b"")))
    assert read_archive(path, ALLOWED) == {"a.txt": b"1", "b.txt": b""}


GOOD = zipped(("a.txt", b"one" * 50), ("b.txt", b"two"))

HOSTILE: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "is no ZIP"),
    "a text": (b"hello" * 100, "is no ZIP"),
    "a cut one": (GOOD[:-10], "is no ZIP"),
    "half of one": (GOOD[: len(GOOD) // 2] + GOOD[-22:], "sent.zip"),
    "an absolute name": (zipped(("/etc/passwd", b"x")), "does not belong"),
    "a name that climbs": (zipped(("../a.txt", b"x")), "does not belong"),
    "a name with a line feed": (zipped(("a.txt\n", b"x")), "does not belong"),
    "a long strange name": (zipped(("\u202e" * 5000, b"x")), "does not belong"),
    "a name twice": (zipped(("a.txt", b"x"), ("a.txt", b"y")), "twice"),
    "another method": (zipped(("a.txt", b"x"), method=zipfile.ZIP_LZMA), "packed in a way"),
    "many files": (zipped(*((f"{n:040}.txt", b"") for n in range(13_000))), "more files than"),
}


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_or_broken_archive_ends_in_a_sentence(tmp_path: Path, hostile: str) -> None:
    data, complaint = HOSTILE[hostile]
    message = refused(tmp_path, data)
    assert complaint in message
    assert len(message) < 300
    assert message.isprintable()


def test_a_bomb_is_left_packed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "LARGEST", 1 << 20)
    assert "more than" in refused(tmp_path, zipped(("a.txt", bytes(100 << 20))))
    spread = zipped(*((f"{chr(97 + n)}.txt", bytes(100_000)) for n in range(20)))
    assert "more than" in refused(tmp_path, spread)


def test_a_size_that_lies_is_found(tmp_path: Path) -> None:
    data = zipped(("a.txt", b"x" * 1000), method=zipfile.ZIP_STORED)
    for said in (0, 1, 999, 1001, 2**31 - 1):
        lying = data.replace(struct.pack("<LL", 1000, 1000), struct.pack("<LL", 1000, said))
        assert lying != data
        path = tmp_path / "sent.zip"
        path.write_bytes(lying)
        try:
            found = read_archive(path, ALLOWED)
        except Malformed:
            continue
        assert len(found["a.txt"]) <= 1001


def test_a_folder_and_a_file_that_is_not_there_are_told(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nowhere.zip"):
        with pytest.raises(Malformed, match="cannot be read"):
            read_archive(path, ALLOWED)


def test_random_damage_never_ends_in_anything_but_a_sentence(tmp_path: Path) -> None:
    chance = random.Random(7)
    path = tmp_path / "sent.zip"
    for _ in range(1500):
        data = bytearray(GOOD)
        for _ in range(chance.randint(1, 6)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        path.write_bytes(bytes(data))
        with suppress(Malformed):
            read_archive(path, ALLOWED)


@pytest.mark.parametrize(
    ("manifest", "complaint"),
    [
        (b"", "not the list"),
        (b"[]", "not the list"),
        (b"[" * 100_000, "not the list"),
        (b"\xff\xfe", "not the list"),
        (b'{"format": "other"}', "not the list"),
        (b'{"format": "fairhold-evidence-bundle", "version": 1e400}', "not the list"),
    ],
)
def test_a_zip_with_the_right_names_and_nothing_in_them_is_told(
    tmp_path: Path, manifest: bytes, complaint: str
) -> None:
    names = ("manifest.sig", "events.jsonl", "order.json", "timeline.html")
    path = tmp_path / "sent.zip"
    path.write_bytes(zipped(("manifest.json", manifest), *((name, b"") for name in names)))
    with pytest.raises(Malformed, match=complaint):
        verify(path)
    path.write_bytes(zipped(("manifest.json", manifest)))
    with pytest.raises(Malformed, match=r"has no manifest\.sig"):
        verify(path)
