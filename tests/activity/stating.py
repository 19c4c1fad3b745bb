"""What activity has stated so far."""

from typing import TypeVar

from sqlalchemy import select

from shared.events import Event, decode
from shared.outbox import EventLogRow
from shared.unit_of_work import unit_of_work
from tests.support.activity import Region

Fact = TypeVar("Fact", bound=Event)


async def stated(region: Region, kind: type[Fact]) -> list[Fact]:
    """Facts of a type about the region, oldest first."""
    async with unit_of_work(region.app, region.office.tenant_id) as uow:
        rows = await uow.session.scalars(
            select(EventLogRow)
            .where(EventLogRow.tenant_id == region.office.tenant_id, EventLogRow.type == kind.type)
            .order_by(EventLogRow.id)
        )
        return [fact for row in rows if isinstance(fact := decode(row.payload), kind)]
