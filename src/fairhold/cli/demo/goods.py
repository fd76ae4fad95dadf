"""What the shops of the demo sell. Prices in minor units of the shop's currency; pictures are the sandbox's stand-ins."""

from typing import NamedTuple

from fairhold.domain.commands import NewLine


class Good(NamedTuple):
    """A kind of goods; `picture` names a symbol of `goods.svg`."""

    sku: str
    title: str
    price: int
    picture: str
    category: str | None = None

    def line(self, quantity: int) -> NewLine:
        """So many of it, as a line of an order."""
        return NewLine(
            sku=self.sku,
            title=self.title,
            quantity=quantity,
            unit_price=self.price,
            category=self.category,
            image=f"goods:{self.picture}",
        )


GOODS: dict[str, Good] = {
    # «Север и свет», RUB
    "headlamp": Good(
        "SS-600",
        "Фонарь налобный аккумуляторный «Полюс 600», 600 лм, влагозащита IP65, с запасным аккумулятором",
        240_000, "lamp", "electronics",
    ),
    "mug": Good("SS-450", "Термокружка с вакуумной колбой, 450 мл, тёмно-зелёная", 130_000, "mug", "home"),
    "organizer": Good(
        "SS-110", "Чехол-органайзер для кабелей и зарядных устройств, двойной, серый", 100_000, "pouch", "bags"
    ),
    "lights": Good("SS-R10", "Гирлянда уличная «Ретро», 10 м, 20 ламп, тёплый свет", 315_000, "lights", "home"),
    "desk-lamp": Good("SS-D2", "Лампа настольная на струбцине, с регулировкой яркости", 419_000, "lamp", "electronics"),
    # «ТехноСклад», RUB
    "headphones": Good(
        "TS-ANC", "Наушники беспроводные накладные с активным шумоподавлением, чёрные матовые", 459_000, "buds",
        "electronics",
    ),
    "lens": Good("TS-50", "Объектив 50 мм f/1.8 STM, с блендой и чехлом", 1_349_000, "lens", "electronics"),
    "phone": Good("TS-A5", "Смартфон 6,4″, 128 ГБ, две SIM-карты, графитовый", 2_199_000, "phone", "phones"),
    "watch": Good("TS-W3", "Часы спортивные с пульсометром и GPS, ремешок 22 мм", 899_000, "watch", "electronics"),
    "drill": Good(
        "TS-D18", "Дрель-шуруповёрт аккумуляторная 18 В, два аккумулятора, кейс, 32 насадки", 749_000, "drill", "tools"
    ),
    # «Тихая комната», RUB
    "chair": Good(
        "TK-01", "Кресло для чтения с высокой спинкой, рогожка, серо-голубое, ножки из берёзы", 1_290_000, "chair",
        "furniture",
    ),
    # «Дом и нитки», RUB
    "plaid": Good(
        "DN-170",
        "Плед вязаный из мериносовой шерсти, крупная вязка, 130 × 170 см, цвет «овсяное печенье», ручная работа,"
        " в подарочной коробке",
        748_000, "plaid", "home",
    ),
    "shirt": Good("DN-L2", "Рубашка льняная свободного кроя, молочная, размер 48", 389_000, "shirt", "clothes"),
    "boots": Good("DN-B7", "Ботинки трекинговые, нубук, размер 39", 1_120_000, "boots", "clothes"),
    "bag": Good("DN-C1", "Сумка холщовая с внутренним карманом", 139_000, "bag", "bags"),
    # «Книжная лавка на Покровке», RUB
    "books": Good(
        "KL-2", "Набор из двух книг: «Письма из деревни» и «Записки охотника», твёрдый переплёт", 164_000, "book", "books"
    ),
    "atlas": Good("KL-7", "Атлас звёздного неба, большой формат", 275_000, "book", "books"),
    # «Всё для кухни», RUB
    "kettle": Good("VK-25", "Чайник со свистком, нержавеющая сталь, 2,5 л", 215_000, "kettle", "home"),
    "tea": Good("VK-T1", "Иван-чай ферментированный листовой, 200 г", 49_000, "tea", "food"),
    "bear": Good("VK-M3", "Медведь плюшевый, 40 см, бурый", 175_000, "toy", "toys"),
    # Atelier Lumière, EUR
    "lamp-eur": Good("AL-12", "Brass table lamp with pleated linen shade, 42 cm", 18_900, "lamp", "home"),
    "notebook-eur": Good("AL-31", "Hand-bound notebook, laid paper, 192 pages", 2_450, "book", "books"),
    # Ridgeline Outfitters, USD
    "boots-usd": Good("RO-88", "Waterproof hiking boots, full-grain leather, men's US 10.5", 21_999, "boots", "clothes"),
    "watch-usd": Good("RO-14", "Field watch, sapphire crystal, 200 m water resistance", 34_900, "watch"),
    "mug-usd": Good("RO-3", "Enamel camp mug, 12 oz, speckled blue", 1_850, "mug", "home"),
    # 木の道具店, JPY: no minor unit
    "tea-jpy": Good("KD-5", "Cherry-bark tea caddy (樺細工 茶筒), handmade in Kakunodate", 14_300, "tea", "home"),
    "box-jpy": Good("KD-9", "Hinoki bento box, two tiers", 6_820, "box", "home"),
    # Gulf Oud House, KWD: three digits
    "oud-kwd": Good("GO-1", "Oud instrument, rosewood back, eleven strings, with hard case", 185_500, "box"),
    "picks-kwd": Good("GO-7", "Set of six oud picks (risha), cow horn", 4_250, "pouch"),
}  # fmt: skip
