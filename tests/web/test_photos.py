"""Photos on the pages: shown to the person who is signed in, taken from a form without a script."""

from __future__ import annotations

import io
import json
from collections.abc import Callable

import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from fairhold.domain.actors import Role
from fairhold.engine.ports.photos import MOST_BYTES, Photo
from fairhold.web.app import build_web
from fairhold.web.assets import Assets
from fairhold.web.people import Directory
from fairhold.web.photo_forms import NotKept, chosen, keep_photos
from fairhold.web.rendering import Templates
from fairhold.web.visits import Desk, Visit, endpoint
from fairhold.wiring import site_of
from fairhold.words.catalog import Language, words_of
from fairhold.words.problems import fault_text
from tests.gateways.pictures import drawn, encoded, jpeg, telling
from tests.web.conftest import ANN, PEOPLE, SAM, SHOP, Market, Visiting, form_to, forms

Files = list[tuple[str, tuple[str, bytes, str]]]


def uploaded(market: Market, content: bytes) -> Photo:
    kept = market.application.photos.keep(ANN, io.BytesIO(content))
    assert isinstance(kept, Photo)
    return kept


def take(visit: Visit) -> Response:
    """What a form with photos of the pages would do with them."""
    kept = keep_photos(visit.site.photos, visit.who(), visit.form, "photos", 2)
    files = len(chosen(visit.form, "photos"))
    if isinstance(kept, NotKept):
        said = fault_text(words_of(Language.EN), kept.fault, kept.hint, kept.limit)
        return JSONResponse({"fault": kept.fault, "number": kept.number, "said": list(said)}, 422)
    return JSONResponse({"ids": kept, "files": files, "text": visit.field("text")})


@pytest.fixture
def sending(market: Market) -> Callable[..., TestClient]:
    """A client of pages among which one form takes photos."""
    site = site_of(market.application, Directory(PEOPLE))
    assets = Assets()
    desk = Desk(site, assets, Templates(assets))
    route = Route("/photo-form", endpoint(desk, take, (Role.BUYER,), photos=2), methods=["POST"])
    application = Starlette(routes=[route, Mount("/", app=build_web(site))])

    def client(person: str | None = "ann") -> TestClient:
        found = TestClient(application, "http://fairhold.test", headers={"Accept-Language": "en"})
        if person is not None:
            found.post(
                "/sign-in", data=dict(form_to(found.get("/sign-in").text, "/sign-in").fields) | {"person": person}
            )
        return found

    return client


def token(client: TestClient) -> str:
    return next(value for form in forms(client.get("/orders").text) for name, value in form.fields if name == "token")


def files(*contents: bytes) -> Files:
    return [("photos", (f"../{n}.html", content, "text/html")) for n, content in enumerate(contents)]


def test_a_photo_is_shown_to_whom_it_may_be_and_to_nobody_else(market: Market, visiting: Visiting) -> None:
    photo = uploaded(market, jpeg())
    for person, status in (("ann", 200), ("sam", 200), ("bob", 404), ("nick", 404), (None, 404)):
        answer = visiting(person).client.get(f"/photos/{photo.id}")
        assert answer.status_code == status, person
    answer = visiting("ann").client.get(f"/photos/{photo.id}?size=thumb")
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "private, no-cache"
    assert market.application.photos.picture(photo, thumb=True) == answer.content
    again = visiting("ann").client.get(
        f"/photos/{photo.id}?size=thumb", headers={"If-None-Match": answer.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")


def test_a_person_with_two_sides_sees_what_either_may(market: Market, visiting: Visiting) -> None:
    kept = market.application.photos.keep(SHOP, io.BytesIO(jpeg()))
    assert isinstance(kept, Photo)
    assert visiting("nick").client.get(f"/photos/{kept.id}").status_code == 200


def test_a_form_s_photos_are_kept_for_the_person_once_each(market: Market, sending: Callable[..., TestClient]) -> None:
    client = sending()
    data = {"token": token(client), "text": "Разбито"}
    sent = client.post("/photo-form", data=data, files=files(telling(), encoded_png()))
    assert sent.status_code == 200, sent.text
    assert sent.json()["text"] == "Разбито"
    assert len(sent.json()["ids"]) == 2
    twice = client.post("/photo-form", data=data, files=files(telling(), telling()))
    assert twice.json() == {"ids": sent.json()["ids"][:1], "files": 2, "text": "Разбито"}
    none = client.post("/photo-form", data=data, files=[("photos", ("", b"", "application/octet-stream"))])
    assert none.json() == {"ids": [], "files": 0, "text": "Разбито"}


def encoded_png() -> bytes:
    return encoded(drawn(), "PNG")


def test_a_form_says_which_file_is_no_photo(sending: Callable[..., TestClient]) -> None:
    client = sending()
    data = {"token": token(client)}
    bad = client.post("/photo-form", data=data, files=files(jpeg(), b"<svg/>"))
    assert (bad.status_code, bad.json()["fault"], bad.json()["number"]) == (422, "unsupported_photo_type", 2)
    many = client.post("/photo-form", data=data, files=files(jpeg(), jpeg(), jpeg()))
    assert (many.json()["number"], many.json()["said"][1].split(".")[0]) == (3, "At most 2 is expected")
    large = client.post("/photo-form", data=data, files=files(jpeg().ljust(MOST_BYTES + 1)))
    assert large.json()["fault"] == "photo_too_large"
    assert client.post("/photo-form", data=data, files=files(b"x" * (2 * MOST_BYTES + 70_000))).status_code == 413
    assert client.post("/photo-form", data=data).status_code == 415


def test_of_strangers_and_other_sites_no_photo_is_taken(market: Market, sending: Callable[..., TestClient]) -> None:
    client = sending()
    good = {"token": token(client)}
    forged = client.post("/photo-form", data={"token": "x" * 64}, files=files(jpeg()))
    assert forged.status_code == 403
    elsewhere = client.post("/photo-form", data=good, files=files(jpeg()), headers={"Sec-Fetch-Site": "cross-site"})
    assert elsewhere.status_code == 403
    nobody = sending(None).post("/photo-form", data=good, files=files(jpeg()), follow_redirects=False)
    assert (nobody.status_code, nobody.headers["location"]) == (303, "/sign-in")
    assert market.application.store.photos().nth_newest(str(ANN), 1) is None
    assert market.application.store.photos().nth_newest(str(SAM), 1) is None
    assert json.loads(client.post("/photo-form", data=good, files=files(jpeg())).content)["files"] == 1
