"""The region's own figures for logging, dated."""

from datetime import datetime

from sqlalchemy.dialects.postgresql import insert

from services.activity.rules.filing import Limits
from services.activity.tables import SettingsRow
from shared.auth.caller import Caller
from shared.unit_of_work import UnitOfWork


async def decide_limits(uow: UnitOfWork, caller: Caller, limits: Limits, now: datetime) -> None:
    """Put limits in force for work dates from a day on; the same day again replaces what was decided for it."""
    statement = insert(SettingsRow).values(
        tenant_id=uow.tenant_id,
        valid_from=limits.valid_from,
        filing_window_days=limits.filing_window_days,
        daily_cap_minutes=limits.daily_cap_minutes,
        set_by=caller.actor,
        set_at=now,
    )
    said = ("filing_window_days", "daily_cap_minutes", "set_by", "set_at")
    await uow.session.execute(
        statement.on_conflict_do_update(
            index_elements=["tenant_id", "valid_from"], set_={name: statement.excluded[name] for name in said}
        )
    )
