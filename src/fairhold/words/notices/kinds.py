"""What the kinds of letters are called, where people choose which they want."""

from fairhold.engine.ports.notices import Kind
from fairhold.words.catalog import N_

KINDS: dict[Kind, str] = {
    Kind.MONEY: N_("Money and deadlines"),
    Kind.DISPUTES: N_("Disputes and rulings"),
    Kind.PARCELS: N_("Parcels on their way"),
    Kind.CONVERSATION: N_("Messages in disputes"),
    Kind.REVIEWS: N_("Reviews"),
}
ABOUT: dict[Kind, str] = {
    Kind.MONEY: N_("Payments, refunds, pay-outs, and the days left before money moves."),
    Kind.DISPUTES: N_("Offers, rulings, returned goods, and the time to answer."),
    Kind.PARCELS: N_("That a parcel was shipped, can be picked up or did not find you."),
    Kind.CONVERSATION: N_("What the other side writes to you."),
    Kind.REVIEWS: N_("That a review is asked for, has come, was answered or was looked at by a moderator."),
}
UNSUBSCRIBE: dict[Kind, str] = {
    Kind.PARCELS: N_("No more letters about parcels"),
    Kind.CONVERSATION: N_("No more letters about messages"),
    Kind.REVIEWS: N_("No more letters about reviews"),
}
