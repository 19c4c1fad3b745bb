"""SKP from the employee's side: drafted, linked to the superior's results, submitted, changed by a new version."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import or_, select, text

from services.activity.rules.plans import (
    PlanContent,
    PlanState,
    change_refusal,
    day_of_decision,
    faults,
)
from services.activity.tables import PlanResultRow, PlanRow, PlanVersionRow
from services.activity.tables.arrays import any_of
from services.activity.tables.plan_contents import contents, write_contents
from shared.auth.caller import Caller
from shared.clock import local_date
from shared.directory.queries import superiors_on, tenant
from shared.directory.tables import AssignmentRow
from shared.errors import Fault, Forbidden, Invalid, NotFound, Refused
from shared.unit_of_work import UnitOfWork

_ALONE = text("SELECT pg_advisory_xact_lock(hashtextextended(:employee_id, 4714))")


@dataclass(frozen=True, slots=True)
class PlanFor:
    """A position and a range of days, both included."""

    position_id: UUID
    first_day: date
    last_day: date


async def draft_plan(uow: UnitOfWork, caller: Caller, what: PlanFor, content: PlanContent, now: datetime) -> UUID:
    """A draft of the caller's SKP for a range of days in a position they hold; its superior's plan need not exist.

    Raises Invalid and Refused.
    """
    person = caller.person
    await uow.session.execute(_ALONE, {"employee_id": str(person)})
    await _check_range(uow, person, what)
    plan = PlanRow(
        tenant_id=uow.tenant_id,
        plan_id=uuid4(),
        employee_id=person,
        position_id=what.position_id,
        first_day=what.first_day,
        last_day=what.last_day,
    )
    await _check_ids(uow, plan.plan_id, content)
    await _check_links(uow, plan, content, now)
    uow.session.add(plan)
    uow.session.add(new_version(plan, 1, content, maker=caller.actor, valid_from=what.first_day, now=now))
    await uow.session.flush()
    await write_contents(uow.session, uow.tenant_id, {(plan.plan_id, 1): content})
    return plan.plan_id


def new_version(
    plan: PlanRow, version: int, content: PlanContent, *, maker: UUID, valid_from: date, now: datetime
) -> PlanVersionRow:
    """A draft version's row."""
    return PlanVersionRow(
        tenant_id=plan.tenant_id,
        plan_id=plan.plan_id,
        version=version,
        employee_id=plan.employee_id,
        valid_from=valid_from,
        valid_to=plan.last_day,
        approach=content.approach,
        state=PlanState.DRAFT,
        made_by=maker,
        made_at=now,
    )


async def _check_range(uow: UnitOfWork, person: UUID, what: PlanFor) -> None:
    if what.last_day < what.first_day:
        raise Invalid("the plan ends before it begins", (_RANGE,))
    if (what.last_day - what.first_day).days > LONGEST_PLAN:
        raise Invalid("an SKP is for a year at most", (_RANGE,))
    a, p = AssignmentRow, PlanRow
    held = await uow.session.scalar(
        select(a.assignment_id)
        .where(a.tenant_id == uow.tenant_id, a.employee_id == person, a.position_id == what.position_id)
        .where(a.valid_from <= what.last_day, or_(a.valid_to.is_(None), a.valid_to >= what.first_day))
        .limit(1)
    )
    if held is None:
        raise Refused("you do not hold this position on any day of the plan")
    other = await uow.session.scalar(
        select(p.plan_id)
        .where(p.tenant_id == uow.tenant_id, p.employee_id == person, p.position_id == what.position_id)
        .where(p.first_day <= what.last_day, p.last_day >= what.first_day)
        .limit(1)
    )
    if other is not None:
        raise Refused("you have a plan for this position on some of these days: change that one", plan_id=str(other))


LONGEST_PLAN = 365  # days after the first
_RANGE = Fault("last_day", "it is not within a year from first_day", "give the last day of the plan")


async def _check_links(uow: UnitOfWork, plan: PlanRow, content: PlanContent, now: datetime) -> None:
    """Each link must name a result of somebody who is the employee's superior."""
    linked = {result.superior_result_id for result in content.results if result.superior_result_id}
    if not linked:
        return
    today = local_date(now, (await tenant(uow.session, uow.tenant_id)).zone)
    day = day_of_decision(today, plan.first_day, plan.last_day)
    superiors = await superiors_on(uow.session, uow.tenant_id, day, [plan.employee_id])
    known = set(
        await uow.session.scalars(
            select(PlanResultRow.result_id)
            .join(PlanRow, (PlanRow.tenant_id == PlanResultRow.tenant_id) & (PlanRow.plan_id == PlanResultRow.plan_id))
            .where(PlanResultRow.tenant_id == uow.tenant_id, PlanResultRow.result_id.in_(linked))
            .where(PlanRow.employee_id.in_({superior.superior_id for superior in superiors}))
        )
    )
    found = [
        Fault(
            f"results.{place}.superior_result_id",
            "it is not a result of your superior's SKP",
            "name one of your superior's results, or leave it out and link it later",
            value=str(result.superior_result_id),
        )
        for place, result in enumerate(content.results)
        if result.superior_result_id and result.superior_result_id not in known
    ]
    if found:
        raise Invalid("some results are derived from results your superior does not have", tuple(found))


