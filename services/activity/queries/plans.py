"""Plans as they are shown: a version with what it says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.activity.rules.plans import ResultDraft
from services.activity.tables import PlanRow, PlanVersionRow
from services.activity.tables.arrays import any_of
from services.activity.tables.plan_contents import contents
from shared.directory.queries import superiors_on
from shared.errors import NotFound


@dataclass(frozen=True, slots=True)
class ShownPlan:
    """A version of a plan with its results."""

    plan_id: UUID
    version: int
    employee_id: UUID
    position_id: UUID
    first_day: date
    last_day: date
    valid_from: date
    valid_to: date
    approach: str
    state: str
    submitted_at: datetime | None
    decided_by: UUID | None
    decided_at: datetime | None
    capacity: str | None
    reason: str | None
    results: tuple[ResultDraft, ...]


async def plan_as_shown(session: AsyncSession, tenant_id: str, plan_id: UUID, version: int | None = None) -> ShownPlan:
    """A version of a plan; None: the newest. Raises NotFound."""
    p, v = PlanRow, PlanVersionRow
    query = (
        select(p, v)
        .join(v, (v.tenant_id == p.tenant_id) & (v.plan_id == p.plan_id))
        .where(p.tenant_id == tenant_id, p.plan_id == plan_id)
        .order_by(v.version.desc())
        .limit(1)
    )
    if version is not None:
        query = query.where(v.version == version)
    found = (await session.execute(query)).first()
    if found is None:
        raise NotFound("there is no such plan" if version is None else f"the plan has no version {version}")
    [shown] = await shown_plans(session, tenant_id, [(found[0], found[1])])
    return shown


async def plans_of(
    session: AsyncSession,
    tenant_id: str,
    employees: Sequence[UUID],
    *,
    day: date,
    state: str | None,
    after: UUID | None,
    limit: int,
) -> list[ShownPlan]:
    """The newest version of these employees' plans that hold on a day, by plan id, above `after`."""
    p, v = PlanRow, PlanVersionRow
    newest = (
        select(v.plan_id, func.max(v.version).label("version"))
        .where(v.tenant_id == tenant_id, any_of(v.employee_id, employees))
        .group_by(v.plan_id)
        .subquery()
    )
    query = (
        select(p, v)
        .join(newest, newest.c.plan_id == p.plan_id)
        .join(v, (v.tenant_id == p.tenant_id) & (v.plan_id == p.plan_id) & (v.version == newest.c.version))
        .where(p.tenant_id == tenant_id, p.first_day <= day, p.last_day >= day)
        .order_by(p.plan_id)
        .limit(limit)
    )
    if state is not None:
        query = query.where(v.state == state)
    if after is not None:
        query = query.where(p.plan_id > after)
    rows = (await session.execute(query)).all()
    return await shown_plans(session, tenant_id, [(row[0], row[1]) for row in rows])


@dataclass(frozen=True, slots=True)
class SuperiorResult:
    """A result of a superior's plan, which one's own may derive from."""

    result_id: UUID
    text: str
    kind: str
    employee_id: UUID
    plan_state: str


async def results_of_superiors(
    session: AsyncSession, tenant_id: str, employee_id: UUID, day: date
) -> list[SuperiorResult]:
    """What an employee's results of a day may derive from: those of the superiors' plans, in whatever state."""
    superiors = {one.superior_id for one in await superiors_on(session, tenant_id, day, [employee_id])}
    plans = await plans_of(session, tenant_id, list(superiors), day=day, state=None, after=None, limit=MOST_SUPERIORS)
    return [
        SuperiorResult(result.result_id, result.text, result.kind, plan.employee_id, plan.state)
        for plan in plans
        for result in plan.results
    ]


MOST_SUPERIORS = 50


async def shown_plans(
    session: AsyncSession, tenant_id: str, rows: Sequence[tuple[PlanRow, PlanVersionRow]]
) -> list[ShownPlan]:
    """These versions with what they say, in the order given."""
    said = await contents(session, tenant_id, {(v.plan_id, v.version): v.approach for _, v in rows})
    return [_shown(plan, version, said[version.plan_id, version.version].results) for plan, version in rows]


def _shown(plan: PlanRow, version: PlanVersionRow, results: tuple[ResultDraft, ...]) -> ShownPlan:
    return ShownPlan(
        plan_id=plan.plan_id,
        version=version.version,
        employee_id=plan.employee_id,
        position_id=plan.position_id,
        first_day=plan.first_day,
        last_day=plan.last_day,
        valid_from=version.valid_from,
        valid_to=version.valid_to,
        approach=version.approach,
        state=version.state,
        submitted_at=version.submitted_at,
        decided_by=version.decided_by,
        decided_at=version.decided_at,
        capacity=version.capacity,
        reason=version.reason,
        results=results,
    )
