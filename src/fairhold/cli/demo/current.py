"""Orders under way, each for something that is worth seeing: every state, and what makes people ask."""

from fairhold.cli.demo.steps import (
    Deal,
    Step,
    ago,
    answered,
    asked,
    came_back,
    cancelled,
    confirmed,
    extended,
    mistaken,
    paid,
    scan,
    shipped,
    undone,
    waited,
)
from fairhold.domain.actors import Role
from fairhold.domain.order import ParcelStatus as P

_MOSCOW, _URALS, _SIBERIA = "Москва, отделение 125195", "Екатеринбург, сортировочный центр", "Новосибирск"
_HANDED, _NOBODY = "Вручено адресату", "Адресата не было дома"
NORTH, TECHNO, ROOM, THREADS, KITCHEN, BOOKS = "shop-7", "shop-12", "shop-15", "shop-18", "shop-24", "shop-21"
CDEK = "СДЭК"


def way(*times: str, parcel: int = 1) -> tuple[Step, ...]:
    """Accepted, through the sorting centre, handed over: as many of these as there are times."""
    scans = ((P.IN_TRANSIT, _SIBERIA, "Принята к перевозке"), (P.IN_TRANSIT, _URALS, "Покинула сортировочный центр"),
             (P.DELIVERED, _MOSCOW, _HANDED))  # fmt: skip
    return tuple(scan(when, *what, parcel=parcel) for when, what in zip(times, scans, strict=False))


_TO_DECIDE = (
    # Delivered, the buyer's turn: three goods, one of them twice.
    Deal("ann", NORTH, (("headlamp", 1), ("mug", 2), ("organizer", 1)), ago("20d 3h"),
         (paid("20d 2h 54m"), shipped("18d 5h", "80083794021846"), *way("18d 1h", "6d 10h"),
          scan("2d 23h", P.AVAILABLE_FOR_PICKUP, _MOSCOW, "Ждёт в отделении"),
          scan("1d 16h", P.DELIVERED, _MOSCOW, _HANDED)), shipping=30_000),
    # Just delivered.
    Deal("ann", TECHNO, (("watch", 1),), ago("6d 2h"),
         (paid("6d 1h 50m"), shipped("5d 1h", "10241790551", carrier=CDEK), *way("4d 20h", "2d 4h", "12m")),
         promised=ago("1d")),
    # The window is nearly over.
    Deal("ann", KITCHEN, (("tea", 6), ("kettle", 1)), ago("19d"),
         (paid("18d 23h"), shipped("17d 6h", "80083794099128"), *way("17d", "12d", "6d 22h 10m")), shipping=19_900),
    # Many kinds of goods in one parcel.
    Deal("ann", NORTH,
         (("mug", 4), ("lights", 2), ("desk-lamp", 1), ("headlamp", 2), ("organizer", 3), ("kettle", 1), ("tea", 5),
          ("bear", 2), ("bag", 3), ("shirt", 1), ("atlas", 1), ("books", 2)), ago("12d 7h"),
         (paid("12d 6h 40m"), shipped("11d 4h", "80083794100374"), *way("11d", "7d", "3d 2h")),
         shipping=89_000, discount=250_000),
    # One line confirmed and paid out, the other still being looked at.
    Deal("ann", THREADS, (("shirt", 1), ("bag", 2)), ago("15d"),
         (paid("14d 23h 30m"), shipped("14d 1h", "10241788902", carrier=CDEK), *way("13d", "9d", "4d 6h"),
          confirmed("3d 20h", 1)), shipping=25_000),
    # A mistake that support took back.
    Deal("ann", TECHNO, (("headphones", 1),), ago("13d"),
         (paid("12d 23h"), shipped("12d", "10241785120", carrier=CDEK), *way("11d 20h", "8d", "5d"),
          confirmed("1d 3h", 1), undone("1d 1h", "Покупатель нажал по ошибке: товар ещё не вскрыт", 1))),
)  # fmt: skip

