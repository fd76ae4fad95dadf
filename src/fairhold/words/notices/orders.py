"""What is said of orders, their money and their parcels."""

from fairhold.domain.actors import Role
from fairhold.domain.events import Cause
from fairhold.engine.notices.tellings import Topic
from fairhold.words.catalog import N_
from fairhold.words.notices.lines import Line, Side, Text, said

_B, _S = Role.BUYER, Role.SELLER
_PARCEL = N_("%(carrier)s, %(number)s.")
_PROTECTED = N_("Protection runs until %(until)s.")


def _cause(cause: Cause, text: str) -> Line:
    return Line(text, given=f"cause={cause}")


_RELEASED = (
    _cause(Cause.CONFIRMED, N_("Receipt was confirmed, and the time for undoing it has passed.")),
    _cause(Cause.CONFIRMATION_WINDOW, N_("The time to check the goods after delivery has passed.")),
    _cause(Cause.PROTECTION, N_("The protection period has ended.")),
)
_REFUNDED = (
    _cause(Cause.CANCELLED, N_("The order was cancelled before shipping.")),
    _cause(Cause.NOT_SHIPPED, N_("The seller did not ship in time.")),
    _cause(Cause.RETURNED_TO_SENDER, N_("The parcel came back to the seller and was not shipped again.")),
    _cause(Cause.PROVIDER_CEILING, N_("The payment provider cannot hold the money any longer.")),
)

