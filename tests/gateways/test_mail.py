"""Letters go to the console, to files, and by SMTP to a server that takes, refuses, hangs, drops and wants TLS or a name."""

import email
import io
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from fairhold.domain.instants import Instant
from fairhold.engine.ports.mail import Outgoing, Refused, Sent, TryLater, Written
from fairhold.gateways.mail.console import Console
from fairhold.gateways.mail.folder import Folder
from fairhold.gateways.mail.message import Sender, message_of
from fairhold.gateways.mail.opening import open_transport, relay_of
from fairhold.gateways.mail.reading import SentFolder
from fairhold.gateways.mail.smtp import Relay, Smtp
from tests.gateways.fakes.post import Post

NOW = Instant(1_795_000_000_000_000)
SENDER = Sender("Ромашка", "no-reply@почта.рф")


def letter(to: str = "ann@example.org", key: str = "k", unsubscribe: str | None = None) -> Outgoing:
    return Outgoing(
        key, to, "ru", NOW, Written("Заказ оплачен", "Деньги у нас.\n", "<p>Деньги у нас.</p>", unsubscribe)
    )


class Server:
    """Takes letters, unless the address says what else to do."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, list[str], EmailMessage]] = []
        self.connections = 0

    async def handle_EHLO(  # noqa: N802 - a name of aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802 - a name of aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        local = address.partition("@")[0]
        if local == "gone":
            return "550 5.1.1 <gone@example.org> no such user"
        if local == "full":
            return "552 5.2.2 mailbox full"
        if local == "spam":
            return "550 5.7.1 we do not like you"
        if local == "grey":
            return "451 4.7.1 come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - a name of aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        local = envelope.rcpt_tos[0].partition("@")[0]
        if local == "drop":
            assert server.transport is not None
            server.transport.close()
            return "421 gone"
        if local == "virus":
            return "554 5.6.0 refused content"
        assert isinstance(envelope.content, bytes)
        message = email.message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        self.taken.append((envelope.mail_from or "", envelope.rcpt_tos, message))
        return "250 OK"


@contextmanager
def serving(handler: Server, **options: Any) -> Iterator[int]:
    controller = Post(handler, **options)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def port(server: Server) -> Iterator[int]:
    with serving(server) as port:
        yield port


def smtp(port: int, seconds: float = 30.0) -> Smtp:
    return Smtp(Relay("127.0.0.1", port, tls=False), SENDER, seconds=seconds)


def test_a_letter_arrives_with_both_parts_the_mark_and_its_headers(server: Server, port: int) -> None:
    out = letter("anna@почта.рф", unsubscribe="https://shop.example/unsubscribe/abc")
    assert list(smtp(port).send([out])) == [Sent()]
    [(sender, recipients, message)] = server.taken
    assert sender == "no-reply@xn--80a1acny.xn--p1ai"
    assert recipients == ["anna@xn--80a1acny.xn--p1ai"]
    assert message["Subject"] == "Заказ оплачен"
    assert message["From"].addresses[0].display_name == "Ромашка"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe"] == "<https://shop.example/unsubscribe/abc>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Date"].datetime.timestamp() == NOW // 1_000_000
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().strip() == "Деньги у нас."
    assert "<p>Деньги у нас.</p>" in html.get_content()
    assert [part["Content-ID"] for part in message.walk() if part.get_content_type() == "image/png"] == [
        "<mark@fairhold>"
    ]


def test_every_attempt_carries_the_same_message_id_and_another_letter_another() -> None:
    first, again, other = (
        email.message_from_bytes(message_of(SENDER, letter(key=key)))["Message-ID"] for key in ("k", "k", "l")
    )
    assert first == again != other


def test_many_letters_go_over_one_connection(server: Server, port: int) -> None:
    fates = list(smtp(port).send([letter(f"ann{number}@example.org", str(number)) for number in range(5)]))
    assert fates == [Sent()] * 5
    assert (len(server.taken), server.connections) == (5, 1)


def test_what_is_refused_for_good_is_told_from_what_may_go_later(server: Server, port: int) -> None:
    addresses = ["gone", "full", "spam", "grey", "virus", "ann"]
    fates = list(smtp(port).send([letter(f"{name}@example.org", name) for name in addresses]))
    kinds = {
        name: (type(fate), fate.address if isinstance(fate, Refused) else None)
        for name, fate in zip(addresses, fates, strict=True)
    }
    assert kinds == {
        "gone": (Refused, True),
        "full": (Refused, False),
        "spam": (Refused, False),
        "grey": (TryLater, None),
        "virus": (Refused, False),
        "ann": (Sent, None),
    }


def test_after_a_lost_connection_the_rest_goes_another_time(server: Server, port: int) -> None:
    fates = list(smtp(port).send([letter(f"{name}@example.org", name) for name in ("ann", "drop", "bob")]))
    assert [type(fate) for fate in fates] == [Sent, TryLater, TryLater]
    assert len(server.taken) == 1


def test_nobody_there_is_no_error() -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        fates = list(smtp(deaf.getsockname()[1]).send([letter(), letter(key="l")]))
    assert [type(fate) for fate in fates] == [TryLater, TryLater]


def test_a_server_that_hangs_holds_nobody_up_for_long() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        begun = time.monotonic()
        fates = list(
            smtp(silent.getsockname()[1], seconds=0.3).send(
                [letter(str(n) + "@example.org", str(n)) for n in range(200)]
            )
        )
    assert all(isinstance(fate, TryLater) for fate in fates)
    assert time.monotonic() - begun < 20, "no other letter waits as the first did"


def test_a_password_goes_to_this_machine_or_behind_tls_only(server: Server) -> None:
    asked: list[object] = []

    def authenticate(server: object, session: object, envelope: object, mechanism: str, data: object) -> AuthResult:
        asked.append(data)
        return AuthResult(success=getattr(data, "password", b"") == b"right", handled=False)

    with serving(server, authenticator=authenticate, auth_require_tls=False) as port:
        good, bad = (
            list(Smtp(Relay("127.0.0.1", port, False, "us", word), SENDER).send([letter()]))
            for word in ("right", "wrong")
        )
        before = len(asked)
        # The same server by a name that is not this machine's own.
        far = list(Smtp(Relay("127.1", port, False, "us", "right"), SENDER).send([letter()]))
    assert good == [Sent()]
    assert [type(fate) for fate in bad] == [TryLater]
    assert [type(fate) for fate in far] == [TryLater]
    assert len(asked) == before


@pytest.mark.parametrize("subject", ["a\nBcc: eve@example.org", "a\r\nBcc: eve@example.org"])
def test_a_header_of_two_lines_is_never_sent(server: Server, port: int, subject: str) -> None:
    out = letter()
    broken = out._replace(written=out.written._replace(subject=subject))
    [fate] = smtp(port).send([broken])
    assert isinstance(fate, Refused)
    assert not fate.address
    assert server.taken == []


def test_files_are_whole_letters_and_the_same_letter_is_the_same_file(tmp_path: Path) -> None:
    folder = Folder(str(tmp_path / "letters"), SENDER)
    assert list(folder.send([letter(), letter()])) == [Sent(), Sent()]
    [path] = (tmp_path / "letters").iterdir()
    assert path.name.startswith("20261118T")
    assert path.suffix == ".eml"
    message = email.message_from_bytes(path.read_bytes(), policy=default)
    assert message["To"] == "ann@example.org"


def test_a_folder_that_cannot_be_written_is_tried_later(tmp_path: Path) -> None:
    (tmp_path / "letters").write_text("in the way")
    assert [type(fate) for fate in Folder(str(tmp_path / "letters"), SENDER).send([letter()])] == [TryLater]


def test_the_console_shows_the_plain_text() -> None:
    stream = io.StringIO()
    assert list(Console(stream).send([letter()])) == [Sent()]
    assert "ann@example.org" in stream.getvalue()
    assert "Деньги у нас." in stream.getvalue()


def test_the_transport_is_what_the_setting_names() -> None:
    assert isinstance(open_transport("console", SENDER), Console)
    assert isinstance(open_transport("files:letters", SENDER), Folder)
    assert isinstance(open_transport("smtps://u:p%40ss@mail.example.org", SENDER), Smtp)
    assert relay_of("smtps://u:p%40ss@mail.example.org") == Relay("mail.example.org", 465, True, "u", "p@ss")
    assert relay_of("smtp://mail.example.org:25") == Relay("mail.example.org", 25, False)


@pytest.mark.parametrize("words", [1, 9, 40])
def test_a_long_subject_keeps_every_space(words: int) -> None:
    subject = " ".join(["Сумка холщовая с\u00a0внутренним карманом"] * words)
    out = letter()._replace(written=letter().written._replace(subject=subject))
    raw = message_of(Sender("Дом и нитки, товары для дома и сада с доставкой", "no-reply@example.org"), out)
    # The parser of Python 3.11 adds a space between two encoded words of a name, so the older one reads this.
    message = email.message_from_bytes(raw)
    said = {name: str(make_header(decode_header(message[name]))) for name in ("Subject", "From")}
    assert said["Subject"] == subject.replace("\u00a0", " ")
    assert said["From"].replace(" <", "<") == "Дом и нитки, товары для дома и сада с доставкой<no-reply@example.org>"
    assert max(map(len, raw.split(b"\r\n"))) <= 998


def test_what_was_put_into_a_folder_is_read_again(tmp_path: Path) -> None:
    list(Folder(str(tmp_path), SENDER).send([letter()]))
    (tmp_path / "other.eml").write_text("not ours")
    sent = SentFolder(str(tmp_path))
    [found] = sent.newest(10)
    assert (found.to, found.subject, found.text.strip(), found.at) == (
        "ann@example.org",
        "Заказ оплачен",
        "Деньги у нас.",
        NOW,
    )
    assert sent.letter(found.name) == found
    assert sent.letter("../other") is sent.letter("other") is None
    assert SentFolder(str(tmp_path / "none")).newest(10) == []


def test_the_mark_travels_with_the_letter(tmp_path: Path) -> None:
    out = letter()._replace(written=letter().written._replace(html='<img src="cid:mark@fairhold">'))
    list(Folder(str(tmp_path), SENDER).send([out]))
    [found] = SentFolder(str(tmp_path)).newest(1)
    assert found.html.startswith('<img src="data:image/png;base64,iVBOR')
