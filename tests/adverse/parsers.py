"""Every parser of what comes from outside: what it is given, and how it refuses. One table."""

from __future__ import annotations

import asyncio
import io
import json
import tempfile
import zipfile
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from fairhold.api import http, instants, reading
from fairhold.api.cursors import Cursors
from fairhold.api.parameters import Parameter, read_query
from fairhold.api.routing import Router
from fairhold.api.table import ROUTES
from fairhold.cli.policy.places import line_of
from fairhold.cli.replay.columns import DEFAULTS, positions, read_columns
from fairhold.cli.replay.missing import Missing
from fairhold.cli.replay.rows import Layout, read_rows
from fairhold.cli.replay.table import read_table
from fairhold.cli.stopping import Stop
from fairhold.domain import ids, tracking_numbers
from fairhold.domain.instants import SECOND, Instant
from fairhold.engine.accounts.passwords import normal
from fairhold.engine.installation import payment_settings
from fairhold.engine.installation.clock import VirtualClock
from fairhold.engine.installation.policies import PolicyError, parse_policy, preset_text
from fairhold.engine.installation.sealing import Seal
from fairhold.engine.intake.photos import is_photo_id
from fairhold.engine.notices.order_links import OrderLinks
from fairhold.engine.notices.unsubscribing import Unsubscribing
from fairhold.engine.outside import destinations as outside
from fairhold.engine.outside import payments as payment_ports
from fairhold.engine.outside.destinations import Unreadable
from fairhold.engine.ports.mail_addresses import read_address
from fairhold.engine.ports.notices import Kind
from fairhold.gateways import answers
from fairhold.gateways.carriers import aftership, pochta_ru, scans, seventeentrack
from fairhold.gateways.carriers.inbound import AfterShipCalls, SeventeenTrackCalls, SignedCalls
from fairhold.gateways.payments.stripe import events as stripe_events
from fairhold.gateways.payments.stripe import objects as stripe_objects
from fairhold.gateways.payments.stripe.provider import Stripe
from fairhold.gateways.payments.yookassa.provider import YooKassa
from fairhold.gateways.photos.pillow import PillowReencoder
from fairhold.gateways.photos.sniffing import canvas_of_webp, kind_of
from fairhold.gateways.webhooks.addresses import may_be_called
from fairhold.gateways.webhooks.sending import HttpSender
from fairhold.proof import bundle
from fairhold.proof.archive import Malformed
from fairhold.proof.heads import day_of
from fairhold.proof.verify import verify
from fairhold.screening.screen import screen
from fairhold.uploads import declared, read_form
from fairhold.web.security import way_back
from fairhold.web.sums import read_sum
from fairhold.words.catalog import negotiate
from tests.builders import BUYER, ID, T0
from tests.fakes.stripe import server as stripe_server
from tests.gateways.fakes import aftership as aftership_fake
from tests.gateways.fakes import pochta_ru as pochta_fake
from tests.gateways.fakes import seventeentrack as seventeentrack_fake
from tests.gateways.pictures import jpeg

SECRET = "a-secret-of-the-tests"
_CLOCK = VirtualClock(T0)
_CURSORS, _LINKS, _WISHES = Cursors(SECRET), OrderLinks(SECRET, _CLOCK), Unsubscribing(SECRET)
_SEAL = Seal(SECRET, "tests")
_SCAN = seventeentrack_fake.event("Delivered_Other", "2026-01-01T00:00:00Z")
_PUSH = seventeentrack_fake.push("RB123456789CN", [_SCAN])[0]
_HOOK = aftership_fake.webhook("RB123456789CN", [])[0]
_WORD = json.dumps(
    {
        "tracking_number": "RB1",
        "carrier": "post",
        "checkpoints": [{"status": "delivered", "at": "2026-01-01T00:00:00Z"}],
    }
).encode()
_BOUNDARY = "a-boundary"
_FORM = (
    b'--a-boundary\r\nContent-Disposition: form-data; name="file"; filename="p.jpg"\r\nContent-Type: image/jpeg\r\n\r\nabc\r\n'
    b'--a-boundary\r\nContent-Disposition: form-data; name="text"\r\n\r\n\xd0\xb0\r\n--a-boundary--\r\n'
)
_CSV = (
    ",".join(DEFAULTS.values())
    + "\r\n"
    + 'o1,b1,delivered,2017-10-02 10:56:33,2017-10-02 11:07:15,2017-10-04,"2017-10-10",2017-10-18\r\n'
)
_PLACING = {
    "buyer": "ann",
    "seller": "shop-7",
    "currency": "RUB",
    "lines": [{"sku": "a", "title": "A", "quantity": 2, "unit_price": 500}],
}


