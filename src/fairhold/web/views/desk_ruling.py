"""The ruling on a mediator's desk: sums that a refund would mean, marks to start from, reasons ready to use."""

from collections.abc import Sequence
from dataclasses import dataclass

from fairhold.domain.actors import Role
from fairhold.domain.bank_money import foreseen
from fairhold.domain.dispute import Dispute, DisputeReason, Offer
from fairhold.domain.money import MINOR_DIGITS
from fairhold.domain.order import Order
from fairhold.engine.ports.disputes import StoredDispute
from fairhold.web.views.commission import broken_down
from fairhold.web.views.desk_reasons import CannedGroup, canned_groups
from fairhold.web.views.desk_sides import latest_offer
from fairhold.web.views.parts import Share, Sum
from fairhold.web.views.sight import Sight
from fairhold.words import dates
from fairhold.words.catalog import N_
from fairhold.words.money import SIGNS, percent, plain


@dataclass(frozen=True)
class Outlook:
    """What giving the buyer so much would mean, to the last minor unit."""

    shares: tuple[Share, ...]
    sums: tuple[Sum, ...]
    total: Sum
    share: str
    net: str


def outlook(sight: Sight, dispute: Dispute, refund: int) -> Outlook:
    """The three sums of a ruling that gives the buyer `refund` minor units, were it carried out now."""
    seen = foreseen(sight.order, dispute, refund)
    by_bank = dispute.amount - seen.refund - seen.gross
    sums = [Sum(sight.say(N_("To the buyer")), sight.sum(seen.refund), "buyer", strong=True)]
    if by_bank > 0:
        sums.append(Sum(sight.say(N_("Taken back through the bank before")), sight.sum(by_bank), "buyer"))
    sums.append(Sum(sight.say(N_("To the seller")), sight.sum(seen.net), "seller", strong=True))
    sums += broken_down(sight, seen.fee, seen.fixed, seen.provider)
    return Outlook(
        shares=_shares(dispute.amount, refund),
        sums=tuple(sums),
        total=Sum(sight.say(N_("Sum in dispute")), sight.sum(dispute.amount)),
        share=share_words(sight, refund, dispute.amount),
        net=sight.sum(seen.net),
    )


def _shares(amount: int, refund: int) -> tuple[Share, ...]:
    to_buyer = hundredth(refund, amount)
    found = (Share("buyer", 0, to_buyer), Share("seller", to_buyer, 100 - to_buyer))
    return tuple(share for share in found if share.width)


