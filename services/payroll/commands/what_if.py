"""Keeping the report of a what-if, and no more of it."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, select

from services.payroll.rules.what_if import WhatIf, pack
from services.payroll.tables import WhatIfRow
from shared.unit_of_work import UnitOfWork

MOST_KEPT = 100  # reports a region; the oldest give way


async def keep_what_if(uow: UnitOfWork, *, found: WhatIf, by: UUID, now: datetime) -> WhatIfRow:
    """Store the report; beyond a hundred of a region, the oldest goes."""
    total = found.report.total
    row = WhatIfRow(
        tenant_id=uow.tenant_id,
        what_if_id=uuid4(),
        run_id=UUID(found.run_id),
        period=found.period,
        policy_hash=found.policy_hash,
        draft_hash=found.draft_hash,
        draft_name=found.draft_name,
        employees=total.people,
        difference=total.after - total.before,
        report=pack(found),
        made_by=by,
        made_at=now,
    )
    uow.session.add(row)
    await uow.session.flush()
    kept = (
        select(WhatIfRow.what_if_id)
        .where(WhatIfRow.tenant_id == uow.tenant_id)
        .order_by(WhatIfRow.made_at.desc(), WhatIfRow.what_if_id)
        .limit(MOST_KEPT)
    )
    await uow.session.execute(
        delete(WhatIfRow).where(WhatIfRow.tenant_id == uow.tenant_id, WhatIfRow.what_if_id.not_in(kept))
    )
    return row
