"""What became of disputes in numbers: how many, how long they took, how they ended, and where the money went."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from fairhold.domain.dispute import DisputeReason, Outcome
from fairhold.engine.ports.disputes import DURATION_BOUNDS, DisputeRate, StoredDispute
from fairhold.engine.reading.disputes import Numbers, Settled, within
from fairhold.web.views.charts import ROW, BarRow, Chart, Legend, Piece, share_of, stacked
from fairhold.web.views.office import Office
from fairhold.web.views.parts import Note
from fairhold.words import dates
from fairhold.words.catalog import N_
from fairhold.words.disputes import reason_name

_SHORTEST, _LONGEST = 4, 10
"""Groups of durations that are drawn as one: all up to the bound of the first, all from the bound of the second on."""


@dataclass(frozen=True)
class Stat:
    """A figure with its name and what it was made of."""

    name: str
    figure: str
    text: str


@dataclass(frozen=True)
class NumbersPage:
    """The page; no charts where nothing was closed."""

    stats: tuple[Stat, ...]
    charts: tuple[Chart, ...]
    note: Note | None


def numbers_page(office: Office, found: Numbers) -> NumbersPage:
    """The numbers of a time, of one seller or of everybody."""
    took = [sum(group) for group in zip(*(one.took for one in found.settled), strict=True)]
    note = None
    if not found.whole:
        title = office.say(N_("Only what was closed since %(moment)s is added up"), moment=office.moment(found.since))
        note = Note(title, office.say(N_("More disputes were closed in this time than one page adds up.")))
    charts: tuple[Chart, ...] = ()
    if took:
        charts = (_durations(office, took), _outcomes(office, found.settled), *_money(office, found.settled))
    return NumbersPage(_stats(office, found, took), charts, note)


def _stats(office: Office, found: Numbers, took: Sequence[int]) -> tuple[Stat, ...]:
    closed = sum(one.disputes for one in found.settled)
    return (
        _rate(office, found.rate),
        Stat(office.say(N_("Disputes closed")), str(closed), office.say(N_("in this time, however they ended"))),
        Stat(
            office.say(N_("Half were settled within")),
            _within(office, took, 50),
            office.say(N_("from opening to the end; in groups that double")),
        ),
        Stat(
            office.say(N_("Nine of ten within")),
            _within(office, took, 90),
            office.say(N_("goods on their way included")),
        ),
    )


def rate_words(office: Office, rate: DisputeRate) -> str:
    """«4,2 %» of orders; a dash where there were none."""
    return share_of(office.reader, rate.disputed, rate.orders, tenths=True)


def _rate(office: Office, rate: DisputeRate) -> Stat:
    text = N_("%(disputed)d of %(orders)d paid orders placed in this time")
    if not rate.whole:
        text = N_("%(disputed)d of %(orders)d paid orders, a sample spread over this time")
    return Stat(
        office.say(N_("Dispute rate")),
        rate_words(office, rate),
        office.say(text, disputed=rate.disputed, orders=rate.orders),
    )


def _within(office: Office, took: Sequence[int], share: int) -> str:
    if not sum(took):
        return "—"
    bound = within(took, share)
    longest = dates.length(office.reader, DURATION_BOUNDS[-1])
    return office.say(N_("over %(length)s"), length=longest) if bound is None else dates.length(office.reader, bound)


def _durations(office: Office, took: Sequence[int]) -> Chart:
    groups = [sum(took[: _SHORTEST + 1]), *took[_SHORTEST + 1 : _LONGEST + 1], sum(took[_LONGEST + 1 :])]
    bounds = DURATION_BOUNDS[_SHORTEST : _LONGEST + 1]
    names = [office.say(N_("up to %(length)s"), length=dates.length(office.reader, bound)) for bound in bounds]
    names.append(office.say(N_("longer")))
    most, whole = max(groups) or 1, sum(groups) or 1
    bars, rows = [], []
    for position, (name, count) in enumerate(zip(names, groups, strict=True)):
        piece = Piece("one", 0, count * 100 // most, f"{name}: {count}")
        bars.append(BarRow(name, str(count), (piece,) if count else (), position * ROW))
        rows.append((name, str(count), share_of(office.reader, count, whole)))
    return Chart(
        id="took",
        title=office.say(N_("Time to settle")),
        text=office.say(N_("How many disputes took how long, from opening to the end.")),
        bars=tuple(bars),
        height=len(bars) * ROW,
        legend=(),
        wide=False,
        head=(office.say(N_("Time")), office.say(N_("Disputes")), office.say(N_("Share"))),
        rows=tuple(rows),
    )


_GROUPS: tuple[tuple[str, str, frozenset[Outcome]], ...] = (
    ("one", N_("Agreed"), frozenset({Outcome.AGREED})),
    ("two", N_("Seller silent"), frozenset({Outcome.SILENCE})),
    ("three", N_("Ruled"), frozenset({Outcome.RULED})),
    (
        "four",
        N_("Goods back or sent again"),
        frozenset({Outcome.RETURNED, Outcome.NOT_SENT_BACK, Outcome.NOT_RESENT, Outcome.RESENT}),
    ),
    ("five", N_("Withdrawn"), frozenset({Outcome.WITHDRAWN})),
    ("six", N_("Time ran out"), frozenset({Outcome.UNDECIDED, Outcome.PROVIDER_CEILING})),
)


def _group(outcome: str) -> str:
    return next((kind for kind, _, members in _GROUPS if outcome in members), "six")


def _outcomes(office: Office, settled: Sequence[Settled]) -> Chart:
    counts: dict[str, Counter[str]] = {}
    for one in settled:
        counts.setdefault(one.reason, Counter())[_group(one.outcome)] += one.disputes
    ordered = sorted(counts.items(), key=lambda item: (-item[1].total(), item[0]))
    most = max((by_kind.total() for by_kind in counts.values()), default=1)
    bars, rows = [], []
    for position, (reason, by_kind) in enumerate(ordered):
        name = reason_name(office.reader.words, DisputeReason(reason))
        parts = [(kind, by_kind[kind], f"{name}, {office.say(text)}: {by_kind[kind]}") for kind, text, _ in _GROUPS]
        bars.append(BarRow(name, str(by_kind.total()), stacked(parts, most), position * ROW))
        rows.append((name, *(str(by_kind[kind]) for kind, _, _ in _GROUPS), str(by_kind.total())))
    return Chart(
        id="outcomes",
        title=office.say(N_("How they ended, by reason")),
        text=office.say(N_("How many disputes of each reason ended in which way.")),
        bars=tuple(bars),
        height=len(bars) * ROW,
        legend=tuple(Legend(kind, office.say(text)) for kind, text, _ in _GROUPS),
        wide=True,
        head=(office.say(N_("Reason")), *(office.say(text) for _, text, _ in _GROUPS), office.say(N_("All"))),
        rows=tuple(rows),
    )


def _money(office: Office, settled: Sequence[Settled]) -> tuple[Chart, ...]:
    sums: dict[str, tuple[int, int, int]] = {}
    for one in settled:
        # Withdrawn, or sent again: no money was decided, the goods are protected as before.
        if one.outcome not in (Outcome.WITHDRAWN, Outcome.RESENT):
            count, amount, refund = sums.get(one.currency, (0, 0, 0))
            sums[one.currency] = count + one.disputes, amount + one.amount, refund + one.refund
    if not sums:
        return ()
    bars, rows = [], []
    for position, (currency, (count, amount, refund)) in enumerate(sorted(sums.items())):
        back, rest = office.sum(refund, currency), office.sum(amount - refund, currency)
        buyers, sellers = office.say(N_("Back to buyers")), office.say(N_("To sellers, commission included"))
        parts = (("two", refund, f"{buyers}: {back}"), ("one", amount - refund, f"{sellers}: {rest}"))
        bars.append(BarRow(currency, office.sum(amount, currency), stacked(parts, amount), position * ROW))
        share = share_of(office.reader, refund, amount)
        rows.append((currency, str(count), office.sum(amount, currency), back, rest, share))
    chart = Chart(
        id="money",
        title=office.say(N_("Where the disputed money went")),
        text=office.say(N_("By currency. Disputes that were withdrawn or ended with goods sent again are left out.")),
        bars=tuple(bars),
        height=len(bars) * ROW,
        legend=(
            Legend("two", office.say(N_("Back to buyers"))),
            Legend("one", office.say(N_("To sellers, commission included"))),
        ),
        wide=True,
        head=(
            office.say(N_("Currency")),
            office.say(N_("Disputes")),
            office.say(N_("Disputed")),
            office.say(N_("Back to buyers")),
            office.say(N_("To sellers")),
            office.say(N_("Share back")),
        ),
        rows=tuple(rows),
    )
    return (chart,)


@dataclass(frozen=True)
class SellerRow:
    """A seller with disputes: how many of the latest closed ones, and how many of those ended with money back."""

    name: str
    id: str
    disputes: int
    back: str
    url: str


def seller_rows(office: Office, rows: Sequence[StoredDispute], days: int, most: int = 10) -> tuple[SellerRow, ...]:
    """The sellers whom most of these closed disputes are about."""
    counts = Counter(row.seller for row in rows)
    back = Counter(row.seller for row in rows if row.refund)
    return tuple(
        SellerRow(
            name=office.seller(seller),
            id=seller,
            disputes=count,
            back=share_of(office.reader, back[seller], count),
            url=numbers_url(office, days, seller),
        )
        for seller, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:most]
    )


def numbers_url(office: Office, days: int, seller: str = "") -> str:
    """The page of these numbers."""
    asked = {"days": str(days), **({"seller": seller} if seller else {})}
    return f"{office.folder}/numbers?{urlencode(asked)}"
