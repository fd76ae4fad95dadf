"""The auditor's own ledger: what each transfer moves, and what therefore has to stand on each account."""

from collections import defaultdict

from fairhold.simulation.auditor.book import Complain
from fairhold.simulation.auditor.invariants import Invariant
from fairhold.simulation.auditor.rows import TransferRow, lane_of

Places = dict[tuple[int, str], int]


class Accounts:
    """Balances by lane and account, credits minus debits, in minor units."""

    def __init__(self) -> None:
        self.balances: defaultdict[tuple[int, str], int] = defaultdict(int)
        self.owed: defaultdict[str, int] = defaultdict(int)
        """By seller's account: what the buyers' banks took of it and did not give back."""
        self._taken: defaultdict[tuple[str, str], int] = defaultdict(int)
        """The same of each order."""
        self._touched: set[tuple[int, str]] = set()

    def book(self, order: str, row: TransferRow, cause: str, complain: Complain) -> None:
        """Take a transfer in; `cause` is the type of the event of the order that brought it about."""
        lane = lane_of(order)
        debit, credit, amount = row.debit, row.credit, row.amount
        if amount <= 0 or debit == credit or _currency(debit) != _currency(credit):
            complain(Invariant.DEBITS_EQUAL_CREDITS, f"no transfer: {amount} from {debit} to {credit}")
        if debit.startswith("seller:"):
            if cause not in ("chargeback_received", "payout_started"):
                complain(Invariant.SELLER_OWES_BY_RECORD, f"{cause} takes {amount} from {debit}")
            if cause != "payout_started":
                # What leaves as a payout is no debt: that no more leaves than is due is looked at order by order.
                self._takes(debit, order, amount)
        elif credit.startswith("seller:") and cause == "chargeback_won":
            self._takes(credit, order, -amount)
        for account, change in ((debit, -amount), (credit, amount)):
            self.balances[lane, account] += change
            self._touched.add((lane, account))

    def _takes(self, seller: str, order: str, amount: int) -> None:
        """A bank takes so much of what the seller has of that order; below zero, it gives that back."""
        before = self._taken[seller, order]
        # What it gives back of what it took before it was the seller's may be paid out, and makes up for nothing later.
        self._taken[seller, order] = after = max(0, before + amount)
        self.owed[seller] += after - before

    def check(self, stored: Places, complain: Complain, *, everything: bool = False) -> None:
        """Complain where a stored balance is not what the transfers make it, or is below zero without a reason."""
        places = {*stored, *self.balances} if everything else self._touched
        for place in sorted(places):
            said, right = stored.get(place, 0), self.balances.get(place, 0)
            if said != right:
                what = f"{place[1]} in lane {place[0]} is {said}, its transfers add up to {right}"
                complain(Invariant.DEBITS_EQUAL_CREDITS, what)
        self._touched = set()
        whole: defaultdict[str, int] = defaultdict(int)
        rest: defaultdict[str, int] = defaultdict(int)
        for (_, account), balance in stored.items():
            whole[account] += balance
            rest[_currency(account)] += balance
        for currency in sorted(currency for currency in rest if rest[currency]):
            complain(Invariant.DEBITS_EQUAL_CREDITS, f"balances in {currency} add up to {rest[currency]}, not to zero")
        self._check_bounds(whole, complain)

    def _check_bounds(self, whole: dict[str, int], complain: Complain) -> None:
        for account in sorted(account for account in whole if whole[account] < 0):
            if account.startswith("seller:"):
                if whole[account] < -self.owed.get(account, 0):
                    what = f"{account} is {whole[account]}, by record {self.owed.get(account, 0)} is owed"
                    complain(Invariant.SELLER_OWES_BY_RECORD, what)
            elif not account.startswith(("provider:", "costs:", "losses:")):
                complain(Invariant.BUCKETS_IN_BOUNDS, f"{account} is {whole[account]}")


def _currency(account: str) -> str:
    return account.rpartition(":")[2]
