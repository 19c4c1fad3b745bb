"""What a bank may say of a payment after another; a payment that was made anew is never paid twice."""

from enum import StrEnum

from shared.errors import Refused


class PaymentState(StrEnum):
    """Of one instruction to a bank, and, by its newest instruction, of a statement."""

    UNSENT = "unsent"  # of a statement: in no bank file yet
    SENT = "sent"
    PAID = "paid"
    REJECTED = "rejected"  # the bank did not take it: the account or its holder is not right
    RETURNED = "returned"  # retur: it was paid, and came back


FAILED = (PaymentState.REJECTED, PaymentState.RETURNED)
"""May be sent again, once the account is corrected."""

_NEXT = {
    PaymentState.SENT: {PaymentState.PAID, PaymentState.REJECTED, PaymentState.RETURNED},
    PaymentState.PAID: {PaymentState.RETURNED},
    PaymentState.REJECTED: {PaymentState.PAID},
    PaymentState.RETURNED: {PaymentState.PAID},
}


def answered(now: PaymentState, said: PaymentState, *, sent_again: bool) -> PaymentState:
    """The state after a bank's word on an instruction. `sent_again`: a later file pays the same statement.

    Raises Refused where the word cannot follow, or would pay somebody twice.
    """
    if said is now:
        return now
    if sent_again:
        raise Refused(f"the payment was {now} and is sent again in a later file: {said} would pay it twice")
    if said not in _NEXT.get(now, set()):
        raise Refused(f"the payment is {now} already, and cannot become {said}")
    return said
