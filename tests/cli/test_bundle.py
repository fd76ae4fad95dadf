"""`fairhold audit --bundle`: what somebody without a database learns of a file that was sent to them."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from fairhold.domain.instants import DAY
from fairhold.engine.audit.evidence import File
from fairhold.proof.bundle import EVENTS, ORDER, TIMELINE
from fairhold.proof.keys import Signer, fingerprint
from tests.builders import BUYER
from tests.cli.conftest import Type
from tests.engine.market import Market

SECRET = "a-secret-of-the-tests"
KEY = fingerprint(Signer(SECRET).public)


def told(file: File) -> Mapping[str, bytes]:
    return {TIMELINE: b"<p>what happened</p>", ORDER: b"{}"}


@pytest.fixture
def sent(folder: Path) -> Path:
    """The bundle of a paid order whose day is over; the database it came from is gone."""
    market = Market(folder / "market.db", secret=SECRET)
    order = market.paid()
    market.advance(DAY)
    market.app.sealer.finish()
    path = folder / "sent.zip"
    path.write_bytes(market.app.evidence.bundle(order.id, BUYER, market.clock.now(), "en", told))
    market.app.close()
    for left in folder.glob("market.db*"):
        left.unlink()
    return path


def test_a_sound_bundle_is_told_with_what_it_proves_and_what_not(sent: Path, typed: Type) -> None:
    done = typed("audit", "--bundle", sent, "--key", KEY)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Sound: sent.zip, order ")
    assert "Proved:\n- Whoever holds the key given" in done.out
    assert "Not proved by this file:\n- " in done.out
    assert "Whose key" not in done.out
    assert "Whose key" in typed("audit", "--bundle", sent).out


def test_a_bundle_in_json(sent: Path, typed: Type) -> None:
    told = typed("audit", "--bundle", sent, "--json").json
    assert (told["bundle"], told["fingerprint"], told["faults"]) == ("sound", KEY, [])


def test_a_changed_bundle_exits_1_and_names_the_place(sent: Path, folder: Path, typed: Type) -> None:
    forged = folder / "forged.zip"
    with zipfile.ZipFile(sent) as good, zipfile.ZipFile(forged, "w") as bad:
        for name in good.namelist():
            data = good.read(name)
            bad.writestr(name, data.replace(b"2500", b"2400") if name == EVENTS else data)
    done = typed("audit", "--bundle", forged)
    assert done.code == 1
    assert "events.jsonl, event 2: its text is not what was committed to." in done.out
    assert "Not sound" in done.out
    assert typed("audit", "--bundle", forged, "--json").json["bundle"] == "broken"


def test_another_key_exits_1(sent: Path, typed: Type) -> None:
    done = typed("audit", "--bundle", sent, "--key", "0" * 32)
    assert done.code == 1
    assert "not with the one given" in done.out


@pytest.mark.parametrize("content", [None, b"", b"PK", b"no zip at all"])
def test_what_is_no_bundle_exits_1_with_a_sentence(
    folder: Path, typed: Type, content: bytes | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if content is not None:
        (folder / "odd.zip").write_bytes(content)
    done = typed("audit", "--bundle", "odd.zip")
    assert done.code == 1
    assert "odd.zip" in done.out
    assert "Traceback" not in done.out + done.err


def test_a_key_without_a_bundle_is_asked_back(typed: Type) -> None:
    done = typed("audit", "--key", KEY)
    assert done.code == 2
    assert "--bundle FILE" in done.err
