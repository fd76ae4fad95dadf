"""Orders and events as the bytes that a store keeps: JSON, so that a person with a database shell can read them."""

import msgspec

from fairhold.domain.events import Event
from fairhold.domain.order import Order

encode = msgspec.json.Encoder().encode
decode_order = msgspec.json.Decoder(Order).decode
decode_event = msgspec.json.Decoder(Event).decode
