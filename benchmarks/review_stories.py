"""Orders that were reviewed: every kind of review that a list can be filtered by, written in the engine itself.

One line each, confirmed a day after delivery. Each is taken as it was when the last word was said, once more when the time
for reviews was over, with what the silent side is taken to have said, and as it is when its keys are forgotten.
"""

from collections.abc import Iterator
from itertools import count, product
from typing import NamedTuple

from benchmarks.stories import Teller
from benchmarks.taking import BUYER, SELLER, SKU, Story
from fairhold.domain.commands import NewLine
from fairhold.domain.evidence import Evidence, PhotoId
from fairhold.domain.instants import DAY
from fairhold.domain.order import Order
from fairhold.domain.review_commands import LineStars, ReplyToReview, ReviseReview, WriteReview
from fairhold.engine.intake.photos import ID_LENGTH
from fairhold.engine.intake.screened import screened

LINE = NewLine(sku=SKU, title="Headlamp “Polus 600”", quantity=1, unit_price=240_000)
SILENCE = 31 * DAY
"""So long after the last word, the time for reviews is over."""

STARS = {1: 15, 2: 15, 3: 10, 4: 20, 5: 40}
PHOTOS = {0: 40, 2: 60}
LANGUAGES = {"ru": 60, "en": 25, "": 15}
"""How many of a hundred are so; a filter by two of them leaves more than a page of two hundred."""

SENTENCES = {
    "ru": (
        "Светит ярко, батареи хватает на два вечера в лесу.",
        "Пришла быстро, коробка целая, внутри запасная резинка.",
        "Кнопка тугая, в перчатках нажать трудно.",
        "Крепление на голове удобное, не сползает даже на бегу.",
        "Через месяц начала мигать, продавец ответил на следующий день.",
        "За такие деньги лучше не найти, взял вторую для жены.",
        "Цвет на фотографии темнее, чем оказался на самом деле.",
        "Дождь выдержала, под водой не проверял.",
    ),
    "en": (
        "Bright enough for a night hike, and the battery lasts two evenings.",
        "It came quickly and well packed, with a spare strap inside.",
        "The button is stiff, hard to press with gloves on.",
        "It sits well on the head and does not slide, even when I run.",
        "After a month it began to flicker; the seller answered the next day.",
        "You will not find a better one for this money, so I bought another.",
        "The colour is a little lighter than it looks in the picture.",
        "It went through a whole day of rain without any trouble.",
    ),
}


class Opinion(NamedTuple):
    """What the buyer says, and what follows. `revised_to`: the stars after a second thought, 0 for none."""

    name: str
    stars: int
    photos: int
    language: str
    weight: int
    number: int
    revised_to: int = 0

    @property
    def text(self) -> str | None:
        """One to six sentences."""
        if not self.language:
            return None
        known = SENTENCES[self.language]
        return " ".join(known[(self.number + each) % len(known)] for each in range(1 + self.number % 6))

    @property
    def replied(self) -> bool:
        """Sellers answer those who complain, and now and then others."""
        return bool(self.language) and (self.stars <= 2 or self.number % 4 == 0)


def opinions() -> Iterator[Opinion]:
    """All combinations of stars, photos and language, and some that were revised."""
    numbers = count()
    for (stars, some), (photos, more), (language, often) in product(STARS.items(), PHOTOS.items(), LANGUAGES.items()):
        name = f"reviewed_{stars}_{photos}_{language or 'none'}"
        yield Opinion(name, stars, photos, language, some * more * often, next(numbers))
    for before, after in ((1, 3), (2, 5)):
        yield Opinion(f"revised_{before}_{after}", before, 1, "ru", 20_000, next(numbers), after)


class Reviewer(Teller):
    """Plays stories that end with reviews."""

    def reviewed(self, opinion: Opinion) -> Order:
        """The deal was completed, and reviewed; the seller has answered."""
        order = self.completed_by_the_buyer()
        order = self.tell(order, said(order, opinion), BUYER)
        if opinion.replied:
            self.wait(DAY)
            [review] = order.reviews
            answer = SENTENCES[opinion.language][opinion.number % 3]
            order = self.tell(order, ReplyToReview(review=review.id, text=answer, screened=screened(answer)), SELLER)
        if opinion.revised_to:
            self.wait(DAY)
            [review] = order.reviews
            stated = said(order, opinion._replace(stars=opinion.revised_to))
            fields = {name: getattr(stated, name) for name in stated.__struct_fields__}
            order = self.tell(order, ReviseReview(review=review.id, **fields), BUYER)
        return order

    def silent(self) -> Order:
        """The seller praised the buyer, who said nothing and is taken to have given four stars."""
        order = self.completed_by_the_buyer()
        return self.tell(order, WriteReview(rating=5, text="Спасибо за покупку!"), SELLER)


def said(order: Order, opinion: Opinion) -> WriteReview:
    """The opinion as a command; every fourth has words of its own about the product, every third is signed."""
    number, text = opinion.number, opinion.text
    photos = tuple(photo(opinion.number, each) for each in range(opinion.photos))
    own = number % 4 == 1
    line = LineStars(id=order.lines[0].id, rating=opinion.stars, text=text, photos=photos, screened=screened(text))
    return WriteReview(
        rating=opinion.stars,
        description_accuracy=opinion.stars if number % 2 else None,
        communication=5 if number % 2 else None,
        shipping_speed=4 if number % 3 else None,
        text=text,
        photos=() if own else photos,
        lines=(line,) if own else (),
        anonymous=number % 3 != 0,
        screened=screened(text),
    )


def photo(number: int, position: int) -> Evidence:
    """A photo by its name: nobody looks at it here."""
    name = number * 10 + position
    return Evidence(PhotoId(f"{name:0{ID_LENGTH}d}"), f"{name:064x}")


def review_stories(url: str) -> dict[str, Story]:
    """Every story, played in the empty database at `url`."""
    teller = Reviewer(url)
    teller.lines = (LINE,)
    try:
        told: dict[str, Story] = {}
        ended: dict[str, tuple[Order, int]] = {}
        for opinion in opinions():
            ended[opinion.name] = order, weight = teller.reviewed(opinion), opinion.weight
            told[f"{opinion.name}_just_now"] = teller.take(f"{opinion.name}_just_now", order, weight)
        ended["silent"] = teller.silent(), 30_000
        teller.wait(SILENCE)
        told |= {name: teller.take(name, order, weight) for name, (order, weight) in ended.items()}
        return told | teller.take_old(ended)
    finally:
        teller.close()
