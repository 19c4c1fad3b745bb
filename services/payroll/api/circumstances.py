"""Circumstances: dated facts that no service states, imported as a table, approved by a second person."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, File, Query, UploadFile

from services.payroll.commands.circumstances import (
    approve_circumstances,
    import_circumstances,
    withdraw_circumstances,
)
from services.payroll.queries.circumstances import circumstance_files, circumstances_in
from services.payroll.schemas.circumstances import (
    CircumstanceFileOut,
    CircumstanceFileRows,
    CircumstancesTaken,
    Withdrawal,
)
from shared.auth.caller import Caller
from shared.http import PROBLEMS, Now, UnitOfWorkDep, may

router = APIRouter(prefix="/circumstances", tags=["circumstances"], responses=PROBLEMS)


@router.post("")
async def import_file(
    *,
    file: Annotated[UploadFile, File(description="XLSX or CSV; README: Circumstances")],
    uow: UnitOfWorkDep,
    now: Now,
    caller: Annotated[Caller, Depends(may("circumstance.import"))],
    dry_run: Annotated[bool, Query(description="only say what would be kept")] = False,
) -> CircumstancesTaken:
    """Keep a table of circumstances as a draft: good rows go in, bad ones are named."""
    taken = await import_circumstances(
        uow, name=file.filename or "", content=await file.read(), dry_run=dry_run, by=caller.actor, now=now
    )
    return CircumstancesTaken.of(taken, dry_run=dry_run)


@router.post("/{file_id}/approval")
async def approve(
    file_id: UUID, uow: UnitOfWorkDep, now: Now, caller: Annotated[Caller, Depends(may("circumstance.approve"))]
) -> CircumstanceFileOut:
    """Let a draft reach the facts. Not by the person who imported it."""
    return CircumstanceFileOut.of(await approve_circumstances(uow, file_id=file_id, by=caller.actor, now=now))


@router.post("/{file_id}/withdrawal")
async def withdraw(
    file_id: UUID,
    given: Withdrawal,
    uow: UnitOfWorkDep,
    now: Now,
    caller: Annotated[Caller, Depends(may("circumstance.approve"))],
) -> CircumstanceFileOut:
    """Take a file back whole, with the reason; statements that rest on it stay as they are."""
    file = await withdraw_circumstances(uow, file_id=file_id, reason=given.reason, by=caller.actor, now=now)
    return CircumstanceFileOut.of(file)


@router.get("", dependencies=[Depends(may("circumstance.read"))])
async def listed(uow: UnitOfWorkDep, limit: Annotated[int, Query(ge=1, le=1000)] = 200) -> list[CircumstanceFileOut]:
    """The region's files, newest first."""
    files = await circumstance_files(uow.session, uow.tenant_id, limit=limit)
    return [CircumstanceFileOut.of(file) for file in files]


@router.get("/{file_id}", dependencies=[Depends(may("circumstance.read"))])
async def one(
    file_id: UUID,
    uow: UnitOfWorkDep,
    after: Annotated[int, Query(ge=0, le=10**6, description="rows behind this one")] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> CircumstanceFileRows:
    """A file with its rows."""
    file, rows = await circumstances_in(uow.session, uow.tenant_id, file_id, after=after, limit=limit)
    return CircumstanceFileRows.with_rows(file, rows)
