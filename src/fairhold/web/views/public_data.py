"""What a public page says to search engines: schema.org as JSON-LD, in a data block that no browser executes.

A policy for scripts does not concern it: `type="application/ld+json"` names no script, so that none is prepared (HTML, 4.12.1).
Callers leave out reviews that nobody wrote, and those that were withdrawn.
"""

import json
from collections.abc import Iterable
from typing import Any

from markupsafe import Markup

from fairhold.domain.reputation import Tally
from fairhold.domain.review import MAX_RATING
from fairhold.web.views.public import average
from fairhold.web.views.review_cards import ReviewCard

_TO_HTML = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&'\u2028\u2029"}
"""What could end the data block or begin markup stays JSON, but is written so that HTML does not see it."""


def seller_data(name: str, tally: Tally, cards: Iterable[ReviewCard]) -> Markup:
    """A seller, as an organization; empty where no person has reviewed."""
    return _written({"@type": "Organization", "name": name}, tally, cards)


def product_data(name: str, sku: str, seller: str, tally: Tally, cards: Iterable[ReviewCard]) -> Markup:
    """A product and who sells it; empty where no person has reviewed."""
    about = {"@type": "Product", "name": name, "sku": sku, "offers": {"@type": "Offer", "seller": _named(seller)}}
    return _written(about, tally, cards)


def _named(name: str) -> dict[str, str]:
    return {"@type": "Organization", "name": name}


def _written(about: dict[str, Any], tally: Tally, cards: Iterable[ReviewCard]) -> Markup:
    mean = average(tally)
    if mean is None:
        return Markup()
    found = {
        "@context": "https://schema.org",
        **about,
        "aggregateRating": {
            "@type": "AggregateRating",
            "ratingValue": round(mean, 2),
            "reviewCount": tally.people,
            "bestRating": MAX_RATING,
            "worstRating": 1,
        },
        "review": [_review(card) for card in cards],
    }
    return Markup(json.dumps(found, ensure_ascii=False).translate(_TO_HTML))  # noqa: S704 - nothing in it is markup any more


def _review(card: ReviewCard) -> dict[str, Any]:
    found: dict[str, Any] = {
        "@type": "Review",
        "author": {"@type": "Person", "name": card.who},
        "datePublished": card.at[:10],
        "reviewRating": {
            "@type": "Rating",
            "ratingValue": card.stars.given,
            "bestRating": MAX_RATING,
            "worstRating": 1,
        },
    }
    if card.text:
        found["reviewBody"] = card.text
    if card.language:
        found["inLanguage"] = card.language
    return found