_ON_THE_WAY = (
    # A long title, well within its promise.
    Deal("ann", THREADS, (("plaid", 1),), ago("12d 9h"),
         (paid("12d 8h 40m"), shipped("10d 21h", "10241783306", carrier=CDEK), *way("10d 18h", "16h")),
         promised=ago("-7d"), shipping=0),
    # Late: past the promised date and still travelling.
    Deal("ann", TECHNO, (("phone", 1),), ago("31d"),
         (paid("30d 23h"), shipped("29d", "80083794007710"), *way("28d 20h", "21d")), promised=ago("6d"), shipping=49_000,
         chat=((Role.BUYER, "Посылка три недели стоит в Екатеринбурге, обещали шесть дней назад. Что мне делать?"),)),
    # The buyer asked for more time; the seller has not answered.
    Deal("ann", TECHNO, (("lens", 1),), ago("57d"),
         (paid("56d 23h"), shipped("55d", "80083793990044"), scan("54d 12h", P.IN_TRANSIT, _SIBERIA, "Принята к перевозке"),
          asked("20h", 20)), promised=ago("25d")),
    # The seller gave more time by themselves.
    Deal("ann", ROOM, (("chair", 2),), ago("48d"),
         (paid("47d 23h"), shipped("45d", "ПЭК-440-118", carrier="ПЭК"), *way("44d", "30d"), extended("9d", 14)),
         promised=ago("15d"), shipping=240_000),
    # Waits at the pick-up point.
    Deal("ann", BOOKS, (("atlas", 1),), ago("8d 5h"),
         (paid("8d 4h 50m"), shipped("7d 2h", "80083794111004"), *way("6d 23h", "3d"),
          scan("7h", P.AVAILABLE_FOR_PICKUP, _MOSCOW, "Ждёт в отделении")), shipping=18_000),
    # Nobody was at home.
    Deal("ann", KITCHEN, (("bear", 1),), ago("7d"),
         (paid("6d 23h 55m"), shipped("6d", "10241791200", carrier=CDEK), *way("5d 20h", "2d"),
          scan("5h", P.ATTEMPT_FAILED, "Москва", _NOBODY))),
    # Two parcels: one is here, one travels.
    Deal("ann", TECHNO, (("drill", 1), ("watch", 1), ("headphones", 2)), ago("11d"),
         (paid("10d 23h"), shipped("10d", "10241787001", 1, carrier=CDEK),
          scan("9d 20h", P.IN_TRANSIT, _SIBERIA, "Принята к перевозке"), shipped("9d", "80083794077782", 2, 3),
          scan("8d", P.IN_TRANSIT, _URALS, "Покинула сортировочный центр", parcel=2),
          scan("2d 3h", P.DELIVERED, _MOSCOW, _HANDED)), shipping=60_000),
    # Part of a quantity: four mugs are here, two confirmed; six are still at the seller's.
    Deal("ann", NORTH, (("mug", 10),), ago("6d"),
         (paid("5d 23h"), shipped("5d", "80083794080010", (1, 4)), *way("4d 20h", "3d", "1d 20h"),
          confirmed("20h", (1, 2))), shipping=50_000),
    # A parcel that came back: it is sent again, or the money returns.
    Deal("ann", THREADS, (("boots", 1),), ago("27d"),
         (paid("26d 23h"), shipped("25d", "80083794012004"), *way("24d 20h", "20d"),
          scan("16d", P.ATTEMPT_FAILED, "Москва", _NOBODY),
          scan("2d 4h", P.RETURNED_TO_SENDER, _SIBERIA, "Вручено отправителю")), shipping=35_000),
)  # fmt: skip

_BEFORE = (
    Deal("ann", ROOM, (("chair", 1),), ago("2h 8m")),
    Deal("ann", TECHNO, (("phone", 1), ("headphones", 1)), ago("22h 30m")),
    Deal("ann", BOOKS, (("books", 1),), ago("3d 4h"), (paid("3d 3h 50m"),), shipping=30_000),
    Deal("ann", NORTH, (("lights", 1),), ago("6d 3h"), (paid("6d 2h 30m"),)),
    Deal("ivan", NORTH, (("headlamp", 1),), ago("4d 18h"), (paid("4d 17h 40m"),), shipping=12_000),
    Deal("boris", NORTH, (("mug", 3),), ago("2d 9h"), (paid("2d 8h"),), shipping=19_500,
         chat=((Role.BUYER, "Можно поменять адрес, пока не отправили?"),
               (Role.SUPPORT, "Адрес меняет продавец: напишите ему, пока посылка не ушла. Деньги до отправки у нас."))),
    Deal("ivan", NORTH, (("organizer", 1),), ago("14h"), (paid("13h 48m"),)),
    Deal("ivan", TECHNO, (("drill", 2),), ago("30h"), (paid("29h"),), shipping=70_000),
    Deal("james", BOOKS, (("atlas", 2),), ago("26h"), (paid("25h"),), shipping=140_000),
)  # fmt: skip
"""Awaiting payment, and awaiting shipment with more or less time left."""

