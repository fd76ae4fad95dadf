"""From settings to an application."""

import random
import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from fairhold.engine.audit.evidence import EvidenceRoom
from fairhold.engine.audit.sealer import Sealer
from fairhold.engine.background import Background, Workers
from fairhold.engine.installation.clock import Clock, SandboxClock, SystemClock
from fairhold.engine.installation.metrics import Metrics
from fairhold.engine.installation.policies import PolicyBook, Today, read_policies
from fairhold.engine.installation.settings import Settings
from fairhold.engine.intake.photos import PHOTOS_A_DAY, Photos
from fairhold.engine.intake.review_reports import REPORTS_A_DAY, ReviewReports
from fairhold.engine.kernel.core import Engine
from fairhold.engine.kernel.minting import CHANCE
from fairhold.engine.kernel.news import Listener, News
from fairhold.engine.kernel.outbox import Courier
from fairhold.engine.kernel.sweeper import Sweeper
from fairhold.engine.notices.order_links import OrderLinks
from fairhold.engine.outside.destinations import Outside
from fairhold.engine.outside.payments import Provider
from fairhold.engine.ports.store import Reader, Store
from fairhold.engine.reading.orders import Queries
from fairhold.gateways.payments.desk import Desk
from fairhold.gateways.photos.files import open_files
from fairhold.gateways.photos.pillow import PillowReencoder
from fairhold.gateways.sandbox_carrier import SandboxCarrier
from fairhold.gateways.sandbox_payments import SandboxPayments
from fairhold.proof.keys import Signer
from fairhold.store import open_store
from fairhold.store.urls import is_postgres, sqlite_path
from fairhold.wiring.application import Application
from fairhold.wiring.helping import helping_of
from fairhold.wiring.letters import messages_of
from fairhold.wiring.membership import membership_of
from fairhold.wiring.payments import MoneyParts
from fairhold.wiring.payouts import payouts_of, purses_of
from fairhold.wiring.reconciling import reconciling_of
from fairhold.wiring.tracking import tracking
from fairhold.wiring.webhooks import webhook_parts

SECRET_SETTING = "secret"  # noqa: S105 - the name of a row, not a secret


class StandIns(NamedTuple):
    """What a simulation puts in the place of the world: the database as it fails, the outbox's destinations, chance, payers.

    With `payers`, what is due to sellers is noted down even where nobody else hears of what happens.
    """

    store: Callable[[Store], Store]
    outside: Callable[[Outside], Outside]
    chance: random.Random
    payers: Callable[[Mapping[str, Provider]], Mapping[str, Provider]] | None = None


NO_STAND_INS = StandIns(lambda store: store, lambda outside: outside, CHANCE)
"""The world as it is."""


def build(
    settings: Settings,
    *,
    clock: Clock | None = None,
    migrate: bool = True,
    history: bool = False,
    listeners: Sequence[Listener] = (),
    stand_ins: StandIns = NO_STAND_INS,
) -> Application:
    """Open the database of `settings`, bring it up to date, and put the parts together; nothing runs yet.

    `clock` replaces the system's, for replaying history in a sandbox of its own; `history`: what happens is news to
    nobody. `listeners` hear of it too; `stand_ins` are a simulation's. Raises PolicyError or what the store cannot do.
    """
    sandbox = settings.sandbox or clock is not None
    policies, store, clock, secret = _ground(settings, clock, stand_ins, migrate=migrate)
    metrics, reader, links = Metrics(), store.reader(), OrderLinks(secret, clock)
    queries = Queries(reader, clock, policies.today)
    messages = messages_of(settings, store, queries, links, clock, metrics, secret)
    webhooks = webhook_parts(settings, store, secret, clock, metrics, messages.mail, plain=sandbox)
    helping = helping_of(store, clock, tell := messages.notifier.tell, sandbox=sandbox)
    purses, signer = purses_of(store), Signer(secret)
    house = (messages.notifier, webhooks.news, helping.desk, purses)
    news = _news(reader, policies.today, (*listeners, *(_quiet(stand_ins, purses) if history else house)))
    money = MoneyParts(settings, store, clock, secret, sandbox=sandbox)
    outside = stand_ins.outside(_outside(news, money, settings.url))
    engine = _engine(settings, store, clock, outside, metrics, policies.today, stand_ins.chance)
    payouts = payouts_of(store, purses, engine, queries, policies, _payers(stand_ins, money), clock, tell)
    at_work = money.at_work(engine, queries, payouts)
    sweeper, sealer = Sweeper(engine, clock, metrics), Sealer(reader, store.heads(), engine.lanes, signer, clock)
    courier = Courier(engine, clock, outside, metrics, chance=stand_ins.chance.random)
    by_time = (None, None) if history else (payouts.paymaster, at_work.sandbox)
    workers = Workers(sweeper, courier, sealer, messages.notifier, messages.mail, *by_time)
    photos = _photos(settings, store, clock, queries, secret, sandbox=sandbox)
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
        links=links,
        workers=workers,
        webhooks=webhooks.keeper,
        webhook_worker=webhooks.worker,
        background=Background(engine, clock, workers, others=is_postgres(settings.database)),
        metrics=metrics,
        evidence=EvidenceRoom(reader, store.heads(), signer, photos.stored),
        messages=messages,
        helping=helping,
        members=membership_of(settings, store, clock, secret, messages, queries, photos),
        money=at_work,
        payouts=payouts,
        reconciling=reconciling_of(store, money.providers, clock, metrics),
        tracking=tracking(settings.tracking, store, engine, queries, clock, metrics, None if history else news),
    )


