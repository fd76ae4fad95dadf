"""How much waits for whoever is signed in, beside the sections of the header where it does."""

from contextlib import suppress

from fairhold.domain.actors import Actor
from fairhold.domain.review_guards import MODERATORS
from fairhold.engine.ports import StoreUnavailable
from fairhold.web.site import Site
from fairhold.web.views.moderation_desk import REVIEW_FOLDERS
from fairhold.web.views.support_folders import CHAT_FOLDERS


def waiting_for(site: Site, actor: Actor | None) -> dict[str, int]:
    """Reviews for moderators and chats for support, by section. A page that says that the store is away needs none."""
    found: dict[str, int] = {}
    if actor is None:
        return found
    with suppress(StoreUnavailable):
        if actor.role in REVIEW_FOLDERS and actor.role in MODERATORS:
            found[REVIEW_FOLDERS[actor.role]] = site.queries.reviews.waiting()
        if actor.role in CHAT_FOLDERS:
            found[CHAT_FOLDERS[actor.role]] = site.support.counts(actor).waiting
    return found
