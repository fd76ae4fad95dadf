"""Leases of seconds instead of minutes, and a carrier on this machine: what a server imports before it starts to be killed.

Without this a test would wait for minutes after each kill until others may take up what the dead one had claimed.
"""

import os

from fairhold.domain.instants import SECOND, Duration
from fairhold.engine.notices import post_office
from fairhold.engine.parcels import rounds as parcel_rounds
from fairhold.engine.webhooks.worker import WebhookWorker
from fairhold.gateways.carriers.asking_seventeentrack import SeventeenTrack
from fairhold.store.postgres import writer

SECONDS = 2

post_office.LEASE = parcel_rounds.LEASE = parcel_rounds.FIRST_LOOK = Duration(SECONDS * SECOND)
writer.CLAIM_SECONDS = SECONDS
for made, name, value in (
    (WebhookWorker.__init__, "claim", SECONDS),
    (SeventeenTrack.__init__, "url", os.environ["FAIRHOLD_TEST_CARRIER"]),
):
    assert made.__kwdefaults__ is not None
    made.__kwdefaults__[name] = value
