"""Letters by SMTP (RFC 5321), over one connection for those that go together."""

import asyncio
import re
import ssl
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import aiosmtplib

from fairhold.engine.ports.mail import Fate, Outgoing, Refused, Sent, TryLater
from fairhold.engine.ports.mail_addresses import on_the_wire
from fairhold.gateways.mail.message import Sender, message_of

SECONDS = 20.0
"""How long a server may take to answer one command."""


class Relay(NamedTuple):
    """The server that takes our letters. `tls`: from the first byte (`smtps`); else STARTTLS where the server has it.

    With a name and a password a connection without TLS is refused, unless the server is this machine.
    """

    host: str
    port: int
    tls: bool
    user: str | None = None
    password: str | None = None


_ENHANCED = re.compile(r"\b5\.(\d{1,3})\.\d{1,3}\b")
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


class Smtp:
    """Hands letters to a relay. A letter or an address that it refuses with 5xx is refused for good, all else is tried later.

    That we may not speak to it at all, or not in this name, is the operator's to mend and no letter's fault.
    """

    def __init__(self, relay: Relay, sender: Sender, *, seconds: float = SECONDS) -> None:
        self._relay = relay
        self._sender = sender
        self._seconds = seconds

    def send(self, letters: Sequence[Outgoing]) -> Iterator[Fate]:
        """What became of each. Where the server is away, nothing is asked of it again for the rest."""
        with asyncio.Runner() as runner:
            client = self._client()
            away: str | None = None
            try:
                for letter in letters:
                    if away is None:
                        fate = runner.run(self._send(client, letter))
                        away = fate.why if isinstance(fate, TryLater) and not client.is_connected else None
                        yield fate
                    else:
                        yield TryLater(away)
            finally:
                runner.run(_leave(client))

    def _client(self) -> aiosmtplib.SMTP:
        relay = self._relay
        return aiosmtplib.SMTP(
            hostname=relay.host,
            port=relay.port,
            use_tls=relay.tls,
            start_tls=False,
            timeout=self._seconds,
            tls_context=ssl.create_default_context(),
        )

    async def _send(self, client: aiosmtplib.SMTP, letter: Outgoing) -> Fate:
        try:
            message, to = message_of(self._sender, letter), on_the_wire(letter.to)
        except ValueError as error:
            return Refused(f"no message: {error}", address=False)
        try:
            if not client.is_connected:
                await self._enter(client)
            await client.sendmail(self._sender.address, [to], message)
        except aiosmtplib.SMTPRecipientsRefused as error:
            refused = error.recipients[0]
            return _judged(refused, address=_is_about_address(refused))
        except aiosmtplib.SMTPDataError as error:
            return _judged(error, address=False)
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            client.close()
            return TryLater(f"{type(error).__name__}: {error}")
        return Sent()

    async def _enter(self, client: aiosmtplib.SMTP) -> None:
        relay = self._relay
        await client.connect()
        await client.ehlo()
        if not relay.tls and client.supports_extension("starttls"):
            await client.starttls()
        elif not relay.tls and relay.user is not None and relay.host not in _LOCAL:
            raise aiosmtplib.SMTPException("the server offers no TLS, and a password is not sent in the clear")
        if relay.user is not None:
            await client.login(relay.user, relay.password or "")


def _judged(answer: aiosmtplib.SMTPResponseException, *, address: bool) -> Fate:
    why = f"{answer.code} {answer.message}"
    return Refused(why, address) if 500 <= answer.code < 600 else TryLater(why)


def _is_about_address(answer: aiosmtplib.SMTPRecipientRefused) -> bool:
    """Whether the mailbox is not there, rather than full, or closed to us (RFC 3463: 5.1.x is about the address)."""
    said = _ENHANCED.search(answer.message)
    return answer.code in (550, 551, 553) and (said is None or said[1] == "1")


async def _leave(client: aiosmtplib.SMTP) -> None:
    if client.is_connected:
        try:
            await client.quit(timeout=2.0)
        except (aiosmtplib.SMTPException, OSError, TimeoutError):
            client.close()