class Parser(NamedTuple):
    """`call` is given a text or bytes like the `specimens`; what it raises, other than `refusals`, is a fault.

    `name` is where the function stands; several rows may be about one.
    """

    name: str
    call: Callable[[Any], object]
    specimens: tuple[str | bytes, ...]
    refusals: tuple[type[Exception], ...] = ()
    longest: int = 1 << 20
    """Characters that can reach it; a megabyte where nothing before it has a limit."""


def _posted(pieces: bytes) -> object:
    async def body() -> AsyncIterator[bytes]:
        for start in range(0, len(pieces), 50):
            yield pieces[start : start + 50]

    async def read() -> object:
        form = await read_form(
            f"multipart/form-data; boundary={_BOUNDARY}", None, body(), most_files=2, most_bytes=10_000
        )
        if not hasattr(form, "close"):
            return form
        await form.close()
        return form

    return asyncio.run(read())


def _asked(parameters: tuple[Parameter, ...], raw: bytes) -> object:
    return read_query(raw, parameters)


def _written(content: bytes, read: Callable[[Path], object]) -> object:
    with tempfile.NamedTemporaryFile(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as file:
        file.write(content)
        file.flush()
        return read(Path(file.name))


def _replayed(path: Path) -> object:
    table = read_table(path)
    layout = Layout(len(table.header), positions(path, table.header, DEFAULTS), DEFAULTS, Missing().zone())
    return list(read_rows(table.records, layout))


def _archive() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr(bundle.MANIFEST, b"{}")
        archive.writestr(bundle.EVENTS, b"{}\n")
    return written.getvalue()


def _signed(calls: Any, *names: str) -> Callable[[str], object]:
    # What stands in a header was decoded as Latin-1, so nothing else is in it.
    return lambda text: calls.is_signed(dict.fromkeys(names, _latin(text)), b"{}")


def _latin(text: str) -> str:
    return text.encode("latin-1", "replace").decode("latin-1")


def _signature(raw: bytes) -> str:
    return stripe_server.signature(raw, stripe_server.SECRET, T0 // SECOND)


def _as_shape(shape: type[msgspec.Struct], raw: bytes) -> object:
    return stripe_objects.read(raw, shape)


def _part_as_shape(shape: type[msgspec.Struct], raw: bytes) -> object:
    return stripe_objects.read_part(_json(raw), shape)


_NOWHERE = "http://127.0.0.1:9/"
_STRIPE = Stripe("sk_test_1", (stripe_server.SECRET,), url=_NOWHERE, files_url=_NOWHERE, seconds=1)
_YOOKASSA = YooKassa(("1", "test_1"), url=_NOWHERE, networks=("127.0.0.1/32",), seconds=1)
_SHAPES = (
    stripe_objects.Happened,
    stripe_objects.Session,
    stripe_objects.Charge,
    stripe_objects.Dispute,
    stripe_objects.Failure,
)
_EVENT = json.dumps(
    {
        "id": "evt_1",
        "object": "event",
        "type": "charge.dispute.created",
        "api_version": stripe_objects.VERSION,
        "created": T0 // SECOND,
        "livemode": False,
        "data": {"object": {"id": "dp_1", "object": "dispute", "charge": "ch_1", "amount": 100, "currency": "rub"}},
    }
).encode()
_NOTIFICATION = b'{"type": "notification", "event": "payment.succeeded", "object": {"id": "2d1f-000f-5000-9000"}}'
_BODIES = tuple(dict.fromkeys(route.body for route in ROUTES if route.body is not None))
_PARAMETERS = tuple({tuple(one.name for one in route.parameters): route.parameters for route in ROUTES}.values())
_HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")
_SIGNED_CALLS = SignedCalls(("whsec_" + "A" * 44,))

PARSERS: tuple[Parser, ...] = (
    # Faces: what stands in an address, a header or a body.
    Parser("api.cursors:Cursors.read", lambda text: _CURSORS.read("orders", text), (_CURSORS.write("orders", "12~a"),)),
    Parser("api.http:language_of", lambda text: http.language_of(_latin(text).encode("latin-1")), ("ru,en;q=0.5",)),
    Parser("words.catalog:negotiate", negotiate, ("ru-RU,ru;q=0.9,en;q=0.8,*;q=0.1",)),
    Parser("api.http:idempotency_key", http.idempotency_key, ("a key of mine",)),
    Parser("api.http:is_json", http.is_json, (b"application/problem+json; charset=utf-8",)),
    Parser("api.instants:parse_instant", instants.parse_instant, ("2026-01-01T00:00:00.123456789+14:59",)),
    Parser(
        "api.routing:Router.find",
        lambda text: Router(ROUTES).find("GET", text),
        (f"/orders/{ID}/events", "/sellers/a/products/b/c/reviews"),
    ),
    *(
        Parser(
            "api.parameters:read_query",
            partial(_asked, parameters),
            (b"limit=5&cursor=x&q=%D0%B0&lines=a:2,b&dry_run=1",),
        )
        for parameters in _PARAMETERS
    ),
    *(
        Parser("api.reading:Form.read", reading.Form(body).read, (json.dumps(_PLACING).encode(), b"{}"))
        for body in _BODIES
    ),
    Parser("uploads:read_form", _posted, (_FORM,)),
    Parser("uploads:declared", lambda text: declared("multipart/form-data; boundary=x", _latin(text), 9), ("12",)),
    Parser(
        "uploads:declared",
        lambda text: declared(_latin(text), _latin(text), 1000),
        ("multipart/form-data; boundary=x", "12"),
    ),
    Parser("web.sums:read_sum", lambda text: read_sum(text, "RUB"), ("1 200,50", "1,200.50")),
    Parser("web.sums:read_sum", lambda text: read_sum(text, "JPY"), ("1 200", "1,200")),
    Parser("web.security:way_back", lambda text: way_back(text, "/"), ("/orders?tab=all", "//evil.example/")),
    # Texts of people.
    Parser(
        "engine.ports.mail_addresses:read_address", read_address, ("Ann.O'Hara+x@почта.рф", "a@xn--80a1acny.xn--p1ai")
    ),
    Parser(
        "domain.tracking_numbers:tidied", lambda text: tracking_numbers.tidied(text, "post"), ("RB 123 456 789 CN",)
    ),
    Parser("domain.tracking_numbers:compared", tracking_numbers.compared, ("RB 123-456-789 CN", "80089 55555 5555")),
    Parser(
        "domain.tracking_numbers:meant",
        lambda text: tracking_numbers.meant(text, "post"),
        ("RB123456789CN", "80089555555555"),
    ),
    Parser("domain.ids:is_order_id", ids.is_order_id, (str(ID),)),
    Parser("engine.intake.photos:is_photo_id", is_photo_id, ("A" * 22,)),
    Parser(
        "screening.screen:screen",
        lambda text: screen(text, ("ru", "en")),
        ("сайт точка ру, t.me/x, +7 900 123-45-67",),
        longest=32_000,
    ),
    Parser("engine.accounts.passwords:normal", normal, ("pass wörd",)),
    # Links and tokens.
    Parser(
        "engine.notices.order_links:OrderLinks.read",
        _LINKS.read,
        (_LINKS.signed_order_link(ID, BUYER.id).rpartition("/")[2],),
    ),
    Parser(
        "engine.notices.unsubscribing:Unsubscribing.read",
        _WISHES.read,
        (_WISHES.path("buyer:ann", Kind.REVIEWS).rpartition("/")[2],),
    ),
    Parser(
        "engine.installation.sealing:Seal.read",
        lambda text: _SEAL.read(text, T0),
        (_SEAL.token({"a": 1}, Instant(T0 + 1)),),
    ),
    Parser("engine.installation.sealing:Seal.open", _SEAL.open, (_SEAL.seal(b"plain"),)),
    # Carriers.
    Parser("gateways.carriers.seventeentrack:read_push", seventeentrack.read_push, (_PUSH,), (Unreadable,)),
    Parser(
        "gateways.carriers.seventeentrack:read_item",
        lambda raw: seventeentrack.read_item(_json(raw)),
        (_PUSH,),
        (Unreadable,),
    ),
    Parser(
        "gateways.carriers.seventeentrack:is_signed",
        lambda text: seventeentrack.is_signed(b"", _latin(text), "k"),
        ("a" * 64,),
    ),
    Parser("gateways.carriers.aftership:read_webhook", aftership.read_webhook, (_HOOK,), (Unreadable,)),
    Parser(
        "gateways.carriers.aftership:read_tracking",
        lambda raw: aftership.read_tracking(_json(raw)),
        (_HOOK,),
        (Unreadable,),
    ),
    Parser(
        "gateways.carriers.aftership:is_signed",
        lambda text: aftership.is_signed(b"", _latin(text), "k"),
        ("A" * 43 + "=",),
    ),
    Parser(
        "gateways.carriers.inbound:SeventeenTrackCalls.read", SeventeenTrackCalls("k").read, (_PUSH,), (Unreadable,)
    ),
    Parser(
        "gateways.carriers.inbound:SeventeenTrackCalls.is_signed",
        _signed(SeventeenTrackCalls("k"), "sign"),
        ("a" * 64,),
    ),
    Parser("gateways.carriers.inbound:AfterShipCalls.read", AfterShipCalls("k").read, (_HOOK,), (Unreadable,)),
    Parser(
        "gateways.carriers.inbound:AfterShipCalls.is_signed",
        _signed(AfterShipCalls("k"), aftership.SIGNATURE),
        ("A" * 43 + "=",),
    ),
    Parser("gateways.carriers.inbound:SignedCalls.read", _SIGNED_CALLS.read, (_WORD,), (Unreadable,)),
    Parser(
        "gateways.carriers.inbound:SignedCalls.is_signed",
        _signed(_SIGNED_CALLS, *_HEADERS),
        ("1767600000", "v1,AAAA v1,BBBB"),
    ),
    Parser(
        "gateways.carriers.pochta_ru:read_history",
        pochta_ru.read_history,
        (pochta_fake.history("RB123456789RU", [(2, 1, "2026-01-01T00:00:00.000+03:00")]).encode(),),
        (Unreadable,),
    ),
    Parser(
        "gateways.carriers.pochta_ru:parsed",
        pochta_ru.parsed,
        (b"<a><b>1</b></a>", b"<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>"),
        (Unreadable,),
    ),
    Parser("gateways.answers:moment", answers.moment, ("2026-01-01T00:00:00+03:00", "20260101"), (Unreadable,)),
    Parser(
        "gateways.carriers.scans:read_json",
        lambda raw: scans.read_json(raw, dict),
        (b'{"a": [1, null]}',),
        (Unreadable,),
    ),
    Parser(
        "gateways.carriers.scans:read_part",
        lambda raw: scans.read_part(_json(raw), dict),
        (b'{"a": [1, null]}',),
        (Unreadable,),
    ),
    Parser("gateways.carriers.scans:printable", scans.printable, ("Омск\n2",)),
    # Payment providers. Nobody answers where their clients ask.
    Parser(
        "gateways.payments.stripe.events:is_signed",
        lambda text: stripe_events.is_signed(_latin(text), b"{}", ("whsec_1",), T0),
        (f"t={T0 // SECOND},v1={'a' * 64}, v1=b,v0=c",),
    ),
    *(
        Parser(
            "gateways.payments.stripe.objects:read",
            partial(_as_shape, shape),
            (_EVENT, b"{}"),
            (outside.Unreadable,),
        )
        for shape in _SHAPES
    ),
    *(
        Parser(
            "gateways.payments.stripe.objects:read_part",
            partial(_part_as_shape, shape),
            (_EVENT, b"{}"),
            (outside.Unreadable,),
        )
        for shape in _SHAPES
    ),
    Parser(
        "gateways.payments.stripe.provider:Stripe.read",
        lambda raw: _STRIPE.read({"stripe-signature": _signature(raw)}, raw, "", T0),
        (_EVENT,),
        (outside.Unreadable, outside.TryLater, payment_ports.Refused),
    ),
    Parser(
        "gateways.payments.yookassa.provider:YooKassa.read",
        lambda raw: _YOOKASSA.read({}, raw, "127.0.0.1", T0),
        (_NOTIFICATION,),
        (outside.Unreadable, outside.TryLater, payment_ports.Refused),
    ),
    Parser(
        "engine.installation.payment_settings:read_payments",
        lambda text: payment_settings.read_payments(dict.fromkeys(payment_settings.VARIABLES, text)),
        ("sk_test_1", "https://api.example.org", "90", "192.0.2.0/24"),
        (ValueError,),
        longest=1_000,
    ),
    # Addresses that are called.
    Parser(
        "gateways.webhooks.sending:HttpSender.judge",
        HttpSender().judge,
        ("https://user@shop.example:8443/hook?a=1#b", "https://[::1]/"),
    ),
    Parser("gateways.webhooks.addresses:may_be_called", may_be_called, ("2001:db8::1%eth0", "127.0.0.1")),
    # Files.
    Parser("gateways.photos.pillow:PillowReencoder.reencode", PillowReencoder().reencode, (jpeg(120, 90),)),
    Parser("gateways.photos.sniffing:kind_of", kind_of, (jpeg(120, 90), b"RIFF\0\0\0\0WEBPVP8X")),
    Parser(
        "gateways.photos.sniffing:canvas_of_webp",
        canvas_of_webp,
        (
            b"RIFF\0\0\0\0WEBPVP8X" + b"\1" * 20,
            b"RIFF\0\0\0\0WEBPVP8L" + b"\x2f" * 20,
            b"RIFF\0\0\0\0WEBPVP8 " + b"\1" * 30,
        ),
    ),
    Parser(
        "cli.replay.table:read_table",
        lambda raw: _written(raw, _replayed),
        (_CSV.encode(), _CSV.encode("utf-16")),
        (Stop,),
    ),
    Parser(
        "cli.replay.columns:read_columns",
        lambda text: read_columns([text]),
        ('paid=payment_date,shipped="a,b"',),
        (Stop,),
    ),
    Parser(
        "cli.policy.places:line_of",
        lambda text: line_of(text, "receipt.window_days"),
        (preset_text("aliexpress")[:800],),
    ),
    Parser(
        "engine.installation.policies:parse_policy",
        lambda text: parse_policy(text, "own.toml"),
        ('name = "own"\n[receipt]\nwindow_days = 3\n',),
        (PolicyError,),
    ),
    Parser("proof.verify:verify", lambda raw: _written(raw, verify), (_archive(),), (Malformed,)),
    Parser("proof.heads:day_of", day_of, ("2026-05-19",)),
)


def _json(raw: bytes) -> object:
    """What a client of the provider had read as JSON; nothing where it is none."""
    try:
        read = msgspec.json.decode(raw)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return None
    return read.get("data", read.get("msg", read)) if isinstance(read, dict) else read
