"""Evidence against a chargeback, as Stripe takes it («Dispute», evidence; «File», purpose `dispute_evidence`)."""

from collections.abc import Mapping

from fairhold.engine.outside.payment_seen import No
from fairhold.engine.outside.payments import Answer, EvidenceAsked, Refused
from fairhold.gateways.payments.calling import Field
from fairhold.gateways.payments.stripe.client import Client, name_in_path
from fairhold.gateways.payments.stripe.looking import Looking
from fairhold.gateways.payments.stripe.objects import Named

MOST_BYTES = 4_500_000
"""Of all files of a dispute together."""
LONGEST_TEXT = 20_000
LONGEST_WORD = 5_000
_FILES = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}
"""Kinds of files that a bank is shown, and how their names end."""

_FIELDS = {
    "carrier": ("shipping_carrier", LONGEST_WORD),
    "tracking_number": ("shipping_tracking_number", LONGEST_WORD),
    "shipped_on": ("shipping_date", LONGEST_WORD),
    "address": ("shipping_address", LONGEST_WORD),
    "goods": ("product_description", LONGEST_TEXT),
    "story": ("uncategorized_text", LONGEST_TEXT),
}
_OPEN = frozenset({"needs_response", "warning_needs_response"})


def contest(client: Client, looking: Looking, asked: EvidenceAsked, key: str) -> Answer:
    """Hand everything in at once: Stripe takes it to the bank a single time, and nothing can be added afterwards."""
    dispute = looking.raw_dispute(asked.chargeback)
    details = dispute.evidence_details
    if details.submission_count:
        return Answer(dispute.id)
    if dispute.status not in _OPEN or details.past_due:
        raise Refused(No.TOO_LATE, f"the dispute is {'past due' if details.past_due else dispute.status}")
    evidence: dict[str, Field] = dict(_texts(asked.words))
    if asked.media_type.startswith("text/"):
        story = "\n\n".join(filter(None, (asked.words.get("story"), asked.bundle.decode("utf-8", "replace"))))
        evidence["uncategorized_text"] = story[:LONGEST_TEXT]
    else:
        evidence["uncategorized_file"] = _upload(client, asked, key)
    fields: dict[str, Field] = {"evidence": evidence, "submit": True}
    client.post(f"disputes/{name_in_path(dispute.id)}", Named, fields, key)
    return Answer(dispute.id)


def _texts(words: Mapping[str, str]) -> dict[str, str]:
    return {name: words[kind][:longest] for kind, (name, longest) in _FIELDS.items() if words.get(kind)}


def _upload(client: Client, asked: EvidenceAsked, key: str) -> str:
    ending = _FILES.get(asked.media_type)
    if ending is None:
        raise Refused(No.UNSUPPORTED, f"Stripe shows banks no {asked.media_type}")
    if len(asked.bundle) > MOST_BYTES:
        raise Refused(
            No.UNSUPPORTED, f"Stripe takes at most {MOST_BYTES} bytes of evidence, and here are {len(asked.bundle)}"
        )
    return client.upload(asked.bundle, asked.media_type, f"evidence.{ending}", Named, f"{key}-file").id
