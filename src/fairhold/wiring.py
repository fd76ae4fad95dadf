"""The one place where the parts are put together."""

import gc
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import ASGIApp

from fairhold.api import app as api
from fairhold.domain.instants import Instant
from fairhold.engine.admission import Access
from fairhold.engine.background import Background
from fairhold.engine.clock import Clock, SandboxClock, SystemClock
from fairhold.engine.core import Engine
from fairhold.engine.evidence import EvidenceRoom
from fairhold.engine.metrics import Metrics
from fairhold.engine.news import Listener, News
from fairhold.engine.outbox import Courier
from fairhold.engine.outside import Outside
from fairhold.engine.photos import PHOTOS_A_DAY, Photos
from fairhold.engine.policies import PolicyBook, read_policies
from fairhold.engine.ports import Store
from fairhold.engine.queries import Queries
from fairhold.engine.review_reports import REPORTS_A_DAY, ReviewReports
from fairhold.engine.sealer import Sealer
from fairhold.engine.settings import Settings
from fairhold.engine.sweeper import Sweeper
from fairhold.gateways.photos.files import open_files
from fairhold.gateways.photos.pillow import PillowReencoder
from fairhold.gateways.sandbox_carrier import PLANS, SandboxCarrier
from fairhold.gateways.sandbox_payments import SandboxPayments
from fairhold.proof.keys import Signer
from fairhold.store import open_store
from fairhold.store.urls import is_postgres, sqlite_path
from fairhold.web.app import build_web
from fairhold.web.people import Directory
from fairhold.web.shelves import Shelf
from fairhold.web.site import Site

SECRET_SETTING = "secret"  # noqa: S105 - the name of a row, not a secret


@dataclass(frozen=True)
class Application:
    """A whole Fairhold in one process. `start` and `stop` run it; `close` gives the database back."""

    settings: Settings
    secret: str
    store: Store
    access: Access
    clock: Clock
    policies: PolicyBook
    engine: Engine
    queries: Queries
    photos: Photos
    reports: ReviewReports
    sweeper: Sweeper
    courier: Courier
    sealer: Sealer
    background: Background
    metrics: Metrics
    evidence: EvidenceRoom

    def start(self, *, background: bool = True) -> None:
        """Take commands; with `background`, also sweep deadlines and deliver the outbox as time passes."""
        _spare_the_collector()
        self.engine.start()
        if background:
            self.background.start()

    async def stop(self) -> None:
        """Finish what was accepted, then stop."""
        self.background.stop()
        await self.engine.stop()

    def advance(self, to: Instant) -> Instant:
        """Sandbox only: make it `to`, with everything on the way happening at its own time; answers the new moment. Blocks."""
        return self.background.advance(to)

    def close(self) -> None:
        """Stop if that has not been done, and close the database."""
        self.background.stop()
        self.engine.stop_waiting()
        self.store.close()


def build(
    settings: Settings,
    *,
    clock: Clock | None = None,
    migrate: bool = True,
    history: bool = False,
    listeners: Sequence[Listener] = (),
) -> Application:
    """Open the database of `settings`, bring it up to date, and put the parts together; nothing runs yet.

    `clock` replaces the system's, for replaying history in a sandbox of its own; `history`: what happens is news to
    nobody. `listeners` hear of it beside those of the house. Raises PolicyError or what the store cannot do.
    """
    policies = read_policies(settings.policy)
    store = open_store(settings.database, placing_lanes=settings.lanes)
    if migrate:
        store.migrate()
    sandbox = settings.sandbox or clock is not None
    if clock is None:
        clock = SandboxClock(store) if settings.sandbox else SystemClock()
    metrics = Metrics()
    reader = store.reader()
    heard_by = (*listeners, *([] if history else _listeners()))
    news = News(reader, policies.today, heard_by) if heard_by else None
    outside = Outside((SandboxPayments(),), (SandboxCarrier(),), news) if sandbox else Outside(news=news)
    engine = Engine(
        store,
        clock,
        outside=outside,
        metrics=metrics,
        today=policies.today,
        queue=settings.queue,
        batch=settings.batch,
    )
    sweeper = Sweeper(engine, clock, metrics)
    courier = Courier(engine, clock, outside, metrics)
    secret = settings.secret or _kept_secret(store)
    signer = Signer(secret)
    queries = Queries(reader, clock, policies.today)
    sealer = Sealer(reader, store.heads(), engine.lanes, signer, clock)
    photos = Photos(
        store.photos(),
        open_files(photos_place(settings)),
        PillowReencoder(),
        clock,
        queries.order,
        secret=secret,
        # In the sandbox no rate limit applies unless set.
        a_day=settings.photos_a_day or (None if sandbox else PHOTOS_A_DAY),
    )
    return Application(
        settings=settings,
        secret=secret,
        store=store,
        access=store.access(),
        clock=clock,
        policies=policies,
        engine=engine,
        queries=queries,
        photos=photos,
        reports=ReviewReports(store.reports(), reader, clock, None if sandbox else REPORTS_A_DAY),
        sweeper=sweeper,
        courier=courier,
        sealer=sealer,
        background=Background(engine, clock, sweeper, courier, sealer, others=is_postgres(settings.database)),
        metrics=metrics,
        evidence=EvidenceRoom(reader, store.heads(), signer, photos.stored),
    )


def _listeners() -> tuple[Listener, ...]:
    """Who passes on what happens to orders."""
    return ()


def photos_place(settings: Settings) -> str:
    """Where pictures lie: where the settings say, else beside the SQLite file, else in the working folder."""
    if settings.photos:
        return settings.photos
    if is_postgres(settings.database):
        return "fairhold-photos"
    path = sqlite_path(settings.database)
    return str(path.with_name(f"{path.stem}-photos"))


def _spare_the_collector() -> None:
    """What was loaded so far is never garbage, and an order is a tree without cycles: so look for cycles rarely.

    With Python's own thresholds the collector takes a third of a busy server's time to find nothing.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def _kept_secret(store: Store) -> str:
    """The secret of an installation that was given none: made once and kept with its data."""
    # Two servers that start at once must not sign with two secrets: the first to write one has made it for both.
    return store.setting(SECRET_SETTING) or store.keep_setting(SECRET_SETTING, secrets.token_urlsafe(32))


def site_of(application: Application, directory: Directory, shop: tuple[Shelf, ...] = ()) -> Site:
    """What the pages of `application` are given: `directory` names people, `shop` is what the sandbox sells."""
    sandbox = isinstance(application.clock, SandboxClock)
    return Site(
        engine=application.engine,
        queries=application.queries,
        access=application.access,
        photos=application.photos,
        reports=application.reports,
        directory=directory,
        policy=application.policies.default,
        clock=application if sandbox else None,
        marketplace=application.settings.marketplace,
        shop=shop if sandbox else (),
        tracking_numbers=tuple(f"{prefix}-1" for prefix in PLANS) if sandbox else (),
    )


def asgi(application: Application, directory: Directory | None = None, shop: tuple[Shelf, ...] = ()) -> ASGIApp:
    """The API and the pages of `application` as one ASGI application; `directory` names the people whom pages know.

    The engine starts and stops with the server.
    """
    site = site_of(application, directory or Directory(), shop)

    @asynccontextmanager
    async def life(_: Starlette) -> AsyncIterator[None]:
        if not application.engine.running:
            application.start()
        yield
        await application.stop()

    return api.face(application, Mount("/", app=build_web(site)), lifespan=life)
