"""Every number and option of a policy as a sentence. A test holds this table to the options that there are."""

from collections.abc import Callable, Mapping
from functools import partial

from fairhold.cli.policy.payout_sentences import PAYOUT_SENTENCES
from fairhold.domain.commission_rules import SellersCommission
from fairhold.domain.policy import Policy
from fairhold.words.money import plain

Sentence = Callable[[Policy], str]


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


_day = partial(_count, one="day")
_hour = partial(_count, one="hour")


def _rate(basis_points: int) -> str:
    return f"{basis_points / 100:g} %"


def _by_category(found: dict[str, str], otherwise: str) -> str:
    return "; ".join(f"{what} for {category}" for category, what in sorted(found.items())) or otherwise


def _categories_window(policy: Policy) -> str:
    lengths = {category: _day(count) for category, count in policy.receipt.category_window_days.items()}
    return f"Other lengths of this window by category: {_by_category(lengths, 'none')}."


def _settlement(policy: Policy) -> str:
    delay = policy.receipt.settlement_delay_hours
    if not delay:
        return "The seller is paid at the moment of confirming: nothing can be undone."
    return f"A confirmation is paid out {_hour(delay)} later; until then support can take it back."


def _buyer_undo(policy: Policy) -> str:
    minutes = policy.receipt.buyer_undo_minutes
    if not minutes:
        return "Buyers cannot take a confirmation back themselves; support can."
    return f"Buyers themselves can take a confirmation back for {_count(minutes, 'minute')}."


def _freeze(policy: Policy) -> str:
    most = policy.receipt.accident_freeze_hours
    if not most or not policy.receipt.settlement_delay_hours:
        return "The money leaves when it would, answered or not."
    return f"Until they do, the money waits here, at most {_hour(most)} from the report."


def _lapse(policy: Policy) -> str:
    return f"When protection runs out without proof of delivery, {_LAPSE[policy.protection.on_lapse]}."


def _extensions(policy: Policy) -> str:
    count = policy.protection.extensions
    if not count:
        return "Protection cannot be extended."
    return f"It can be extended {_count(count, 'time')}, by the seller or on the buyer's request."


def _try_first(policy: Policy) -> str:
    prices = [f"{amount} {currency}" for currency, amount in sorted(policy.receipt.try_first_from.items())]
    return f"The same from these prices on, in minor units: {', '.join(prices) or 'none'}."


def _undecided(policy: Policy) -> str:
    count = policy.disputes.refund_undecided_after_days
    if not count:
        return "A dispute that nobody decides stays with the platform's staff; no money moves until they rule."
    return f"A dispute on which nobody has agreed or ruled after {_day(count)} ends with a full refund."


def _amounts(by_currency: Mapping[str, int]) -> str:
    return ", ".join(f"{plain(amount, code)} {code}" for code, amount in sorted(by_currency.items())) or "nothing"


def _fixed(policy: Policy) -> str:
    if not any(policy.commission.fixed.values()):
        return "It takes no fixed part."
    return f"And for each line of an order, whatever its quantity: {_amounts(policy.commission.fixed)}."


def _category_fixed(policy: Policy) -> str:
    tables = {category: _amounts(table) for category, table in policy.commission.category_fixed.items()}
    return f"Other fixed parts by category: {_by_category(tables, 'none')}."


def _sellers(policy: Policy) -> str:
    sellers = policy.commission.sellers
    if not sellers:
        return "Every seller pays the same."
    told = (f"{seller}: {_of_seller(own)}" for seller, own in sorted(sellers.items()))
    return f"Sellers who pay otherwise, each in what is named and as everybody in the rest: {'; '.join(told)}."


def _of_seller(own: SellersCommission) -> str:
    found = []
    if own.basis_points is not None:
        found.append(_rate(own.basis_points))
    if own.categories is not None:
        rates = {category: _rate(points) for category, points in own.categories.items()}
        found.append(f"by category {_by_category(rates, 'nothing else')}".replace(";", ","))
    if own.fixed is not None:
        found.append(f"{_amounts(own.fixed)} a line")
    if own.category_fixed is not None:
        tables = {category: _amounts(table) for category, table in own.category_fixed.items()}
        found.append(f"a line by category {_by_category(tables, 'nothing else')}".replace(";", ","))
    return ", ".join(found) or "as everybody"


