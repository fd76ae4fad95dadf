"""Deals that are told for their reviews: revised, held, reported, hidden, withdrawn, and the many that make a reputation."""

from collections.abc import Iterator

from fairhold.cli.demo.current import BOOKS, KITCHEN, NORTH, TECHNO, THREADS
from fairhold.cli.demo.dispute_steps import MAX, MIA
from fairhold.cli.demo.review_steps import (
    Saying,
    disagreed,
    moderated,
    replied,
    revised,
    wrote,
    wrote_of_buyer,
)
from fairhold.cli.demo.sayings import SAYINGS
from fairhold.cli.demo.steps import Complaint, Deal, Step, ago, confirmed, paid, scan, shipped
from fairhold.domain.actors import Actor, Role
from fairhold.domain.ids import PersonId
from fairhold.domain.order import ParcelStatus
from fairhold.domain.review import Part, Verdict

_OPS = Actor(Role.OPERATOR, PersonId("ops"))
_OLGA, _TIMUR, _MARTA = "olga", "timur", "marta"


def _deal(
    buyer: str, seller: str, good: str, days: int, *told: Step, complaints: tuple[Complaint, ...] = (), number: str = ""
) -> Deal:
    """Placed so many days ago, there and confirmed within nine; then what is told."""
    steps = (
        paid(f"{days - 1}d 23h"),
        shipped(f"{days - 1}d", number or f"8008380{days:03d}{len(buyer + good):02d}", carrier="Почта России"),
        scan(f"{days - 6}d 4h", ParcelStatus.DELIVERED, "Москва, отделение 125195", "Вручено адресату"),
        confirmed(f"{days - 8}d", 1),
    )
    return Deal(buyer, seller, ((good, 1),), ago(f"{days}d"), (*steps, *told), shipping=19_900, complaints=complaints)


_TOLD = (
    # Revised once the seller had made it good.
    _deal(_OLGA, NORTH, "lights", 33,
          wrote("23d", Saying(2, "Прислали гирлянду с холодным светом вместо тёплого.", (1, 4, 4), named=True)),
          revised("14d", Saying(4, "Сначала прислали гирлянду с холодным светом. Написала, через неделю пришла правильная, "
                                   "за пересылку не взяли ни рубля. Ошибаются все, исправляют не все.", (3, 5, 4),
                                named=True)),
          replied("13d", "Спасибо, что дали нам исправиться. Холодную гирлянду можете оставить себе.")),
    # Held: the address of a site in disguise. Nobody has looked yet.
    _deal(_TIMUR, NORTH, "desk-lamp", 16,
          wrote("7h", Saying(4, "Лампа хорошая, а схему подключения и такую же дешевле нашёл на сайте лампочка точка ру, "
                                "загляните.", (4, 5, 5)))),
    # A reply that is held: whoever answers may not leave contacts, either.
    _deal(_MARTA, TECHNO, "watch", 19,
          wrote("9d", Saying(2, "Ремешок порвался на третий день.", (2, 3, 4))),
          replied("26h", "Поменяем без вопросов. Напишите нам в телеграм @techno_depot_help, договоримся.")),
    # Reported by the seller and by somebody else.
    _deal(_TIMUR, THREADS, "bag", 24,
          wrote("12d", Saying(1, "Сумка расползлась, а продавец хам и жулик, таких надо гнать с площадки палкой.",
                              (1, 1, 4))),
          complaints=(Complaint(ago("30h"), Actor(Role.SELLER, PersonId("shop-18")), "insult",
                                "Нас назвали жуликами. Сумку мы предлагали заменить."),
                      Complaint(ago("20h"), Actor(Role.BUYER, PersonId("olga")), "insult", ""))),
    # Hidden for what was taken for a phone number; the author does not agree.
    _deal(_MARTA, KITCHEN, "kettle", 21,
          wrote("11d", Saying(2, "Купила вместо старого, модель 8 916 204-55-10 на дне. Крышка болтается.", (2, 3, 3))),
          moderated("9d", MIA, Verdict.HIDE, "В тексте номер телефона. Контакты в отзывах не публикуются."),
          disagreed("4d", "Это не телефон, а номер модели: он выбит на дне чайника, посмотрите сами.")),
    # Withdrawn after a demand by law: a trace of it stays.
    _deal(_TIMUR, KITCHEN, "bear", 62,
          wrote("52d", Saying(1, "Директор этого магазина судим, не покупайте у него ничего.", (1, 1, 1))),
          moderated("30d", _OPS, Verdict.WITHDRAW,
                    "Отозван по решению суда: сведения о судимости не подтвердились. Дело 2-1184, решение от 14 числа.")),
    # Held for a bare address, read and published.
    _deal(_OLGA, BOOKS, "atlas", 40,
          wrote("31d", Saying(5, "Нашла здесь всё, о чём читала в блоге blog.zvezdy-primer.ru: карты точные.", (5, 5, 5),
                              named=True)),
          moderated("30d", MAX, Verdict.PUBLISH, "Это не реклама: назван блог, где о книге рассказали.")),
    # A hidden reply, and the review stays.
    _deal(_MARTA, NORTH, "organizer", 46,
          wrote("36d", Saying(4, "Удобно, но одна молния заедает.", (4, 5, 5))),
          replied("35d", "Надо было открывать аккуратнее, руки не из того места."),
          moderated("33d", MIA, Verdict.HIDE, "Ответ оскорбляет покупателя.", Part.REPLY)),
)  # fmt: skip

_MANY = (
    ("mug", "lights", "organizer", "desk-lamp", "headlamp"),
    (_OLGA, _TIMUR, _MARTA, "ivan", "boris"),
)


def _many() -> Iterator[Deal]:
    """Orders at the best shop, one a week or so."""
    goods, buyers = _MANY
    # Of the headlamp, those who bought it in the other orders say all there is to say.
    taken = dict.fromkeys(goods, 0) | {"headlamp": len(SAYINGS["headlamp"])}
    for count in range(24):
        good, buyer = goods[count % 5 if count % 6 else 0], buyers[count % len(buyers)]
        days = 18 + count * 9
        said = SAYINGS[good]
        saying = said[taken[good] % len(said)] if taken[good] < len(said) else Saying(5 - (count % 7 == 0))
        taken[good] += 1
        told = [wrote(f"{days - 9}d {count % 20}h", saying)]
        if count % 5 == 1 and saying.text:
            told.append(replied(f"{days - 10}d 2h", _THANKS[count // 5 % len(_THANKS)]))
        yield _deal(buyer, NORTH, good, days, *told, number=f"80083830{count:04d}")


_THANKS = (
    "Спасибо! Рады, что пригодилось.",
    "Спасибо за отзыв, передали на склад.",
    "Thank you for taking the time to write!",
)


def _of_silent() -> Iterator[Deal]:
    """The seller was content and the buyer said nothing: in time, the buyer is taken to have said something (S26)."""
    for count, (seller, good) in enumerate(((NORTH, "mug"), (TECHNO, "drill"), (THREADS, "bag"), (NORTH, "lights"))):
        days = 60 + count * 11
        told = wrote_of_buyer(f"{days - 10}d", 5, "Всё хорошо, забрали вовремя.")
        yield _deal((_MARTA, _OLGA)[count % 2], seller, good, days, told, number=f"80083831{count:04d}")


REVIEWED: tuple[Deal, ...] = (*_TOLD, *_many(), *_of_silent())
