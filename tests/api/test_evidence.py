"""Heads and evidence bundles: who gets them, what they hold, and that what was tampered with is found offline."""

import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from fairhold.domain.ids import order_number
from fairhold.proof.archive import Malformed
from fairhold.proof.bundle import signed_text
from fairhold.proof.chain import head_of
from fairhold.proof.keys import Signer
from fairhold.proof.verify import Verdict, verify
from fairhold.wiring import Application
from tests.api.client import Client
from tests.api.deals import Deal, advance, at_noon, place

SECRET = "a-secret-of-the-tests"


def packed(deal: Deal, client: Client | None = None, **headers: str) -> bytes:
    response = (client or deal.buyer).get(f"{deal.url}/evidence-bundle", **headers)
    assert response.status == 200, response.body
    return response.body


def files_of(bundle: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def check(folder: Path, bundle: bytes, key: str | None = None) -> Verdict:
    path = folder / "bundle.zip"
    path.write_bytes(bundle)
    return verify(path, key)


def signed_again(files: dict[str, bytes], secret: str, change: Callable[[Any], None] = lambda manifest: None) -> bytes:
    """The bundle as somebody with that secret would issue it, with these files."""
    signer = Signer(secret)
    manifest = json.loads(files["manifest.json"])
    manifest["files"] = {n: sha256(d).hexdigest() for n, d in files.items() if not n.startswith("manifest.")}
    manifest["public_key"] = signer.public.hex()
    manifest["fingerprint"] = sha256(signer.public).hexdigest()[:32]
    change(manifest)
    text = json.dumps(manifest).encode()
    return zipped({**files, "manifest.json": text, "manifest.sig": signer.sign(signed_text(text)).hex().encode()})


def lines_of(files: dict[str, bytes]) -> list[Any]:
    return [json.loads(line) for line in files["events.jsonl"].splitlines()]


def with_lines(files: dict[str, bytes], lines: list[Any]) -> dict[str, bytes]:
    return {**files, "events.jsonl": "".join(json.dumps(line) + "\n" for line in lines).encode()}


@pytest.fixture
def deal(operator: Client) -> Deal:
    """Confirmed in part, and a day and more over."""
    at_noon(operator)
    deal = place(operator).deliver()
    deal.buyer.post(f"{deal.url}/receipt", {"lines": deal.lines[:1], "acknowledged": True})
    advance(operator, 2)
    return deal


def test_heads_are_public_and_signed_with_the_published_key(operator: Client, deal: Deal) -> None:
    nobody = operator.by(None, key=None)
    listed = nobody.get("/v1/heads").json
    assert [head["count"] for head in listed["items"]] == [1] * len(listed["items"])
    newest = listed["items"][0]
    assert newest["fingerprint"] == listed["fingerprint"]
    assert nobody.get(f"/v1/heads/{newest['day']}").json == newest
    assert operator.by("buyer:eve").get("/v1/heads").json == listed
    assert nobody.get("/v1/heads", authorization="Bearer wrong").json == listed
    page = nobody.get("/v1/heads?limit=1").json
    assert page["items"] == listed["items"][:1]
    rest = nobody.get(f"/v1/heads?limit=200&cursor={page['next']}").json
    assert rest["items"] == listed["items"][1:]
    for nothing in ("2001-01-01", "yesterday", "2001-1-1", "%00", "9" * 400):
        response = nobody.get(f"/v1/heads/{nothing}")
        assert (response.status, response.code) == (404, "head_not_found")
    assert nobody.get("/v1/heads?cursor=x").field == "cursor"
    assert nobody.get("/v1/heads?limit=0").status == 422


def test_a_bundle_is_a_file_with_a_name_for_parties_and_staff_alone(operator: Client, deal: Deal) -> None:
    response = deal.buyer.get(f"{deal.url}/evidence-bundle")
    assert response.headers["content-type"] == "application/zip"
    assert response.headers["content-disposition"] == (
        f'attachment; filename="fairhold-evidence-{order_number(deal.id)}.zip"'  # type: ignore[arg-type]
    )
    assert response.headers["cache-control"] == "no-store"
    for actor in ("seller:shop-7", "mediator:mia", "support:sam", "operator:ops"):
        assert operator.by(actor).get(f"{deal.url}/evidence-bundle").status == 200
    for actor in ("buyer:eve", "seller:shop-8"):
        theirs = operator.by(actor).get(f"{deal.url}/evidence-bundle")
        none = operator.by(actor).get(f"/v1/orders/{'0' * 20}/evidence-bundle")
        assert (theirs.status, theirs.code, theirs.body) == (404, "not_found", none.body)


def test_an_untouched_bundle_is_sound_and_says_what_it_proves(tmp_path: Path, operator: Client, deal: Deal) -> None:
    fingerprint = operator.get("/v1/heads").json["fingerprint"]
    verdict = check(tmp_path, packed(deal), fingerprint.upper())
    assert verdict.faults == ()
    assert (verdict.order, verdict.fingerprint) == (deal.id, fingerprint)
    events = len(deal.buyer.get(f"{deal.url}/events").json["items"])
    assert f"{events} of {events} events" in " ".join(verdict.proved)
    assert f"Events 1 to {events} stand under the head of" in " ".join(verdict.proved)
    assert any("compare its root with" in sentence for sentence in verdict.open)
    assert any("Whose key" in sentence for sentence in check(tmp_path, packed(deal)).open)


def test_before_a_day_is_over_a_bundle_says_that_no_head_covers_it(tmp_path: Path, operator: Client) -> None:
    deal = place(operator)
    verdict = check(tmp_path, packed(deal))
    assert verdict.faults == ()
    assert any("no daily head covers this order yet" in sentence for sentence in verdict.open)
    advance(operator, 1.2)
    deal = place(operator).pay()
    advance(operator, 1.2)
    deal.ship()
    verdict = check(tmp_path, packed(deal))
    assert verdict.faults == ()
    assert any("When events 3 to 3 were written" in sentence for sentence in verdict.open)


def test_the_seller_s_bundle_has_the_payment_s_commitment_and_not_its_means(
    tmp_path: Path, operator: Client, deal: Deal
) -> None:
    theirs = packed(deal, operator.by("seller:shop-7"))
    assert b"sandbox:ok" not in b"".join(files_of(theirs).values())
    assert b"sandbox:ok" in files_of(packed(deal))["events.jsonl"]
    verdict = check(tmp_path, theirs)
    assert verdict.faults == ()
    assert any("What events 2 said: they are not for whoever" in sentence for sentence in verdict.open)


@pytest.mark.parametrize(("language", "words"), [("ru", "Получение подтверждено"), ("en", "Receipt confirmed")])
def test_the_timeline_is_one_page_in_the_reader_s_language_that_asks_nothing_of_others(
    deal: Deal, language: str, words: str
) -> None:
    files = files_of(packed(deal, accept_language=language))
    page = files["timeline.html"].decode()
    assert f'<html lang="{language}">' in page
    assert words in page
    assert "TRACK-1" in page
    assert not re.search(r"<script|<link|https?://|@import|url\(", page)
    assert json.loads(files["order.json"])["id"] == deal.id
    assert json.loads(files["manifest.json"])["language"] == language


def test_what_people_wrote_is_no_markup_in_the_timeline(operator: Client) -> None:
    line = {"sku": "x", "title": "<script>alert(1)</script>", "quantity": 1, "unit_price": 1}
    page = files_of(packed(place(operator, lines=[line])))["timeline.html"].decode()
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_whatever_is_changed_in_a_bundle_is_found(tmp_path: Path, deal: Deal) -> None:
    files = files_of(packed(deal))
    for name, data in files.items():
        for position in range(0, len(data), max(1, len(data) // 6)):
            changed = {**files, name: data[:position] + bytes([data[position] ^ 1]) + data[position + 1 :]}
            try:
                faults = check(tmp_path, zipped(changed)).faults
            except Malformed:
                continue
            assert faults != (), f"{name} at {position}"
    manifest = json.loads(files["manifest.json"])
    assert set(manifest["files"]) == files.keys() - {"manifest.json", "manifest.sig"}


TAMPERED: dict[str, tuple[Callable[[list[Any]], list[Any]], str]] = {
    "an amount": (
        lambda lines: _rewritten(lines, 2, '"amount":530000', '"amount":53000'),
        "event 2: its text is not what",
    ),
    "a missing event": (lambda lines: lines[:-1], "says"),
    "a gap": (lambda lines: lines[:1] + lines[2:], "numbered"),
    "two events swapped": (lambda lines: [*lines[:1], _as(lines[2], 2), _as(lines[1], 3), *lines[3:]], "chain"),
    "another time beside the text": (lambda lines: _said(lines, 2, at="2020-01-01T00:00:00Z"), "«at» differs"),
    "another person beside the text": (lambda lines: _said(lines, 2, by="buyer:eve"), "«by» differs"),
    "a text that is none": (lambda lines: _committed(lines, 2, "no JSON"), "cannot be read"),
    "a text that was committed to anew": (
        lambda lines: _committed(lines, 2, lines[1]["body"].replace("530000", "53000")),
        "chain",
    ),
    "a salt without a text": (lambda lines: _said(lines, 2, body=None), "a salt and no text"),
}


def _said(lines: list[Any], seq: int, **changed: Any) -> list[Any]:
    return [{**line, **changed} if line["seq"] == seq else line for line in lines]


def _as(line: Any, seq: int) -> Any:
    return {**line, "seq": seq}


def _rewritten(lines: list[Any], seq: int, old: str, new: str) -> list[Any]:
    assert old in lines[seq - 1]["body"]
    return _said(lines, seq, body=lines[seq - 1]["body"].replace(old, new))


def _committed(lines: list[Any], seq: int, body: str) -> list[Any]:
    salt = bytes.fromhex(lines[seq - 1]["salt"])
    return _said(lines, seq, body=body, commitment=sha256(salt + body.encode()).hexdigest())


@pytest.mark.parametrize("tampered", TAMPERED)
def test_even_whoever_holds_the_key_cannot_issue_another_history_unnoticed(
    tmp_path: Path, deal: Deal, tampered: str
) -> None:
    change, complaint = TAMPERED[tampered]
    files = files_of(packed(deal))
    verdict = check(tmp_path, signed_again(with_lines(files, change(lines_of(files))), SECRET))
    assert any(complaint in fault for fault in verdict.faults), verdict.faults


def test_a_history_that_was_rewritten_whole_does_not_lead_to_the_signed_head(tmp_path: Path, deal: Deal) -> None:

    files = files_of(packed(deal))
    lines = _committed(lines_of(files), 2, lines_of(files)[1]["body"].replace("530000", "53000"))
    head = head_of(deal.id, [bytes.fromhex(line["commitment"]) for line in lines]).hex()
    forged = signed_again(with_lines(files, lines), SECRET, lambda manifest: manifest.update(head=head))
    assert any("do not lead to its root" in fault for fault in check(tmp_path, forged).faults)


HEADS: dict[str, tuple[dict[str, Any], str]] = {
    "another root": ({"root": "00" * 32}, "not signed with the key"),
    "another count": ({"count": 2}, "not signed with the key"),
    "another day": ({"day": "2026-01-01"}, "not signed with the key"),
    "no day": ({"day": "today"}, "of no day"),
    "a longer path": ({"path": ["00" * 32]}, "do not lead to its root"),
    "another place": ({"index": 1}, "do not lead to its root"),
    "fewer events": ({"seq": 1}, "do not lead to its root"),
    "more events": ({"seq": 99}, "there are"),
}


@pytest.mark.parametrize("changed", HEADS)
def test_a_changed_proof_of_the_daily_head_is_found(tmp_path: Path, deal: Deal, changed: str) -> None:
    values, complaint = HEADS[changed]
    forged = signed_again(files_of(packed(deal)), SECRET, lambda manifest: manifest["daily_head"].update(values))
    assert any(complaint in fault for fault in check(tmp_path, forged).faults)


def test_somebody_else_s_bundle_is_told_from_the_marketplace_s_by_its_key(
    tmp_path: Path, operator: Client, deal: Deal
) -> None:
    own = operator.get("/v1/heads").json["fingerprint"]
    forged = signed_again(files_of(packed(deal)), "another-secret-altogether")
    assert any("not with the one given" in fault for fault in check(tmp_path, forged, own).faults)
    without_key = check(tmp_path, forged)
    assert without_key.faults == ()
    assert any(f"Whose key {own} is" in sentence for sentence in without_key.open)


def test_photos_that_events_name_are_packed_and_checked_against_them(
    tmp_path: Path, application: Application, deal: Deal
) -> None:
    data = b"\xff\xd8 a photo"
    photo = {"id": "ph_1", "sha256": sha256(data).hexdigest()}
    files = files_of(packed(deal))
    lines = lines_of(files)
    body = json.loads(lines[1]["body"])
    named = _committed(lines, 2, json.dumps({**body, "dispute": {"evidence": [photo]}}))

    def issued(more: Mapping[str, bytes], missing: tuple[str, ...] = ()) -> Verdict:

        head = head_of(deal.id, [bytes.fromhex(line["commitment"]) for line in named]).hex()

        def change(manifest: Any) -> None:
            manifest.update(head=head, daily_head=None, missing_photos=list(missing))

        return check(tmp_path, signed_again({**with_lines(files, named), **more}, SECRET, change))

    assert issued({"photos/ph_1.jpg": data}).faults == ()
    assert any("1 photos are those" in sentence for sentence in issued({"photos/ph_1.jpg": data}).proved)
    assert any("not the photo that" in fault for fault in issued({"photos/ph_1.jpg": b"other"}).faults)
    assert any("is named by an event and missing" in fault for fault in issued({}).faults)
    assert issued({}, ("ph_1",)).faults == ()
    stray = issued({"photos/ph_1.jpg": data, "photos/ph_2.jpg": data})
    assert any("no event names this photo" in fault for fault in stray.faults)
