"""How it stands with what is due to a seller: how much of it could leave now, and what is in its way."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import NamedTuple

from fairhold.domain.instants import DAY, Instant
from fairhold.domain.payout_rules import ANY_SUM, Measure, OwnRules, PayoutRules, PayoutTerms, reserve, terms_for
from fairhold.engine.outside.payments import PLAIN_TERMS, Onboards, Provider, Terms
from fairhold.engine.ports.payouts import Account, Owed, Payee, PayoutRows


class Hindrance(StrEnum):
    """Why nothing is paid out just now."""

    NOTHING_DUE = "nothing_due"
    OWES = "owes"
    """Chargebacks took more than there is: what comes in next goes there first."""
    NO_PROVIDER = "no_provider"
    """This installation no longer has the keys of the provider that took the money."""
    NO_ACCOUNT = "no_account"
    """Nobody has said where the provider is to pay it to."""
    NOT_PAYABLE = "not_payable"
    """The provider does not pay to their account: it wants to know more of them."""
    PARKED = "parked"
    """A person has to look first."""
    RESERVED = "reserved"
    """All of it is kept back for a while."""
    TOO_SMALL = "too_small"
    """What is due of each order is less than the provider passes on: it waits until more of that order is."""
    STILL_HELD = "still_held"
    """The provider passes an order's money on once, and of each order something is still held: it waits for the rest."""
    BELOW_MINIMUM = "below_minimum"


class Standing(NamedTuple):
    """How it stands on one account. `reserved` of what is due is kept back; `payable` of the rest can leave."""

    owed: Owed
    payee: Payee
    terms: PayoutTerms
    reserved: int
    payable: int
    hindrance: Hindrance | None


class Balances:
    """Answers what could be paid out. `rules` are those of the day."""

    def __init__(self, rows: PayoutRows, providers: Mapping[str, Provider], rules: Callable[[], PayoutRules]) -> None:
        self._rows = rows
        self._providers = providers
        self._rules = rules

    def provider(self, name: str) -> Provider | None:
        """Whoever is asked under that name."""
        return self._providers.get(name)

    def onboards(self, name: str) -> bool:
        """Whether that provider asks sellers who they are on a page of its own."""
        asks: object = self._providers.get(name)
        return isinstance(asks, Onboards)

    def terms(self, provider: str) -> Terms:
        """What that provider can do; the least, where nobody has its keys any more."""
        found = self._providers.get(provider)
        return PLAIN_TERMS if found is None else found.terms

    def is_automatic(self, provider: str) -> bool:
        """Whether anything leaves through it before somebody asks, as far as the policy goes."""
        rules = self._rules()
        return rules.schedule != "on_request" and provider not in rules.on_request

    def standing(self, account: Account, now: Instant) -> Standing:
        """How it stands there now."""
        return self.of(self._rows.owed_on(account), now)

    def of(self, owed: Owed, now: Instant) -> Standing:
        """The same, where what is due is known."""
        account = owed.account
        payee = self.payee(account.seller, account.provider, owed.first)
        since = payee.since
        if since is None and owed.first is not None:
            since = owed.first
            self._rows.first_money(account.seller, account.provider, since)
        terms = terms_for(self._rules(), payee.own, account.provider, account.currency, first=since or now, now=now)
        reserved = 0
        if terms.reserve_days and owed.due > 0:
            lately = self._rows.released_lately(account, Instant(now - terms.reserve_days * DAY))
            reserved = min(owed.due, reserve(terms, lately))
        payable = self._payable(account, max(0, owed.due - reserved))
        return Standing(owed, payee, terms, reserved, payable, self._hindrance(owed, payee, terms, reserved, payable))

    def measure(self, account: Account) -> Measure:
        """Which sums leave there."""
        return self.terms(account.provider).passes_on.get(account.currency, ANY_SUM)

    def _payable(self, account: Account, left: int) -> int:
        """What of it is in sums that the provider passes on, of each order and of all together."""
        measure, in_parts = self.measure(account), self.terms(account.provider).in_parts
        if not left or (measure == ANY_SUM and in_parts):
            return left
        return min(measure.of(left), self._rows.fitting(account, measure, whole=not in_parts))

    def payee(self, seller: str, provider: str, first: Instant | None = None) -> Payee:
        """The seller there, whose money came at `first` where they are new.

        Where they need no account there, it is called as they are.
        """
        known = self._rows.payee(seller, provider)
        if known is not None:
            return known
        to = "" if self.terms(provider).needs_account else seller
        return self._rows.first_met(Payee(seller, provider, to, OwnRules(), first))

    def _hindrance(self, owed: Owed, payee: Payee, terms: PayoutTerms, reserved: int, payable: int) -> Hindrance | None:
        checks = (
            (Hindrance.OWES, owed.due < 0),
            (Hindrance.NOTHING_DUE, not owed.due),
            (Hindrance.PARKED, payee.parked_at is not None),
            (Hindrance.NO_PROVIDER, owed.account.provider not in self._providers),
            (Hindrance.NO_ACCOUNT, not payee.account),
            (Hindrance.NOT_PAYABLE, payee.may_be_paid is False),
            (Hindrance.RESERVED, owed.due == reserved),
            (Hindrance.BELOW_MINIMUM, 0 < payable < terms.minimum),
        )
        found = next((hindrance for hindrance, holds in checks if holds), None)
        return found if found or payable else self._why_none_leaves(owed.account)

    def _why_none_leaves(self, account: Account) -> Hindrance:
        whole = self._rows.fitting(account, ANY_SUM, whole=not self.terms(account.provider).in_parts)
        return Hindrance.TOO_SMALL if whole else Hindrance.STILL_HELD
