"""Drafts and versions of one employee, the queue of an evaluator, and the results of a period."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.appraisal.rules.periods import alone_until
from services.appraisal.tables import AppraisalRow, DraftRow
from services.appraisal.tables.evaluators import Evaluator, may_be_appraised_by
from services.appraisal.tables.population import standing, to_be_appraised
from services.appraisal.tables.windows import evaluator_days, window
from shared.directory.tables import EmployeeRow
from shared.ledger.tables import ActivityRecordRow
from shared.period import Period


async def draft_of(session: AsyncSession, tenant_id: str, period: str, employee_id: UUID) -> DraftRow | None:
    return await session.get(DraftRow, (tenant_id, period, employee_id))


async def versions_of(session: AsyncSession, tenant_id: str, period: str, employee_id: UUID) -> Sequence[AppraisalRow]:
    """Newest first: the first stands."""
    a = AppraisalRow
    query = select(a).where(a.tenant_id == tenant_id, a.period == period, a.employee_id == employee_id)
    return (await session.scalars(query.order_by(a.version.desc()))).all()


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody the caller still has to appraise, or may appraise in place of a silent evaluator."""

    employee_id: UUID
    name: str
    nip: str
    evaluator: Evaluator
    activities: int
    minutes: int
    drafted: bool


async def queue(
    session: AsyncSession,
    tenant_id: str,
    span: Period,
    person_id: UUID,
    *,
    now: datetime,
    after: UUID | None,
    limit: int,
) -> list[Waiting]:
    """By employee id. Those of a silent evaluator below appear once that evaluator's own days are over."""
    over = await may_be_appraised_by(session, tenant_id, span, person_id)
    held = await window(session, tenant_id, span.code)
    days = await evaluator_days(session, tenant_id, span)
    late = held.announced_at is not None and now >= alone_until(held.announced_at, days)
    mine = [one.employee_id for one in over.values() if one.silent_id is None or late]
    due = await to_be_appraised(session, tenant_id, span, mine)
    done = {one.employee_id for one in await standing(session, tenant_id, span.code, due)}
    page = [one for one in due if one not in done and (after is None or one > after)][:limit]
    return await _waiting(session, tenant_id, span, page, over)


async def _waiting(
    session: AsyncSession, tenant_id: str, span: Period, page: Sequence[UUID], over: dict[UUID, Evaluator]
) -> list[Waiting]:
    work = await _work_of(session, tenant_id, span, page)
    drafted = await session.scalars(
        select(DraftRow.employee_id).where(
            DraftRow.tenant_id == tenant_id, DraftRow.period == span.code, DraftRow.employee_id.in_(page)
        )
    )
    with_draft = set(drafted.all())
    people = await session.scalars(
        select(EmployeeRow)
        .where(EmployeeRow.tenant_id == tenant_id, EmployeeRow.employee_id.in_(page))
        .order_by(EmployeeRow.employee_id)
    )
    return [
        Waiting(
            employee_id=person.employee_id,
            name=person.name,
            nip=person.nip,
            evaluator=over[person.employee_id],
            activities=work.get(person.employee_id, (0, 0))[0],
            minutes=work.get(person.employee_id, (0, 0))[1],
            drafted=person.employee_id in with_draft,
        )
        for person in people.all()
    ]


async def _work_of(
    session: AsyncSession, tenant_id: str, span: Period, page: Sequence[UUID]
) -> dict[UUID, tuple[int, int]]:
    """Activities and minutes of each employee with any."""
    r = ActivityRecordRow
    query = (
        select(r.employee_id, func.count(), func.sum(r.minutes))
        .where(r.tenant_id == tenant_id, r.period == span.code, r.employee_id.in_(page), ~r.withdrawn)
        .group_by(r.employee_id)
    )
    return {row[0]: (row[1], row[2] or 0) for row in (await session.execute(query)).all()}


async def results(
    session: AsyncSession,
    tenant_id: str,
    period: str,
    *,
    employees: Sequence[UUID] | None,
    after: UUID | None,
    limit: int,
) -> Sequence[tuple[AppraisalRow, str, str]]:
    """The appraisals that stand, with name and NIP, by employee id; of these employees (None: of all)."""
    a, e = AppraisalRow, EmployeeRow
    query = (
        select(a, func.coalesce(e.name, ""), func.coalesce(e.nip, ""))
        .outerjoin(e, (e.tenant_id == a.tenant_id) & (e.employee_id == a.employee_id))
        .where(a.tenant_id == tenant_id, a.period == period)
        .order_by(a.employee_id, a.version.desc())
        .distinct(a.employee_id)
        .limit(limit)
    )
    if employees is not None:
        query = query.where(a.employee_id.in_(employees))
    if after is not None:
        query = query.where(a.employee_id > after)
    return [(row[0], row[1], row[2]) for row in (await session.execute(query)).all()]
