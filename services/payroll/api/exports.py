"""Files that leave the house: sheets and lists of a run, a statement on paper; and the documents they are made by."""

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Response

from services.payroll.commands.payments import set_document
from services.payroll.exports.annual import annual_tax_workbook
from services.payroll.exports.files import FILES, PDF, XLSX, ZIP, Kind, media_type, stem
from services.payroll.exports.pdf.lists import nominative_pdf
from services.payroll.exports.pdf.statement import statement_pdf
from services.payroll.inputs.export_documents import settings_of
from services.payroll.queries.exports import explained_statement, exported
from services.payroll.queries.payments import export_documents
from services.payroll.queries.statements import statement_row
from services.payroll.queries.tax_recap import tax_recap
from services.payroll.schemas.payments import ExportDocumentOut, ExportDocumentText
from shared.auth.caller import Caller
from shared.auth.policy import Scope
from shared.directory.queries import tenant
from shared.errors import NotFound
from shared.http import PROBLEMS, Now, UnitOfWorkDep, may

router = APIRouter(tags=["exports"], responses=PROBLEMS)

_FILES = {
    "content": {XLSX: {}, PDF: {}, ZIP: {}},
    "description": "The file; the same run and settings give the same bytes",
}


@router.get("/runs/{run_id}/exports/{kind}", dependencies=[Depends(may("export.read"))], responses={200: _FILES})
async def export(
    run_id: UUID,
    kind: Kind,
    uow: UnitOfWorkDep,
    office: Annotated[
        str | None, Query(max_length=60, description="the nominative list of one office alone, by its code")
    ] = None,
    settings: Annotated[str | None, Query(pattern=r"^[0-9a-f]{64}$", description="made by earlier settings")] = None,
) -> Response:
    """A run's sheet or list. Before approval it is marked as a draft."""
    run = await exported(uow.session, uow.tenant_id, run_id)
    used = await settings_of(uow.session, uow.tenant_id, settings)
    if office is not None and office not in {one.code for one in run.offices()}:
        raise NotFound(f"this run pays nobody of an office {office}")
    if office is not None and kind == "nominative.pdf":
        content = await asyncio.to_thread(nominative_pdf, run, used.settings, office=office)
    else:
        content = await asyncio.to_thread(FILES[kind], run, used.settings)
    return attachment(content, f"{stem(run)}-{kind}", media_type(kind), settings=used.hash)


def attachment(content: bytes, name: str, media_type: str, **more: str) -> Response:
    """A file as an answer. `more`: what it was made by, as headers X-Takar-..."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    headers |= {f"X-Takar-{key.replace('_', '-').title()}": value for key, value in more.items()}
    return Response(content, media_type=media_type, headers=headers)


@router.get("/statements/{statement_id}/pdf", responses={200: {"content": {PDF: {}}, "description": "The statement"}})
async def statement_on_paper(
    statement_id: UUID, uow: UnitOfWorkDep, caller: Annotated[Caller, Depends(may("statement.read"))]
) -> Response:
    """A statement with its whole explanation and, once the run is approved, the code that leads to its proof."""
    row = await statement_row(uow.session, uow.tenant_id, statement_id)
    if Scope.TENANT not in caller.scopes("statement.read") and row.employee_id != caller.employee_id:
        # whether somebody else's statement exists is not told either
        raise NotFound(f"there is no statement {statement_id}")
    run, one = await explained_statement(uow.session, row)
    content = await asyncio.to_thread(statement_pdf, run, one)
    return attachment(content, f"tpp-{run.period}-{one.paid.file_stem}.pdf", PDF)


@router.get("/years/{year}/tax.xlsx", dependencies=[Depends(may("export.read"))], responses={200: _FILES})
async def year_of_taxes(year: Annotated[int, Path(ge=2020, le=2099)], uow: UnitOfWorkDep) -> Response:
    """What forms 1721-A2 of a year are filled from: a row a person, and the months behind it; approved runs only."""
    people = await tax_recap(uow.session, uow.tenant_id, year)
    region = (await tenant(uow.session, uow.tenant_id)).name
    content = await asyncio.to_thread(annual_tax_workbook, people, region=region, tenant_id=uow.tenant_id, year=year)
    return attachment(content, f"a2-{uow.tenant_id}-{year}.xlsx", XLSX)


@router.get("/export-documents", dependencies=[Depends(may("export.read"))])
async def documents(uow: UnitOfWorkDep) -> list[ExportDocumentOut]:
    """Bank templates and export settings, newest first; the newest of a name is in use."""
    return [ExportDocumentOut.of(row) for row in await export_documents(uow.session, uow.tenant_id)]


@router.post("/export-documents", status_code=201)
async def set_one(
    given: ExportDocumentText,
    uow: UnitOfWorkDep,
    now: Now,
    caller: Annotated[Caller, Depends(may("export.configure"))],
) -> ExportDocumentOut:
    """Put a bank template or export settings in use from now on; every fault is named with its place."""
    return ExportDocumentOut.of(await set_document(uow, text=given.document, by=caller.actor, now=now))