def _on_refund(policy: Policy) -> str:
    if policy.commission.provider_fees_on_refund == "seller":
        return "It is the first that is taken: whatever is refunded, all of it that is covered is the seller's."
    return "Its share of what is refunded stays with the marketplace."


_PROVIDER_FEES = {
    "marketplace": "What the payment provider keeps of a payment, the marketplace bears.",
    "seller": "What the payment provider keeps of a payment, the seller bears, pro rata of what is released.",
}
_LAPSE = {
    "pay": "the seller is paid",
    "extend_once": "it is extended once; after that the seller is paid",
    "dispute": "a dispute is opened for the buyer, who asks for all of it back",
}
_BAR = {
    "claim_or_full_refund": "A buyer whose dispute was escalated, or who got everything back, leaves no review.",
    "any_dispute_unless_refunded": "A buyer who had a dispute leaves no review, unless the seller satisfied the refund.",
    "any_dispute": "A buyer who had a dispute leaves no review.",
    "none": "Every buyer may leave a review.",
}
_AUTOMATIC = {
    "four_for_four": "Whoever got no review for the 4 or 5 that they gave receives a 4 by itself.",
    "same_for_five": "Whoever got no review for the 5 that they gave receives a 5 by itself.",
    "five_for_silent_buyer": "A seller whose buyer stays silent receives a 5 by itself.",
    "none": "No review is ever written by itself.",
}
_REVISION = {
    "below_three_upward": "A review below 3 can be revised, for the better only.",
    "below_three": "A review below 3 can be revised in any direction.",
    "upward": "A review can be revised for the better only.",
    "any": "A review can be revised in any direction.",
    "none": "A review cannot be revised.",
}
_PUBLICATION = {
    "at_once": "A review appears at once.",
    "blind": "Both reviews appear together: when both are written, or when the time for them is over.",
}

