"""Reasons for a ruling, ready to use, in both languages: they go out as they are written."""

from collections.abc import Mapping
from dataclasses import dataclass

from fairhold.words.catalog import N_, Language, words_of


@dataclass(frozen=True)
class Canned:
    """A reason ready to use, in one of the languages."""

    key: str
    title: str
    text: str


@dataclass(frozen=True)
class CannedGroup:
    """The ready reasons of one language."""

    name: str
    language: str
    texts: tuple[Canned, ...]


_CANNED: Mapping[str, tuple[str, str]] = {
    "upheld": (
        N_("Upheld in full"),
        N_(
            "What the buyer showed proves the complaint, and the seller has shown nothing against it. "
            "The whole sum goes back."
        ),
    ),
    "part": (
        N_("Upheld in part"),
        N_(
            "The fault is proved, but the goods can be used. "
            "The buyer keeps them and gets a part of the price that matches the fault."
        ),
    ),
    "refused": (
        N_("Not upheld"),
        N_("What was shown does not prove the complaint: the goods are as described. The sum goes to the seller."),
    ),
    "not_received": (
        N_("Delivery is not proved"),
        N_(
            "Tracking does not prove that the goods were handed to the buyer. "
            "Until handed over they are at the seller's risk: the sum goes back."
        ),
    ),
    "received": (
        N_("Delivery is proved"),
        N_(
            "Tracking and the carrier's papers show that the parcel was handed to the addressee. "
            "The sum goes to the seller."
        ),
    ),
    "described": (
        N_("Differs from the description"),
        N_(
            "The goods differ from their description in what matters for the choice, and the buyer could not know it. "
            "The sum goes back in proportion to the difference."
        ),
    ),
    "half": (
        N_("Neither side proved its word"),
        N_(
            "Neither side could prove its word, and each could have prevented the dispute: the sum is divided between them."
        ),
    ),
    "appeal": (
        N_("Appeal: the ruling stands"),
        N_("What came with the appeal does not change what was established before. The first ruling stands."),
    ),
}


Texts = Mapping[str, tuple[str, str]]
"""Title and text by key."""


def canned_groups(reader: Language, texts: Texts = _CANNED) -> tuple[CannedGroup, ...]:
    """Ready reasons in both languages, the reader's own first: they go out as they are written. By itself, those of a ruling."""
    names = {Language.RU: "Русский", Language.EN: "English"}
    return tuple(
        CannedGroup(
            names[language],
            language.value,
            tuple(
                Canned(f"{language}-{key}", words_of(language).gettext(title), words_of(language).gettext(text))
                for key, (title, text) in texts.items()
            ),
        )
        for language in sorted(Language, key=lambda one: one is not reader)
    )


def canned_text(key: str, texts: Texts = _CANNED) -> str:
    """The ready reason of that key; empty where there is none."""
    found = (one for group in canned_groups(Language.RU, texts) for one in group.texts)
    return next((one.text for one in found if one.key == key), "")
