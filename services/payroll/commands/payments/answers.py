"""Importing what a bank sends back: each row matched by account, NIP and amount, and the file by its totals."""

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert

from services.payroll.exports.bank.template import ReturnFile
from services.payroll.inputs.export_documents import template_of
from services.payroll.inputs.sheets import read_table, rupiah_in
from services.payroll.rules.payments import PaymentState, answered
from services.payroll.tables import AnswerFileRow, BankFileRow, PaymentRow
from shared.control import hash_total
from shared.errors import Fault, NotFound, Refused
from shared.sheets import Row
from shared.unit_of_work import UnitOfWork

_NOT_DIGITS = re.compile(r"[^0-9A-Za-z]")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")
_LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Answer:
    """What a file came to. `changed`: payments whose state it changed; `states`: all of the bank file afterwards.

    reconciled: every payment of the bank file is answered, in count and in sum.
    """

    number: int
    rows: int
    changed: int
    states: Mapping[str, int]
    sums: Mapping[str, int]
    stated: Mapping[str, Any]
    answered: Mapping[str, Any]
    reconciled: bool
    again: bool
    faults: tuple[Fault, ...]

    def kept(self) -> dict[str, Any]:
        """As it is stored with the file."""
        names = ("number", "rows", "changed", "states", "sums", "stated", "answered", "reconciled")
        return {name: getattr(self, name) for name in names} | {"faults": [one.as_dict() for one in self.faults]}


class _Said(NamedTuple):
    payment: PaymentRow
    state: PaymentState
    reason: str | None
    row: int


async def import_answer(
    uow: UnitOfWork, *, run_id: UUID, number: int, content: bytes, dry_run: bool, by: UUID, now: datetime
) -> Answer:
    """Take a bank's return file of one of our files in. Good rows count, bad ones are named, again changes nothing.

    Raises NotFound without such a bank file; Refused where its template says nothing of answers; Invalid for a file
    that is no table of these columns.
    """
    file = await uow.session.get(BankFileRow, (uow.tenant_id, run_id, number))
    if file is None:
        raise NotFound(f"run {run_id} has no bank file {number}")
    told = template_of(file.template).answer
    if told is None:
        raise Refused(
            "this file's template does not say how the bank answers: add `answer` to it, and make files by it"
        )
    payments = await _locked(uow, run_id, number)
    sha256 = hashlib.sha256(content).hexdigest()
    again = await uow.session.get(AnswerFileRow, (uow.tenant_id, run_id, number, sha256)) is not None
    rows = read_table(content, told.columns)
    faults: list[Fault] = []
    said = _matched(rows, told, payments, faults)
    if told.lists == "failures" and not faults:
        named = {one.payment.employee_id for one in said}
        others = [one for one in payments if one.employee_id not in named and one.state == PaymentState.SENT]
        said += [_Said(one, PaymentState.PAID, None, 0) for one in others]
    changes = [] if again else await _changes(uow, run_id, number, said, faults)
    after = {one.employee_id: one.state for one in payments} | {
        one.payment.employee_id: one.state.value for one in changes
    }
    answer = _answer(file, payments, after, rows=len(rows), changed=len(changes), again=again, faults=faults)
    if not dry_run and not again:
        await _write(uow, run_id, number, changes, now)
        await keep_answer(uow, run_id, number, sha256=sha256, outcome=answer.kept(), by=by, now=now)
    return answer


