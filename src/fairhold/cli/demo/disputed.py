"""Orders in dispute: one at every stage, and some that ended in every way."""

from fairhold.cli.demo.current import CDEK, KITCHEN, NORTH, ROOM, TECHNO, THREADS, way
from fairhold.cli.demo.dispute_steps import (
    BUYER,
    MAX,
    SELLER,
    accepted,
    appealed,
    bank_said,
    charged_back,
    contested,
    escalated,
    looked_at,
    offered,
    opened,
    ruled,
    said,
    sent_again,
    sent_back,
    taken,
    withdrawn,
)
from fairhold.cli.demo.steps import Deal, ago, confirmed, paid, scan, shipped, waited
from fairhold.domain.order import ParcelStatus as P

_TALKING = (
    # Just opened: the seller's turn.
    Deal("ann", NORTH, (("mug", 4), ("lights", 1)), ago("14d"),
         (paid("13d 23h"), shipped("13d", "80083794210004"), *way("12d 20h", "6d", "2d 4h"),
          opened("5h", "damaged", "Две кружки из четырёх пришли с трещиной у ручки. Коробка была целой.", (1, 2),
                 pictures=("cracked-mug", "empty-box"))),
         shipping=30_000),
    # The seller has offered a part: the buyer's turn.
    Deal("ann", THREADS, (("shirt", 2),), ago("18d"),
         (paid("17d 23h"), shipped("17d", "10241797701", carrier=CDEK), *way("16d", "9d", "5d"),
          opened("4d", "not_as_described", "На фото хлопок, на ярлыке полиэстер.", 1, pictures=("label",)),
          offered("2d 3h", SELLER, 40_000, "Состав указан в карточке, но готовы вернуть часть суммы."),
          said("1d 2h", BUYER, "В карточке состава не было, есть снимок экрана.")), shipping=25_000),
    # Offers went back and forth: the seller's turn again.
    Deal("ivan", TECHNO, (("drill", 1),), ago("21d"),
         (paid("20d 23h"), shipped("20d", "10241796600", carrier=CDEK), *way("19d", "12d", "8d"),
          opened("7d", "missing_items", "Нет второго аккумулятора, он указан в комплекте.", 1, amount=180_000),
          offered("5d", SELLER, 60_000, "Можем вернуть часть цены."),
          offered("26h", BUYER, 150_000, "Аккумулятор отдельно стоит дороже.")), shipping=70_000),
    # The promised day has passed and nothing came.
    Deal("ann", TECHNO, (("headphones", 1),), ago("41d"),
         (paid("40d 23h"), shipped("40d", "80083794220010"), *way("39d", "30d"),
          opened("2d 6h", "late", "Обещали до прошлой недели, посылка стоит на месте.", 1)), promised=ago("9d")),
)  # fmt: skip

