"""A run as its approver looks at it."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.payroll.inputs.comparison import Comparison, comparison_of
from services.payroll.queries.runs import run_row
from services.payroll.rules.lifecycle import RunState
from shared.errors import Refused


async def run_compared(session: AsyncSession, tenant_id: str, run_id: UUID) -> Comparison:
    """Raises NotFound, and Refused while it is being calculated."""
    run = await run_row(session, tenant_id, run_id)
    if run.state == RunState.RECONCILED:
        raise Refused("the run is being calculated: there is nothing to compare yet", state=run.state)
    return await comparison_of(session, tenant_id, run)
