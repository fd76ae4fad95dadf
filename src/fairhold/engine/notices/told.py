"""What a person is told and where they are written to, as something that is taken out and forgotten."""

from fairhold.engine.notices.correspondence import Correspondence


class Told:
    """Contact, wishes, inboxes and letters under way."""

    name = "letters"

    def __init__(self, messages: Correspondence) -> None:
        self._messages = messages

    def taken_out(self, person: str) -> object:
        """Where this person is written to, and of what they want no letters."""
        contact = self._messages.contacts.contact(person)
        unwanted = self._messages.wishes.unwanted([person]).get(person, frozenset())
        return {"contact": contact._asdict() if contact else None, "unwanted": sorted(unwanted)}

    def forget(self, person: str) -> None:
        """Write to this person no more, and empty their inboxes."""
        self._messages.forget(person)
