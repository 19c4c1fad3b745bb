"""SKP from the superior's side: approved or returned, one or a whole staff's in one request."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select, text

from services.activity.rules.plans import (
    PlanCase,
    PlanContent,
    PlanState,
    day_of_decision,
    decision_refusal,
    plan_approval_refusal,
)
from services.activity.tables import PlanRow, PlanVersionRow
from services.activity.tables.organisation import staff_days, under_the_head_of_region
from services.activity.tables.plan_contents import contents
from shared.auth.caller import Caller
from shared.auth.policy import Scope
from shared.clock import local_date
from shared.directory.queries import tenant
from shared.errors import NotFound, Refused
from shared.events.activity import Indicator, PlanApproved, Result
from shared.unit_of_work import UnitOfWork
from shared.words import Capacity

UNKNOWN = "there is no such plan"


@dataclass(frozen=True, slots=True)
class PlanDecided:
    """The answer for one plan; `reason`: why it was refused."""

    plan_id: UUID
    approved: bool
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class _Submitted:
    plan: PlanRow
    version: PlanVersionRow
    case: PlanCase


async def approve_plans(uow: UnitOfWork, caller: Caller, plan_ids: Sequence[UUID], now: datetime) -> list[PlanDecided]:
    """Approve and freeze what may be approved; an answer for each id in the order given."""
    found = await _load(uow, caller, plan_ids, now)
    answers: dict[UUID, PlanDecided] = {}
    approved: list[_Submitted] = []
    for plan_id in plan_ids:
        one = found.get(plan_id)
        reason = UNKNOWN if one is None else plan_approval_refusal(one.case, caller.actor)
        answers[plan_id] = PlanDecided(plan_id, reason is None, reason)
    approved = [one for plan_id, one in found.items() if answers[plan_id].approved]
    for one in approved:
        _decide(one, PlanState.APPROVED, caller.actor, now)
    await uow.session.flush()
    await _end_earlier_versions(uow, approved)
    uow.record(*[_fact(one, caller.actor, now) for one in approved])
    return [answers[plan_id] for plan_id in plan_ids]


async def approve_plan(uow: UnitOfWork, caller: Caller, plan_id: UUID, now: datetime) -> None:
    """Raises NotFound and Refused."""
    [answer] = await approve_plans(uow, caller, [plan_id], now)
    _raise(answer.reason)


async def return_plan(uow: UnitOfWork, caller: Caller, plan_id: UUID, reason: str, now: datetime) -> None:
    """Give a submitted plan back with the reason. Raises NotFound and Refused."""
    one = (await _load(uow, caller, [plan_id], now)).get(plan_id)
    _raise(UNKNOWN if one is None else decision_refusal(one.case, caller.actor))
    assert one is not None  # else raised
    _decide(one, PlanState.RETURNED, caller.actor, now, reason)


def _raise(reason: str | None) -> None:
    if reason == UNKNOWN:
        raise NotFound(UNKNOWN)
    if reason is not None:
        raise Refused(reason)


async def _load(uow: UnitOfWork, caller: Caller, plan_ids: Sequence[UUID], now: datetime) -> dict[UUID, _Submitted]:
    """These plans with their newest versions, locked by id, and what is needed to decide on them."""
    p, v = PlanRow, PlanVersionRow
    plans = (
        await uow.session.scalars(
            select(p).where(p.tenant_id == uow.tenant_id, p.plan_id.in_(plan_ids)).order_by(p.plan_id).with_for_update()
        )
    ).all()
    newest = (
        select(v)
        .where(v.tenant_id == uow.tenant_id, v.plan_id.in_([plan.plan_id for plan in plans]))
        .order_by(v.plan_id, v.version.desc())
        .distinct(v.plan_id)
    )
    versions = {version.plan_id: version for version in await uow.session.scalars(newest)}
    said = await contents(
        uow.session,
        uow.tenant_id,
        {(one.plan_id, one.version): one.approach for one in versions.values()},
    )
    zone = (await tenant(uow.session, uow.tenant_id)).zone
    days = {plan.plan_id: day_of_decision(local_date(now, zone), plan.first_day, plan.last_day) for plan in plans}
    pairs = [(plan.employee_id, days[plan.plan_id]) for plan in plans]
    headless = await under_the_head_of_region(uow.session, uow.tenant_id, pairs)
    capacities = await _capacities(uow, caller, pairs, headless)
    found = {}
    for plan in plans:
        version, pair = versions[plan.plan_id], (plan.employee_id, days[plan.plan_id])
        case = _case(version, capacities.get(pair), pair not in headless, said[plan.plan_id, version.version])
        found[plan.plan_id] = _Submitted(plan, version, case)
    return found


def _case(version: PlanVersionRow, capacity: Capacity | None, has_superior: bool, content: PlanContent) -> PlanCase:
    return PlanCase(
        employee_id=version.employee_id,
        state=PlanState(version.state),
        made_by=version.made_by,
        capacity=capacity,
        has_superior=has_superior,
        content=content,
    )


async def _capacities(
    uow: UnitOfWork, caller: Caller, pairs: Sequence[tuple[UUID, date]], headless: set[tuple[UUID, date]]
) -> dict[tuple[UUID, date], Capacity]:
    """An admin records what the head of the region agreed with those directly under them."""
    capacities: dict[tuple[UUID, date], Capacity] = {}
    if Scope.TENANT in caller.scopes("plan.approve"):
        capacities |= dict.fromkeys(headless, Capacity.DELEGATE)
    if caller.employee_id is not None:
        days = sorted({day for _, day in pairs})
        staff = await staff_days(uow.session, uow.tenant_id, caller.employee_id, days)
        capacities |= {(one.employee_id, one.day): one.capacity for one in staff}
    return capacities


def _decide(one: _Submitted, state: PlanState, person: UUID, now: datetime, reason: str | None = None) -> None:
    version = one.version
    version.state, version.reason = state, reason
    version.decided_by, version.decided_at, version.capacity = person, now, one.case.capacity


_END_EARLIER = text(
    """
    UPDATE plan_versions AS earlier SET valid_to = approved.valid_from - 1
    FROM unnest(CAST(:plans AS uuid[]), CAST(:versions AS bigint[]), CAST(:days AS date[]))
      AS approved(plan_id, version, valid_from)
    WHERE earlier.tenant_id = :tenant_id AND earlier.plan_id = approved.plan_id
      AND earlier.version < approved.version AND earlier.valid_to >= approved.valid_from
    """
)


async def _end_earlier_versions(uow: UnitOfWork, approved: Sequence[_Submitted]) -> None:
    """Each day belongs to one version: the newest that had begun by it."""
    given = {
        "tenant_id": uow.tenant_id,
        "plans": [one.plan.plan_id for one in approved],
        "versions": [one.version.version for one in approved],
        "days": [one.version.valid_from for one in approved],
    }
    await uow.session.execute(_END_EARLIER, given)


def _fact(one: _Submitted, approver: UUID, now: datetime) -> PlanApproved:
    assert one.case.capacity is not None  # else refused
    return PlanApproved(
        tenant_id=one.plan.tenant_id,
        occurred_at=now,
        version=one.version.version,
        employee_id=one.plan.employee_id,
        plan_id=one.plan.plan_id,
        position_id=one.plan.position_id,
        first_day=one.plan.first_day,
        last_day=one.plan.last_day,
        valid_from=one.version.valid_from,
        approach=one.case.content.approach.value,
        results=_results(one.case.content),
        approved_by=approver,
        capacity=one.case.capacity,
    )


def _results(content: PlanContent) -> tuple[Result, ...]:
    return tuple(
        Result(
            result_id=result.result_id,
            kind=result.kind.value,
            text=result.text,
            superior_result_id=result.superior_result_id,
            weight=result.weight,
            indicators=tuple(
                Indicator(
                    indicator_id=indicator.indicator_id,
                    aspect=indicator.aspect.value,
                    text=indicator.text,
                    target=indicator.target,
                    target_text=indicator.target_text,
                    unit=indicator.unit,
                )
                for indicator in result.indicators
            ),
        )
        for result in content.results
    )
