"""How much waits for whoever is signed in, beside the sections of the header where it does."""

from contextlib import suppress

from fairhold.domain.actors import Actor, Role
from fairhold.domain.review_guards import MODERATORS
from fairhold.engine.ports.store import StoreUnavailable
from fairhold.web.site import Site
from fairhold.web.views.bank import FOLDER
from fairhold.web.views.moderation_desk import REVIEW_FOLDERS
from fairhold.web.views.payouts import OPERATING
from fairhold.web.views.shell import MOST_SHOWN
from fairhold.web.views.support_folders import CHAT_FOLDERS


def waiting_for(site: Site, actor: Actor | None) -> dict[str, int]:
    """Reviews for moderators, chats for support, bank transfers and stopped payouts for operators, by section.

    A page that says that the store is away needs none.
    """
    found: dict[str, int] = {}
    if actor is None:
        return found
    with suppress(StoreUnavailable):
        if actor.role in REVIEW_FOLDERS and actor.role in MODERATORS:
            found[REVIEW_FOLDERS[actor.role]] = site.queries.reviews.waiting()
        if actor.role in CHAT_FOLDERS:
            found[CHAT_FOLDERS[actor.role]] = site.support.counts(actor).waiting
        if actor.role is Role.OPERATOR:
            # Money that was asked for before transfers were switched off has to be seen to all the same.
            found[FOLDER] = site.bank.waiting(MOST_SHOWN + 1)
            stopped = site.payouts.rows.payees(parked=True, after=None, limit=MOST_SHOWN + 1)
            found[OPERATING] = len(stopped)
    return {section: number for section, number in found.items() if number}
