"""One term per concept, in English and in Russian. The names of states and scans come from the catalogue."""

from fairhold.domain.coming import Kind
from fairhold.domain.guards import GUARDS
from fairhold.words.catalog import Language, words_of
from fairhold.words.names import PARCELS, PORTIONS, ROLES, STATUSES
from scripts.reference import markdown
from scripts.reference.markdown import code, table

TERMS: dict[str, tuple[str, str]] = {
    "order": ("заказ", "a deal between one buyer and one seller in one currency"),
    "line": ("товар в заказе", "one kind of goods in an order; pages say “item”"),
    "portion": ("часть товара", "some units of a line that share one fate"),
    "parcel (shipment)": ("посылка", "what a seller handed to a carrier"),
    "tracking number": ("номер отправления", "the carrier's own name for a parcel"),
    "checkpoint (scan)": ("отметка перевозчика", "where the carrier says a parcel was, and when"),
    "carrier": ("перевозчик", "who brings the parcel"),
    "hold; held": ("под защитой; деньги у нас", "the buyer has paid, nobody else has the money yet"),
    "protection": ("защита", "the time in which the buyer's money stays with us"),
    "protection period": ("срок защиты", "how long protection runs, from shipping"),
    "time left to check": ("осталось на проверку", "what is left of the confirmation window"),
    "confirm receipt": ("подтвердить получение", "the buyer has the goods and is content with them"),
    "undo": ("отменить подтверждение", "support takes a mistaken confirmation back while the money is here"),
    "settle; settlement delay": ("расчёт; время до выплаты", "the time between confirming and paying the seller"),
    "release": ("деньги ушли продавцу", "the seller has the money, less the commission"),
    "refund": ("возврат; деньги вернулись вам", "the buyer has the money back"),
    "commission (fee)": ("комиссия", "the marketplace's share of what is released"),
    "deadline": ("срок", "what happens by itself, and when"),
    "extension": ("продление защиты", "more time, given by the seller or asked for by the buyer"),
    "policy": ("правила площадки", "every number and every choice of a marketplace, as data"),
    "guard": ("условие", "who may do something, and what must hold for it"),
    "reason": ("причина отказа", "why something was refused: a stable code"),
    "ledger": ("учёт денег", "every movement of money, in double entry"),
    "transfer": ("проводка", "one movement between two accounts"),
    "account; balance": ("счёт; остаток", "a place in the ledger; credits minus debits"),
    "provider": ("платёжная система", "who takes the money in and pays it out"),
    "provider's ceiling": ("предел платёжной системы", "how long a provider can hold money at most"),
    "idempotency key": ("ключ повтора", "a name that makes sending a request twice do it once"),
    "sandbox; test clock": (
        "песочница; проверочные часы",
        "an installation without real money, whose time can be moved on",
    ),
    "buyer": ("покупатель", "who pays"),
    "seller": ("продавец", "who ships"),
    "dispute": ("спор", "something is wrong with the goods (a later version)"),
    "offer": ("предложение", "what one side of a dispute would settle for (a later version)"),
    "mediator; ruling; appeal": (
        "медиатор; решение; обжаловать",
        "who decides a dispute that stays unsettled (a later version)",
    ),
    "chargeback": ("возврат по карте через банк", "the bank takes a card payment back (a later version)"),
    "review; reply; revise": ("отзыв; ответ; пересмотреть", "what each side says about the deal (a later version)"),
    "automatic rating": ("автоматическая оценка", "the rating that silence is answered with (a later version)"),
    "payout; available to pay out": (
        "вывод денег; можно вывести",
        "money on its way from the seller's account to their bank (a later version)",
    ),
}
COMMANDS: dict[str, str] = {
    "place_order": "оформить заказ",
    "pay": "оплатить",
    "cancel": "отменить заказ",
    "ship": "отправить",
    "record_checkpoint": "записать отметку перевозчика",
    "confirm_receipt": "подтвердить получение",
    "undo_receipt": "отменить подтверждение",
    "extend_protection": "продлить защиту",
    "ask_extension": "попросить продлить защиту",
    "answer_extension": "ответить на просьбу о продлении",
    "record_refund_paid": "записать выполненный возврат",
    "record_outage": "записать перерыв в работе",
    "apply_deadlines": "применить наступившие сроки",
}
DEADLINES: dict[str, str] = {
    "payment": "срок оплаты",
    "shipping": "срок отправки",
    "protection": "срок защиты",
    "confirmation_window": "срок на проверку",
    "settlement": "выплата продавцу",
    "provider_ceiling": "предел платёжной системы",
}


def missing() -> list[str]:
    """Commands, kinds of deadline and catalogue names that have no Russian beside them."""
    commands = [guard.command.NAME for guard in GUARDS if not COMMANDS.get(guard.command.NAME)]
    kinds = [kind.value for kind in Kind if not DEADLINES.get(kind.value)]
    empty = [term for term, (russian, meaning) in TERMS.items() if not russian or not meaning]
    russian = words_of(Language.RU)
    names = [text for names in (ROLES, STATUSES, PORTIONS, PARCELS) for text in names.values()]
    same = [text for text in names if text != "Fairhold" and russian.gettext(text) == text]
    return [*commands, *kinds, *empty, *same]


def page() -> str:
    """The page."""
    return markdown.page(
        "Glossary",
        "One term per concept: code, API, pages and these documents use the same. Names of states and scans in both languages "
        "stand under [states](states.md).",
        table(("English", "по-русски", "meaning"), ((term, *rest) for term, rest in sorted(TERMS.items()))),
        "## Commands",
        table(("name", "по-русски"), ((code(name), russian) for name, russian in COMMANDS.items())),
        "## Deadlines",
        table(("kind", "по-русски"), ((code(kind), russian) for kind, russian in DEADLINES.items())),
        "## Roles",
        table(
            ("name", "English", "по-русски"),
            ((code(role.value), name, words_of(Language.RU).gettext(name)) for role, name in ROLES.items()),
        ),
    )
