"""One term per concept, in English and in Russian. The names of states and scans come from the catalogue."""

from collections.abc import Mapping
from typing import Any

from fairhold.domain.coming import Kind
from fairhold.domain.dispute_guards import DISPUTE_GUARDS
from fairhold.domain.guards import GUARDS
from fairhold.domain.review_guards import REVIEW_GUARDS
from fairhold.words.catalog import Language, words_of
from fairhold.words.disputes import (
    CHARGEBACK_STATES,
    DEMANDS,
    DISPUTE_REASONS,
    DISPUTE_STATES,
    DISPUTE_TABS,
    OUTCOMES,
)
from fairhold.words.names import PARCELS, PORTIONS, ROLES, STATUSES
from fairhold.words.reviews import CRITERIA, REVIEW_STATUSES
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
    "accident": ("случайное подтверждение", "receipt was confirmed by mistake, and support is asked to take it back"),
    "freeze": (
        "удержание до ответа",
        "by policy the money of a reported accident waits here for support's answer, for a bounded time",
    ),
    "support": ("поддержка", "whom buyer and seller write to; they undo accidents and answer for silent sellers"),
    "settle; settlement delay": ("расчёт; время до выплаты", "the time between confirming and paying the seller"),
    "release": ("деньги ушли продавцу", "the seller has the money, less the commission"),
    "refund": ("возврат; деньги вернулись вам", "the buyer has the money back"),
    "commission (fee)": ("комиссия", "the marketplace's share of what is released"),
    "fixed part": ("фиксированная часть", "what of the commission is charged for a line, whatever it costs"),
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
    "dispute": ("спор", "something is wrong with some of the goods; their clocks stand still"),
    "demand": ("требование", "what the buyer asks for: money, money for the goods sent back, or the goods again"),
    "disputed sum": ("сумма спора", "what the goods in dispute cost, with their share of shipping, tax and discount"),
    "offer": ("предложение", "what one side of a dispute would settle for; the newest lies on the table"),
    "refusal of the demand": ("отказ; без возврата денег", "the seller's offer of no refund; it counts as an answer"),
    "escalate; claim": ("обострить; претензия", "to ask for a mediator; a dispute that waits for a ruling"),
    "mediator": ("медиатор", "who decides a dispute, and is neither its buyer nor its seller"),
    "ruling; split": ("решение; раздел суммы", "how much of the disputed sum goes to whom, with reasons"),
    "appeal": ("обжаловать; жалоба", "to ask another mediator, once, before the money leaves"),
    "return": ("возврат товара", "the buyer sends the goods back, then gets the money"),
    "inspection": ("осмотр возвращённого товара", "the seller looks at what came back"),
    "resend": ("отправить заново", "the seller sends the goods once more instead of money"),
    "withdraw": ("отозвать спор", "whoever opened a dispute takes it back"),
    "conflict of interest": ("личная заинтересованность", "why somebody cannot be the mediator of a deal of their own"),
    "evidence": ("доказательства", "photos and papers that both sides and the mediator see"),
    "returned parcel": ("вернувшаяся посылка", "came back to its sender; contested by the seller, it is a dispute"),
    "chargeback": ("возвратный платёж (возврат по карте через банк)", "the buyer's bank takes a card payment back"),
    "balance below zero": ("долг продавца", "what a seller owes after a chargeback; later sales fill it up"),
    "review; reply; revise": (
        "отзыв; ответ; пересмотреть",
        "what one side says of the deal; what the other answers, once; to say it anew",
    ),
    "stars; criterion": ("звёзды, оценка; отдельная оценка", "one to five; accuracy, communication and shipping apart"),
    "automatic rating": ("автоматическая оценка", "the rating that silence is answered with; in no average"),
    "blind review": ("отзыв, который ждёт второй стороны", "not shown until both have written, or the time is over"),
    "moderator": ("модератор", "who decides whether a doubtful text is shown: a mediator or the operator"),
    "take down; withdraw (a review)": ("снять; удалить по требованию закона", "not shown; gone, with a trace"),
    "rules of the day": ("правила на сегодня", "the policy as it is now, which reviews follow"),
    "payout; available to pay out": (
        "выплата; можно вывести",
        "released money on its way to the seller, of many orders at once; what was released and has not left yet",
    ),
}
COMMANDS: dict[str, str] = {
    "place_order": "оформить заказ",
    "pay": "оплатить",
    "start_payment": "начать оплату у провайдера",
    "record_payment_page": "записать, что страница оплаты открыта",
    "record_payment": "записать, что провайдер получил деньги",
    "record_payment_failure": "записать, что оплата не прошла",
    "start_payout": "начать выплату продавцу",
    "record_payout_sent": "записать, что выплата ушла",
    "record_payout_failed": "записать, что выплата не дошла",
    "take_payout_back": "забрать выплату обратно",
    "record_payout_taken_back": "записать, что выплата возвращена",
    "record_payout_not_taken_back": "записать, что вернуть выплату не удалось",
    "cancel": "отменить заказ",
    "ship": "отправить",
    "record_checkpoint": "записать отметку перевозчика",
    "confirm_receipt": "подтвердить получение",
    "undo_receipt": "отменить подтверждение",
    "report_accident": "сообщить о случайном подтверждении",
    "decline_accident": "отказать в отмене подтверждения",
    "extend_protection": "продлить защиту",
    "ask_extension": "попросить продлить защиту",
    "answer_extension": "ответить на просьбу о продлении",
    "open_dispute": "открыть спор",
    "contest_returned_parcel": "оспорить возврат посылки",
    "make_offer": "сделать предложение",
    "accept_offer": "принять предложение",
    "escalate_dispute": "обострить спор",
    "withdraw_dispute": "отозвать спор",
    "ship_return": "отправить товар обратно",
    "receive_return": "принять возвращённый товар",
    "ship_replacement": "отправить товар заново",
    "take_claim": "взять спор",
    "rule_on_dispute": "вынести решение",
    "appeal_ruling": "обжаловать решение",
    "send_message": "написать в споре",
    "review": "оставить отзыв",
    "revise_review": "пересмотреть отзыв",
    "reply_to_review": "ответить на отзыв",
    "moderate_review": "решить об отзыве или ответе",
    "contest_moderation": "попросить другого модератора",
    "record_chargeback": "записать возвратный платёж",
    "record_chargeback_outcome": "записать ответ банка",
    "record_refund_paid": "записать выполненный возврат",
    "record_refund_returned": "записать, что возврат пришёл назад",
    "send_refund_again": "отправить возврат ещё раз",
    "record_refund_elsewhere": "записать, что возврат выплачен иначе",
    "report_shared_number": "сообщить, что номер отправления не у одного заказа",
    "record_outage": "записать перерыв в работе",
    "apply_deadlines": "применить наступившие сроки",
}
DEADLINES: dict[str, str] = {
    "payment": "срок оплаты",
    "shipping": "срок отправки",
    "protection": "срок защиты",
    "confirmation_window": "срок на проверку",
    "settlement": "выплата продавцу",
    "accident": "срок ответа поддержки о подтверждении",
    "extension_answer": "срок ответа на просьбу о продлении",
    "dispute_response": "срок ответа на требование",
    "offer": "срок предложения",
    "negotiation": "срок переговоров",
    "ruling": "срок решения",
    "appeal": "срок обжалования",
    "return_shipping": "срок отправки товара обратно",
    "return_inspection": "срок осмотра возвращённого товара",
    "resend": "срок новой отправки",
    "undecided": "предел спора без решения",
    "chargeback": "срок ответа банка",
    "provider_ceiling": "предел платёжной системы",
    "review": "срок для отзывов",
}

