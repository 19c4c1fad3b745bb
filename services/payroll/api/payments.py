"""Bank files of a run, what banks and the payroll system answer, and what must be chased."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, File, Form, Path, Query, Response, UploadFile

from services.payroll.api.exports import attachment
from services.payroll.commands.payments import import_acknowledgement, import_answer, make_bank_file
from services.payroll.queries.payments import bank_file, chases, payment_rows, payments_of_run
from services.payroll.rules.payments import PaymentState
from services.payroll.schemas.payments import (
    AnswerOut,
    BankFileAsk,
    BookedOut,
    ChaseOut,
    MadeFileOut,
    PaymentPage,
    PaymentsOut,
)
from shared.auth.caller import Caller
from shared.http import PROBLEMS, Now, UnitOfWorkDep, may
from shared.texts import Name

router = APIRouter(tags=["payments"], responses=PROBLEMS)

Payer = Annotated[Caller, Depends(may("payment.send"))]
Number = Annotated[int, Path(ge=1, le=10_000)]
DryRun = Annotated[bool, Query(description="only say what would change")]
_ANY: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/octet-stream": {}}, "description": "The file as the bank's template has it"}
}


@router.post("/runs/{run_id}/bank-files", status_code=201)
async def make(run_id: UUID, given: BankFileAsk, uow: UnitOfWorkDep, now: Now, caller: Payer) -> MadeFileOut:
    """Make the next bank file of an approved run: all that no earlier file pays, and what failed and was corrected."""
    made = await make_bank_file(
        uow,
        run_id=run_id,
        template=given.template,
        resend_unchanged=given.resend_unchanged,
        by=caller.actor,
        now=now,
    )
    return MadeFileOut.of(made)


@router.get("/runs/{run_id}/bank-files/{number}", dependencies=[Depends(may("payment.read"))], responses=_ANY)
async def content(run_id: UUID, number: Number, uow: UnitOfWorkDep) -> Response:
    """The file's bytes, with its control totals as headers."""
    row, file = await bank_file(uow.session, uow.tenant_id, run_id, number)
    name = f"bank-{uow.tenant_id}-{row.words['period']}-{number}.{file.extension}"
    totals = {"count": str(file.count), "net": str(file.sum), "hash_total": file.hash_total, "sha256": row.sha256}
    return attachment(file.content, name, file.media_type, **totals)


@router.post("/runs/{run_id}/bank-files/{number}/answer")
async def answer(
    *,
    run_id: UUID,
    number: Number,
    file: Annotated[UploadFile, File(description="what the bank sent back, XLSX or CSV")],
    uow: UnitOfWorkDep,
    now: Now,
    caller: Payer,
    dry_run: DryRun = False,
) -> AnswerOut:
    """Take a bank's return file in: each row matched, bad ones named, the same file again changes nothing."""
    given = await file.read()
    found = await import_answer(
        uow, run_id=run_id, number=number, content=given, dry_run=dry_run, by=caller.actor, now=now
    )
    return AnswerOut.of(found, dry_run=dry_run)


@router.post("/runs/{run_id}/acknowledgement")
async def acknowledge(
    *,
    run_id: UUID,
    file: Annotated[UploadFile, File(description="what the payroll system booked, XLSX or CSV")],
    booked_by: Annotated[Name, Form(description="which system booked it, such as SIMGAJI")],
    uow: UnitOfWorkDep,
    now: Now,
    caller: Payer,
    dry_run: DryRun = False,
) -> BookedOut:
    """Take the payroll system's acknowledgement in as a file, and compare count, sum, hash total and every row."""
    given = await file.read()
    booked = await import_acknowledgement(
        uow, run_id=run_id, content=given, booked_by=booked_by, dry_run=dry_run, by=caller.actor, now=now
    )
    return BookedOut.of(booked, dry_run=dry_run)


@router.get("/runs/{run_id}/payments", dependencies=[Depends(may("payment.read"))])
async def standing(run_id: UUID, uow: UnitOfWorkDep) -> PaymentsOut:
    """What became of a run's money, by state and by bank file."""
    return PaymentsOut.of(await payments_of_run(uow.session, uow.tenant_id, run_id))


@router.get("/runs/{run_id}/payments/statements", dependencies=[Depends(may("payment.read"))])
async def by_statement(
    run_id: UUID,
    uow: UnitOfWorkDep,
    state: PaymentState | None = None,
    after: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> PaymentPage:
    """Statements with what became of their money, by employee id; `state=rejected` are those to correct."""
    rows = await payment_rows(uow.session, uow.tenant_id, run_id, state=state, after=after, limit=limit)
    return PaymentPage.of(rows, limit)


@router.get("/chases", dependencies=[Depends(may("payment.read"))])
async def chased(
    uow: UnitOfWorkDep,
    now: Now,
    waiting: Annotated[bool, Query(description="also what is not due yet")] = False,
) -> list[ChaseOut]:
    """Runs that nobody acknowledged, or that are not wholly paid, after the region's number of working days."""
    found = await chases(uow.session, uow.tenant_id, now)
    return [ChaseOut.of(one) for one in found if waiting or one.late_by]
