"""Photos over HTTP: in as a form, out as a plain picture for those who may see it, and nothing else ever."""

import asyncio
import hashlib
import io
import json
import re
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from fairhold import access, uploads
from fairhold.api.app import face
from fairhold.domain.actors import Actor, Role
from fairhold.domain.evidence import PhotoId
from fairhold.domain.ids import OrderId, PersonId
from fairhold.domain.instants import DAY, Instant
from fairhold.domain.order import Order
from fairhold.engine.installation.settings import Settings
from fairhold.engine.intake.photos import ID_PATTERN
from fairhold.engine.ports.photos import MOST_BYTES
from fairhold.wiring import Application, build
from tests.api.client import BOUNDARY, KEY, Client, part
from tests.api.deals import place
from tests.gateways.pictures import jpeg, png, telling


@dataclass
class Opened:
    """A picture as it was served."""

    image: Image.Image

    @classmethod
    def of(cls, content: bytes) -> "Opened":
        return cls(Image.open(io.BytesIO(content)))


@pytest.fixture
def ann(operator: Client) -> Client:
    return operator.by("buyer:ann")


def stored(application: Application) -> list[Path]:
    database = Path(application.settings.database.removeprefix("sqlite:///"))
    return sorted(path for path in database.with_name("test-photos").rglob("*") if path.is_file())


def test_a_photo_is_taken_and_served_to_its_owner_in_two_sizes(ann: Client) -> None:
    answer = ann.upload(jpeg(3000, 2000))
    assert answer.status == 201
    told = answer.json
    assert set(told) == {"id", "sha256", "width", "height", "size"}
    assert re.match(ID_PATTERN, told["id"])
    full, thumb = ann.get(f"/v1/photos/{told['id']}"), ann.get(f"/v1/photos/{told['id']}?size=thumb")
    assert (full.status, thumb.status) == (200, 200)
    assert hashlib.sha256(full.body).hexdigest() == told["sha256"]
    assert len(full.body) == told["size"]
    assert Opened.of(full.body).image.size == (told["width"], told["height"]) == (2400, 1600)
    assert Opened.of(thumb.body).image.size == (400, 267)
    assert ann.get(f"/v1/photos/{told['id']}?size=full").body == full.body
    head = ann.send("HEAD", f"/v1/photos/{told['id']}")
    assert (head.status, head.body, head.headers["content-length"]) == (200, b"", str(told["size"]))


def test_a_picture_is_served_so_that_it_can_be_nothing_but_a_picture(ann: Client) -> None:
    response = ann.get(f"/v1/photos/{ann.upload(jpeg()).json['id']}")
    headers = response.headers
    assert headers["content-type"] == "image/jpeg"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert headers["cache-control"] == "private, max-age=31536000, immutable"
    assert headers["vary"] == "Authorization, Fairhold-Actor"
    assert headers["content-disposition"] == 'inline; filename="photo.jpg"'
    assert "content-language" not in headers


def test_where_and_with_what_a_photo_was_taken_is_gone(ann: Client, application: Application) -> None:
    sent = telling()
    assert b"SecretCamera" in sent
    assert ann.upload(sent).status == 201
    contents = [path.read_bytes() for path in stored(application)]
    assert len(contents) == 2
    for content in contents:
        assert b"Secret" not in content
        assert dict(Opened.of(content).image.getexif()) == {}


def test_the_same_file_by_the_same_person_is_the_same_photo(ann: Client, application: Application) -> None:
    first, again = ann.upload(jpeg()), ann.upload(jpeg(), filename="another.png", idempotency_key="any")
    assert (again.status, again.json) == (first.status, first.json)
    others = [ann.by(who).upload(jpeg()).json for who in ("buyer:bob", "seller:ann", "support:sam")]
    ids = {first.json["id"], *(other["id"] for other in others)}
    assert len(ids) == 4
    assert {other["sha256"] for other in others} == {first.json["sha256"]}
    assert len(stored(application)) == 8


def test_identical_photos_sent_at_the_same_time_are_one(application: Application) -> None:
    answers: list[tuple[int, bytes]] = []

    def send() -> None:
        with asyncio.Runner() as runner:
            response = Client(face(application), runner, "buyer:ann").upload(jpeg())
            answers.append((response.status, response.body))

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 8
    assert len(set(answers)) == 1
    assert answers[0][0] == 201
    assert len(stored(application)) == 2


def test_a_name_cannot_be_made_from_what_a_stranger_knows(tmp_path: Path) -> None:
    ids: list[str] = []
    for secret in ("a-secret-of-the-tests", "another-secret-of-the-tests"):
        database = tmp_path / f"{len(ids)}.db"
        application = build(Settings(database=f"sqlite:///{database}", secret=secret, operator_key=KEY, sandbox=True))
        with asyncio.Runner() as runner:
            ids.append(Client(face(application), runner, "buyer:ann").upload(jpeg()).json["id"])
        application.close()
    assert ids[0] != ids[1]


