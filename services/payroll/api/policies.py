"""Policy documents: drafted, approved by a second person, in force by date."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from services.payroll.commands.policies import approve_policy, draft_policy
from services.payroll.queries.policies import policies, policy_difference, policy_on, policy_row
from services.payroll.schemas.policies import DifferenceOut, DifferencesOut, PolicyDraft, PolicyOut, PolicyText
from shared.auth.caller import Caller
from shared.http import PROBLEMS, Now, UnitOfWorkDep, may

router = APIRouter(prefix="/policies", tags=["policies"], responses=PROBLEMS)

Hash = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$", description="the policy's content hash")]


@router.post("", status_code=201)
async def draft(
    given: PolicyDraft, uow: UnitOfWorkDep, now: Now, caller: Annotated[Caller, Depends(may("policy.draft"))]
) -> PolicyOut:
    """Check a document whole and keep it as a draft; every fault is named with its place and what to do."""
    return PolicyOut.of(await draft_policy(uow, document=given.document, by=caller.actor, now=now))


@router.post("/{policy_hash}/approval")
async def approve(
    policy_hash: Hash, uow: UnitOfWorkDep, now: Now, caller: Annotated[Caller, Depends(may("policy.approve"))]
) -> PolicyOut:
    """Put a draft in force from its date on. Not by the person who drafted it."""
    return PolicyOut.of(await approve_policy(uow, policy_hash=policy_hash, by=caller.actor, now=now))


@router.get("", dependencies=[Depends(may("policy.read"))])
async def listed(uow: UnitOfWorkDep) -> list[PolicyOut]:
    """The region's policies, newest first."""
    return [PolicyOut.of(row) for row in await policies(uow.session, uow.tenant_id)]


@router.get("/in-force", dependencies=[Depends(may("policy.read"))])
async def in_force(uow: UnitOfWorkDep, on: Annotated[date, Query()]) -> PolicyText:
    """The policy in force on a day."""
    return PolicyText.of(await policy_on(uow.session, uow.tenant_id, on))


@router.get("/{policy_hash}/difference", dependencies=[Depends(may("policy.read"))])
async def difference(
    policy_hash: Hash,
    uow: UnitOfWorkDep,
    against: Annotated[
        str | None,
        Query(pattern=r"^[0-9a-f]{64}$", description="another policy's hash; else the one it takes the place of"),
    ] = None,
) -> DifferencesOut:
    """In words, how a draft differs from the policy in force on its first day: what its approver looks at."""
    other, found = await policy_difference(uow.session, uow.tenant_id, policy_hash, against)
    return DifferencesOut(policy=policy_hash, against=other, differences=[DifferenceOut.of(one) for one in found])


@router.get("/{policy_hash}", dependencies=[Depends(may("policy.read"))])
async def one(policy_hash: Hash, uow: UnitOfWorkDep) -> PolicyText:
    """A policy with its document."""
    return PolicyText.of(await policy_row(uow.session, uow.tenant_id, policy_hash))
