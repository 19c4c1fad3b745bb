"""Ratings as they are being written."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from services.appraisal.commands.permission import permission
from services.appraisal.rules.behaviour import Value
from services.appraisal.rules.periods import check_begun, check_open
from services.appraisal.rules.ratings import Judged, Ratings
from services.appraisal.tables import DraftRow
from services.appraisal.tables.windows import window
from shared.auth.caller import Caller
from shared.clock import local_date
from shared.directory.queries import tenant
from shared.errors import TakarError
from shared.period import period as period_named
from shared.unit_of_work import UnitOfWork
from shared.words import Rating


async def save_draft(
    uow: UnitOfWork, caller: Caller, period: str, employee_id: UUID, *, ratings: Ratings, now: datetime
) -> None:
    """Keep what an evaluator has written so far; the last one who saves is right.

    Raises Refused for a period that is closed or lies ahead, Forbidden for whoever is not the evaluator.
    """
    span = period_named(period)
    zone = (await tenant(uow.session, uow.tenant_id)).zone
    check_begun(period, span.first_day, local_date(now, zone))
    held = await window(uow.session, uow.tenant_id, period, share=True)
    check_open(period, held.status)
    allowed = (await permission(uow, caller, held, [employee_id], span=span, now=now)).evaluator(employee_id)
    if isinstance(allowed, TakarError):
        raise allowed
    row = {
        "tenant_id": uow.tenant_id,
        "period": period,
        "employee_id": employee_id,
        "hasil_kerja": ratings.hasil_kerja,
        "perilaku_kerja": ratings.perilaku_kerja,
        "judged": judged_json(ratings.values),
        "reason": ratings.reason,
        "feedback": ratings.feedback,
        "saved_by": caller.person,
        "saved_at": now,
    }
    keys = ["tenant_id", "period", "employee_id"]
    others = {name: value for name, value in row.items() if name not in keys}
    await uow.session.execute(insert(DraftRow).values(row).on_conflict_do_update(index_elements=keys, set_=others))


def judged_json(values: Mapping[Value, Judged]) -> dict[str, Any]:
    return {value: {"rating": one.rating, "feedback": one.feedback} for value, one in values.items()}


def ratings_of(draft: DraftRow) -> Ratings:
    """A saved draft as the value that rules speak of."""
    return Ratings(
        hasil_kerja=Rating(draft.hasil_kerja) if draft.hasil_kerja else None,
        perilaku_kerja=Rating(draft.perilaku_kerja) if draft.perilaku_kerja else None,
        values={Value(value): Judged(Rating(one["rating"]), one["feedback"]) for value, one in draft.judged.items()},
        reason=draft.reason,
        feedback=draft.feedback,
    )
