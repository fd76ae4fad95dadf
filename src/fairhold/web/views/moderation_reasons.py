"""Reasons for what a moderator decides, ready to use, in both languages: the author reads them as they are written."""

from fairhold.web.views.desk_reasons import Texts
from fairhold.words.catalog import N_

MODERATION_REASONS: Texts = {
    "clear": (
        N_("Breaks no rule"),
        N_("A moderator has read it: it breaks no rule, and what looked like an address or a contact is none."),
    ),
    "site": (
        N_("Address of a site"),
        N_(
            "The text names the address of a site. Links and addresses are not published in reviews, however they are "
            "written. Write what you think of the deal without them."
        ),
    ),
    "contact": (
        N_("Contacts"),
        N_(
            "The text holds a phone number, an e-mail address or a contact in a messenger. Contacts are not published in "
            "reviews: deals outside the marketplace are not protected."
        ),
    ),
    "insult": (N_("Insults"), N_("The text insults a person. Say what was wrong with the deal without it.")),
    "personal": (
        N_("Somebody's personal data"),
        N_("The text or a photo shows somebody's name, address or documents. They are not published."),
    ),
    "elsewhere": (
        N_("Not about this deal"),
        N_("The text or the photos are not about this deal: about politics, another seller, or something for sale."),
    ),
    "law": (
        N_("Demand by law"),
        N_("Withdrawn after a demand by law. Who demanded it: … Document and date: …"),
    ),
}
