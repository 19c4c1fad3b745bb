"""What a region decides about appraising."""

from datetime import date
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from services.appraisal.tables import SettingsRow
from shared.unit_of_work import UnitOfWork


async def decide_settings(uow: UnitOfWork, actor: UUID, valid_from: date, evaluator_days: int) -> None:
    """From periods that end on `valid_from` on, the evaluator alone may appraise for so many days."""
    statement = insert(SettingsRow).values(
        tenant_id=uow.tenant_id, valid_from=valid_from, evaluator_days=evaluator_days, set_by=actor
    )
    given = statement.excluded
    await uow.session.execute(
        statement.on_conflict_do_update(
            index_elements=["tenant_id", "valid_from"],
            set_={"evaluator_days": given.evaluator_days, "set_by": given.set_by},
        )
    )
