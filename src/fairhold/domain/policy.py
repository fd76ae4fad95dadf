"""The policy: every number and every contradiction of the source, as data.

A marketplace chooses a policy (TOML); each order keeps the money rules it was placed under as its `Terms`. Rules of reviews
are those of the day. Options and defaults are DOMAIN's last section.
"""

from collections.abc import Collection, Mapping
from functools import cache
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta

from fairhold.domain.commission_rules import Bearer, Category, CommissionRules, not_currencies
from fairhold.domain.faults import named
from fairhold.domain.instants import Duration, days, hours, minutes
from fairhold.domain.money import is_currency
from fairhold.domain.payout_rules import PayoutRules
from fairhold.domain.payout_rules import not_currencies as not_in_currencies

Days = Annotated[int, Meta(ge=1, le=400)]
Hours = Annotated[int, Meta(ge=1, le=24 * 60)]
HoursOrNone = Annotated[int, Meta(ge=0, le=24 * 60)]
Name = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
Bar = Literal["claim_or_full_refund", "any_dispute_unless_refunded", "any_dispute", "none"]
Automatic = Literal["four_for_four", "same_for_five", "five_for_silent_buyer", "none"]
RevisionRule = Literal["below_three_upward", "below_three", "upward", "any", "none"]
Publication = Literal["at_once", "blind"]


class Section(msgspec.Struct, frozen=True, gc=False, kw_only=True, forbid_unknown_fields=True):
    """A table of the policy file; a key it does not know is an error."""


class PaymentRules(Section, frozen=True, kw_only=True):
    """Until when an order is paid."""

    deadline_hours: Hours = 24


class ShippingRules(Section, frozen=True, kw_only=True):
    """Until when the seller ships, and when a parcel is late (S20)."""

    deadline_days: Days = 7
    deadline_max_days: Days = 30
    late_after_days: Days = 30
    returned_parcel_days: Days = 5


class ProtectionRules(Section, frozen=True, kw_only=True):
    """The protection period (S3, S5) and what happens when it lapses without proof of delivery."""

    default_days: Days = 60
    min_days: Days = 15
    max_days: Days = 90
    extensions: Annotated[int, Meta(ge=0, le=10)] = 2
    extension_max_days: Days = 30
    extension_answer_days: Days = 3
    on_lapse: Literal["pay", "extend_once", "dispute"] = "pay"
    lapse_extension_days: Days = 15


class ReceiptRules(Section, frozen=True, kw_only=True):
    """Confirming receipt: the window of S4 and what stretches it, the undo of S16, the advice of S36."""

    window_days: Days = 7
    category_window_days: dict[Category, Days] = {}
    settlement_delay_hours: HoursOrNone = 24
    buyer_undo_minutes: Annotated[int, Meta(ge=0, le=24 * 60)] = 0
    undo_minimum_hours: Hours = 72
    accident_answer_hours: Hours = 12
    accident_freeze_hours: HoursOrNone = 0
    seller_marks_delivered: bool = False
    delivery_evidence: bool = False
    doubted_delivery_days: Days = 7
    try_first_categories: tuple[Category, ...] = ("electronics", "appliances", "tools", "computers", "phones")
    try_first_from: dict[str, Annotated[int, Meta(ge=1)]] = {}


class DisputeRules(Section, frozen=True, kw_only=True):
    """Terms of the dispute's stages (S17–S19)."""

    answer_days: Days = 5
    offer_days: Days = 3
    negotiation_days: Days = 15
    return_shipping_days: Days = 10
    return_inspection_days: Days = 5
    ruling_days: Days = 14
    appeal_days: Days = 7
    refund_undecided_after_days: Annotated[int, Meta(ge=0, le=400)] = 0


class ReviewRules(Section, frozen=True, kw_only=True):
    """Who may review, what is added for the silent, what can be revised (S22–S29)."""

    window_days: Days = 30
    bar: Bar = "claim_or_full_refund"
    automatic: Automatic = "four_for_four"
    revision: RevisionRule = "below_three_upward"
    revision_days: Days = 30
    languages: tuple[Literal["ru", "en"], ...] = ("ru", "en")
    publication: Publication = "at_once"


