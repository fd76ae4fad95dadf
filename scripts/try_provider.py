"""Try a payment provider with test keys: a page, a payment by hand, a seller's part, refunds, the statement.

Moves no real money.

    FAIRHOLD_STRIPE_KEY=sk_test_… python scripts/try_provider.py stripe --currency EUR
    FAIRHOLD_YOOKASSA_SHOP=… FAIRHOLD_YOOKASSA_KEY=test_… python scripts/try_provider.py yookassa --currency RUB

With `--seller`, the name of a seller's account there (`acct_…`, or a payout token), a part is passed on to them and, where the
provider can, taken back.

Nothing was run against the live services by those who wrote Fairhold: whoever has test keys sees here whether the clients and
the services agree. Each step says what came; the first that does not agree ends it.
"""

import argparse
import os
import secrets
import sys
import time
from collections.abc import Mapping

from fairhold.domain.instants import HOUR, MINUTE, SECOND, Instant
from fairhold.engine.installation.payment_settings import read_payments
from fairhold.engine.installation.settings import LIVE_PAYMENT_VARIABLES
from fairhold.engine.outside.destinations import TryLater
from fairhold.engine.outside.payment_seen import PaymentSeen, State
from fairhold.engine.outside.payments import (
    Answer,
    Page,
    PageAsked,
    Provider,
    RefundAsked,
    Refused,
    TakingBackAsked,
    TransferAsked,
)
from fairhold.wiring.payments import providers_of

SECONDS = 15 * 60
"""How long the page is waited for."""


def main(arguments: list[str], environment: Mapping[str, str] = os.environ, pause: float = 3.0) -> int:
    """Walk through it; the exit code is 0 where everything agreed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("provider", choices=("stripe", "yookassa"))
    parser.add_argument("--currency", default="EUR")
    parser.add_argument("--amount", type=int, default=1000, help="minor units, 1000 when not given")
    parser.add_argument("--seller", default="", help="a seller's account there, to pass a part on to")
    asked = parser.parse_args(arguments)
    for variable in LIVE_PAYMENT_VARIABLES:
        if environment.get(variable) and "test" not in environment[variable].lower():
            print(f"{variable} is no test key: this would move real money.", file=sys.stderr)
            return 2
    try:
        provider = providers_of(read_payments(environment)).get(asked.provider)
    except ValueError as error:
        print(f"{error.args[0]} {error.args[1]}.", file=sys.stderr)
        return 2
    if provider is None:
        print(
            f"The keys of {asked.provider} are not set; docs/how-to/connect-a-payment-provider.md names them.",
            file=sys.stderr,
        )
        return 2
    try:
        return _walk(provider, asked.amount, asked.currency, asked.seller, pause)
    except Refused as refused:
        print(f"It refuses: {refused}.", file=sys.stderr)
    except TryLater as later:
        print(f"It could not be asked: {later}.", file=sys.stderr)
    finally:
        provider.hang_up()
    return 1


def _walk(provider: Provider, amount: int, currency: str, seller: str, pause: float) -> int:
    began = Instant(int(time.time()) * SECOND)
    order = f"try-{secrets.token_hex(6)}"
    page = provider.open(
        PageAsked(
            order=order,
            attempt=1,
            amount=amount,
            currency=currency,
            sellers_part=amount * 9 // 10,
            title="A try of Fairhold's",
            language="en",
            back="https://example.org/back",
            until=Instant(began + HOUR),
        ),
        f"{order}-page",
    )
    print(f"1. A page is open. Pay there with a test card of the provider's:\n\n   {page.url}\n")
    seen = _paid(provider, page, pause)
    if seen is None:
        print("Nobody has paid there.", file=sys.stderr)
        return 1
    print(f"2. It has {seen.amount} {seen.currency} (minor units), and keeps {seen.fee}: {seen.paid}")
    ends = [_agrees(seen, order, amount)]
    gone = _pass_on(provider, order, seen, seller, ends) if seller else 0
    left, sellers = amount - gone, amount * 9 // 10 - gone
    for number, part in ((1, left // 2), (2, left - left // 2)):
        of_sellers = sellers // 2 if number == 1 else sellers - sellers // 2
        again = RefundAsked(order, number, seen.paid, part, currency, min(part, of_sellers))
        _twice(
            f"{2 + number}. Refund of {part}",
            [provider.refund(again, f"{order}-refund-{number}") for _ in range(2)],
            ends,
        )
    lines = [
        line
        for line in provider.statement(began, Instant(int(time.time()) * SECOND + MINUTE))
        if line.currency == currency
    ]
    print("5. The statement since then:")
    for line in lines:
        print(f"   {line.kind:>14} {line.amount:>10} fee {line.fee:>6}  {line.reference}")
    ends.append(bool(lines))
    print("All of it agrees." if all(ends) else "Something does NOT agree, see above.")
    return 0 if all(ends) else 1


def _pass_on(provider: Provider, order: str, seen: PaymentSeen, seller: str, ends: list[bool]) -> int:
    """A seller's part goes to them and, where that can be, comes back; what stays with them (minor units)."""
    account = provider.account(seller)
    print(f"   {seller} may be paid: {'yes' if account.may_be_paid else 'NO, it wants ' + ', '.join(account.wanting)}")
    part = seen.amount * 4 // 10
    passed = TransferAsked(order, 1, seen.paid, part, seen.currency, seller)
    done = _twice(
        f"   Transfer of {part} to them", [provider.transfer(passed, f"{order}-transfer") for _ in range(2)], ends
    )
    if not provider.terms.takes_back:
        return part
    back = TakingBackAsked(order, 1, done.reference, part, seen.currency)
    _twice(f"   Taken back {part}", [provider.take_back(back, f"{order}-back") for _ in range(2)], ends)
    return 0


def _twice(what: str, answers: list[Answer], ends: list[bool]) -> Answer:
    same = answers[0].reference == answers[1].reference
    ends.append(same and answers[0].state is not State.FAILED)
    print(f"{what}: {answers[0].state}; asked for twice it is one: {'yes' if same else 'NO'}")
    return answers[0]


def _agrees(seen: PaymentSeen, order: str, amount: int) -> bool:
    return (seen.order, seen.attempt, seen.amount) == (order, 1, amount)


def _paid(provider: Provider, page: Page, pause: float) -> PaymentSeen | None:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        seen = provider.payment(page.payment)
        if seen.state is State.DONE:
            return seen
        time.sleep(pause)
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
