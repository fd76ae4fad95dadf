"""Sellers as payment providers know them: where they are paid to, on what terms, and what is in the way."""

from collections.abc import Callable, Mapping
from enum import Enum, auto

import msgspec

from fairhold.domain.payout_rules import OwnRules
from fairhold.engine.installation.clock import Clock
from fairhold.engine.outside.destinations import TryLater
from fairhold.engine.outside.payment_seen import AccountSeen
from fairhold.engine.outside.payments import Onboarding, Onboards, Refused
from fairhold.engine.payouts.balances import Balances, Hindrance, Standing
from fairhold.engine.payouts.making import Gathered, PayoutMaker
from fairhold.engine.ports.payouts import Account, Payee, Payout, PayoutRows, PayoutStage


class No(Enum):
    """Why something about a payee or a payout is not done."""

    NOT_FOUND = auto()
    NOT_STOPPED = auto()
    """It needs no person."""
    NO_PAGE = auto()
    """This provider has no page on which it asks sellers who they are."""
    REFUSED = auto()
    """It does not want this seller, or not from this country."""


class Payees:
    """Answers operators and sellers. Every method raises StoreUnavailable."""

    def __init__(
        self, rows: PayoutRows, balances: Balances, maker: PayoutMaker, clock: Clock, woken: Callable[[], None]
    ) -> None:
        self._rows = rows
        self._balances = balances
        self._maker = maker
        self._clock = clock
        self._woken = woken

    def set(self, seller: str, provider: str, account: str | None, own: OwnRules | None, by: str) -> Payee:
        """Where a provider pays them to, and what was agreed with them; None: as it was. `by` looks after it from now on."""
        self._balances.payee(seller, provider)
        self._rows.take_care(seller, provider, by)
        if own is not None:
            self._rows.agree(seller, provider, own)
        if account is not None:
            self._rows.set_account(seller, provider, account)
        return self.look(self._known(seller, provider))

    def agree(self, seller: str, provider: str, said: Mapping[str, object]) -> None:
        """Of what was agreed with them only that, by the names of OwnRules; somebody may say something else of it meanwhile."""
        while True:
            own = self._balances.payee(seller, provider).own
            if self._rows.agree(seller, provider, msgspec.structs.replace(own, **said), own):
                return

    def onboard(self, seller: str, provider: str, country: str, back: str, again: str, page: str) -> Onboarding | No:
        """A page on which the provider asks the seller who they are; the account that they have there is kept.

        Raises TryLater.
        """
        asks: object = self._balances.provider(provider)
        if not isinstance(asks, Onboards):
            return No.NO_PAGE
        payee = self._balances.payee(seller, provider)
        try:
            key = f"onboard-{provider}-{seller}-{country}"
            found = asks.onboard(payee.account, key, seller=seller, country=country, back=back, again=again, page=page)
        except Refused:
            return No.REFUSED
        self._rows.set_account(seller, provider, found.account)
        return found

    def look(self, payee: Payee) -> Payee:
        """The payee as the provider sees their account now, where it can be asked."""
        provider = self._balances.provider(payee.provider)
        if provider is None or not payee.account:
            return payee
        try:
            seen = provider.account(payee.account)
        except Refused as refused:
            seen = AccountSeen(payee.account, may_be_paid=False, wanting=(refused.why.value,))
        except TryLater:
            return payee
        now = self._clock.now()
        self._rows.seen_account(payee.provider, payee.account, seen.wanting, now, may_be_paid=seen.may_be_paid)
        return self._known(payee.seller, payee.provider)

    def take_care(self, seller: str, provider: str, by: str) -> Payee | No:
        """Somebody looks after it from now on."""
        if not self._rows.take_care(seller, provider, by):
            return No.NOT_FOUND
        return self._known(seller, provider)

    def resume(self, seller: str, provider: str, by: str) -> Payee | No:
        """A person has looked: pay out to them again."""
        if self._rows.resume(seller, provider, by):
            self._woken()
            return self.look(self._known(seller, provider))
        # Asked once more, it is as it was.
        return self._rows.payee(seller, provider) or No.NOT_FOUND

    def again(self, payout: str) -> Payout | No:
        """Send what lies on the seller's account to their bank once more."""
        known = self._rows.payout(payout)
        if known is None:
            return No.NOT_FOUND
        if known.stage not in (PayoutStage.PARKED, PayoutStage.RETURNED):
            # Asked once more, it is on its way again already.
            return known if known.tries > 1 else No.NOT_STOPPED
        anew = known._replace(
            stage=PayoutStage.TO_BANK,
            tries=known.tries + 1,
            why="",
            reference="",
            next_at=self._clock.now(),
            done_at=None,
        )
        if not self._rows.move(known, anew):
            return self.again(payout)
        self._woken()
        return anew

    def paid_out(self, account: Account, occasion: str) -> tuple[Payout, ...]:
        """What was paid out on that occasion."""
        return self._maker.made(account, occasion)

    def pay_out(self, account: Account, occasion: str, by: str) -> Gathered:
        """All that can leave now, however little it is, and whatever day it is. Where they owe, it is asked back."""
        now = self._clock.now()
        gathered = self._maker.gather(account, occasion, by, now, small=True)
        if gathered.hindrance is Hindrance.OWES and self._balances.terms(account.provider).takes_back:
            self._maker.ask_back(account, -self.standing(account).owed.due, occasion)
        self._woken()
        return gathered

    def _known(self, seller: str, provider: str) -> Payee:
        found = self._rows.payee(seller, provider)
        assert found is not None, "whoever was met once is known"
        return found

    def standing(self, account: Account) -> Standing:
        """How it stands on one account."""
        return self._balances.standing(account, self._clock.now())