SENTENCES: dict[str, Sentence] = {
    "payment.deadline_hours": lambda p: (
        f"An order that is not paid within {_hour(p.payment.deadline_hours)} is cancelled."
    ),
    "shipping.deadline_days": lambda p: (
        f"What is not shipped within {_day(p.shipping.deadline_days)} after payment is refunded."
    ),
    "shipping.deadline_max_days": lambda p: f"A seller may ask for up to {_day(p.shipping.deadline_max_days)} instead.",
    "shipping.late_after_days": lambda p: (
        f"Where no date was promised, a parcel is late {_day(p.shipping.late_after_days)} after shipping."
    ),
    "shipping.returned_parcel_days": lambda p: (
        f"A parcel that came back is shipped again within {_day(p.shipping.returned_parcel_days)}, or the buyer is refunded."
    ),
    "protection.default_days": lambda p: f"Protection runs for {_day(p.protection.default_days)} from shipping.",
    "protection.min_days": lambda p: f"A seller may choose no less than {_day(p.protection.min_days)}.",
    "protection.max_days": lambda p: f"And no more than {_day(p.protection.max_days)}.",
    "protection.extensions": _extensions,
    "protection.extension_max_days": lambda p: f"By up to {_day(p.protection.extension_max_days)} at a time.",
    "protection.extension_answer_days": lambda p: (
        f"A seller answers such a request within {_day(p.protection.extension_answer_days)}; then it is support's to answer, "
        "and after as long again the operator's."
        if p.protection.extensions
        else "So there are no requests to answer."
    ),
    "protection.on_lapse": _lapse,
    "protection.lapse_extension_days": lambda p: (
        f"Such an extension on lapse is {_day(p.protection.lapse_extension_days)} long"
        + ("." if p.protection.on_lapse == "extend_once" else "; this policy has none.")
    ),
    "receipt.window_days": lambda p: (
        f"After delivery the buyer has {_day(p.receipt.window_days)} to confirm or object; then the seller is paid."
    ),
    "receipt.category_window_days": _categories_window,
    "receipt.settlement_delay_hours": _settlement,
    "receipt.buyer_undo_minutes": _buyer_undo,
    "receipt.undo_minimum_hours": lambda p: (
        f"After that, protection runs for at least {_hour(p.receipt.undo_minimum_hours)}."
    ),
    "receipt.accident_answer_hours": lambda p: (
        f"Support answers «I confirmed by accident» within {_hour(p.receipt.accident_answer_hours)}; after that it is the "
        "operator's duty too."
    ),
    "receipt.accident_freeze_hours": _freeze,
    "receipt.seller_marks_delivered": lambda p: (
        "The seller's word that an order was delivered starts the window."
        if p.receipt.seller_marks_delivered
        else "Only the carrier's word starts the window; the seller's does not."
    ),
    "receipt.delivery_evidence": lambda p: (
        "A delivery that is weakly proved gives the buyer more time to check, and everybody is told why."
        if p.receipt.delivery_evidence
        else "How well a delivery is proved is not weighed: the carrier's word is enough."
    ),
    "receipt.doubted_delivery_days": lambda p: (
        f"The time to check is then longer by {_day(p.receipt.doubted_delivery_days)}"
        + ("." if p.receipt.delivery_evidence else ", were deliveries weighed.")
    ),
    "receipt.try_first_categories": lambda p: (
        f"Buyers are advised to try these first: {', '.join(p.receipt.try_first_categories) or 'nothing'}."
    ),
    "receipt.try_first_from": _try_first,
    "disputes.answer_days": lambda p: (
        f"A seller answers a dispute within {_day(p.disputes.answer_days)}; silence grants the demand, or all the money "
        "back where the goods were to be sent again."
    ),
    "disputes.offer_days": lambda p: (
        f"Every later offer stands for {_day(p.disputes.offer_days)}; only the newest can be accepted."
    ),
    "disputes.negotiation_days": lambda p: (
        f"After {_day(p.disputes.negotiation_days)} without agreement a mediator is asked; either side may ask sooner."
    ),
    "disputes.return_shipping_days": lambda p: (
        f"Where goods are to go back, they are sent within {_day(p.disputes.return_shipping_days)}, or the seller is paid."
    ),
    "disputes.return_inspection_days": lambda p: (
        f"Once they are there, the seller looks at them within {_day(p.disputes.return_inspection_days)}, "
        "or the buyer gets what was agreed."
    ),
    "disputes.ruling_days": lambda p: (
        f"A mediator rules within {_day(p.disputes.ruling_days)}; after that it is the operator's duty too."
    ),
    "disputes.appeal_days": lambda p: (
        f"A ruling takes effect {_day(p.disputes.appeal_days)} later; until then either side can appeal, once."
    ),
    "disputes.refund_undecided_after_days": _undecided,
    "reviews.window_days": lambda p: f"Both sides may review within {_day(p.reviews.window_days)} after completion.",
    "reviews.bar": lambda p: _BAR[p.reviews.bar],
    "reviews.automatic": lambda p: _AUTOMATIC[p.reviews.automatic],
    "reviews.revision": lambda p: _REVISION[p.reviews.revision],
    "reviews.revision_days": lambda p: (
        f"Within {_day(p.reviews.revision_days)} after it was left"
        + ("." if p.reviews.revision != "none" else ", were it allowed.")
    ),
    "reviews.languages": lambda p: f"Reviews are written in {', '.join(p.reviews.languages) or 'any language'}.",
    "reviews.publication": lambda p: _PUBLICATION[p.reviews.publication],
    "commission.basis_points": lambda p: (
        f"The marketplace keeps {_rate(p.commission.basis_points)} of what is released."
    ),
    "commission.categories": lambda p: (
        "Other rates by category: "
        + _by_category({name: _rate(points) for name, points in p.commission.categories.items()}, "none")
        + "."
    ),
    "commission.fixed": _fixed,
    "commission.category_fixed": _category_fixed,
    "commission.sellers": _sellers,
    "commission.provider_fees": lambda p: _PROVIDER_FEES[p.commission.provider_fees],
    "commission.provider_fees_on_refund": _on_refund,
    **PAYOUT_SENTENCES,
}
"""A sentence for each option, by its dotted key, in the order of the file."""


def sections(policy: Policy) -> dict[str, list[tuple[str, str]]]:
    """Each section's options and their sentences."""
    found: dict[str, list[tuple[str, str]]] = {}
    for key, sentence in SENTENCES.items():
        section, _, option = key.partition(".")
        found.setdefault(section, []).append((option, sentence(policy)))
    return found
