"""Making a bank file of a run: whoever was not paid by an earlier one, each once, with count, sum and hash total."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import RowMapping, func, select, text
from sqlalchemy.dialects.postgresql import insert

from services.payroll.commands.history import lock_run
from services.payroll.exports.bank import BankTemplate, Instruction, write_bank_file
from services.payroll.exports.bank.writing import About
from services.payroll.exports.records import Account
from services.payroll.exports.wording import KINDS, month
from services.payroll.inputs.export_documents import bank_template_text, template_of
from services.payroll.rules.lifecycle import FINAL_STATES
from services.payroll.rules.payments import FAILED, PaymentState
from services.payroll.tables import BankFileRow, PaymentRow, RunRow
from shared.directory.queries import tenant
from shared.errors import Refused
from shared.unit_of_work import UnitOfWork


class LeftOut(NamedTuple):
    """Who is not in the file, how much they are owed, and why."""

    employee_id: UUID
    nip: str
    name: str
    amount: int
    reason: str


class MadeFile(NamedTuple):
    """A new file, and who is owed something and is not in it."""

    file: BankFileRow
    left_out: Sequence[LeftOut]


class _Due(NamedTuple):
    row: RowMapping
    account: Account


# the newest instruction of each statement, and the account that master data hold now
_OWED = text(
    """
    SELECT s.employee_id, s.statement_id, s.net, i.payee, e.state -> 'bank' AS bank_now,
           p.state, p.bank_code, p.account, p.holder
    FROM statements s
    JOIN run_inputs i ON i.tenant_id = s.tenant_id AND i.run_id = s.run_id AND i.employee_id = s.employee_id
    LEFT JOIN identity_employees e ON e.tenant_id = s.tenant_id AND e.employee_id = s.employee_id
    LEFT JOIN LATERAL (
        SELECT state, bank_code, account, holder FROM payments
        WHERE tenant_id = s.tenant_id AND run_id = s.run_id AND employee_id = s.employee_id
        ORDER BY number DESC LIMIT 1) p ON true
    WHERE s.tenant_id = :tenant_id AND s.run_id = :run_id AND s.net > 0
    ORDER BY i.payee ->> 'opd_code', i.payee ->> 'unit_code', i.payee ->> 'nip', s.employee_id
    """
)
_IN_FILE = frozenset({PaymentState.SENT, PaymentState.PAID})


async def make_bank_file(
    uow: UnitOfWork, *, run_id: UUID, template: str, resend_unchanged: bool, by: UUID, now: datetime
) -> MadeFile:
    """Write the next file of an approved run. `template`: its name.

    A payment that a bank refused or sent back is in it when the account was corrected since, or with
    `resend_unchanged` as it was. Raises Refused where nobody is left to be paid, saying who was left out and why.
    """
    run = await lock_run(uow, run_id)
    if run.state not in FINAL_STATES:
        raise Refused(f"the run is {run.state}: only an approved run is paid", state=run.state)
    document = await bank_template_text(uow.session, uow.tenant_id, template)
    due, left_out = _chosen(await _owed(uow, run_id), template_of(document), resend_unchanged=resend_unchanged)
    if not due:
        raise Refused(_nobody(left_out), left_out=len(left_out))
    number = await _next_number(uow, run_id)
    words = await _words(uow, run)
    payments = [_instruction(run_id, number, line, one) for line, one in enumerate(due, start=1)]
    written = write_bank_file(template_of(document), payments, About(number, words, now))
    row = BankFileRow(
        tenant_id=uow.tenant_id,
        run_id=run_id,
        number=number,
        template=document,
        words=words,
        count=written.count,
        net=written.sum,
        hash_total=written.hash_total,
        sha256=hashlib.sha256(written.content).hexdigest(),
        made_by=by,
        made_at=now,
    )
    uow.session.add(row)
    await uow.session.flush()
    await uow.session.execute(insert(PaymentRow), _rows(uow.tenant_id, run_id, number, due, payments))
    return MadeFile(row, left_out)


async def _owed(uow: UnitOfWork, run_id: UUID) -> Sequence[RowMapping]:
    given = {"tenant_id": uow.tenant_id, "run_id": run_id}
    return (await uow.session.execute(_OWED, given)).mappings().all()


def _chosen(
    owed: Sequence[RowMapping], template: BankTemplate, *, resend_unchanged: bool
) -> tuple[list[_Due], list[LeftOut]]:
    due: list[_Due] = []
    left_out: list[LeftOut] = []
    for row in owed:
        if row["state"] in _IN_FILE:
            continue
        account, reason = _account(row, resend_unchanged=resend_unchanged)
        if account is not None and template.banks is not None and account.bank_code not in template.banks:
            reason = f"an account at bank {account.bank_code}, which this file does not pay"
        if account is None or reason:
            payee = row["payee"]
            left_out.append(LeftOut(row["employee_id"], payee["nip"], payee["name"], row["net"], reason))
        else:
            due.append(_Due(row, account))
    return due, left_out


def _account(row: RowMapping, *, resend_unchanged: bool) -> tuple[Account | None, str]:
    """The account to pay, or why there is none. First as frozen with the run; after a refusal, as it is now."""
    failed = row["state"] in FAILED
    bank = row["bank_now"] if failed else row["payee"]["bank"] or row["bank_now"]
    if not bank or not any(letter.isdigit() for letter in bank["number"]):
        return None, "no bank account: register one"
    account = Account(bank["bank_code"], bank["bank_name"], bank["number"], bank["holder"])
    before = (row["bank_code"], row["account"], row["holder"])
    if failed and not resend_unchanged and before == (account.bank_code, account.number, account.holder):
        return None, f"the bank {row['state']} it, and the account was not corrected since"
    return account, ""


def _nobody(left_out: Sequence[LeftOut]) -> str:
    if not left_out:
        return "everybody of this run is in a bank file already"
    first = left_out[0]
    return f"nobody can be paid by this file: {len(left_out)} were left out, the first {first.nip}: {first.reason}"


async def _next_number(uow: UnitOfWork, run_id: UUID) -> int:
    of_run = (BankFileRow.tenant_id == uow.tenant_id, BankFileRow.run_id == run_id)
    return (await uow.session.scalar(select(func.max(BankFileRow.number)).where(*of_run)) or 0) + 1


async def _words(uow: UnitOfWork, run: RunRow) -> dict[str, str]:
    region = await tenant(uow.session, uow.tenant_id)
    kind = KINDS.get(run.kind, run.kind)
    names = {"period": run.period, "month": month(run.period), "kind": kind}
    return {**names, "region": region.name, "tenant": uow.tenant_id}


def _instruction(run_id: UUID, number: int, line: int, one: _Due) -> Instruction:
    payee = one.row["payee"]
    return Instruction(
        number=line,
        reference=f"{run_id.hex[:8].upper()}{number:03}{line:06}",
        nip=payee["nip"],
        name=payee["name"],
        unit=payee["unit"],
        account=one.account,
        amount=one.row["net"],
    )


def _rows(
    tenant_id: str, run_id: UUID, number: int, due: Sequence[_Due], payments: Sequence[Instruction]
) -> list[dict[str, Any]]:
    of_file = {"tenant_id": tenant_id, "run_id": run_id, "number": number, "state": PaymentState.SENT}
    return [
        of_file
        | {
            "employee_id": one.row["employee_id"],
            "statement_id": one.row["statement_id"],
            "line": payment.number,
            "reference": payment.reference,
            "nip": payment.nip,
            "name": payment.name,
            "unit": payment.unit,
            "bank_code": payment.account.bank_code,
            "bank_name": payment.account.bank_name,
            "account": payment.account.number,
            "holder": payment.account.holder,
            "amount": payment.amount,
        }
        for one, payment in zip(due, payments, strict=True)
    ]
