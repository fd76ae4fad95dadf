"""What can be to come for an order: the kinds of deadline, what each does, whose turn it is, and what would stop it."""

from enum import StrEnum

import msgspec

from fairhold.domain.actors import Role
from fairhold.domain.dispute import DisputeId
from fairhold.domain.ids import LineId
from fairhold.domain.instants import Instant
from fairhold.domain.spans import Span


class Kind(StrEnum):
    """The kinds of deadline, in the order in which those of one instant are applied."""

    PAYMENT = "payment"
    SETTLEMENT = "settlement"
    ACCIDENT = "accident"
    CONFIRMATION_WINDOW = "confirmation_window"
    PROTECTION = "protection"
    EXTENSION_ANSWER = "extension_answer"
    SHIPPING = "shipping"
    DISPUTE_RESPONSE = "dispute_response"
    OFFER = "offer"
    NEGOTIATION = "negotiation"
    RULING = "ruling"
    APPEAL = "appeal"
    RETURN_SHIPPING = "return_shipping"
    RETURN_INSPECTION = "return_inspection"
    RESEND = "resend"
    UNDECIDED = "undecided"
    CHARGEBACK = "chargeback"
    PROVIDER_CEILING = "provider_ceiling"
    REVIEW = "review"


class Effect(StrEnum):
    """What a deadline does when it comes."""

    CANCEL = "cancel"
    RELEASE = "release"
    REFUND = "refund"
    EXTEND = "extend"
    OPEN_DISPUTE = "open_dispute"
    GRANT = "grant"
    LAPSE = "lapse"
    ESCALATE = "escalate"
    REMIND = "remind"
    HAND_ON = "hand_on"
    CARRY_OUT = "carry_out"
    LOSE = "lose"
    CLOSE_REVIEWS = "close_reviews"


class Because(StrEnum):
    """Why a deadline is there."""

    NOT_PAID = "not_paid"
    NOT_SHIPPED = "not_shipped"
    RETURNED_TO_SENDER = "returned_to_sender"
    DELIVERED = "delivered"
    SHIPPED = "shipped"
    SHIPPED_LAPSE_EXTENDS = "shipped_lapse_extends"
    SHIPPED_LAPSE_DISPUTES = "shipped_lapse_disputes"
    CONFIRMED = "confirmed"
    ACCIDENT_REPORTED = "accident_reported"
    ACCIDENT_SETTLES = "accident_settles"
    ACCIDENT_OVERDUE = "accident_overdue"
    EXTENSION_ASKED = "extension_asked"
    EXTENSION_WITH_SUPPORT = "extension_with_support"
    PROVIDER_LIMIT = "provider_limit"
    DEMANDED = "demanded"
    OFFERED = "offered"
    NEGOTIATED = "negotiated"
    CLAIMED = "claimed"
    CLAIM_OVERDUE = "claim_overdue"
    RULED = "ruled"
    RETURN_AGREED = "return_agreed"
    SENT_BACK = "sent_back"
    RESEND_AGREED = "resend_agreed"
    UNDECIDED = "undecided"
    DISPUTE_PROVIDER_LIMIT = "dispute_provider_limit"
    BANK_DECIDES = "bank_decides"
    REVIEWS_OPEN = "reviews_open"


