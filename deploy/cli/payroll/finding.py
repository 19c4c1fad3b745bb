"""What the commands on payroll's database share: the region, the period, and sessions that see one region."""

from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import typer
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.db import Sessions
from shared.errors import NotFound, Refused
from shared.period import period as period_named
from shared.unit_of_work import unit_of_work

T = TypeVar("T")


def _a_period(code: str) -> str:
    try:
        return period_named(code).code
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


PeriodArgument = Annotated[str, typer.Argument(metavar="PERIOD", help="A month, as 2026-10.", callback=_a_period)]
PeriodOption = Annotated[str, typer.Option(help="A month, as 2026-10.", callback=_a_period)]
TenantOption = Annotated[str, typer.Option(help="The region, as 19.05; without it, whichever has it.")]


async def in_region(sessions: Sessions, tenant_id: str, work: Callable[[AsyncSession, str], Awaitable[T]]) -> T:
    """Ask one region's rows. Raises NotFound for a region that payroll does not know."""
    async with unit_of_work(sessions, tenant_id) as uow:
        await require_region(uow.session, tenant_id)
        return await work(uow.session, tenant_id)


async def require_region(session: AsyncSession, tenant_id: str) -> None:
    """Raises NotFound for a region that payroll does not know."""
    known = await session.scalar(
        text("SELECT 1 FROM identity_tenants WHERE tenant_id = :tenant_id"), {"tenant_id": tenant_id}
    )
    if known is None:
        raise NotFound(f"payroll knows no region {tenant_id}")


async def wherever(
    sessions: Sessions, tenant_id: str, work: Callable[[AsyncSession, str], Awaitable[T]], what: str
) -> T:
    """As `in_region`; without a region, ask each, and answer for the only one that has it.

    Raises NotFound where none has it, Refused where several do.
    """
    if tenant_id:
        return await in_region(sessions, tenant_id, work)
    async with sessions() as session:
        regions = (await session.scalars(text("SELECT tenant_id FROM identity_tenants ORDER BY tenant_id"))).all()
    found: dict[str, T] = {}
    for region in regions:
        try:
            found[region] = await in_region(sessions, region, work)
        except NotFound:
            continue
    if not found:
        raise NotFound(f"no region has {what}")
    if len(found) > 1:
        raise Refused(f"several regions have {what}: name one of {', '.join(found)} with --tenant")
    return next(iter(found.values()))
