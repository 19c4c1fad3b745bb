"""A cause, kept once with the work it is; and which payments there are that it may reach."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy.dialects.postgresql import insert

from services.payroll.rules.retroactive import PaidMonth
from services.payroll.tables import CauseKind, CorrectionCauseRow, CorrectionChunkRow, CorrectionStage
from shared.clock import now
from shared.unit_of_work import UnitOfWork

_CAUSES = UUID("7b5b3a52-3f0e-5d0c-9a57-5c5f1d1a9e10")
RANK = {
    CauseKind.APPRAISAL: 1,
    CauseKind.MASTER_DATA: 2,
    CauseKind.POLICY: 3,
    CauseKind.CLOSING: 4,
    CauseKind.CIRCUMSTANCE: 2,
}


@dataclass(frozen=True, slots=True)
class Cause:
    """`key`: the same for the same cause. `employees`: None for all who were paid; `months`: what to look at."""

    kind: CauseKind
    key: str
    reference: dict[str, Any]
    months: Sequence[PaidMonth]
    employees: Sequence[UUID] | None = None


async def note_causes(uow: UnitOfWork, causes: Iterable[Cause]) -> None:
    """Keep each cause that is not there yet, and the work it is."""
    for cause in causes:
        cause_id = uuid5(_CAUSES, f"{uow.tenant_id}|{cause.kind}|{cause.key}")
        statement = insert(CorrectionCauseRow).values(
            tenant_id=uow.tenant_id,
            cause_id=cause_id,
            kind=cause.kind,
            key=cause.key,
            reference=cause.reference,
            noted_at=now(),
        )
        noted = await uow.session.execute(statement.on_conflict_do_nothing().returning(CorrectionCauseRow.cause_id))
        if noted.one_or_none() is None or cause.kind is CauseKind.REOPENING:
            continue
        await uow.session.execute(insert(CorrectionChunkRow), _chunks(uow.tenant_id, cause_id, cause))


def _chunks(tenant_id: str, cause_id: UUID, cause: Cause) -> list[dict[str, Any]]:
    return [
        {
            "tenant_id": tenant_id,
            "cause_id": cause_id,
            "chunk": number,
            "period": month.period,
            "kind": month.kind,
            "rank": RANK[cause.kind],
            "employees": list(cause.employees or ()),
            "stage": CorrectionStage.EXPAND if cause.employees is None else CorrectionStage.RECOMPUTE,
        }
        for number, month in enumerate(cause.months)
    ]
