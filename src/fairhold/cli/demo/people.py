"""The people of the sandbox: buyers, shops and staff, with names for humans. Anybody may sign in as any of them."""

from fairhold.domain.actors import Actor, Role
from fairhold.domain.ids import PersonId
from fairhold.engine.ports.contacts import Contact, Contacts
from fairhold.web.people import Directory, Person
from fairhold.words.catalog import Language

RU, EN = Language.RU, Language.EN


def _person(key: str, ru: str, en: str, note_ru: str, note_en: str, *sides: tuple[Role, str]) -> Person:
    actors = tuple(Actor(role, PersonId(who)) for role, who in sides)
    return Person(key, {RU: ru, EN: en}, actors, {RU: note_ru, EN: note_en})


def _buyer(key: str, ru: str, en: str, note_ru: str, note_en: str) -> Person:
    return _person(key, ru, en, note_ru, note_en, (Role.BUYER, key))


def _shop(key: str, ru: str, en: str, note_ru: str, note_en: str) -> Person:
    return _person(key, ru, en, note_ru, note_en, (Role.SELLER, key))


PEOPLE = (
    _buyer("ann", "Анна Смирнова", "Anna Smirnova", "Заказы во всех состояниях", "Orders in every state"),
    _shop("shop-7", "«Север и свет»", "North & Light", "Фонари, гирлянды, термокружки", "Lamps, string lights, mugs"),
    _person(
        "boris", "Борис Ким", "Boris Kim", "Покупает и держит книжную лавку", "Buys, and keeps a bookshop",
        (Role.BUYER, "boris"), (Role.SELLER, "shop-21"),
    ),
    _buyer("ivan", "Иван Кузнецов", "Ivan Kuznetsov", "Покупает инструмент", "Buys tools"),
    _buyer("olga", "Ольга Ветрова", "Olga Vetrova", "Пишет отзывы и меняет их", "Writes reviews and revises them"),
    _buyer("timur", "Тимур Ахметов", "Timur Akhmetov", "Его отзывы ждут модератора", "His reviews wait for a moderator"),
    _buyer("marta", "Марта Новак", "Marta Nowak", "Спорит с модератором", "Disagrees with a moderator"),
    _buyer("elif", "Элиф Демир", "Elif Demir", "Платит в евро", "Pays in euros"),
    _buyer("james", "Джеймс Уокер", "James Walker", "Платит в долларах", "Pays in dollars"),
    _buyer("haruka", "Харука Сато", "Haruka Sato", "Платит в иенах: без копеек", "Pays in yen: no minor unit"),
    _buyer("fatima", "Фатима Ас-Сабах", "Fatima Al-Sabah", "Платит в динарах: три знака", "Pays in dinars: three digits"),
    _shop("shop-12", "«ТехноСклад»", "TechnoDepot", "Техника и электроника", "Electronics"),
    _shop("shop-15", "«Тихая комната»", "The Quiet Room", "Мебель", "Furniture"),
    _shop("shop-18", "«Дом и нитки»", "Home & Threads", "Пледы и одежда", "Blankets and clothes"),
    _shop("shop-24", "«Всё для кухни»", "All for the Kitchen", "Посуда", "Kitchenware"),
    _shop("shop-31", "Atelier Lumière", "Atelier Lumière", "Лион, евро", "Lyon, euros"),
    _shop("shop-32", "Ridgeline Outfitters", "Ridgeline Outfitters", "Денвер, доллары", "Denver, dollars"),
    _shop("shop-33", "木の道具店", "Kinodougu-ten", "Киото, иены", "Kyoto, yen"),
    _shop("shop-34", "Gulf Oud House", "Gulf Oud House", "Эль-Кувейт, динары", "Kuwait City, dinars"),
    _person("sam", "Семён Орлов", "Sam Orlov", "Отменяет ошибочные подтверждения", "Takes mistaken confirmations back",
            (Role.SUPPORT, "sam")),
    _person("mia", "Мия Ковач", "Mia Kovacs", "Решает споры, читает отзывы", "Rules on disputes, reads reviews",
            (Role.MEDIATOR, "mia")),
    _person("max", "Максим Левин", "Max Levin", "Решает жалобы на решения", "Rules on appeals", (Role.MEDIATOR, "max")),
    _person("ops", "Дежурный оператор", "Operator on duty", "Двигает часы, видит счета",
            "Moves the clock, sees the ledger", (Role.OPERATOR, "ops")),
)  # fmt: skip

_SHOPS = {
    "shop-21": {RU: "«Книжная лавка на Покровке»", EN: "The Pokrovka Bookshop"},
}
"""Shops that are called something else than the person who keeps them."""

DIRECTORY = Directory(PEOPLE, _SHOPS)
"""Who can sign in, and what everybody is called."""

_ENGLISH = frozenset({"elif", "james", "haruka", "fatima", "shop-31", "shop-32", "shop-33", "shop-34"})
"""Who reads English; everybody else reads Russian."""


def give_addresses(contacts: Contacts) -> None:
    """Give everybody an address, at a domain that nobody can have (RFC 2606): letters stay in the sandbox."""
    for person in PEOPLE:
        language = EN if person.key in _ENGLISH else RU
        for who in {actor.id for actor in person.actors}:
            email = f"{who}@example.org"
            contacts.set_contact(Contact(who, email, language.value, "Europe/Moscow", person.name(language)))
