"""What people are told of an order's life: in the inbox and by letter, each thing once, in its own time, while it is true."""

import email
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import msgspec
import pytest

from fairhold.domain.commands import ConfirmReceipt, ExtendProtection, Pay
from fairhold.domain.ids import OrderId
from fairhold.domain.instants import DAY, HOUR, Instant
from fairhold.domain.order import Order
from fairhold.domain.review_commands import WriteReview
from fairhold.engine.kernel.news import Turn
from fairhold.engine.ports.contacts import Contact
from fairhold.engine.ports.notices import Kind, Notice, waits
from fairhold.gateways.mail.folder import Folder
from fairhold.gateways.mail.message import Sender
from tests.builders import BUYER, SELLER, new_line
from tests.engine.market import Market, placing


class Letters:
    """The letters of a market, as files."""

    def __init__(self, market: Market, folder: Path) -> None:
        self.folder = folder
        market.app.mail._transport = Folder(str(folder), Sender("Daisy", "no-reply@daisy.example"))
        for actor, language in ((BUYER, "en"), (SELLER, "ru")):
            address = f"{actor.id}@example.org"
            market.app.contacts.set_contact(Contact(actor.id, address, language, "Europe/Moscow", None))

    def all(self) -> list[EmailMessage]:
        paths = sorted(self.folder.glob("*.eml"))
        return [email.message_from_bytes(path.read_bytes(), EmailMessage, policy=default) for path in paths]

    def to(self, who: Any) -> list[str]:
        """The subjects of those to this person, without what they bought."""
        return [str(one["Subject"]).partition(" · ")[0] for one in self.all() if one["To"] == f"{who.id}@example.org"]


@pytest.fixture
def letters(market: Market, tmp_path: Path) -> Letters:
    return Letters(market, tmp_path / "letters")


def told(market: Market, who: Any) -> list[Notice]:
    """Their inbox, oldest first."""
    return market.app.messages.inbox.notices(str(who), market.clock.now(), 200)[::-1]


def topics(market: Market, who: Any) -> list[str]:
    return [notice.topic for notice in told(market, who)]


def confirm_all(market: Market, order: Order) -> None:
    lines = tuple(line.id for line in order.lines)
    market.tell(order.id, ConfirmReceipt(lines=lines, acknowledged=True), BUYER)


def test_a_deal_is_told_from_its_beginning_to_its_end(market: Market, letters: Letters) -> None:
    market.shipped()
    market.advance(200 * DAY)
    again = ["released", "review_asked", "reminder", "reminder"]
    assert sorted(topics(market, BUYER)[:3]) == ["paid", "placed", "shipped"]
    assert topics(market, BUYER)[3:] == ["delivered", "reminder", "reminder", *again]
    assert topics(market, SELLER) == ["paid", "delivered", "released", "review_asked"]
    left = ["Check the goods: 3\u00a0days left", "Check the goods: 1\u00a0day left"]
    asked = [
        "How was your purchase?",
        *(f"Your review is still awaited: {days}" for days in ("7 days left", "1 day left")),
    ]
    sent = [subject.replace("\u00a0", " ") for subject in letters.to(BUYER)]
    assert set(sent[:2]) == {"Paid: ₽25 is held by us", "Your parcel is on its way"}
    assert sent[2].startswith("Delivered: check the goods by")
    assert sent[3:] == [*(one.replace("\u00a0", " ") for one in left), "Completed: ₽25 went to the seller", *asked]


def test_reminders_come_at_their_own_time_however_far_the_clock_is_moved(market: Market) -> None:
    market.shipped()
    start = market.clock.now()
    market.advance(390 * DAY)
    reminders = [one for one in told(market, BUYER) if one.topic == "reminder" and one.values["because"] == "delivered"]
    ends = Instant(reminders[0].values["until"])  # type: ignore[arg-type]
    assert [ends - one.at for one in reminders] == [3 * DAY, DAY]
    assert all(start < one.at < ends for one in reminders)


