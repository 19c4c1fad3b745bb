"""Regions, as the platform's operator sees to them; each is written in its own context."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response

from services.identity.api.signing import today
from services.identity.commands import tenants as commands
from services.identity.queries import organisation as queries
from services.identity.schemas.accounts import OneTimeTold
from services.identity.schemas.organisation import AdminGiven, RegionGiven, RegionTold, TwiceTold
from shared.auth.caller import Caller
from shared.directory.queries import tenant
from shared.http import PROBLEMS, Now, UnitOfWorkDep, may
from shared.http.dependencies import DoorDep
from shared.unit_of_work import unit_of_work

router = APIRouter(tags=["tenants"], prefix="/tenants", responses=PROBLEMS)
Configures = Annotated[Caller, Depends(may("tenant.configure"))]
RegionCode = Annotated[str, Path(pattern=r"^[0-9]{2}(\.[0-9]{2})?$", description="Kemendagri code: 92, 19.05")]


@router.get("")
async def regions(caller: Configures, uow: UnitOfWorkDep) -> list[RegionTold]:
    return [RegionTold.model_validate(row) for row in await queries.regions(uow.session)]


@router.get("/numbers-in-two-regions")
async def numbers_in_two_regions(caller: Configures, uow: UnitOfWorkDep) -> list[TwiceTold]:
    """NIPs that several regions employ at once. The regions themselves are not told: it is the other's data."""
    found = await queries.numbers_in_two_regions(uow.session)
    return [TwiceTold(nip=nip, tenant_ids=tenant_ids) for nip, tenant_ids in found]


@router.put("/{tenant_id}")
async def configure(
    tenant_id: RegionCode, given: RegionGiven, caller: Configures, door: DoorDep, now: Now
) -> RegionTold:
    """Add a region, or set its name and kind. The same again changes nothing."""
    async with unit_of_work(door.sessions, tenant_id) as uow:
        await commands.configure_tenant(uow, now, given.name, given.kind, given.zone)
        await uow.session.flush()
        told = RegionTold.model_validate(await tenant(uow.session, tenant_id))
    return told


@router.post("/{tenant_id}/administrators", status_code=201, response_model=OneTimeTold | None)
async def appoint(
    tenant_id: RegionCode, given: AdminGiven, caller: Configures, door: DoorDep, now: Now
) -> OneTimeTold | Response:
    """The region's first administrator. Their one-time password is shown here alone; 204 where the account exists."""
    async with unit_of_work(door.sessions, tenant_id) as uow:
        day = await today(uow, now)
        made = await commands.appoint_admin(uow, now, given.nip, given.name, day)
    return OneTimeTold.model_validate(made) if made else Response(status_code=204)
