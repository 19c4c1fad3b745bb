"""Bank files, payments, answers and chases over HTTP."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import RowMapping

from services.payroll.commands.payments import MadeFile
from services.payroll.commands.payments.acknowledgement import Booked
from services.payroll.commands.payments.answers import Answer
from services.payroll.queries.payments import Payments
from services.payroll.rules.chasing import Chase, Missing
from services.payroll.rules.payments import PaymentState
from services.payroll.schemas.periods import RowFault
from services.payroll.tables import ExportDocumentRow
from shared.money import Rupiah
from shared.texts import Name
from shared.words import RunKind

MOST_LEFT_OUT = 500
TemplateName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class ExportDocumentText(BaseModel):
    """`document`: YAML, a bank template (takar.bank/1) or export settings (takar.exports/1)."""

    model_config = ConfigDict(extra="forbid")

    document: Annotated[str, StringConstraints(min_length=1, max_length=200_000)]


class ExportDocumentOut(BaseModel):
    """A template or settings in use from `set_at` on; `hash` is of its content."""

    model_config = ConfigDict(from_attributes=True)

    hash: str
    kind: str
    name: str
    document: str
    set_by: UUID
    set_at: datetime

    @classmethod
    def of(cls, row: ExportDocumentRow) -> "ExportDocumentOut":
        return cls.model_validate(row)


class BankFileAsk(BaseModel):
    """`template`: its name. resend_unchanged: also what a bank refused, though the account is what it was."""

    model_config = ConfigDict(extra="forbid")

    template: Name
    resend_unchanged: bool = False


class BankFileOut(BaseModel):
    """A bank file's control totals, and the SHA-256 of its bytes."""

    model_config = ConfigDict(from_attributes=True)

    run_id: UUID
    number: int
    count: int
    net: Rupiah
    hash_total: str
    sha256: str
    made_by: UUID
    made_at: datetime


class LeftOutOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    employee_id: UUID
    nip: str
    name: str
    amount: Rupiah
    reason: str


class MadeFileOut(BankFileOut):
    """A new file, and who is owed something and is not in it: at most 500 of them are named."""

    left_out_count: int
    left_out_net: Rupiah
    left_out: list[LeftOutOut]

    @classmethod
    def of(cls, made: MadeFile) -> "MadeFileOut":
        file = BankFileOut.model_validate(made.file)
        return cls(
            **{name: getattr(file, name) for name in BankFileOut.model_fields},
            left_out_count=len(made.left_out),
            left_out_net=sum(one.amount for one in made.left_out),
            left_out=[LeftOutOut.model_validate(one) for one in made.left_out[:MOST_LEFT_OUT]],
        )


class PaymentsOut(BaseModel):
    """A run's money by state (unsent, sent, paid, rejected, returned): counts, and sums in rupiah."""

    run_id: UUID
    count: int
    net: Rupiah
    states: dict[PaymentState, int]
    sums: dict[PaymentState, Rupiah]
    wholly_paid: bool
    files: list[BankFileOut]

    @classmethod
    def of(cls, found: Payments) -> "PaymentsOut":
        return cls.model_validate(found, from_attributes=True)


class PaymentOut(BaseModel):
    """A statement's money: the state of its newest instruction, and the bank's reason where it failed."""

    employee_id: UUID
    statement_id: UUID
    nip: str
    name: str
    net: Rupiah
    state: PaymentState
    reason: str | None
    file: int | None
    line: int | None
    bank_code: str | None
    account: str | None
    answered_at: datetime | None

    @classmethod
    def of(cls, row: RowMapping) -> "PaymentOut":
        return cls.model_validate({**row, "file": row["number"]})


class PaymentPage(BaseModel):
    """`next_after`: give it as `after` for the next page; None on the last."""

    payments: list[PaymentOut]
    next_after: UUID | None

    @classmethod
    def of(cls, rows: Sequence[RowMapping], limit: int) -> "PaymentPage":
        found = [PaymentOut.of(row) for row in rows]
        return cls(payments=found, next_after=found[-1].employee_id if len(found) == limit else None)


class Figures(BaseModel):
    """Control totals of a file."""

    count: int
    net: Rupiah
    hash_total: str


class AnswerOut(BaseModel):
    """What a bank's return file came to; `stated` are the bank file's totals, `answered` of its answered payments."""

    dry_run: bool
    number: int
    rows: int
    changed: int
    states: dict[PaymentState, int]
    sums: dict[PaymentState, Rupiah]
    stated: Figures
    answered: Figures
    reconciled: bool
    again: bool = Field(description="this very file was taken in before: nothing was changed")
    faults: list[RowFault]

    @classmethod
    def of(cls, answer: Answer, *, dry_run: bool) -> "AnswerOut":
        plain: dict[str, Any] = {name: getattr(answer, name) for name in cls.model_fields if name != "dry_run"}
        faults = [RowFault.model_validate(fault, from_attributes=True) for fault in answer.faults]
        return cls.model_validate(plain | {"faults": faults, "dry_run": dry_run})


class BookedFigures(Figures):
    """`digest`: over the statements that the file's rows agree with."""

    digest: str


class BookedOut(BaseModel):
    """What the payroll system's file says it booked, beside the run; `difference` in words, None where equal."""

    dry_run: bool
    rows: int
    booked: BookedFigures
    stated: BookedFigures
    difference: str | None
    recorded: bool
    again: bool
    state: str
    faults: list[RowFault]

    @classmethod
    def of(cls, booked: Booked, *, dry_run: bool) -> "BookedOut":
        plain: dict[str, Any] = {name: getattr(booked, name) for name in cls.model_fields if name != "dry_run"}
        faults = [RowFault.model_validate(fault, from_attributes=True) for fault in booked.faults]
        return cls.model_validate(plain | {"faults": faults, "dry_run": dry_run})


class ChaseOut(BaseModel):
    """What is missing of a stated run. `late_by`: working days after `due`; 0: not late yet."""

    model_config = ConfigDict(from_attributes=True)

    run_id: UUID
    period: str
    kind: RunKind
    missing: Missing
    since: date
    due: date
    late_by: int
    open_net: Rupiah

    @classmethod
    def of(cls, chase: Chase) -> "ChaseOut":
        return cls.model_validate(chase)