def test_once_the_buyer_has_confirmed_nobody_speaks_of_days_left(market: Market, letters: Letters) -> None:
    order = market.shipped()
    market.advance(4 * DAY)
    assert topics(market, BUYER)[-1] == "delivered"
    before = len(letters.to(BUYER))
    confirm_all(market, order)
    market.advance(30 * DAY)
    assert not [one for one in letters.to(BUYER)[before:] if one.startswith("Check the goods")]


def test_what_is_no_longer_true_is_no_longer_unread(market: Market) -> None:
    order = market.placed()
    market.advance(HOUR)
    assert market.app.messages.inbox.unread(str(BUYER), market.clock.now(), 100) == 1
    market.tell(order.id, Pay(method="sandbox:ok"), BUYER)
    market.advance(HOUR)
    unread = [one.topic for one in told(market, BUYER) if one.read_at is None]
    assert unread == ["paid"]


def test_a_letter_that_waited_until_it_was_wrong_is_not_sent(market: Market, letters: Letters) -> None:
    order = market.placed()
    market.app.courier.once()
    market.tell(order.id, Pay(method="sandbox:ok"), BUYER)
    market.advance(HOUR)
    assert letters.to(BUYER) == ["Paid: ₽25 is held by us"]


def test_more_time_moves_the_reminders(market: Market) -> None:
    order = market.shipped("FH-SILENT-1")
    market.advance(30 * DAY)
    first = market.app.store.tables().rows("SELECT due_at FROM reminders ORDER BY 1")
    market.tell(order.id, ExtendProtection(days=10), SELLER)
    market.advance(HOUR)
    second = market.app.store.tables().rows("SELECT due_at FROM reminders ORDER BY 1")
    assert [row[0] + 10 * DAY for row in first] == [row[0] for row in second]


def test_hearing_the_same_again_tells_nobody_twice(market: Market, letters: Letters) -> None:
    market.shipped()
    market.advance(20 * DAY)
    seen, sent = told(market, BUYER), len(letters.all())
    for order in market.app.queries.list_orders(limit=10).items:
        events = tuple(enumerate(market.events(order), 1))
        market.app.messages.notifier.hear([Turn(order, events)])
    market.advance(HOUR)
    assert told(market, BUYER) == seen
    assert len(letters.all()) == sent


def test_somebody_without_an_address_has_an_inbox_all_the_same(market: Market) -> None:
    market.shipped()
    market.advance(HOUR)
    assert sorted(topics(market, BUYER)) == ["paid", "placed", "shipped"]
    assert market.app.mail.next_due() is None


def test_letters_that_somebody_does_not_want_stay_away_and_those_about_money_come(
    market: Market, letters: Letters
) -> None:
    market.app.messages.wishes.set_unwanted(BUYER.id, frozenset(Kind))
    order = market.shipped()
    market.advance(HOUR)
    assert "Your parcel is on its way" not in letters.to(BUYER)
    assert "Paid: ₽25 is held by us" in letters.to(BUYER)
    assert "shipped" in topics(market, BUYER)
    assert order.id


def test_who_wants_no_more_letters_gets_none_that_was_queued_before(market: Market, letters: Letters) -> None:
    market.shipped()
    market.app.courier.once()
    market.app.messages.wishes.unsubscribe(BUYER.id, Kind.PARCELS)
    market.advance(HOUR)
    assert "Your parcel is on its way" not in letters.to(BUYER)


def test_nothing_goes_to_an_address_that_its_server_refused_or_that_was_changed(
    market: Market, letters: Letters
) -> None:
    market.app.contacts.note_refused(f"{BUYER.id}@example.org", market.clock.now(), "550")
    order = market.placed()
    market.advance(HOUR)
    assert letters.to(BUYER) == []
    market.app.contacts.set_contact(Contact(BUYER.id, "new@example.org", "en", "UTC", None))
    market.tell(order.id, Pay(method="sandbox:ok"), BUYER)
    market.advance(HOUR)
    assert [str(one["To"]) for one in letters.all() if one["To"] != f"{SELLER.id}@example.org"] == ["new@example.org"]