async def _check_ids(uow: UnitOfWork, plan_id: UUID, content: PlanContent) -> None:
    """A result has one plan for ever: an id that another plan uses names another result."""
    r = PlanResultRow
    used = set(
        await uow.session.scalars(
            select(r.result_id).where(
                r.tenant_id == uow.tenant_id,
                any_of(r.result_id, [result.result_id for result in content.results]),
                r.plan_id != plan_id,
            )
        )
    )
    found = [
        Fault(f"results.{place}.result_id", "it is a result of another plan", "leave it out", str(result.result_id))
        for place, result in enumerate(content.results)
        if result.result_id in used
    ]
    if found:
        raise Invalid("some results belong to another plan", tuple(found))


async def own_plan(uow: UnitOfWork, caller: Caller, plan_id: UUID) -> tuple[PlanRow, PlanVersionRow]:
    """The caller's plan and its newest version, locked. Raises NotFound and Forbidden."""
    plan = await uow.session.scalar(
        select(PlanRow).where(PlanRow.tenant_id == uow.tenant_id, PlanRow.plan_id == plan_id).with_for_update()
    )
    if plan is None:
        raise NotFound("there is no such plan")
    if plan.employee_id != caller.employee_id:
        raise Forbidden("only the employee writes their own SKP")
    newest = await uow.session.scalar(
        select(PlanVersionRow)
        .where(PlanVersionRow.tenant_id == uow.tenant_id, PlanVersionRow.plan_id == plan_id)
        .order_by(PlanVersionRow.version.desc())
        .limit(1)
    )
    assert newest is not None  # a plan is made with its first version
    return plan, newest


async def rewrite_draft(uow: UnitOfWork, caller: Caller, plan_id: UUID, content: PlanContent, now: datetime) -> None:
    """Write a draft or returned plan anew. Raises Refused in any other state."""
    plan, version = await own_plan(uow, caller, plan_id)
    if reason := change_refusal(PlanState(version.state)):
        raise Refused(reason)
    await _check_ids(uow, plan_id, content)
    await _check_links(uow, plan, content, now)
    version.approach, version.made_by, version.made_at = content.approach, caller.actor, now
    await write_contents(uow.session, uow.tenant_id, {(plan_id, version.version): content})


async def link_results(uow: UnitOfWork, caller: Caller, plan_id: UUID, links: dict[UUID, UUID], now: datetime) -> None:
    """Say from which result of the superior's each of these results derives; also while the plan is submitted."""
    plan, version = await own_plan(uow, caller, plan_id)
    if version.state == PlanState.APPROVED:
        raise Refused("an approved plan is frozen: make a new version of it")
    key = (plan_id, version.version)
    content = (await contents(uow.session, uow.tenant_id, {key: version.approach}))[key]
    if unknown := links.keys() - {result.result_id for result in content.results}:
        raise Invalid(f"{min(map(str, unknown))} is not a result of this plan")
    linked = tuple(
        replace(result, superior_result_id=links.get(result.result_id, result.superior_result_id))
        for result in content.results
    )
    await _check_links(uow, plan, replace(content, results=linked), now)
    await write_contents(uow.session, uow.tenant_id, {key: replace(content, results=linked)})


async def submit_plan(uow: UnitOfWork, caller: Caller, plan_id: UUID, now: datetime) -> None:
    """Hand a whole plan to the superior. Raises Invalid with every fault, and Refused in another state."""
    _, version = await own_plan(uow, caller, plan_id)
    if version.state == PlanState.SUBMITTED:
        return
    if reason := change_refusal(PlanState(version.state)):
        raise Refused(reason)
    key = (plan_id, version.version)
    content = (await contents(uow.session, uow.tenant_id, {key: version.approach}))[key]
    if found := faults(content):
        raise Invalid("the plan is not whole yet", found)
    version.state, version.submitted_at, version.reason = PlanState.SUBMITTED, now, None


async def begin_version(uow: UnitOfWork, caller: Caller, plan_id: UUID, valid_from: date, now: datetime) -> int:
    """A draft of the approved plan's next version, in force from a day on once it is approved. Raises Refused."""
    plan, newest = await own_plan(uow, caller, plan_id)
    if newest.state != PlanState.APPROVED:
        raise Refused(f"version {newest.version} is {newest.state}: change that one")
    if not plan.first_day <= valid_from <= plan.last_day or valid_from < newest.valid_from:
        raise Refused(f"a new version begins between {newest.valid_from} and {plan.last_day}")
    key = (plan_id, newest.version)
    content = (await contents(uow.session, uow.tenant_id, {key: newest.approach}))[key]
    version = new_version(plan, newest.version + 1, content, maker=caller.actor, valid_from=valid_from, now=now)
    uow.session.add(version)
    await uow.session.flush()
    await write_contents(uow.session, uow.tenant_id, {(plan_id, version.version): content})
    return version.version
