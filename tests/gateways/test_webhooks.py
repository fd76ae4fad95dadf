"""Sending to a server that may be anything: over real connections, and never into a private network."""

import datetime as dt
import socket
import ssl
import time
from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from fairhold.engine.ports.webhook_sending import Trouble, UnusableUrl
from fairhold.gateways.webhooks.addresses import may_be_called
from fairhold.gateways.webhooks.connecting import NotPublic, resolve
from fairhold.gateways.webhooks.sending import HttpSender
from tests.receiver import (
    PATIENCE,
    Behaviour,
    Receiver,
    answering,
    dripping,
    flooding,
    hanging,
    hanging_up,
    receiving,
    saying,
)

LOOPBACK = [ip_network("127.0.0.0/8")]
HEADERS = {"webhook-id": "msg_1", "content-type": "application/json"}
BODY = b'{"type":"order.paid"}'


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        yield running


def sender(seconds: float = PATIENCE) -> HttpSender:
    return HttpSender(plain=True, allowed=LOOPBACK, seconds=seconds)


def test_a_request_arrives_whole(receiver: Receiver) -> None:
    answered = sender().send(receiver.url + "?shop=7", HEADERS, BODY)
    assert (answered.trouble, answered.status, answered.response) == (None, 200, "ok")
    [got] = receiver.got
    assert (got.target, got.body) == ("/hooks?shop=7", BODY)
    assert got.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert got.headers["webhook-id"] == "msg_1"
    assert got.headers["content-length"] == str(len(BODY))