_ENDING = (
    # Confirmed; support can still take it back.
    Deal("ann", NORTH, (("lights", 1),), ago("17d"),
         (paid("16d 23h"), shipped("16d", "80083794055506"), *way("15d 20h", "9d", "4d 3h"), confirmed("5h 20m", 1))),
    Deal("ivan", NORTH, (("headlamp", 2), ("mug", 1)), ago("14d"),
         (paid("13d 23h"), shipped("13d", "80083794060777"), *way("12d 20h", "8d", "2d"), confirmed("20h 40m", 1, 2),
          mistaken("1h 35m", "Хотел посмотреть, где посылка, и нажал не туда. Фонарь ещё не открывал.")),
         shipping=24_000),
    # Not shipped in time: refunded by itself.
    Deal("ann", KITCHEN, (("kettle", 1),), ago("24d"), (paid("23d 23h"), waited("16d"))),
    # A part was not shipped in time, the rest completed.
    Deal("ann", NORTH, (("mug", 3), ("desk-lamp", 1)), ago("33d"),
         (paid("32d 23h"), shipped("31d", "80083794001107", 1), waited("25d 12h"), *way("25d", "22d", "20d")),
         shipping=40_000),
    Deal("ann", TECHNO, (("headphones", 1),), ago("40d"), (paid("39d 23h"), cancelled("39d 12h", Role.BUYER, "Нашла дешевле"),
          came_back("38d"))),
    Deal("ann", TECHNO, (("lens", 1),), ago("44d"), (paid("43d 23h"), cancelled("43d", Role.SELLER, "Нет на складе"))),
    Deal("ann", ROOM, (("chair", 1),), ago("50d"), (waited("48d"),)),
    Deal("boris", NORTH, (("lights", 2),), ago("21d"), (cancelled("20d 22h", Role.BUYER),)),
    # No scan says that it arrived: the protection timer completed it.
    Deal("ann", BOOKS, (("books", 2),), ago("76d"),
         (paid("75d 23h"), shipped("74d", "80083793900302"), scan("73d", P.IN_TRANSIT, _SIBERIA), waited("1d"))),
    # The extension was declined, and the parcel came after all.
    Deal("ann", THREADS, (("boots", 1),), ago("70d"),
         (paid("69d 23h"), shipped("68d", "80083793910011"), *way("67d", "50d"), asked("30d", 30),
          answered("29d", granted=False), scan("20d", P.DELIVERED, _MOSCOW, _HANDED), waited("12d")), shipping=35_000),
)  # fmt: skip

_OTHER_CURRENCIES = (
    Deal("elif", "shop-31", (("lamp-eur", 1), ("notebook-eur", 3)), ago("9d"),
         (paid("8d 23h"), shipped("8d", "6A20099811234", carrier="Colissimo"),
          scan("7d 12h", P.IN_TRANSIT, "Lyon", "Accepted"), scan("1d 4h", P.DELIVERED, "Izmir", "Handed to the addressee")),
         "EUR", shipping=1_490, tax=5_247),
    Deal("elif", "shop-31", (("notebook-eur", 1),), ago("5h"), (), "EUR"),
    Deal("elif", "shop-31", (("lamp-eur", 2),), ago("60h"), (paid("59h"),), "EUR", shipping=2_900, discount=1_890),
    Deal("james", "shop-32", (("boots-usd", 1), ("mug-usd", 4)), ago("16d"),
         (paid("15d 23h"), shipped("15d", "1Z999AA10123456784", carrier="UPS"),
          scan("14d", P.IN_TRANSIT, "Denver, CO", "Accepted"),
          scan("3d", P.DELIVERED, "Portland, OR", "Handed to the addressee"), confirmed("4h", 2)),
         "USD", shipping=1_295, tax=2_310),
    Deal("james", "shop-32", (("watch-usd", 1),), ago("4d"),
         (paid("3d 23h"), shipped("2d", "1Z999AA10199400321", carrier="UPS"), scan("1d", P.IN_TRANSIT, "Denver, CO")),
         "USD", promised=ago("-5d")),
    Deal("haruka", "shop-33", (("tea-jpy", 1), ("box-jpy", 2)), ago("6d"),
         (paid("5d 23h"), shipped("5d", "3301-5540-1290", carrier="Yamato"),
          scan("30h", P.DELIVERED, "Tokyo", "Handed to the addressee")), "JPY", shipping=880),
    Deal("haruka", "shop-33", (("box-jpy", 1),), ago("20h"), (paid("19h"),), "JPY"),
    Deal("fatima", "shop-34", (("oud-kwd", 1), ("picks-kwd", 3)), ago("10d"),
         (paid("9d 23h"), shipped("9d", "ARX-771-204", carrier="Aramex"),
          scan("2d 6h", P.DELIVERED, "Kuwait City", "Handed to the addressee")), "KWD", shipping=2_750),
    Deal("fatima", "shop-34", (("picks-kwd", 2),), ago("13d"),
         (paid("12d 23h"), shipped("12d", "ARX-771-099", carrier="Aramex"), scan("5d", P.DELIVERED, "Kuwait City"),
          confirmed("2h", 1)), "KWD"),
    Deal("ann", "shop-31", (("lamp-eur", 1),), ago("14d"),
         (paid("13d 23h"), shipped("12d", "6A20099800917", carrier="Colissimo"), scan("11d", P.IN_TRANSIT, "Lyon")),
         "EUR", shipping=3_490, promised=ago("-9d")),
)  # fmt: skip

CURRENT: tuple[Deal, ...] = (*_TO_DECIDE, *_ON_THE_WAY, *_BEFORE, *_ENDING, *_OTHER_CURRENCIES)
