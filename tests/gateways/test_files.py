"""Where pictures lie: the same from a folder and from a bucket that speaks S3."""

import os
import stat
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from fairhold.engine.ports.photos import PhotoFiles
from fairhold.engine.ports.store import StoreUnavailable
from fairhold.gateways.photos.files import open_files


class Bucket(ThreadingHTTPServer):
    """As much of S3 as putting and getting takes."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.kept: dict[str, bytes] = {}
        self.types: dict[str, str | None] = {}
        self.signed: list[str] = []
        self.broken = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Bucket

    def _tell(self, status: int, body: bytes = b"") -> None:
        self.send_response(503 if self.server.broken else status)
        self.send_header("ETag", '"1"')
        self.send_header("Last-Modified", "Tue, 19 May 2026 15:40:00 GMT")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_PUT(self) -> None:
        self.server.kept[self.path] = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.types[self.path] = self.headers["Content-Type"]
        self.server.signed.append(self.headers["Authorization"])
        self._tell(200)

    def do_GET(self) -> None:
        found = self.server.kept.get(self.path)
        self._tell(404 if found is None else 200, found or b"")

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    with Bucket() as served:
        thread = threading.Thread(target=served.serve_forever)
        thread.start()
        for name, value in {
            "AWS_ENDPOINT_URL": served.url,
            "AWS_ALLOW_HTTP": "true",
            "AWS_ACCESS_KEY_ID": "somebody",
            "AWS_SECRET_ACCESS_KEY": "a-secret-of-the-tests",
            "AWS_REGION": "eu-north-1",
        }.items():
            monkeypatch.setenv(name, value)
        yield served
        served.shutdown()
        thread.join()


@pytest.fixture(params=["folder", "bucket"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> PhotoFiles:
    if request.param == "folder":
        return open_files(str(tmp_path / "new" / "photos"))
    request.getfixturevalue("bucket")
    return open_files("s3://evidence/fairhold/photos")


def test_what_was_put_is_found_again(files: PhotoFiles) -> None:
    files.put("ab/abcd/1.jpg", b"one")
    files.put("ab/abcd/2.jpg", bytes(range(256)) * 30_000)
    assert files.get("ab/abcd/1.jpg") == b"one"
    assert files.get("ab/abcd/2.jpg") == bytes(range(256)) * 30_000


def test_the_same_file_may_be_put_by_several_at_once(files: PhotoFiles) -> None:
    content = os.urandom(200_000)
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(lambda _: files.put("ab/abcd/1.jpg", content), range(16))) == [None] * 16
    assert files.get("ab/abcd/1.jpg") == content


def test_a_file_that_is_not_there_is_an_outage_and_not_an_empty_picture(files: PhotoFiles) -> None:
    files.put("ab/abcd/1.jpg", b"one")
    with pytest.raises(StoreUnavailable, match="cannot be read"):
        files.get("ab/abcd/2.jpg")


def test_a_folder_is_made_with_the_first_picture_and_is_its_owner_s_alone(tmp_path: Path) -> None:
    place = tmp_path / "photos"
    files = open_files(str(place))
    assert not place.exists()
    files.put("ab/abcd/1.jpg", b"one")
    assert stat.S_IMODE(place.stat().st_mode) == 0o700
    assert [path.name for path in place.rglob("*") if path.is_file()] == ["1.jpg"]


def test_a_folder_that_cannot_be_written_is_an_outage_until_it_can(tmp_path: Path) -> None:
    place = tmp_path / "photos"
    place.write_text("in the way")
    files = open_files(str(place))
    with pytest.raises(StoreUnavailable, match="cannot be written"):
        files.put("ab/abcd/1.jpg", b"one")
    place.unlink()
    files.put("ab/abcd/1.jpg", b"one")
    assert files.get("ab/abcd/1.jpg") == b"one"


def test_a_bucket_gets_signed_requests_below_its_prefix(bucket: Bucket) -> None:
    open_files("s3://evidence/fairhold/photos").put("ab/abcd/1.jpg", b"one")
    assert bucket.kept == {"/evidence/fairhold/photos/ab/abcd/1.jpg": b"one"}
    assert list(bucket.types.values()) == ["image/jpeg"]
    assert bucket.signed[0].startswith("AWS4-HMAC-SHA256 Credential=somebody/")


def test_a_bucket_that_does_not_answer_is_an_outage_after_a_few_seconds(bucket: Bucket) -> None:
    bucket.broken = True
    with pytest.raises(StoreUnavailable, match="cannot be written"):
        open_files("s3://evidence").put("ab/abcd/1.jpg", b"one")
