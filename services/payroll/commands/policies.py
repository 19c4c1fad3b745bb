"""Policy documents: drafted by one person, put in force by another."""

from datetime import datetime
from uuid import UUID

from services.payroll.commands.causes import note_policy
from services.payroll.commands.starting import hold_runs
from services.payroll.inputs.policies import in_force
from services.payroll.rules import Policy, check
from services.payroll.tables import PolicyRow, PolicyState
from shared.errors import Fault, Invalid, NotFound, Refused
from shared.unit_of_work import UnitOfWork


async def draft_policy(uow: UnitOfWork, *, document: str, by: UUID, now: datetime) -> PolicyRow:
    """Keep a checked document as a draft. Raises Invalid naming every fault; Refused if it is there already."""
    policy = check(document)
    if not isinstance(policy, Policy):
        faults = tuple(Fault(problem.place, problem.message, problem.remedy) for problem in policy)
        raise Invalid(f"the policy has {len(faults)} faults; nothing was stored", faults)
    if policy.document.region != uow.tenant_id:
        fault = Fault("region", f"the document is for region {policy.document.region}", f"write {uow.tenant_id}")
        raise Invalid("the policy is another region's; nothing was stored", (fault,))
    held = await uow.session.get(PolicyRow, (uow.tenant_id, policy.hash), with_for_update=True)
    if held is not None:
        raise Refused(f"a policy with exactly this content is there already, as {held.state}", hash=held.hash)
    row = PolicyRow(
        tenant_id=uow.tenant_id,
        hash=policy.hash,
        name=policy.document.name,
        effective_from=policy.document.effective_from,
        effective_to=policy.document.effective_to,
        document=document,
        state=PolicyState.DRAFT,
        drafted_by=by,
        drafted_at=now,
    )
    uow.session.add(row)
    await uow.session.flush()
    return row


async def approve_policy(uow: UnitOfWork, *, policy_hash: str, by: UUID, now: datetime) -> PolicyRow:
    """Put a draft in force from its date on; nothing of it changes any more. Four eyes: not its drafter.

    Where the date lies before what was paid, those months are computed again, and the differences are corrections.
    """
    row = await uow.session.get(PolicyRow, (uow.tenant_id, policy_hash), with_for_update=True)
    if row is None:
        raise NotFound(f"there is no policy {policy_hash}")
    if row.state == PolicyState.APPROVED:
        raise Refused("this policy is approved already")
    if row.drafted_by == by:
        raise Refused("you have drafted this policy; somebody else must approve it")
    held = await in_force(uow.session, uow.tenant_id, row.effective_from)
    row.compared_with = held.hash if held else None
    row.state, row.approved_by, row.approved_at = PolicyState.APPROVED, by, now
    await uow.session.flush()
    await hold_runs(uow)
    await note_policy(uow, row)
    return row
