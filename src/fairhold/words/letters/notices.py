"""Letters that tell what a notice says. They are written at the moment they go: what is no longer true does not go."""

from collections.abc import Callable

from fairhold.domain.actors import Role
from fairhold.domain.ids import OrderId, order_number
from fairhold.domain.order import Order
from fairhold.engine.notices.notifier import wants
from fairhold.engine.notices.order_links import OrderLinks
from fairhold.engine.notices.reminders import is_current
from fairhold.engine.notices.reviews import is_public
from fairhold.engine.notices.tellings import Topic
from fairhold.engine.notices.unsubscribing import Unsubscribing
from fairhold.engine.ports.contacts import Contacts, RefusedAddresses
from fairhold.engine.ports.mail import Mail
from fairhold.engine.ports.notices import ABOUT_MONEY, Inbox, Notice, Wishes, actor_of
from fairhold.words import dates
from fairhold.words.catalog import N_
from fairhold.words.letters.text import Button, Fact, LetterText, Pen, Way
from fairhold.words.notices.kinds import UNSUBSCRIBE
from fairhold.words.notices.telling import tell_notice
from fairhold.words.notices.ways import INBOXES, is_to_be_checked, way_on

_WHY = {
    Role.BUYER: N_("You get this letter because you buy at %(marketplace)s."),
    Role.SELLER: N_("You get this letter because you sell at %(marketplace)s."),
    Role.MEDIATOR: N_("You get this letter because you rule on disputes at %(marketplace)s."),
}
_PUBLIC = frozenset({Topic.REVIEW_RECEIVED, Topic.REVIEW_REVISED})


class NoticeLetters:
    """Writes letters about notices. `order` finds an order as it is now, `reviewed` the one that a review is of."""

    def __init__(
        self,
        inbox: Inbox,
        contacts: Contacts,
        refused: RefusedAddresses,
        wishes: Wishes,
        order: Callable[[OrderId], Order | None],
        reviewed: Callable[[str], Order | None],
        links: OrderLinks,
        unsubscribing: Unsubscribing,
    ) -> None:
        self._inbox = inbox
        self._contacts = contacts
        self._refused = refused
        self._wishes = wishes
        self._order = order
        self._reviewed = reviewed
        self._links = links
        self._unsubscribing = unsubscribing

    def write(self, mail: Mail, pen: Pen) -> LetterText | None:
        """The letter, or None where there is nothing to tell any more, or nobody who wants to hear of it."""
        notice = self._inbox.notice(pen.text("notice"))
        if notice is None or not self._is_wanted(mail, notice) or not self._is_true(notice):
            return None
        return self._letter(notice, pen)

    def _is_wanted(self, mail: Mail, notice: Notice) -> bool:
        person = actor_of(notice.recipient).id
        contact = self._contacts.contact(person)
        if contact is None or contact.email != mail.to:
            return False
        unwanted = self._wishes.unwanted([person]).get(person, frozenset())
        return wants(notice.kind, unwanted) and self._refused.refused_since(mail.to) is None

    def _is_true(self, notice: Notice) -> bool:
        if notice.topic in _PUBLIC:
            review = str(notice.values["review"])
            order = self._reviewed(review)
            return order is not None and is_public(order, review)
        if notice.order is None:
            return True
        order = self._order(notice.order)
        return order is not None and is_current(notice, order)

    def _letter(self, notice: Notice, pen: Pen) -> LetterText:
        said = tell_notice(notice, pen.reader, pen.now)
        actor = actor_of(notice.recipient)
        facts = [Fact(pen.say(N_("Goods")), said.goods)] if said.goods else []
        if notice.order is not None:
            facts.append(Fact(pen.say(N_("Order")), order_number(notice.order)))
        zone = pen.say(N_("Dates and times: %(zone)s."), zone=dates.zone_name(pen.reader))
        way = way_on(notice)
        path = way.path
        if notice.order is not None and is_to_be_checked(notice):
            path = self._links.signed_order_link(notice.order, actor.id)
        ways = [Way(pen.say(N_("Which letters you get")), pen.page(f"{INBOXES[actor.role]}/letters"))]
        unsubscribe = None
        if notice.kind not in ABOUT_MONEY:
            unsubscribe = pen.page(self._unsubscribing.path(actor.id, notice.kind))
            ways.append(Way(pen.say(UNSUBSCRIBE[notice.kind]), unsubscribe))
        return LetterText(
            subject=f"{said.title} · {said.goods}" if said.goods else said.title,
            heading=said.title,
            paragraphs=said.sentences or (pen.say(N_("More is on its page.")),),
            facts=tuple(facts),
            button=Button(pen.say(way.label), pen.page(path)),
            why=f"{pen.say(_WHY[actor.role], marketplace=pen.marketplace)} {zone}",
            ways=tuple(ways),
            unsubscribe=unsubscribe,
        )
