"""The cause that comes with a policy that is put in force for a past month."""

from datetime import date

from services.payroll.commands.causes.noting import Cause, note_causes
from services.payroll.inputs.beside import paying
from services.payroll.tables import CauseKind, PolicyRow
from shared.unit_of_work import UnitOfWork


async def note_policy(uow: UnitOfWork, policy: PolicyRow) -> None:
    """A policy was put in force: what was paid for months from its first day on, or granted in them, is looked at."""
    runs = await paying(uow.session, uow.tenant_id)
    reached = (one.paid for one in runs if _begins(one.of, policy) or _begins(one.paid.period, policy))
    if months := list(dict.fromkeys(reached)):
        reference = {"policy_hash": policy.hash, "effective_from": policy.effective_from.isoformat()}
        await note_causes(uow, [Cause(CauseKind.POLICY, policy.hash, reference, months)])


def _begins(code: str, policy: PolicyRow) -> bool:
    """Whether the policy holds on the month's first day, which decides for the whole month."""
    first = date.fromisoformat(f"{code}-01")
    return policy.effective_from <= first and (policy.effective_to is None or first <= policy.effective_to)