_WITH_A_MEDIATOR = (
    Deal("ann", NORTH, (("headlamp", 1), ("organizer", 2)), ago("30d"),
         (paid("29d 23h"), shipped("29d", "80083794230026"), *way("28d", "20d", "15d"),
          confirmed("14d", 2),
          opened("14d", "damaged", "Фонарь не включается ни от сети, ни от батареи.", 1,
                 pictures=("dead-headlamp",)),
          offered("12d", SELLER, 0, "Проверили перед отправкой, всё работало."),
          escalated("10d", BUYER, "Продавец не признаёт поломку. Прошу решить."),
          said("8d", SELLER, "Просим показать, как покупатель заряжал фонарь.")), shipping=30_000),
    Deal("ivan", NORTH, (("headlamp", 2),), ago("33d"),
         (paid("32d 23h"), shipped("32d", "80083794230095"), *way("31d", "24d", "19d"),
          opened("18d", "wrong_item", "Прислали другую модель, слабее.", 1),
          offered("16d", SELLER, 100_000, "Модель заменена производителем, готовы вернуть разницу."),
          escalated("13d 18h", SELLER, "Покупатель не отвечает."), taken("5d")), shipping=24_000),
    # Overdue: the operator sees to it.
    Deal("boris", ROOM, (("chair", 1),), ago("50d"),
         (paid("49d 23h"), shipped("49d", "ПЭК-440-777", carrier="ПЭК"), *way("48d", "40d", "35d"),
          opened("34d", "damaged", "Сломана ножка.", 1), offered("33d", SELLER, 200_000, "Вернём на ремонт."),
          escalated("30d", BUYER, "Ремонт дороже."), waited("1d")), shipping=240_000),
    # Ruled: it can be appealed.
    Deal("ann", KITCHEN, (("kettle", 1),), ago("36d"),
         (paid("35d 23h"), shipped("35d", "80083794240049"), *way("34d", "28d", "24d"),
          opened("22d", "not_as_described", "Чайник на 1,2 литра, а не на 1,7.", 1, pictures=("kettle",)),
          offered("20d", SELLER, 30_000, "Объём указан с точностью до трети."),
          escalated("17d", BUYER, "Это неправда."), taken("9d"),
          ruled("3d", 120_000, "Объём меньше заявленного почти на треть: возвращаем соразмерную часть цены."))),
    # Appealed: another mediator decides.
    Deal("ann", TECHNO, (("watch", 1),), ago("45d"),
         (paid("44d 23h"), shipped("44d", "10241795110", carrier=CDEK), *way("43d", "36d", "31d"),
          opened("30d", "counterfeit", "Серийного номера нет в базе производителя.", 1),
          offered("28d", SELLER, 0, "Товар подлинный."), escalated("25d", BUYER, "Есть ответ производителя."),
          ruled("11d", 0, "Из представленного не следует, что товар поддельный."),
          appealed("6d", BUYER, "Прикладываю официальное письмо сервисного центра.")), shipping=49_000),
    # The parcel came back, and the seller contests the refund.
    Deal("ivan", THREADS, (("boots", 1),), ago("29d"),
         (paid("28d 23h"), shipped("28d", "80083794250055"), *way("27d", "20d"),
          scan("6d", P.RETURNED_TO_SENDER, "Новосибирск", "Вручено отправителю"),
          contested("4d", "Вернулась пустая коробка, ботинок внутри нет.", "empty-box")), shipping=35_000),
)  # fmt: skip

_GOODS_TRAVEL = (
    # The buyer is to send the goods back.
    Deal("ann", THREADS, (("bag", 1),), ago("22d"),
         (paid("21d 23h"), shipped("21d", "10241793302", carrier=CDEK), *way("20d", "13d", "9d"),
          opened("8d", "wrong_item", "Пришла сумка другого цвета.", 1, demand="return_and_refund"),
          accepted("4d", SELLER, 1))),
    # They are on their way back.
    Deal("ann", TECHNO, (("lens", 1),), ago("34d"),
         (paid("33d 23h"), shipped("33d", "10241792204", carrier=CDEK), *way("32d", "25d", "20d"),
          opened("19d", "damaged", "На линзе царапина.", 1, demand="return_and_refund"), accepted("16d", SELLER, 1),
          sent_back("12d", "80083794260061"), scan("11d", P.IN_TRANSIT, "Москва", "Принята к перевозке", parcel=2),
          scan("2d", P.DELIVERED, "Новосибирск", "Вручено адресату", parcel=2))),
    # The seller is to send the goods again.
    Deal("james", NORTH, (("lights", 2),), ago("25d"),
         (paid("24d 23h"), shipped("24d", "80083794270077"), *way("23d", "16d", "12d"),
          opened("9d", "damaged", "Одна гирлянда не горит.", (1, 1), demand="resend"), accepted("5d", SELLER, 1)),
         shipping=24_000),
    # They were sent again, and travel.
    Deal("ann", NORTH, (("desk-lamp", 1),), ago("38d"),
         (paid("37d 23h"), shipped("37d", "80083794280083"), *way("36d", "29d", "24d"),
          opened("23d", "damaged", "Абажур разбит.", 1, demand="resend"), accepted("20d", SELLER, 1),
          sent_again("15d", "10241799990"), scan("14d", P.IN_TRANSIT, "Новосибирск", "Принята к перевозке", parcel=2))),
)  # fmt: skip