async def _locked(uow: UnitOfWork, run_id: UUID, number: int) -> Sequence[PaymentRow]:
    """The file's payments, locked: two imports of one file come one after the other."""
    query = (
        select(PaymentRow)
        .where(PaymentRow.tenant_id == uow.tenant_id, PaymentRow.run_id == run_id, PaymentRow.number == number)
        .order_by(PaymentRow.line)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (await uow.session.scalars(query)).all()


def _matched(rows: Sequence[Row], told: ReturnFile, payments: Sequence[PaymentRow], faults: list[Fault]) -> list[_Said]:
    words = {
        word.casefold(): state
        for state, named in (
            (PaymentState.PAID, told.paid),
            (PaymentState.REJECTED, told.rejected),
            (PaymentState.RETURNED, told.returned),
        )
        for word in named
    }
    by_account: dict[str, list[PaymentRow]] = {}
    for one in payments:
        by_account.setdefault(_plain(one.account), []).append(one)
    found: list[_Said] = []
    seen: dict[UUID, int] = {}
    for row in rows:
        matched = _match(row, told, by_account, words)
        if isinstance(matched, _Said) and matched.payment.employee_id in seen:
            place = seen[matched.payment.employee_id]
            matched = _fault(row, told.account, f"this payment stands in row {place} already", "keep one row a payment")
        if isinstance(matched, Fault):
            faults.append(matched)
            continue
        seen[matched.payment.employee_id] = row.number
        found.append(matched)
    return found


def _match(
    row: Row, told: ReturnFile, by_account: Mapping[str, list[PaymentRow]], words: Mapping[str, PaymentState]
) -> _Said | Fault:
    """The payment a row means and what it says of it, or what is wrong with it."""
    meant = _payment(row, told, by_account)
    if isinstance(meant, Fault):
        return meant
    state = words.get(row.cells.get(told.status, "").strip().casefold())
    if state is None:
        known = ", ".join((*told.paid, *told.rejected, *told.returned))
        return _fault(row, told.status, "this status is not known", f"one of {known}; or add it to the bank's template")
    reason = _CONTROLS.sub(" ", row.cells.get(told.reason, "")).strip()[:_LONGEST_REASON]
    return _Said(meant, state, None if state is PaymentState.PAID else reason or "no reason given", row.number)


def _payment(row: Row, told: ReturnFile, by_account: Mapping[str, list[PaymentRow]]) -> PaymentRow | Fault:
    """By account, then by NIP where the file has it, then by amount."""
    amount = rupiah_in(row.cells.get(told.amount, ""))
    if amount is None:
        return _fault(row, told.amount, "this is not an amount in rupiah", "write whole rupiah, such as 6758500")
    at_account = by_account.get(_plain(row.cells.get(told.account, "")), [])
    if not at_account:
        remedy = "check that it is the answer to this bank file, and that the column is text: zeros in front count"
        return _fault(row, told.account, "no payment of this bank file went to this account", remedy)
    nip = _plain(row.cells.get(told.nip, "")) if told.nip else ""
    of_person = [one for one in at_account if not nip or one.nip == nip]
    if not of_person:
        return _fault(row, told.nip or "", "the payment to this account is of another NIP", "correct the row")
    of_amount = [one for one in of_person if one.amount == amount]
    if len(of_amount) == 1:
        return of_amount[0]
    if of_amount:
        return _fault(row, told.account, "two payments fit this row", "give the NIP in the return file as well")
    ours = ", ".join(str(one.amount) for one in of_person)
    return _fault(row, told.amount, f"the bank file pays {ours} to this account", "ask the bank what it paid")


def _plain(cell: str) -> str:
    return _NOT_DIGITS.sub("", cell)


def _fault(row: Row, place: str, message: str, remedy: str) -> Fault:
    return Fault(place, message, remedy, row.cells.get(place, "")[:80], row.number)


_LATER = text(
    """
    SELECT DISTINCT employee_id FROM payments
    WHERE tenant_id = :tenant_id AND run_id = :run_id AND number > :number
    """
)


async def _changes(
    uow: UnitOfWork, run_id: UUID, number: int, said: Sequence[_Said], faults: list[Fault]
) -> list[_Said]:
    """Those that change a payment; what cannot follow upon what was known is a fault."""
    given = {"tenant_id": uow.tenant_id, "run_id": run_id, "number": number}
    later = set((await uow.session.scalars(_LATER, given)).all())
    changes: list[_Said] = []
    for one in said:
        before = PaymentState(one.payment.state)
        try:
            after = answered(before, one.state, sent_again=one.payment.employee_id in later)
        except Refused as refusal:
            faults.append(Fault("status", refusal.detail, "ask the bank", one.payment.nip, one.row or None))
            continue
        if after is not before:
            changes.append(one)
    return changes


def _answer(
    file: BankFileRow,
    payments: Sequence[PaymentRow],
    after: Mapping[UUID, str],
    *,
    rows: int,
    changed: int,
    again: bool,
    faults: Sequence[Fault],
) -> Answer:
    states, sums = Counter(after.values()), Counter[str]()
    for one in payments:
        sums[after[one.employee_id]] += one.amount
    known = [one for one in payments if after[one.employee_id] != PaymentState.SENT]
    stated = {"count": file.count, "net": file.net, "hash_total": file.hash_total}
    figures = {
        "count": len(known),
        "net": sum(one.amount for one in known),
        "hash_total": hash_total(one.account for one in known),
    }
    ordered = tuple(sorted(faults, key=lambda fault: fault.row or 0))
    return Answer(file.number, rows, changed, states, sums, stated, figures, stated == figures, again, ordered)


_WRITE = text(
    """
    UPDATE payments SET state = given.state, reason = given.reason, answered_at = :now
    FROM unnest(CAST(:employees AS uuid[]), CAST(:states AS text[]), CAST(:reasons AS text[]))
         AS given(employee_id, state, reason)
    WHERE payments.tenant_id = :tenant_id AND payments.run_id = :run_id AND payments.number = :number
      AND payments.employee_id = given.employee_id
    """
)


async def _write(uow: UnitOfWork, run_id: UUID, number: int, changes: Sequence[_Said], now: datetime) -> None:
    if not changes:
        return
    await uow.session.execute(
        _WRITE,
        {
            "tenant_id": uow.tenant_id,
            "run_id": run_id,
            "number": number,
            "now": now,
            "employees": [one.payment.employee_id for one in changes],
            "states": [one.state.value for one in changes],
            "reasons": [one.reason for one in changes],
        },
    )


async def keep_answer(
    uow: UnitOfWork, run_id: UUID, number: int, *, sha256: str, outcome: dict[str, Any], by: UUID, now: datetime
) -> None:
    """Note that a file was taken in, and what it came to."""
    values = {"tenant_id": uow.tenant_id, "run_id": run_id, "number": number, "sha256": sha256}
    await uow.session.execute(insert(AnswerFileRow).values(**values, outcome=outcome, imported_by=by, imported_at=now))