class Deadline(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """At `at`, `effect` comes over `spans` (worth `amount` minor units) unless one of `stopped_by` is done.

    `owner` is expected to act. `dispute` or `chargeback` names what it is about, where it is about one.
    """

    kind: Kind
    at: Instant
    spans: tuple[Span, ...]
    amount: int
    owner: Role
    effect: Effect
    because: Because
    stopped_by: tuple[str, ...]
    dispute: DisputeId | None = None
    chargeback: str | None = None

    @property
    def lines(self) -> tuple[LineId, ...]:
        """The lines concerned, each once."""
        return tuple(dict.fromkeys([span.line for span in self.spans]))


class Rule(msgspec.Struct, frozen=True, gc=False):
    """What is the same for every deadline of one reason."""

    kind: Kind
    owner: Role
    effect: Effect
    stopped_by: tuple[str, ...]


_RULING = ("rule_on_dispute", "accept_offer", "withdraw_dispute")
_ANSWERING = ("undo_receipt", "decline_accident")
_EXTENDING = ("answer_extension", "extend_protection")
_BUYERS = ("confirm_receipt", "open_dispute")

RULES: dict[Because, Rule] = {
    Because.NOT_PAID: Rule(Kind.PAYMENT, Role.BUYER, Effect.CANCEL, ("pay", "cancel")),
    Because.NOT_SHIPPED: Rule(Kind.SHIPPING, Role.SELLER, Effect.REFUND, ("ship", "cancel")),
    Because.RETURNED_TO_SENDER: Rule(Kind.SHIPPING, Role.SELLER, Effect.REFUND, ("ship", "contest_returned_parcel")),
    Because.DELIVERED: Rule(Kind.CONFIRMATION_WINDOW, Role.BUYER, Effect.RELEASE, _BUYERS),
    Because.SHIPPED: Rule(Kind.PROTECTION, Role.BUYER, Effect.RELEASE, (*_BUYERS, "extend_protection")),
    Because.SHIPPED_LAPSE_EXTENDS: Rule(Kind.PROTECTION, Role.BUYER, Effect.EXTEND, (*_BUYERS, "extend_protection")),
    Because.SHIPPED_LAPSE_DISPUTES: Rule(
        Kind.PROTECTION, Role.BUYER, Effect.OPEN_DISPUTE, (*_BUYERS, "extend_protection")
    ),
    Because.CONFIRMED: Rule(Kind.SETTLEMENT, Role.SYSTEM, Effect.RELEASE, ("undo_receipt",)),
    Because.ACCIDENT_REPORTED: Rule(Kind.ACCIDENT, Role.SUPPORT, Effect.HAND_ON, _ANSWERING),
    Because.ACCIDENT_SETTLES: Rule(Kind.SETTLEMENT, Role.SUPPORT, Effect.RELEASE, ("undo_receipt",)),
    Because.ACCIDENT_OVERDUE: Rule(Kind.SETTLEMENT, Role.OPERATOR, Effect.RELEASE, ("undo_receipt",)),
    Because.EXTENSION_ASKED: Rule(Kind.EXTENSION_ANSWER, Role.SELLER, Effect.HAND_ON, _EXTENDING),
    Because.EXTENSION_WITH_SUPPORT: Rule(Kind.EXTENSION_ANSWER, Role.SUPPORT, Effect.HAND_ON, _EXTENDING),
    Because.PROVIDER_LIMIT: Rule(Kind.PROVIDER_CEILING, Role.BUYER, Effect.REFUND, ("confirm_receipt",)),
    Because.DEMANDED: Rule(
        Kind.DISPUTE_RESPONSE,
        Role.SELLER,
        Effect.GRANT,
        ("accept_offer", "make_offer", "escalate_dispute", "withdraw_dispute"),
    ),
    Because.OFFERED: Rule(Kind.OFFER, Role.BUYER, Effect.LAPSE, ("accept_offer", "make_offer")),
    Because.NEGOTIATED: Rule(
        Kind.NEGOTIATION, Role.BUYER, Effect.ESCALATE, ("accept_offer", "escalate_dispute", "withdraw_dispute")
    ),
    Because.CLAIMED: Rule(Kind.RULING, Role.MEDIATOR, Effect.REMIND, _RULING),
    Because.CLAIM_OVERDUE: Rule(Kind.RULING, Role.OPERATOR, Effect.REMIND, _RULING),
    Because.RULED: Rule(Kind.APPEAL, Role.BUYER, Effect.CARRY_OUT, ("appeal_ruling",)),
    Because.RETURN_AGREED: Rule(Kind.RETURN_SHIPPING, Role.BUYER, Effect.RELEASE, ("ship_return",)),
    Because.SENT_BACK: Rule(Kind.RETURN_INSPECTION, Role.SELLER, Effect.REFUND, ("receive_return",)),
    Because.RESEND_AGREED: Rule(Kind.RESEND, Role.SELLER, Effect.REFUND, ("ship_replacement",)),
    Because.UNDECIDED: Rule(Kind.UNDECIDED, Role.OPERATOR, Effect.REFUND, ("rule_on_dispute", "accept_offer")),
    Because.DISPUTE_PROVIDER_LIMIT: Rule(
        Kind.PROVIDER_CEILING, Role.OPERATOR, Effect.REFUND, ("rule_on_dispute", "accept_offer")
    ),
    Because.BANK_DECIDES: Rule(Kind.CHARGEBACK, Role.OPERATOR, Effect.LOSE, ("record_chargeback_outcome",)),
    Because.REVIEWS_OPEN: Rule(Kind.REVIEW, Role.SYSTEM, Effect.CLOSE_REVIEWS, ()),
}
"""Whose turn it is, what happens, and what would stop it: one row per reason."""

SETTLING = (Because.CONFIRMED, Because.ACCIDENT_SETTLES, Because.ACCIDENT_OVERDUE)
"""Receipt was confirmed, and the money leaves then."""
