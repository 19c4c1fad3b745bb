"""What an operator watches of payroll: runs that somebody should have answered by now."""

from collections import Counter

from sqlalchemy import text

from services.payroll.queries.payments import chases
from services.payroll.rules.chasing import Missing
from shared.clock import now
from shared.db import Sessions
from shared.telemetry import CHASES
from shared.unit_of_work import unit_of_work

_TENANTS = text("SELECT tenant_id FROM identity_tenants ORDER BY tenant_id")


async def measure_chases(sessions: Sessions) -> int:
    """Count what is late, by region and what is missing; the worker's loop, which has nothing more to do then."""
    async with sessions() as session:
        tenants = (await session.scalars(_TENANTS)).all()
    for tenant_id in tenants:
        async with unit_of_work(sessions, tenant_id) as uow:
            late = Counter(one.missing for one in await chases(uow.session, tenant_id, now()) if one.late_by)
        for missing in Missing:
            CHASES.labels(tenant_id, missing).set(late[missing])
    return 0