class ProviderRules(Section, frozen=True, kw_only=True):
    """A payment provider that this policy fits, and for how long it can hold money (0: without end)."""

    name: Name
    ceiling_days: Annotated[int, Meta(ge=0, le=4000)] = 0


class Policy(Section, frozen=True, kw_only=True):
    """A marketplace's whole choice. `version` counts up whenever the text of a named policy changes."""

    name: Name
    version: Annotated[int, Meta(ge=1)] = 1
    summary: Annotated[str, Meta(max_length=400)] = ""
    payment: PaymentRules = PaymentRules()
    shipping: ShippingRules = ShippingRules()
    protection: ProtectionRules = ProtectionRules()
    receipt: ReceiptRules = ReceiptRules()
    disputes: DisputeRules = DisputeRules()
    reviews: ReviewRules = ReviewRules()
    commission: CommissionRules = CommissionRules()
    payouts: PayoutRules = PayoutRules()
    providers: tuple[ProviderRules, ...] = (ProviderRules(name="sandbox"),)


class PolicyRef(msgspec.Struct, frozen=True, gc=False):
    """Which policy an order was placed under."""

    name: str
    version: int


class DisputeTerms(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """The terms of an order's disputes, in microseconds; as with `Terms`, what stands here never changes."""

    answer: Duration = days(5)
    offer: Duration = days(3)
    negotiation: Duration = days(15)
    return_shipping: Duration = days(10)
    return_inspection: Duration = days(5)
    ruling: Duration = days(14)
    appeal: Duration = days(7)
    undecided_after: Duration | None = None


_USUAL_DISPUTES = DisputeTerms()


class ReviewTerms(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """How an order is reviewed (S22–S29); lengths in microseconds. As with `Terms`, these defaults never change.

    An order keeps those that it was placed under, but is reviewed by those of the day, where its policy still has any.
    """

    window: Duration = days(30)
    bar: Bar = "claim_or_full_refund"
    automatic: Automatic = "four_for_four"
    revision: RevisionRule = "below_three_upward"
    revision_for: Duration = days(30)
    languages: tuple[str, ...] = ("ru", "en")
    publication: Publication = "at_once"


_USUAL_REVIEWS = ReviewTerms()


class Terms(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """The money rules of one order, frozen when it was placed; lengths in microseconds, rates in basis points.

    What is left out of a stored order is what stands here, so these defaults never change, whatever becomes of the preset
    that they repeat: an order and its first event would each carry 600 bytes more.
    """

    policy: PolicyRef
    payment_deadline: Duration = hours(24)
    shipping_deadline: Duration = days(7)
    late_after: Duration = days(30)
    returned_parcel: Duration = days(5)
    protection: Duration = days(60)
    extensions: int = 2
    extension_max: Duration = days(30)
    extension_answer: Duration = days(3)
    on_lapse: Literal["pay", "extend_once", "dispute"] = "pay"
    lapse_extension: Duration = days(15)
    window: Duration = days(7)
    category_windows: dict[str, Duration] = {}
    settlement_delay: Duration = hours(24)
    buyer_undo: Duration = minutes(0)
    undo_minimum: Duration = hours(72)
    accident_answer: Duration = hours(12)
    accident_freeze: Duration = hours(0)
    seller_marks_delivered: bool = False
    delivery_evidence: bool = False
    doubted_delivery: Duration = days(7)
    try_first_categories: tuple[str, ...] = ("electronics", "appliances", "tools", "computers", "phones")
    try_first_from: int | None = None
    commission: int = 500
    category_commission: dict[str, int] = {}
    fixed_commission: int = 0
    category_fixed: dict[str, int] = {}
    provider_fees: Bearer = "marketplace"
    provider_fees_on_refund: Bearer = "marketplace"
    ceiling: Duration | None = None
    disputes: DisputeTerms = _USUAL_DISPUTES
    reviews: ReviewTerms = _USUAL_REVIEWS

    def window_for(self, category: str | None) -> Duration:
        """How long the buyer has to check goods of `category` after delivery (S4, S36)."""
        return self.category_windows.get(category, self.window) if category else self.window

    def commission_for(self, category: str | None) -> int:
        """The commission on goods of `category`, in basis points."""
        return self.category_commission.get(category, self.commission) if category else self.commission

    def fixed_for(self, category: str | None) -> int:
        """The fixed part of the commission on a line with goods of `category`, in minor units."""
        return self.category_fixed.get(category, self.fixed_commission) if category else self.fixed_commission


class PolicyProblem(msgspec.Struct, frozen=True, gc=False):
    """What is wrong with a policy: the dotted key and a sentence in English for whoever edits the file."""

    key: str
    message: str


def read_policy(table: object) -> Policy | tuple[PolicyProblem, ...]:
    """A policy from a parsed TOML table, or everything that is wrong with it."""
    try:
        policy = msgspec.convert(table, Policy)
    except msgspec.ValidationError as error:
        return (_problem_of(str(error), table),)
    problems = contradictions(policy)
    return problems or policy


def _problem_of(message: str, table: Any) -> PolicyProblem:
    what, _, where = message.partition(" - at `")
    key = where.replace("key` in `", "").rstrip("`").lstrip("$.") or "policy"
    if "[...]" in key:
        key = named(key, table, Policy)
    if what.startswith("Object contains unknown field `"):
        unknown = what.removeprefix("Object contains unknown field `").rstrip("`")
        return PolicyProblem(unknown if key == "policy" else f"{key}.{unknown}", "there is no such option")
    if what.startswith("Object missing required field `"):
        missing = what.removeprefix("Object missing required field `").rstrip("`")
        return PolicyProblem(missing if key == "policy" else f"{key}.{missing}", "is missing")
    return PolicyProblem(key, what[:1].lower() + what[1:])


def contradictions(policy: Policy) -> tuple[PolicyProblem, ...]:
    """What in a policy, each value fine by itself, cannot hold together."""
    protection, shipping = policy.protection, policy.shipping
    found = []
    if not protection.min_days <= protection.default_days <= protection.max_days:
        found.append(PolicyProblem("protection.default_days", "must lie between min_days and max_days"))
    if shipping.deadline_days > shipping.deadline_max_days:
        found.append(PolicyProblem("shipping.deadline_days", "must not exceed deadline_max_days"))
    if policy.receipt.window_days > protection.max_days:
        found.append(
            PolicyProblem("receipt.window_days", "is longer than the longest protection, so it could never lapse")
        )
    if policy.receipt.buyer_undo_minutes > policy.receipt.settlement_delay_hours * 60:
        found.append(
            PolicyProblem("receipt.buyer_undo_minutes", "outlasts settlement_delay_hours: the money would have left")
        )
    if 0 < policy.receipt.accident_freeze_hours < policy.receipt.accident_answer_hours:
        found.append(
            PolicyProblem(
                "receipt.accident_freeze_hours", "ends before accident_answer_hours: the answer would come too late"
            )
        )
    found.extend(
        PolicyProblem(f"receipt.try_first_from.{code}", "is not an ISO 4217 currency")
        for code in policy.receipt.try_first_from
        if not is_currency(code)
    )
    found.extend(PolicyProblem(key, "is not an ISO 4217 currency") for key in not_currencies(policy.commission))
    found.extend(PolicyProblem(key, "is not an ISO 4217 currency") for key in not_in_currencies(policy.payouts))
    if policy.commission.provider_fees_on_refund == "seller" and policy.commission.provider_fees != "seller":
        found.append(
            PolicyProblem(
                "commission.provider_fees_on_refund", "is the seller's only where provider_fees are the seller's"
            )
        )
    if not policy.providers:
        found.append(PolicyProblem("providers", "names no payment provider that the policy fits"))
    if len({provider.name for provider in policy.providers}) != len(policy.providers):
        found.append(PolicyProblem("providers", "names a provider twice"))
    return tuple(found)


def terms_of(
    policy: Policy,
    currency: str,
    *,
    shipping_days: int | None,
    protection_days: int | None,
    provider: str = "sandbox",
    seller: str | None = None,
    categories: Collection[str | None] | None = None,
) -> Terms:
    """The money rules of an order placed under `policy`, with what its seller chose within the bounds.

    Of the commission, what applies to this seller, in this currency, to goods of these categories (all where not said).
    """
    receipt = policy.receipt
    commission = policy.commission.of_seller(seller)
    fixed, fixed_by_category = commission.fixed_in(currency)
    ceiling = next(
        (days(held.ceiling_days) for held in policy.providers if held.name == provider and held.ceiling_days), None
    )
    return _slim(
        Terms,
        policy=PolicyRef(policy.name, policy.version),
        payment_deadline=hours(policy.payment.deadline_hours),
        shipping_deadline=days(shipping_days or policy.shipping.deadline_days),
        late_after=days(policy.shipping.late_after_days),
        returned_parcel=days(policy.shipping.returned_parcel_days),
        protection=days(protection_days or policy.protection.default_days),
        extensions=policy.protection.extensions,
        extension_max=days(policy.protection.extension_max_days),
        extension_answer=days(policy.protection.extension_answer_days),
        on_lapse=policy.protection.on_lapse,
        lapse_extension=days(policy.protection.lapse_extension_days),
        window=days(receipt.window_days),
        category_windows={category: days(count) for category, count in receipt.category_window_days.items()},
        settlement_delay=hours(receipt.settlement_delay_hours),
        buyer_undo=minutes(receipt.buyer_undo_minutes),
        undo_minimum=hours(receipt.undo_minimum_hours),
        accident_answer=hours(receipt.accident_answer_hours),
        accident_freeze=hours(receipt.accident_freeze_hours),
        seller_marks_delivered=receipt.seller_marks_delivered,
        delivery_evidence=receipt.delivery_evidence,
        doubted_delivery=days(receipt.doubted_delivery_days),
        try_first_categories=receipt.try_first_categories,
        try_first_from=receipt.try_first_from.get(currency),
        commission=commission.basis_points,
        category_commission=_applying(commission.categories, categories),
        fixed_commission=fixed,
        category_fixed=_applying(fixed_by_category, categories),
        provider_fees=commission.provider_fees,
        provider_fees_on_refund=commission.provider_fees_on_refund,
        ceiling=ceiling,
        disputes=_dispute_terms(policy.disputes),
        reviews=review_terms(policy.reviews),
    )


def _applying(by_category: Mapping[str, int], categories: Collection[str | None] | None) -> dict[str, int]:
    return {name: value for name, value in by_category.items() if categories is None or name in categories}


def review_terms(rules: ReviewRules) -> ReviewTerms:
    """The rules of reviews as an order is asked by them."""
    terms = _slim(
        ReviewTerms,
        window=days(rules.window_days),
        bar=rules.bar,
        automatic=rules.automatic,
        revision=rules.revision,
        revision_for=days(rules.revision_days),
        languages=rules.languages,
        publication=rules.publication,
    )
    return _USUAL_REVIEWS if terms == _USUAL_REVIEWS else terms


def _dispute_terms(rules: DisputeRules) -> DisputeTerms:
    last = rules.refund_undecided_after_days
    terms = _slim(
        DisputeTerms,
        answer=days(rules.answer_days),
        offer=days(rules.offer_days),
        negotiation=days(rules.negotiation_days),
        return_shipping=days(rules.return_shipping_days),
        return_inspection=days(rules.return_inspection_days),
        ruling=days(rules.ruling_days),
        appeal=days(rules.appeal_days),
        undecided_after=days(last) if last else None,
    )
    return _USUAL_DISPUTES if terms == _USUAL_DISPUTES else terms


_Slim = TypeVar("_Slim", bound=msgspec.Struct)


def _slim(kind: type[_Slim], **rules: Any) -> _Slim:
    """A struct in which what is usual is the default itself: by that, not by its value, it is left out where it is stored."""
    return kind(**{name: rule for name, rule in rules.items() if rule != _usual(kind).get(name, msgspec.UNSET)})


@cache
def _usual(kind: type[msgspec.Struct]) -> dict[str, Any]:
    return {field.name: field.default for field in msgspec.structs.fields(kind)}