OF_DISPUTES: tuple[Mapping[Any, str], ...] = (
    DISPUTE_STATES,
    DISPUTE_REASONS,
    DEMANDS,
    OUTCOMES,
    CHARGEBACK_STATES,
    DISPUTE_TABS,
)


def missing() -> list[str]:
    """Commands, kinds of deadline and catalogue names that have no Russian beside them."""
    all_commands = [*(guard.command for guard in GUARDS), *(guard.command for guard in DISPUTE_GUARDS)]
    all_commands += [guard.command for guard in REVIEW_GUARDS]
    commands = [command.NAME for command in all_commands if not COMMANDS.get(command.NAME)]
    kinds = [kind.value for kind in Kind if not DEADLINES.get(kind.value)]
    empty = [term for term, (russian, meaning) in TERMS.items() if not russian or not meaning]
    russian = words_of(Language.RU)
    names = [text for of in (ROLES, STATUSES, PORTIONS, PARCELS) for text in of.values()]
    names += [text for of in (*OF_DISPUTES, REVIEW_STATUSES, CRITERIA) for text in of.values()]
    same = [text for text in names if text != "Fairhold" and russian.gettext(text) == text]
    return [*commands, *kinds, *empty, *same]


def page() -> str:
    """The page."""
    return markdown.page(
        "Glossary",
        "One term per concept: code, API, pages and these documents use the same. Names of states and scans in both languages "
        "stand under [states](states.md), those of disputes under [disputes](disputes.md), of reviews under "
        "[reviews](reviews.md).",
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
