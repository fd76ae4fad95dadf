"""From settings to whoever knows where parcels are: who is asked, who may call, and who tells the orders."""

from collections.abc import Sequence
from typing import NamedTuple

from fairhold.engine.installation.clock import Clock
from fairhold.engine.installation.metrics import Metrics
from fairhold.engine.installation.settings import SettingsError
from fairhold.engine.installation.tracking_settings import TrackingSettings
from fairhold.engine.kernel.core import Engine
from fairhold.engine.kernel.news import News as OrderNews
from fairhold.engine.outside.tracking import Inbound, Tracker, Wanted
from fairhold.engine.parcels.by_number import Parcels
from fairhold.engine.parcels.rounds import Rounds
from fairhold.engine.parcels.watch import ParcelWatch
from fairhold.engine.ports.parcels import Parcel, ParcelState
from fairhold.engine.ports.store import Store
from fairhold.engine.reading.orders import Queries
from fairhold.gateways.carriers.asking_aftership import AfterShip
from fairhold.gateways.carriers.asking_pochta_ru import RussianPost
from fairhold.gateways.carriers.asking_seventeentrack import SeventeenTrack
from fairhold.gateways.carriers.inbound import AfterShipCalls, SeventeenTrackCalls, SignedCalls
from fairhold.gateways.sandbox_carrier import plan_of
from fairhold.store.parcels import ParcelTables, TurnTables


class Tracking(NamedTuple):
    """What an application has of it. `rounds` are for whoever is asked, `inbound` for whoever calls, by name."""

    parcels: Parcels
    rounds: Rounds
    inbound: dict[str, Inbound]
    rows: ParcelTables
    watch: ParcelWatch


def tracking(
    settings: TrackingSettings,
    store: Store,
    engine: Engine,
    queries: Queries,
    clock: Clock,
    metrics: Metrics,
    news: OrderNews | None,
) -> Tracking:
    """Put together what tracks parcels; it listens to `news` of what is shipped. Raises SettingsError."""
    asked = trackers_of(settings)
    rows = ParcelTables(store.tables())
    parcels = Parcels(rows, engine, queries.order, clock, lambda parcel: assigned(parcel, asked))
    if news is not None:
        news.listen(parcels)
    rounds = Rounds(rows, TurnTables(store.tables()), parcels, asked, clock, metrics)
    return Tracking(
        parcels, rounds, {one.name: one for one in inbound_of(settings)}, rows, ParcelWatch(rows, queries.order, clock)
    )


def trackers_of(settings: TrackingSettings) -> tuple[Tracker, ...]:
    """Whoever can be asked, the most particular first."""
    found: list[Tracker] = []
    if settings.pochta_login and settings.pochta_password:
        found.append(
            RussianPost(settings.pochta_login, settings.pochta_password, calls_a_day=settings.pochta_calls_a_day)
        )
    if settings.seventeentrack_key:
        found.append(SeventeenTrack(settings.seventeentrack_key))
    if settings.aftership_key:
        found.append(AfterShip(settings.aftership_key))
    return tuple(found)


def inbound_of(settings: TrackingSettings) -> tuple[Inbound, ...]:
    """Whoever may call. Raises SettingsError."""
    found: list[Inbound] = []
    if settings.seventeentrack_key:
        found.append(SeventeenTrackCalls(settings.seventeentrack_key))
    if settings.aftership_webhook_secret:
        found.append(AfterShipCalls(settings.aftership_webhook_secret))
    try:
        # Without a secret nobody's signature is good; a key with the scope for tracking still is.
        found.append(SignedCalls(settings.webhook_secrets))
    except ValueError as error:
        raise SettingsError("FAIRHOLD_CARRIER_WEBHOOK_SECRET", f"cannot be used: {error}") from None
    return tuple(found)


def assigned(parcel: Parcel, trackers: Sequence[Tracker]) -> Parcel:
    """The parcel with the first of these who takes it; a number that the sandbox plays by itself is nobody's."""
    wanted = Wanted(parcel.written, parcel.carrier)
    tracker = next((one for one in trackers if one.takes(wanted)), None)
    if tracker is None or plan_of(parcel.written):
        return parcel._replace(provider="", state=ParcelState.FOLLOWED, due_at=None, ticket=None)
    state = ParcelState.NEW if tracker.registers else ParcelState.FOLLOWED
    return parcel._replace(provider=tracker.name, state=state, due_at=parcel.shipped_at, ticket=None)