_OVER = (
    # Agreed on a part.
    Deal("ann", NORTH, (("mug", 2),), ago("52d"),
         (paid("51d 23h"), shipped("51d", "80083794290099"), *way("50d", "44d", "40d"),
          opened("39d", "damaged", "Скол на донышке.", (1, 1), pictures=("chipped-mug",)),
          offered("37d", SELLER, 50_000, "Вернём часть, кружка ваша."),
          accepted("36d", BUYER, 2), waited("30d")), shipping=12_000),
    # The seller said nothing.
    Deal("boris", TECHNO, (("headphones", 1),), ago("60d"),
         (paid("59d 23h"), shipped("59d", "80083794300101"), *way("58d", "50d", "46d"),
          opened("45d", "not_as_described", "Нет шумоподавления.", 1), waited("38d"))),
    # Sent back and paid.
    Deal("ivan", ROOM, (("chair", 1),), ago("70d"),
         (paid("69d 23h"), shipped("69d", "ПЭК-440-090", carrier="ПЭК"), *way("68d", "61d", "57d"),
          opened("56d", "not_as_described", "Не тот цвет.", 1, demand="return_and_refund"), accepted("54d", SELLER, 1),
          sent_back("50d", "ПЭК-441-001", "ПЭК"), looked_at("41d", accepted=True)), shipping=240_000),
    # Never sent back: the seller was paid.
    Deal("james", THREADS, (("shirt", 1),), ago("66d"),
         (paid("65d 23h"), shipped("65d", "10241790017", carrier=CDEK), *way("64d", "57d", "53d"),
          opened("52d", "wrong_item", "Не тот размер.", 1, demand="return_and_refund"), accepted("50d", SELLER, 1),
          waited("39d"))),
    # A ruling that both sides let stand.
    Deal("boris", NORTH, (("lights", 3),), ago("80d"),
         (paid("79d 23h"), shipped("79d", "80083794310117"), *way("78d", "70d", "66d"),
          opened("65d", "missing_items", "Вместо трёх пришли две.", (1, 1)),
          offered("63d", SELLER, 0, "Вес посылки соответствует трём."), escalated("60d", BUYER, "Вес не показатель."),
          taken("55d", MAX), ruled("50d", 40_000, "Доказать, что было вложено, не смогли обе стороны: делим пополам.", MAX),
          waited("42d"))),
    # Withdrawn: it turned up.
    Deal("ann", TECHNO, (("phone", 1),), ago("48d"),
         (paid("47d 23h"), shipped("47d", "80083794320123"), *way("46d", "38d", "33d"),
          opened("32d", "not_received", "Отслеживание говорит «вручено», у меня посылки нет.", 1),
          said("31d", SELLER, "Спросите, пожалуйста, на посту охраны."), withdrawn("30d"), confirmed("29d", 1),
          waited("27d")), promised=ago("35d")),
)  # fmt: skip

_BANKS = (
    # The bank took the money of a deal that was long over.
    Deal("james", NORTH, (("headlamp", 1),), ago("58d"),
         (paid("57d 23h"), shipped("57d", "80083794330139"), *way("56d", "50d", "46d"), confirmed("45d", 1),
          waited("43d"), charged_back("9d", 200_000, "fraud"))),
    # Won: the bank gave it back.
    Deal("ivan", TECHNO, (("drill", 1),), ago("75d"),
         (paid("74d 23h"), shipped("74d", "10241788001", carrier=CDEK), *way("73d", "66d", "62d"), confirmed("61d", 1),
          waited("59d"), charged_back("40d", 300_000, "not recognised"), bank_said("12d", won=True))),
    # Lost.
    Deal("boris", KITCHEN, (("kettle", 1),), ago("90d"),
         (paid("89d 23h"), shipped("89d", "80083794340145"), *way("88d", "80d", "76d"), confirmed("75d", 1),
          waited("73d"), charged_back("60d", 100_000, "not received"), bank_said("20d", won=False))),
)  # fmt: skip

DISPUTED: tuple[Deal, ...] = (*_TALKING, *_WITH_A_MEDIATOR, *_GOODS_TRAVEL, *_OVER, *_BANKS)
