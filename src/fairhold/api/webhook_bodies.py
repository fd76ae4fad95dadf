"""Bodies of the calls on webhooks."""

from typing import Annotated

from msgspec import Meta

from fairhold.api.bodies import ONE_LINE, Moment, Wire
from fairhold.engine.ports.webhooks import LONGEST_DESCRIPTION, LONGEST_URL
from fairhold.engine.webhooks.event_types import ALL_TYPES

Url = Annotated[
    str, Meta(min_length=1, max_length=LONGEST_URL, description="Where to; `https`, in the sandbox `http` too.")
]
Description = Annotated[str, Meta(max_length=LONGEST_DESCRIPTION, pattern=ONE_LINE)]
Type = Annotated[str, Meta(max_length=64, extra_json_schema={"enum": [*ALL_TYPES]})]
Types = Annotated[tuple[Type, ...], Meta(max_length=len(ALL_TYPES))]


class NewWebhook(Wire, frozen=True):
    """Where what is to be sent; no `types`: all of them, those too that come with later versions."""

    url: Url
    description: Description = ""
    types: Types = ()


class WebhookChange(Wire, frozen=True):
    """What is to be different. Turned on again, an endpoint is sent what happens from then on."""

    url: Url | None = None
    description: Description | None = None
    types: Types | None = None
    on: bool | None = None


class Nothing(Wire, frozen=True):
    """A call that says all by its address."""


class Rotation(Wire, frozen=True):
    """For how many hours the secret before signs too."""

    overlap_hours: Annotated[int, Meta(ge=0, le=168)] = 24


class Redelivery(Wire, frozen=True):
    """Since when everything that was not delivered is sent again; all of it where no moment is given."""

    since: Moment | None = None
