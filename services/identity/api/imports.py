"""Importing units, positions and employees from a file."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, Query, UploadFile

from services.identity.api.signing import today
from services.identity.commands.importing import Imported, import_lists
from services.identity.schemas.accounts import OneTimeTold
from services.identity.schemas.imports import CountsTold, FaultTold, ImportKind, ImportTold, lists_in
from services.identity.schemas.sheets import MOST_BYTES
from services.identity.schemas.values import Day
from shared.auth.caller import Caller
from shared.http import PROBLEMS, Now, UnitOfWorkDep, may

router = APIRouter(tags=["import"], prefix="/imports", responses=PROBLEMS)
Imports = Annotated[Caller, Depends(may("organisation.import"))]


@router.post("/{kind}")
async def import_file(
    *,
    kind: ImportKind,
    file: UploadFile,
    caller: Imports,
    uow: UnitOfWorkDep,
    now: Now,
    dry_run: bool = False,
    accounts: Annotated[bool, Query(description="make accounts for new employees")] = False,
    since: Annotated[Day | None, Query(description="for rows that give no day; default: this month's first")] = None,
) -> ImportTold:
    """Takes XLSX or CSV. Every bad row is reported, the good ones go in; the same file again changes nothing."""
    content = await file.read(MOST_BYTES + 1)
    lists = await asyncio.to_thread(lists_in, kind, content, file.filename or "file")
    first = since or (await today(uow, now)).replace(day=1)
    done = await import_lists(uow, now, lists, first, dry_run=dry_run, with_accounts=accounts)
    return _told(done, dry_run)


def _told(done: Imported, dry_run: bool) -> ImportTold:
    plan = done.plan
    return ImportTold(
        dry_run=dry_run,
        nothing_changed=done.changes == 0,
        summary=_summary(done, dry_run),
        counts={name: CountsTold.model_validate(counts) for name, counts in plan.counts.items() if counts.rows},
        faults=[FaultTold.model_validate(fault) for fault in plan.faults],
        notices=[FaultTold.model_validate(notice) for notice in plan.notices],
        accounts=[OneTimeTold.model_validate(one) for one in done.accounts],
    )


def _summary(done: Imported, dry_run: bool) -> str:
    refused = sum(counts.refused for counts in done.plan.counts.values())
    rest = f"; {refused} rows cannot be used" if refused else ""
    if done.changes == 0:
        return f"nothing {'would change' if dry_run else 'changed'}: all of it is there already{rest}"
    facts = ", ".join(
        f"{counts.added} {name} {'would be ' if dry_run else ''}added, {counts.changed} changed"
        for name, counts in done.plan.counts.items()
        if counts.added or counts.changed
    )
    return f"{facts or 'posts the employees hold were added'}{rest}"