def test_a_letter_has_its_way_on_and_one_press_to_be_rid_of_its_kind(market: Market, letters: Letters) -> None:
    order = market.shipped()
    market.advance(9 * DAY)
    by_subject = {
        str(one["Subject"]).partition(" · ")[0]: one for one in letters.all() if one["To"] == f"{BUYER.id}@example.org"
    }
    shipped, paid = by_subject["Your parcel is on its way"], by_subject["Paid: ₽25 is held by us"]
    assert f"http://localhost:8000/orders/{order.id}" in text_of(paid)
    assert paid["List-Unsubscribe"] is None
    address = str(shipped["List-Unsubscribe"]).strip("<>")
    assert shipped["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    unwanted = market.app.messages.unsubscribing.read(address.rpartition("/")[2])
    assert unwanted == (BUYER.id, Kind.PARCELS)
    [delivered] = [one for subject, one in by_subject.items() if subject.startswith("Delivered")]
    assert "http://localhost:8000/letters/" in text_of(delivered)


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


@pytest.mark.parametrize("title", ["Lamp\u00adshade", "\U0001f468\u200d\U0001f469 mugs", "\u202elamp"])
def test_goods_are_told_of_by_letter_whatever_signs_their_seller_hid_in_their_name(
    market: Market, letters: Letters, title: str
) -> None:
    line = msgspec.structs.replace(new_line(1000), title=title)
    order = market.tell(None, msgspec.structs.replace(placing(), lines=(line,)), BUYER)
    market.tell(order.id, Pay(method="sandbox:ok"), BUYER)
    market.advance(1)
    seen = "".join(sign for sign in title if sign.isprintable())
    subjects = [str(one["Subject"]) for one in letters.all()]
    assert len(subjects) == 2
    assert all(subject.endswith(f" · {seen}") for subject in subjects)


def test_a_review_is_not_asked_for_from_who_wrote_one(market: Market, letters: Letters) -> None:
    order = market.shipped()
    confirm_all(market, order)
    market.tell(order.id, WriteReview(rating=5), BUYER)
    market.advance(60 * DAY)
    assert "How was your purchase?" not in letters.to(BUYER)
    assert "review_asked" not in topics(market, BUYER)


def test_an_anonymous_review_is_told_to_the_seller_the_day_after_and_without_its_order(market: Market) -> None:
    order = market.shipped()
    confirm_all(market, order)
    market.tell(order.id, WriteReview(rating=5, anonymous=True), BUYER)
    market.app.courier.once()
    assert "review_received" not in topics(market, SELLER)
    market.advance(DAY)
    [notice] = [one for one in told(market, SELLER) if one.topic == "review_received"]
    assert notice.order is None
    assert OrderId(order.id) not in str(notice)


def test_whether_the_seller_is_still_asked_for_a_review_does_not_tell_who_wrote_one(market: Market) -> None:
    written, silent = market.shipped(), market.shipped("FH-DELIVERED-2")
    market.advance(4 * DAY)
    for order in (written, silent):
        confirm_all(market, order)
    market.tell(written.id, WriteReview(rating=1, anonymous=True), BUYER)

    def asked() -> dict[str | None, bool]:
        notices = [one for one in told(market, SELLER) if one.topic == "review_asked"]
        return {one.order: waits(one, market.clock.now()) for one in notices}

    market.advance(10 * DAY)
    assert asked() == {written.id: True, silent.id: True}
    market.advance(50 * DAY)
    assert asked() == {written.id: False, silent.id: False}
    assert {one.read_at for one in told(market, SELLER) if one.topic == "review_asked"} == {None}


def test_of_somebody_who_is_forgotten_nothing_is_left(market: Market, letters: Letters) -> None:
    order = market.placed()
    market.app.courier.once()
    market.app.messages.forget(BUYER.id)
    market.tell(order.id, Pay(method="sandbox:ok"), BUYER)
    market.advance(2 * DAY)
    assert letters.to(BUYER) == []
    assert topics(market, BUYER) == ["paid"]
    assert market.app.contacts.contact(BUYER.id) is None
