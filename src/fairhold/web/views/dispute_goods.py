"""The form of a parcel in a dispute: back to the seller, or once more to the buyer."""

from dataclasses import dataclass

from fairhold.domain.dispute import Dispute
from fairhold.web.views.disputes import goods_of_spans
from fairhold.web.views.sight import Sight
from fairhold.words.catalog import N_
from fairhold.words.names import CARRIERS, carrier_name


@dataclass(frozen=True)
class ParcelPage:
    """The form."""

    title: str
    url: str
    action: str
    crumb: str
    due: str
    hint: str
    postage: str
    goods: tuple[str, ...]
    carriers: tuple[tuple[str, str], ...]


def parcel_page(sight: Sight, dispute: Dispute, *, back: bool) -> ParcelPage:
    """By when it has to be sent, and what follows if it is not."""
    url, moment = sight.dispute_url(dispute), sight.moment(dispute.due or sight.now)
    due = N_("Send the goods by %(moment)s, or all %(whole)s goes to the seller.")
    if not back:
        due = N_("Send the goods by %(moment)s, or all %(whole)s goes back to the buyer.")
    hint = N_("The seller sees it and can follow the parcel. Keep the receipt.")
    if not back:
        hint = N_("The buyer sees it and can follow the parcel.")
    return ParcelPage(
        title=sight.say(
            N_("Which parcel do the goods go back in?") if back else N_("Which parcel are the goods sent again in?")
        ),
        url=url,
        action=f"{url}/{'return' if back else 'resend'}",
        crumb=sight.say(N_("Dispute, order %(number)s"), number=sight.number),
        due=sight.say(due, moment=moment, whole=sight.sum(dispute.amount)),
        hint=sight.say(hint),
        postage=_postage(sight, dispute) if back else "",
        goods=goods_of_spans(sight, dispute.spans),
        carriers=tuple((code, carrier_name(sight.reader.words, code)) for code in CARRIERS),
    )


def _postage(sight: Sight, dispute: Dispute) -> str:
    """On whom the postage of a return falls (DOMAIN, sums)."""
    whole = sight.sum(dispute.amount)
    return sight.say(N_("The seller pays it: it is added to your refund, up to %(whole)s in all."), whole=whole)
