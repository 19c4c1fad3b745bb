"""What a region may see of a service's operation: its own records in quarantine, without their contents."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict
from sqlalchemy import select

from shared.http.dependencies import UnitOfWorkDep, may
from shared.http.problems import PROBLEMS
from shared.inbox import QuarantineRow

router = APIRouter(tags=["operation"], responses=PROBLEMS)


class KeptRecord(BaseModel):
    """A record that could not be used; operators redrive it by its number."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    topic: str
    partition: int
    offset: int
    reason: str
    kept_at: datetime
    redriven_at: datetime | None


@router.get("/quarantine", dependencies=[Depends(may("quarantine.read"))])
async def kept(uow: UnitOfWorkDep, limit: Annotated[int, Query(ge=1, le=500)] = 100) -> list[KeptRecord]:
    """The region's records in quarantine here, oldest first."""
    rows = await uow.session.scalars(
        select(QuarantineRow).where(QuarantineRow.tenant_id == uow.tenant_id).order_by(QuarantineRow.id).limit(limit)
    )
    return [KeptRecord.model_validate(row) for row in rows]
