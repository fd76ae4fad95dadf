"""What a person is told and where they are written to, as something that is taken out and forgotten."""

from fairhold.domain.actors import PEOPLE
from fairhold.engine.clock import Clock
from fairhold.engine.correspondence import Correspondence
from fairhold.engine.mail_ports import MailRows
from fairhold.engine.notice_ports import NoticeBoard, recipient_of


class Told:
    """Contact, wishes, inboxes and letters under way."""

    name = "letters"

    def __init__(self, messages: Correspondence, mail: MailRows, notices: NoticeBoard, clock: Clock) -> None:
        self._messages = messages
        self._mail = mail
        self._notices = notices
        self._clock = clock

    def taken_out(self, person: str) -> object:
        """Where this person is written to, and of what they want no letters."""
        contact = self._messages.contacts.contact(person)
        unwanted = self._messages.wishes.unwanted([person]).get(person, frozenset())
        return {"contact": contact._asdict() if contact else None, "unwanted": sorted(unwanted)}

    def forget(self, person: str) -> None:
        """Write to this person no more, and empty their inboxes."""
        self._mail.drop_for(person, self._clock.now())
        self._messages.wishes.set_unwanted(person, frozenset())
        self._notices.forget_recipients([recipient_of(role, person) for role in sorted(PEOPLE)])
        self._messages.contacts.forget_contact(person)