def hundredth(part: int, whole: int) -> int:
    """How many per cent `part` is of `whole`, rounded half up, and 0 or 100 only where it is none or all of it."""
    if whole <= 0 or part <= 0:
        return 0
    return 100 if part >= whole else min(99, max(1, (part * 200 + whole) // (2 * whole)))


def share_words(sight: Sight, refund: int, amount: int) -> str:
    """«60 %» of the disputed sum."""
    return percent(sight.reader, hundredth(refund, amount) * 100)


@dataclass(frozen=True)
class Mark:
    """A sum to begin with: why this one, what it is, where it lies on the slider, and what the field then holds."""

    why: str
    sum: str
    at: int
    value: str


def marks_of(sight: Sight, dispute: Dispute, similar: Sequence[StoredDispute]) -> tuple[Mark, ...]:
    """What the record suggests, each sum once: the complaint upheld or not, the last offers and half way between, practice."""
    amount = dispute.amount
    buyers, sellers = _sum_of(dispute, Role.BUYER), _sum_of(dispute, Role.SELLER)
    found: list[tuple[str, int]] = [(N_("The complaint is upheld in full"), amount)]
    if buyers is not None:
        found.append((N_("The buyer's last demand"), buyers))
    if sellers is not None:
        found.append((N_("The seller's last offer"), sellers))
    if buyers is not None and sellers is not None and abs(buyers - sellers) > 1:
        found.append((N_("Half way between the two"), (buyers + sellers) // 2))
    if dispute.rulings:
        found.append((N_("The ruling that is appealed"), dispute.rulings[-1].refund))
    if similar:
        found.append((N_("As similar claims were ruled (median)"), _median(similar) * amount // 10_000))
    found.append((N_("The complaint is not upheld"), 0))
    by_sum: dict[int, list[str]] = {}
    for why, refund in found:
        by_sum.setdefault(refund, []).append(sight.say(why))
    return tuple(
        Mark(_joined(why), sight.sum(refund), hundredth(refund, amount), plain(refund, sight.order.currency))
        for refund, why in sorted(by_sum.items(), reverse=True)
    )


def _joined(reasons: list[str]) -> str:
    return "; ".join([reasons[0], *(reason[:1].lower() + reason[1:] for reason in reasons[1:])])


def _sum_of(dispute: Dispute, role: Role) -> int | None:
    offer = latest_offer(dispute, role)
    return None if offer is None else worth_of_offer(dispute, offer)


def worth_of_offer(dispute: Dispute, offer: Offer) -> int:
    """What an offer is worth to the buyer in money: goods sent again stand for all that they cost."""
    return dispute.amount if offer.resend else offer.refund


def _median(similar: Sequence[StoredDispute]) -> int:
    shares = sorted((row.refund or 0) * 10_000 // row.amount for row in similar if row.amount)
    middle = len(shares) // 2
    return shares[middle] if len(shares) % 2 else (shares[middle - 1] + shares[middle]) // 2


def advice_of(sight: Sight, dispute: Dispute) -> tuple[str, ...]:
    """What the order's terms and its tracking say about a complaint of this kind."""
    order, found = sight.order, []
    if dispute.reason in (DisputeReason.NOT_RECEIVED, DisputeReason.LATE):
        found.append(_about_delivery(sight, order, dispute))
    if dispute.reason is DisputeReason.LATE:
        late = order.promised_by
        promised = sight.say(
            N_("Lateness is grounds by itself: the goods were promised by %(day)s."), day=_day(sight, late)
        )
        usual = sight.say(
            N_("Lateness is grounds by itself: %(length)s after shipping without delivery count as late."),
            length=dates.whole_days(sight.reader, order.terms.late_after),
        )
        found.append(promised if late is not None else usual)
    if order.terms.disputes.undecided_after is not None and dispute.undecided_after is not None:
        found.append(
            sight.say(
                N_("If nobody has decided by %(moment)s, the policy gives all of it to the buyer."),
                moment=sight.moment(dispute.undecided_after),
            )
        )
    return tuple(found)


def _day(sight: Sight, at: int | None) -> str:
    return "" if at is None else dates.day(sight.reader, at, sight.now)  # type: ignore[arg-type]  # an instant


def _about_delivery(sight: Sight, order: Order, dispute: Dispute) -> str:
    lines = {span.line for span in dispute.spans}
    parcels = [one for one in order.shipments if one.returns is None and {span.line for span in one.spans} & lines]
    handed = [one.delivered_at for one in parcels if one.delivered_at is not None]
    if handed:
        return sight.say(
            N_("The carrier says that the parcel was handed to the addressee on %(moment)s."),
            moment=sight.moment(max(handed)),
        )
    return sight.say(N_("No scan says that the parcel was handed over: nothing proves that the goods came."))


@dataclass(frozen=True)
class RulingForm:
    """The form as it stands: what was written, what it would mean, and the ways to a first sum."""

    sign: str
    most: str
    most_words: str
    digits: int
    value: str
    at: int
    outlook: Outlook | None
    reasons: str
    marks: tuple[Mark, ...]
    advice: tuple[str, ...]
    canned: tuple[CannedGroup, ...]
    wrong_sum: str
    wrong_reasons: str


@dataclass(frozen=True)
class Typed:
    """What somebody wrote into the form; `refund` in minor units where it can be read."""

    value: str = ""
    refund: int | None = None
    reasons: str = ""
    wrong_sum: str = ""
    wrong_reasons: str = ""


def ruling_form(sight: Sight, dispute: Dispute, typed: Typed, similar: Sequence[StoredDispute]) -> RulingForm:
    """The form, with what was written so far."""
    currency = sight.order.currency
    readable = typed.refund is not None and 0 <= typed.refund <= dispute.amount
    return RulingForm(
        sign=SIGNS.get(currency, currency),
        most=plain(dispute.amount, currency),
        most_words=sight.sum(dispute.amount),
        digits=MINOR_DIGITS[currency],
        value=typed.value,
        at=hundredth(typed.refund, dispute.amount) if typed.refund is not None else 50,
        outlook=outlook(sight, dispute, typed.refund) if readable and typed.refund is not None else None,
        reasons=typed.reasons,
        marks=marks_of(sight, dispute, similar),
        advice=advice_of(sight, dispute),
        canned=canned_groups(sight.reader.language),
        wrong_sum=typed.wrong_sum,
        wrong_reasons=typed.wrong_reasons,
    )