@pytest.mark.parametrize("who", ["buyer:eve", "seller:shop-7", "seller:ann", "buyer:Ann"])
def test_a_strangers_photo_is_answered_exactly_as_one_that_does_not_exist(ann: Client, who: str) -> None:
    name = ann.upload(jpeg()).json["id"]
    theirs = ann.by(who).get(f"/v1/photos/{name}")
    assert (theirs.status, theirs.code) == (404, "not_found")
    for nowhere in ("0" * 26, name[:-1], name.upper(), "..", "..%2f..%2fetc", "x" * 3000, "\0", "ф"):
        response = ann.by(who).get(f"/v1/photos/{nowhere}")
        assert response.status == 404
        assert response.body == theirs.body


@pytest.mark.parametrize("who", ["mediator:mia", "support:sam", "operator:ops"])
def test_staff_see_every_photo(ann: Client, who: str) -> None:
    assert ann.by(who).get(f"/v1/photos/{ann.upload(jpeg()).json['id']}").status == 200


def test_the_other_party_sees_a_photo_once_their_order_shows_it(
    operator: Client, application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    deal = place(operator)
    name = deal.buyer.upload(jpeg()).json["id"]
    seller = operator.by("seller:shop-7")
    assert seller.get(f"/v1/photos/{name}").status == 404
    attached = application.photos.attach([name], Actor(Role.BUYER, PersonId("ann")), OrderId(deal.id))
    assert isinstance(attached, tuple)
    # Attached is not yet shown: only the order's own word counts.
    assert seller.get(f"/v1/photos/{name}").status == 404

    def shown(order: Order) -> frozenset[PhotoId]:
        return frozenset({PhotoId(name)}) if order.id == deal.id else frozenset()

    monkeypatch.setattr(access, "photos_shown", shown)
    assert seller.get(f"/v1/photos/{name}").status == 200
    for stranger in ("seller:shop-8", "buyer:eve"):
        assert operator.by(stranger).get(f"/v1/photos/{name}").status == 404


REFUSED = {
    "an SVG called a JPEG": (
        b"<svg onload=alert(1) xmlns='http://www.w3.org/2000/svg'/>",
        422,
        "unsupported_photo_type",
    ),
    "a page": (b"<!doctype html><script>alert(1)</script>", 422, "unsupported_photo_type"),
    "an empty file": (b"", 422, "unsupported_photo_type"),
    "half a photo": (jpeg()[:-3000], 422, "photo_unreadable"),
    "50 000 by 50 000 pixels": (png(50_000, 50_000), 422, "photo_too_many_pixels"),
    "a pixel": (png(1, 1, b"\0" * 4), 422, "photo_too_small"),
    "more than 10 MB": (jpeg() + b"\0" * MOST_BYTES, 413, "photo_too_large"),
    "a byte more than 10 MB": (jpeg().ljust(MOST_BYTES + 1, b"\0"), 413, "photo_too_large"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_photo_is_refused_and_leaves_nothing(ann: Client, application: Application, name: str) -> None:
    content, status, code = REFUSED[name]
    response = ann.upload(content)
    assert (response.status, response.code, response.field) == (status, code, "file")
    assert stored(application) == []


def test_a_file_of_exactly_10_mb_is_taken(ann: Client) -> None:
    assert ann.upload(jpeg().ljust(MOST_BYTES, b"\0")).status == 201


@pytest.mark.parametrize(
    "filename",
    [
        "../../../etc/passwd",
        "..\\..\\x.exe",
        "/etc/passwd",
        "C:\\a.jpg",
        "a\0b.jpg",
        "x" * 3000,
        "",
        "пёс.jpg",
        "%00",
        "a;b",
    ],
)
def test_what_a_file_is_called_means_nothing(
    ann: Client, application: Application, tmp_path: Path, filename: str
) -> None:
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    assert ann.upload(jpeg(), filename=filename).status == 201
    new = {path for path in tmp_path.rglob("*") if path.is_file()} - before
    assert {path for path in new if "test.db" not in path.name} == set(stored(application))


FORMS = {
    "nothing": ([], 422, "missing_field", "file"),
    "another field": ([part(b"x", "text", None)], 422, "unknown_field", "text"),
    "a field beside the file": ([part(jpeg()), part(b"x", "text", None)], 422, "unknown_field", "text"),
    "a field with a name that cannot be shown": ([part(b"x", "\x01", None)], 422, "unknown_field", "?"),
    "two files": ([part(jpeg()), part(jpeg())], 422, "duplicate_field", "file"),
    "many files": ([part(b"x")] * 1000, 422, "malformed_form", None),
    "many fields": ([part(b"x", "a", None)] * 1000, 422, "malformed_form", None),
    "a text for a file": ([part(b"x", "file", None)], 422, "invalid_request", "file"),
    "a part without a name": (
        [b"--" + BOUNDARY + b"\r\nContent-Disposition: form-data\r\n\r\nx\r\n"],
        422,
        "malformed_form",
        None,
    ),
    "a very long header": (
        [b"--" + BOUNDARY + b"\r\nX: " + b"a" * 60_000 + b"\r\n\r\nx\r\n"],
        422,
        "malformed_form",
        None,
    ),
    "something that is no form": ([b"\xff\xd8\xff" * 1000], 422, "malformed_form", None),
}


@pytest.mark.parametrize("name", FORMS)
def test_a_form_that_is_not_one_file_is_refused(ann: Client, application: Application, name: str) -> None:
    parts, status, code, field = FORMS[name]
    response = ann.form(parts)
    assert (response.status, response.code, response.field) == (status, code, field)
    assert stored(application) == []


def test_a_form_that_ends_too_early_is_refused(ann: Client, application: Application) -> None:
    declared = f"multipart/form-data; boundary={BOUNDARY.decode()}"
    whole = part(jpeg()) + b"--" + BOUNDARY + b"--\r\n"
    for length in (0, 10, 60, 3000, len(whole) - 40):
        response = ann.send("POST", "/v1/photos", [whole[:length]], {"content_type": declared})
        assert (response.status, response.code) == (422, "malformed_form")
    assert stored(application) == []


@pytest.mark.parametrize(
    "declared",
    [
        "application/json",
        "image/jpeg",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=" + "x" * 5000,
        "multipart/mixed; boundary=x",
        "multipart/form-data; boundary=x; charset=utf-7",
        "",
    ],
)
def test_a_body_that_is_not_declared_as_a_form_is_refused(ann: Client, declared: str) -> None:
    response = ann.send("POST", "/v1/photos", [part(jpeg())], {"content_type": declared})
    assert (response.status, response.code) in {(415, "unsupported_media_type"), (422, "malformed_form")}
    packed = ann.upload(jpeg(), content_encoding="gzip")
    assert (packed.status, packed.code, packed.field) == (415, "unsupported_media_type", "Content-Encoding")


def test_a_large_file_is_refused_by_its_length_before_it_is_read(ann: Client) -> None:
    for length in (str(MOST_BYTES * 2), "9" * 30, "-1", "x"):
        response = ann.upload(b"", content_length=length)
        assert (response.status, response.code) == (413, "photo_too_large")


def test_a_photo_is_not_sent_in_a_batch(operator: Client) -> None:
    answer = operator.post("/v1/commands", {"commands": [{"path": "/photos", "body": {}, "key": "k"}]}).json
    assert answer["outcomes"][0]["body"]["code"] == "not_in_a_batch"


def test_parameters_of_a_picture_are_as_strict_as_all(ann: Client) -> None:
    name = ann.upload(jpeg()).json["id"]
    for query, code in (("size=huge", "invalid_parameter"), ("width=5", "unknown_parameter")):
        response = ann.get(f"/v1/photos/{name}?{query}")
        assert (response.status, response.code) == (422, code)


@pytest.fixture
def rationed(tmp_path: Path) -> Iterator[Application]:
    """Three photos a day, on real time."""
    settings = Settings(
        database=f"sqlite:///{tmp_path}/test.db",
        secret="a-secret-of-the-tests",
        operator_key=KEY,
        sandbox=True,
        photos_a_day=3,
    )
    application = build(settings)
    application.start(background=False)
    yield application
    application.close()


def test_a_person_sends_so_many_photos_a_day_and_is_told_when_there_can_be_more(rationed: Application) -> None:
    with asyncio.Runner() as runner:
        ann = Client(face(rationed), runner, "buyer:ann")
        sent = [ann.upload(jpeg(100 + n)) for n in range(3)]
        refused = ann.upload(jpeg(200))
        assert [answer.status for answer in sent] == [201] * 3
        assert (refused.status, refused.code) == (429, "too_many_photos")
        wait = int(refused.headers["retry-after"])
        assert 86_000 < wait <= 86_400
        assert ann.by("buyer:bob").upload(jpeg(200)).status == 201
        rationed.advance(Instant(rationed.clock.now() + DAY))
        assert [ann.upload(jpeg(300 + n)).status for n in range(4)] == [201, 201, 201, 429]


def test_without_its_folder_a_photo_is_an_outage(ann: Client, application: Application) -> None:
    name = ann.upload(jpeg()).json["id"]
    shutil.rmtree(stored(application)[0].parents[2])
    response = ann.get(f"/v1/photos/{name}")
    assert (response.status, response.code) == (503, "unavailable")
    assert json.loads(response.body)["title"]


def test_more_uploads_at_once_than_one_process_reads_are_told_to_come_again(
    ann: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MOST_AT_ONCE", 0)
    refused = ann.upload(jpeg())
    assert (refused.status, refused.code, refused.headers["retry-after"]) == (503, "overloaded", "2")
    monkeypatch.undo()
    for _ in range(uploads.MOST_AT_ONCE + 1):
        assert ann.upload(jpeg()).status == 201