@pytest.mark.parametrize(
    ("behave", "trouble", "status"),
    [
        (answering(204, b""), None, 204),
        (answering(299), None, 299),
        (answering(400), Trouble.STATUS, 400),
        (answering(500, b"no \xff\x00"), Trouble.STATUS, 500),
        (answering(410), Trouble.STATUS, 410),
        (answering(302, location="http://169.254.169.254/"), Trouble.REDIRECTED, 302),
        (answering(308, location="/elsewhere"), Trouble.REDIRECTED, 308),
        (answering(304, b""), Trouble.REDIRECTED, 304),
        (hanging_up, Trouble.CLOSED_EARLY, None),
        (hanging, Trouble.TOO_SLOW, None),
        (dripping, Trouble.TOO_SLOW, None),
        (saying(b"SSH-2.0-OpenSSH_9.9\r\n\r\n"), Trouble.UNREADABLE, None),
        (saying(b"HTTP/1.1 200"), Trouble.CLOSED_EARLY, None),
        (saying(b"HTTP/1.1 two hundred\r\n\r\n"), Trouble.UNREADABLE, None),
        (saying(b"\x15\x03\x01\x00\x02\x02\x46"), Trouble.UNREADABLE, None),
        # Once the status has come the body is nobody's business: whether it ends, breaks off or floods.
        (flooding, None, 200),
        (saying(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nfive"), None, 200),
        (saying(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n"), None, 200),
    ],
)
def test_whatever_the_other_side_does_is_told_as_trouble_or_none(
    receiver: Receiver, behave: Behaviour, trouble: Trouble | None, status: int | None
) -> None:
    receiver.behave = behave
    started = time.monotonic()
    seconds = 1.0 if trouble is Trouble.TOO_SLOW else PATIENCE
    answered = sender(seconds).send(receiver.url, HEADERS, BODY)
    assert (answered.trouble, answered.status) == (trouble, status)
    assert time.monotonic() - started < PATIENCE / 2, "it waits neither for the other side nor for its end"
    assert receiver.connections == 1, "no redirect is followed, nothing is tried twice"
    assert len(answered.response) <= 500
    assert "\0" not in answered.response


def test_an_answer_may_ask_to_be_left_alone(receiver: Receiver) -> None:
    for status, after, seconds in ((429, "120", 120), (503, "5", 5), (503, "soon", None), (500, "5", None)):
        receiver.behave = answering(status, retry_after=after)
        assert sender().send(receiver.url, HEADERS, BODY).retry_after == seconds


def test_nobody_there_is_no_connection() -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}/"
        assert sender().send(url, HEADERS, BODY).trouble is Trouble.NO_CONNECTION


def test_a_name_without_an_address_is_told_so() -> None:
    assert sender().send("http://no-such-name.invalid/", HEADERS, BODY).trouble is Trouble.NO_ADDRESS


PRIVATE = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.0.1",
    "169.254.1.1",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:93.184.216.34",
    "::ffff:0:10.0.0.1",
    "64:ff9b::10.0.0.1",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "no address",
]
PUBLIC = ["1.1.1.1", "93.184.216.34", "100.63.255.255", "100.128.0.1", "172.32.0.1", "11.0.0.1", "223.255.255.255"]
PUBLIC += ["2606:4700:4700::1111", "2a00:1450:4010::65", "2001:4860:4860::8888"]


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_is_not_public_is_never_called(address: str) -> None:
    assert not may_be_called(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_may_be_called(address: str) -> None:
    assert may_be_called(address)


def test_the_operator_may_allow_a_network_but_never_where_clouds_keep_secrets() -> None:
    everything = [ip_network("0.0.0.0/0"), ip_network("::/0")]
    assert may_be_called("10.1.2.3", [ip_network("10.1.0.0/16")])
    assert not may_be_called("10.2.2.3", [ip_network("10.1.0.0/16")])
    assert not may_be_called("::ffff:10.1.2.3", [ip_network("10.1.0.0/16")])
    for address in ("169.254.169.254", "fd00:ec2::254", "fe80::1", "100.100.100.200", "192.0.0.192"):
        assert not may_be_called(address, everything)


WAYS_TO_WRITE_LOOPBACK = [
    "http://127.0.0.1:{port}/",
    "http://127.1:{port}/",
    "http://2130706433:{port}/",
    "http://0x7f000001:{port}/",
    "http://0177.0.0.1:{port}/",
    "http://[::1]:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/",
    "http://[::ffff:7f00:1]:{port}/",
    "http://localhost:{port}/",
    "http://LOCALHOST.:{port}/",
    "http://sub.localhost:{port}/",
    "http://0.0.0.0:{port}/",
    "http://0:{port}/",
    "http://①②⑦.⓪.⓪.①:{port}/",
    "http://user:password@127.0.0.1:{port}/",
    "http://example.org@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}\\@example.org/",
]


@pytest.mark.parametrize("url", WAYS_TO_WRITE_LOOPBACK)
def test_however_this_machine_is_written_it_is_not_called(receiver: Receiver, url: str) -> None:
    answered = HttpSender(plain=True, seconds=PATIENCE).send(url.format(port=receiver.port), HEADERS, BODY)
    assert answered.trouble in (Trouble.PRIVATE_ADDRESS, Trouble.UNUSABLE_URL, Trouble.NO_ADDRESS)
    assert receiver.connections == 0


def _resolver(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Names lead to these addresses, another list with each look-up; the names that were looked up."""
    asked: list[str] = []

    def look_up(host: str, port: int, **_: Any) -> list[Any]:
        addresses = answers[min(len(asked), len(answers) - 1)]
        asked.append(host)
        return [
            (
                socket.AF_INET6 if ":" in address else socket.AF_INET,
                socket.SOCK_STREAM,
                6,
                "",
                (address, port, 0, 0) if ":" in address else (address, port),
            )
            for address in addresses
        ]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return asked


def test_one_private_address_among_public_ones_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    _resolver(monkeypatch, ["93.184.216.34", "10.0.0.1"])
    with pytest.raises(NotPublic):
        resolve("example.org", 443, ())


def test_a_name_is_looked_up_once_so_that_it_cannot_lead_elsewhere_afterwards(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name server that answers with an allowed address first and with another a moment later gains nothing by it."""
    asked = _resolver(monkeypatch, ["127.0.0.1"], ["127.0.0.2"])
    allowed = [ip_network("127.0.0.1/32")]
    url = f"http://rebinding.example:{receiver.port}/"
    assert HttpSender(plain=True, allowed=allowed, seconds=PATIENCE).send(url, HEADERS, BODY).status == 200
    assert asked == ["rebinding.example"]
    assert receiver.got[0].headers["host"] == f"rebinding.example:{receiver.port}"
    assert (
        HttpSender(plain=True, allowed=allowed, seconds=PATIENCE).send(url, HEADERS, BODY).trouble
        is Trouble.PRIVATE_ADDRESS
    )
    assert receiver.connections == 1


def test_the_next_address_is_tried_where_one_does_not_answer(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    _resolver(monkeypatch, ["127.0.0.9", "127.0.0.1"])
    assert sender().send(f"http://two.example:{receiver.port}/", HEADERS, BODY).status == 200


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://shop.example/hooks", None),
        ("https://shop.example:8443/hooks?a=b", None),
        ("https://магазин.рф/вебхуки", None),
        ("https://93.184.216.34/", None),
        ("HTTPS://SHOP.example", None),
        ("http://shop.example/", UnusableUrl.NOT_HTTPS),
        ("ftp://shop.example/", UnusableUrl.NOT_HTTPS),
        ("file:///etc/passwd", UnusableUrl.MALFORMED),
        ("gopher://shop.example/", UnusableUrl.NOT_HTTPS),
        ("shop.example/hooks", UnusableUrl.MALFORMED),
        ("//shop.example/hooks", UnusableUrl.MALFORMED),
        ("https://", UnusableUrl.MALFORMED),
        ("https:///hooks", UnusableUrl.MALFORMED),
        ("https://shop.example/a b", UnusableUrl.MALFORMED),
        ("https://shop.example/\r\nx: y", UnusableUrl.MALFORMED),
        ("https://shop.example/\0", UnusableUrl.MALFORMED),
        ("https://shop.example\\@evil.example/", UnusableUrl.MALFORMED),
        ("https://shop.example:99999/", UnusableUrl.MALFORMED),
        ("https://[::1/", UnusableUrl.MALFORMED),
        ("https://shop.example\u2100b.example/", UnusableUrl.MALFORMED),
        ("https://.xn--a/", UnusableUrl.MALFORMED),
        ('https://"xn--a-/', UnusableUrl.MALFORMED),
        ("", UnusableUrl.MALFORMED),
        ("https://ann:secret@shop.example/", UnusableUrl.WITH_PASSWORD),
        ("https://shop.example/#part", UnusableUrl.WITH_FRAGMENT),
        ("https://shop.example:22/", UnusableUrl.PORT),
        ("https://shop.example:25/", UnusableUrl.PORT),
        ("https://127.0.0.1/", UnusableUrl.PRIVATE),
        ("https://localhost/", UnusableUrl.PRIVATE),
        ("https://[::1]/", UnusableUrl.PRIVATE),
        ("https://169.254.169.254/latest/meta-data/", UnusableUrl.PRIVATE),
        ("https://shop.example/" + "a" * 2000, UnusableUrl.TOO_LONG),
    ],
)
def test_an_address_that_could_never_be_sent_to_is_refused_by_its_text(url: str, why: UnusableUrl | None) -> None:
    assert HttpSender().judge(url) is why


def test_plain_http_is_called_in_the_sandbox_alone(receiver: Receiver) -> None:
    assert HttpSender(plain=True).judge("http://shop.example/") is None
    assert HttpSender(allowed=LOOPBACK).send(receiver.url, HEADERS, BODY).trouble is Trouble.UNUSABLE_URL
    assert receiver.connections == 0


def certificate(folder: Path, name: str) -> Path:
    """A file with a key and a certificate that says of itself that it belongs to `name`."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    return path


def test_over_tls_the_host_that_was_named_has_to_show_its_certificate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection goes to an address, the certificate is still checked against the name (and the name sent along)."""
    names: list[str | None] = []
    path = certificate(tmp_path, "shop.example")
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(path)
    serving.sni_callback = lambda connection, name, context: names.append(name)
    trust = ssl.create_default_context(cafile=str(path))
    with receiving(serving) as receiver:
        _resolver(monkeypatch, ["127.0.0.1"])
        https = HttpSender(allowed=LOOPBACK, trust=trust, seconds=PATIENCE)
        answered = https.send(f"https://shop.example:{receiver.port}/", HEADERS, BODY)
        assert (answered.trouble, answered.status) == (None, 200)
        assert names == ["shop.example"]
        other = https.send(f"https://other.example:{receiver.port}/", HEADERS, BODY)
        assert other.trouble is Trouble.NO_TRUST
        untrusting = HttpSender(allowed=LOOPBACK, seconds=PATIENCE)
        assert untrusting.send(f"https://shop.example:{receiver.port}/", HEADERS, BODY).trouble is Trouble.NO_TRUST
    assert len(receiver.got) == 1


def test_a_server_that_speaks_no_tls_is_not_trusted(receiver: Receiver) -> None:
    answered = HttpSender(allowed=LOOPBACK, seconds=1).send(receiver.url.replace("http:", "https:"), HEADERS, BODY)
    assert answered.trouble in (Trouble.NO_TRUST, Trouble.TOO_SLOW, Trouble.CLOSED_EARLY)


def test_no_proxy_of_the_environment_is_asked(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert sender().send(receiver.url, HEADERS, BODY).status == 200
        assert proxy.connections == 0
