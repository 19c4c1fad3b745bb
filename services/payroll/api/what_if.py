"""What-if: a draft policy over a past month, before anybody signs it."""

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Depends, Response

from services.payroll.api.exports import attachment
from services.payroll.commands.what_if import keep_what_if
from services.payroll.exports.files import XLSX
from services.payroll.exports.what_if import chart, what_if_workbook
from services.payroll.queries.what_if import get_ready, run_to_compare, stored_draft, what_if, what_if_row, what_ifs
from services.payroll.rules.what_if import unpack
from services.payroll.rules.words import Language
from services.payroll.schemas.what_if import WhatIfAsk, WhatIfHead, WhatIfOut
from shared.auth.caller import Caller
from shared.db import Sessions
from shared.http import PROBLEMS, Now, SessionsDep, UnitOfWorkDep, may
from shared.unit_of_work import unit_of_work

router = APIRouter(prefix="/what-ifs", tags=["what-if"], responses=PROBLEMS)

SVG = "image/svg+xml"


@router.post("", status_code=201)
async def ask(
    given: WhatIfAsk, uow: UnitOfWorkDep, now: Now, caller: Annotated[Caller, Depends(may("what_if.ask"))]
) -> WhatIfOut:
    """Evaluate a draft over everybody whom a month's run paid. Only the report is kept; the draft is not."""
    run = await run_to_compare(uow.session, uow.tenant_id, given.period, given.run_id)
    document = given.document or await stored_draft(uow.session, uow.tenant_id, given.policy_hash or "")
    found = await what_if(uow.session, run, document)
    return WhatIfOut.of_report(await keep_what_if(uow, found=found, by=caller.actor, now=now), found)


@router.get("", dependencies=[Depends(may("what_if.read"))])
async def listed(uow: UnitOfWorkDep, sessions: SessionsDep, after: BackgroundTasks) -> list[WhatIfHead]:
    """The region's reports, newest first; a hundred are kept. Who looks at them asks for one next: we get ready."""
    after.add_task(_get_ready, sessions, uow.tenant_id)
    return [WhatIfHead.of(row) for row in await what_ifs(uow.session, uow.tenant_id)]


async def _get_ready(sessions: Sessions, tenant_id: str) -> None:
    async with unit_of_work(sessions, tenant_id) as uow:
        await get_ready(uow.session, tenant_id)


@router.get("/{what_if_id}", dependencies=[Depends(may("what_if.read"))])
async def one(what_if_id: UUID, uow: UnitOfWorkDep) -> WhatIfOut:
    """A report: winners, losers, cost by unit and class, distribution."""
    row = await what_if_row(uow.session, uow.tenant_id, what_if_id)
    return WhatIfOut.of_report(row, await asyncio.to_thread(unpack, row.report))


@router.get(
    "/{what_if_id}/report.xlsx",
    dependencies=[Depends(may("what_if.read"))],
    responses={200: {"content": {XLSX: {}}, "description": "The report with everybody by name"}},
)
async def as_workbook(what_if_id: UUID, uow: UnitOfWorkDep) -> Response:
    """The report as XLSX, everybody by name."""
    row = await what_if_row(uow.session, uow.tenant_id, what_if_id)
    content = await asyncio.to_thread(lambda: what_if_workbook(unpack(row.report), made_at=row.made_at))
    return attachment(content, f"what-if-{row.period}-{row.what_if_id}.xlsx", XLSX)


@router.get(
    "/{what_if_id}/chart.svg",
    dependencies=[Depends(may("what_if.read"))],
    responses={200: {"content": {SVG: {}}, "description": "The chart"}},
)
async def as_chart(what_if_id: UUID, uow: UnitOfWorkDep, language: Language = "id") -> Response:
    """The distribution, the cost by class and the units that change most, as a chart."""
    row = await what_if_row(uow.session, uow.tenant_id, what_if_id)
    return Response(await asyncio.to_thread(lambda: chart(unpack(row.report), language)), media_type=SVG)