ORDER_TEXTS: dict[tuple[Topic, Side], Text] = {
    (Topic.PLACED, _B): said(
        N_("Order placed"), N_("Pay %(sum)s by %(until)s. After that the order is cancelled by itself.")
    ),
    (Topic.PAID, _B): said(
        N_("Paid: %(sum)s is held by us"),
        N_("The seller gets it once you have checked the goods, or the time for that has passed."),
        N_("If the seller does not ship by %(until)s, the money comes back to you."),
    ),
    (Topic.PAID, _S): said(
        N_("New order, paid: %(sum)s"),
        N_("Ship it by %(until)s. After that the money goes back to the buyer."),
    ),
    (Topic.CANCELLED, _B): said(
        N_("Order cancelled"),
        Line(N_("It was not paid in time. No money was taken."), given="lapsed"),
        Line(N_("No money was taken."), lacking="lapsed"),
    ),
    (Topic.SHIPPED, _B): said(N_("Your parcel is on its way"), _PARCEL, _PROTECTED),
    (Topic.PICKUP, _B): said(
        N_("Your parcel can be picked up"),
        N_("It is here: %(place)s."),
        N_("Look at the goods before you confirm that you have them."),
    ),
    (Topic.ATTEMPT_FAILED, _B): said(
        N_("The carrier did not reach you"), N_("The parcel is still on its way, and your money is still protected.")
    ),
    (Topic.DELIVERED, _B): Text(
        (Line(N_("Delivered: check the goods by %(until)s")), Line(N_("Your parcel was delivered"))),
        (
            Line(N_("If all is well, confirm receipt on the order's page; if not, open a dispute there."), "until"),
            Line(N_("If you do neither, the money goes to the seller at that moment."), "until"),
        ),
    ),
    (Topic.DELIVERED, _S): said(
        N_("Delivered to the buyer"), N_("The buyer has until %(until)s to check the goods; then the money is yours.")
    ),
    (Topic.CORRECTED, None): said(
        N_("Not delivered yet: the carrier corrected itself"),
        N_("The time to check has stopped; protection runs on."),
    ),
    (Topic.DOUBTED, _B): said(
        N_("More time to check: the delivery is weakly proved"),
        N_("You have until %(until)s. If the parcel did not come to you, open a dispute before that."),
    ),
    (Topic.DOUBTED, _S): said(
        N_("The delivery is weakly proved"),
        N_("The buyer has until %(until)s to check the goods; then the money is yours."),
    ),
    (Topic.RETURNED, _B): said(
        N_("The parcel came back to the seller"),
        N_("If the seller does not ship it again by %(until)s, the money comes back to you."),
    ),
    (Topic.RETURNED, _S): said(
        N_("Your parcel came back to you"),
        N_("Ship it again by %(until)s, or say what is wrong with it. After that the money goes back to the buyer."),
    ),
    (Topic.EXTENDED, None): said(
        N_("Protection extended by %(length)s"),
        Line(N_("Nothing proves the delivery, so the buyer has more time."), given="lapsed"),
        _PROTECTED,
    ),
    (Topic.EXTENSION_ASKED, _S): said(
        N_("The buyer asks for %(length)s more of protection"),
        N_("Grant or decline it on the order's page. Without your answer protection ends as before."),
        N_("If you do not answer by %(until)s, support answers in your place."),
    ),
    (Topic.EXTENSION_PASSED_ON, _B): said(
        N_("The seller did not answer; your request for more time is with support"),
        N_("The answer comes by %(until)s."),
    ),
    (Topic.EXTENSION_DECLINED, _B): said(
        N_("You get no more time"),
        N_("Protection runs as before; while it does, you can open a dispute."),
    ),
    (Topic.CONFIRMED, _B): said(
        N_("You confirmed receipt"),
        N_("%(sum)s goes to the seller on %(until)s."),
        N_("If it was a mistake, write to support at once: until then it can be undone."),
    ),
    (Topic.CONFIRMED, _S): said(
        N_("The buyer confirmed receipt"),
        N_("%(sum)s less the commission is yours on %(until)s."),
        N_("%(less)s less the commission and the payment provider's fee is yours on %(until)s."),
    ),
    (Topic.UNDONE, _B): said(N_("Your confirmation was undone"), N_("%(sum)s is protected again, until %(until)s.")),
    (Topic.UNDONE, _S): said(
        N_("The buyer's confirmation was undone"), N_("%(sum)s is held by us again, until %(until)s.")
    ),
    (Topic.ACCIDENT_REPORTED, _B): said(
        N_("Support knows that you confirmed by accident"),
        N_("They answer by %(until)s. It is about %(sum)s."),
    ),
    (Topic.ACCIDENT_REPORTED, _S): said(
        N_("The buyer says that receipt was confirmed by accident"),
        N_("Support answers by %(until)s. It is about %(sum)s, commission included."),
    ),
    (Topic.ACCIDENT_OVERDUE, _B): said(
        N_("Support is late with the answer about your confirmation"), N_("The operator sees to it as well.")
    ),
    (Topic.ACCIDENT_DECLINED, _B): said(
        N_("Support does not undo your confirmation"),
        N_("Why, you can read in the chat on the order's page. The money goes to the seller on %(until)s."),
    ),
    (Topic.ACCIDENT_DECLINED, _S): said(
        N_("Support does not undo the buyer's confirmation"), N_("The money is yours on %(until)s.")
    ),
    (Topic.RELEASED, _B): said(N_("Completed: %(sum)s went to the seller"), *_RELEASED),
    (Topic.RELEASED, _S): said(
        N_("Completed: %(sum)s is available to pay out"),
        *_RELEASED,
        N_("The commission was %(fee)s."),
        N_("Commission and payment provider's fee together were %(fees)s."),
    ),
    (Topic.REFUNDED, _B): said(N_("%(sum)s comes back to you"), *_REFUNDED),
    (Topic.REFUNDED, _S): said(N_("%(sum)s goes back to the buyer"), *_REFUNDED),
    (Topic.PAYMENT_FAILED, _B): said(
        N_("The payment did not go through"),
        N_("No money was taken. You can try again, or pay in another way, until %(until)s."),
    ),
    (Topic.PAYMENT_RETURNED, _B): said(
        N_("%(sum)s comes back to you"),
        N_("Your payment came when the order was no longer waiting for it, so all of it goes back."),
    ),
    (Topic.REFUND_PAID, _B): said(
        N_("The refund of %(sum)s is on its way to your bank"), N_("The payment provider has carried it out.")
    ),
    (Topic.REFUND_RETURNED, _B): said(
        N_("The refund of %(sum)s did not reach you"),
        N_("The money is still yours. We look at what was in its way, and send it again or pay it in another way."),
        N_("If your card or account was closed, please write to support on the order's page."),
    ),
    (Topic.REFUND_SENT_AGAIN, _B): said(
        N_("The refund of %(sum)s is being sent to you again"),
        N_("We tell you when the payment provider has carried it out."),
    ),
    (Topic.REFUND_PAID_ELSEWHERE, _B): said(
        N_("The refund of %(sum)s was paid to you in another way"),
        N_("By which reference, you can read in the order's history."),
    ),
    (Topic.PAYOUT_SENT, _S): said(
        N_("%(sum)s was paid out to you"), N_("How it is made up, order by order, stands on the page of your money.")
    ),
    (Topic.PAYOUT_STOPPED, _S): said(
        N_("A payout of %(sum)s did not reach you"),
        N_("The money is not lost: it is still yours. See on the page of your money what is in its way."),
    ),
    (Topic.OUTAGE, None): said(
        N_("Deadlines moved by %(length)s"),
        N_("Nobody could reach us for so long. The time that it took from you was added."),
    ),
    (Topic.CHARGEBACK_RECEIVED, _B): said(
        N_("Your bank took back %(sum)s"),
        N_("The bank is deciding. Nothing of it is paid out meanwhile."),
        N_("You had %(beyond)s of it back from us already: please tell your bank."),
    ),
    (Topic.CHARGEBACK_RECEIVED, _S): said(
        N_("The buyer's bank took back %(sum)s"),
        N_("You had received %(net)s of it: that is taken from your balance."),
        N_("The buyer had %(beyond)s of it back already; the platform bears that."),
        N_("The bank is deciding. Nothing of it is paid out meanwhile."),
    ),
    (Topic.CHARGEBACK_MOVED, _B): said(
        N_("%(sum)s that your bank has counts towards this refund"),
        N_("You have it already; nobody is refunded twice."),
    ),
    (Topic.CHARGEBACK_MOVED, _S): said(
        N_("%(sum)s that the buyer's bank has counts towards this refund"),
        N_("The buyer has it already; nobody is refunded twice."),
    ),
    (Topic.CHARGEBACK_WON, _B): said(
        N_("Your bank gave back %(sum)s"), N_("%(refund)s of it is yours and comes back to you.")
    ),
    (Topic.CHARGEBACK_WON, _S): said(N_("The buyer's bank gave back %(sum)s"), N_("%(net)s of it is yours again.")),
    (Topic.CHARGEBACK_LOST, _B): said(N_("The money stays with your bank"), N_("The chargeback is decided.")),
    (Topic.CHARGEBACK_LOST, _S): said(N_("The chargeback was lost"), N_("The money stays with the buyer's bank.")),
    (Topic.SUPPORT_ANSWERED, None): said(
        N_("Support has answered you"), N_("Read the answer, and write back, on the order's page.")
    ),
}