class _Ground(NamedTuple):
    """What everything else stands on."""

    policies: PolicyBook
    store: Store
    clock: Clock
    secret: str


def _ground(settings: Settings, clock: Clock | None, stand_ins: StandIns, *, migrate: bool) -> _Ground:
    policies = read_policies(settings.policy)
    store = _opened(settings, stand_ins, migrate=migrate)
    return _Ground(policies, store, clock or _clock(settings, store), settings.secret or _kept_secret(store))


def _opened(settings: Settings, stand_ins: StandIns, *, migrate: bool) -> Store:
    store = stand_ins.store(open_store(settings.database, placing_lanes=settings.lanes))
    if migrate:
        store.migrate()
    return store


def _quiet(stand_ins: StandIns, purses: Listener) -> tuple[Listener, ...]:
    """Who hears of what is news to nobody."""
    return () if stand_ins.payers is None else (purses,)


def _payers(stand_ins: StandIns, money: MoneyParts) -> Mapping[str, Provider]:
    """By name, whoever pays sellers."""
    return money.payers if stand_ins.payers is None else stand_ins.payers(money.payers)


def _clock(settings: Settings, store: Store) -> Clock:
    return SandboxClock(store) if settings.sandbox else SystemClock()


def _engine(
    settings: Settings,
    store: Store,
    clock: Clock,
    outside: Outside,
    metrics: Metrics,
    today: Today,
    chance: random.Random,
) -> Engine:
    return Engine(
        store,
        clock,
        outside=outside,
        metrics=metrics,
        today=today,
        queue=settings.queue,
        batch=settings.batch,
        chance=chance,
    )


def _news(reader: Reader, today: Today, heard_by: Sequence[Listener]) -> News | None:
    """Who is told of what happens to orders; None where nobody is."""
    return News(reader, today, heard_by) if heard_by else None


def _outside(news: News | None, money: MoneyParts, url: str) -> Outside:
    """Whom the engine talks to."""
    desks = [Desk(provider, url) for provider in money.providers.values()]
    if money.sandbox is None:
        return Outside(desks, news=news)
    return Outside((SandboxPayments(money.sandbox), *desks), (SandboxCarrier(),), news)


def _photos(settings: Settings, store: Store, clock: Clock, queries: Queries, secret: str, *, sandbox: bool) -> Photos:
    return Photos(
        store.photos(),
        open_files(photos_place(settings)),
        PillowReencoder(),
        clock,
        queries.order,
        secret=secret,
        # In the sandbox no rate limit applies unless set.
        a_day=settings.photos_a_day or (None if sandbox else PHOTOS_A_DAY),
    )


def photos_place(settings: Settings) -> str:
    """Where pictures lie: where the settings say, else beside the SQLite file, else in the working folder."""
    if settings.photos:
        return settings.photos
    if is_postgres(settings.database):
        return "fairhold-photos"
    path = sqlite_path(settings.database)
    return str(path.with_name(f"{path.stem}-photos"))


def _kept_secret(store: Store) -> str:
    """The secret of an installation that was given none: made once and kept with its data."""
    # Two servers that start at once must not sign with two secrets: the first to write one has made it for both.
    return store.setting(SECRET_SETTING) or store.keep_setting(SECRET_SETTING, secrets.token_urlsafe(32))
