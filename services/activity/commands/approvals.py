"""Superiors' decisions on activities: approve, return, withdraw; one or two thousand in one request."""

import secrets
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from services.activity.commands.cases import Case, Change, Decided, Decision, Subject, case_of
from services.activity.rules.approval import State, approval_refusal, return_refusal, withdrawal_refusal
from shared.auth.caller import Caller
from shared.errors import NotFound, Refused
from shared.events.activity import ActivityApproved, ApprovalWithdrawn
from shared.ledger.leaves import leaf_of
from shared.period import period_of
from shared.unit_of_work import UnitOfWork

SALT_BYTES = 32
UNKNOWN = "there is no such activity"


Decide = Callable[[Case, Subject], Decided | Change]
"""What becomes of an activity as it stands, or the answer where nothing does."""


async def approve_activities(uow: UnitOfWork, caller: Caller, ids: Sequence[UUID], now: datetime) -> list[Decided]:
    """Approve what may be approved; an answer for each id in the order given.

    One that is approved already is answered as such and stays as it is.
    """
    salts = _salts(len(ids))

    def approve(case: Case, subject: Subject) -> Decided | Change:
        work = case.work(subject)
        if work.state is State.APPROVED and work.capacity is not None:
            return Decided(subject.activity_id, Decision.ALREADY_APPROVED)
        if reason := approval_refusal(work, caller.employee_id):
            return Decided(subject.activity_id, Decision.REFUSED, reason)
        event = _approved(uow.tenant_id, subject, case, now, next(salts))
        return Change(subject, State.APPROVED, Decision.APPROVED, event=event, leaf=leaf_of(event))

    return await _settle(uow, caller, ids, approve, now)


async def return_activities(
    uow: UnitOfWork, caller: Caller, ids: Sequence[UUID], reason: str, now: datetime
) -> list[Decided]:
    """Give activities back for correction, with the reason; an answer for each id."""

    def give_back(case: Case, subject: Subject) -> Decided | Change:
        if refused := return_refusal(case.work(subject), caller.employee_id):
            return Decided(subject.activity_id, Decision.REFUSED, refused)
        return Change(subject, State.RETURNED, Decision.RETURNED, reason)

    return await _settle(uow, caller, ids, give_back, now)


async def withdraw_approvals(
    uow: UnitOfWork, caller: Caller, ids: Sequence[UUID], reason: str, now: datetime
) -> list[Decided]:
    """Take approvals back before the period closes; the activities wait again. An answer for each id."""

    def withdraw(case: Case, subject: Subject) -> Decided | Change:
        if refused := withdrawal_refusal(case.work(subject), caller.employee_id):
            return Decided(subject.activity_id, Decision.REFUSED, refused)
        event = _withdrawn(uow.tenant_id, subject, caller.actor, reason, now)
        return Change(subject, State.WAITING, Decision.WITHDRAWN, reason, event)

    return await _settle(uow, caller, ids, withdraw, now)


def the_one(decided: Sequence[Decided]) -> Decided:
    """The answer where one was asked about. Raises NotFound and Refused."""
    [one] = decided
    if one.decision is Decision.REFUSED:
        if one.reason == UNKNOWN:
            raise NotFound(UNKNOWN)
        raise Refused(one.reason or "refused")
    return one


def _salts(at_once: int) -> Iterator[str]:
    """Salts without end, in hex, so many from one call to the system."""
    while True:
        drawn = secrets.token_hex(SALT_BYTES * at_once)
        yield from (drawn[place : place + 2 * SALT_BYTES] for place in range(0, len(drawn), 2 * SALT_BYTES))


def _approved(tenant_id: str, subject: Subject, case: Case, now: datetime, salt: str) -> ActivityApproved:
    return ActivityApproved(
        tenant_id=tenant_id,
        occurred_at=now,
        version=subject.version + 1,
        employee_id=subject.employee_id,
        activity_id=subject.activity_id,
        work_date=subject.work_date,
        period=period_of(subject.work_date).code,
        minutes=subject.minutes,
        result_id=subject.result_id,
        quantity=subject.quantity,
        quantity_unit=subject.quantity_unit,
        approved_by=case.actor,
        capacity=case.capacity(subject),
        kind=subject.kind,
        salt=salt,
    )


def _withdrawn(tenant_id: str, subject: Subject, person: UUID, reason: str, now: datetime) -> ApprovalWithdrawn:
    return ApprovalWithdrawn(
        tenant_id=tenant_id,
        occurred_at=now,
        version=subject.version + 1,
        employee_id=subject.employee_id,
        activity_id=subject.activity_id,
        work_date=subject.work_date,
        period=period_of(subject.work_date).code,
        withdrawn_by=person,
        reason=reason,
    )


# What is the same for all is sent once: each list is gone through element by element on its way to PostgreSQL. In the
# order of ids, so that requests that cross do not wait in a circle.
_WRITE = text(
    """
    UPDATE activities AS a
    SET state = :state, version = a.version + :facts, decided_by = :decided_by, decided_at = :now,
        capacity = n.capacity, reason = :reason, leaf = n.leaf
    FROM unnest(CAST(:ids AS uuid[]), CAST(:seen AS xid[]), CAST(:capacities AS text[]), CAST(:leaves AS bytea[]))
      AS n(activity_id, seen, capacity, leaf)
    WHERE a.tenant_id = :tenant_id AND a.activity_id = n.activity_id AND a.xmin = n.seen
    RETURNING a.activity_id
    """
)


async def _settle(uow: UnitOfWork, caller: Caller, ids: Sequence[UUID], decide: Decide, now: datetime) -> list[Decided]:
    """Decide on each once, write all changes in one statement, and state the facts.

    What somebody else changed between the reading and the writing is decided on again, as they left it.
    """
    answers: dict[UUID, Decided] = {}
    left = sorted(set(ids))
    while left:
        case = await case_of(uow, caller, left)
        changes: list[Change] = []
        for activity_id in left:
            subject = case.subjects.get(activity_id)
            decided = Decided(activity_id, Decision.REFUSED, UNKNOWN) if subject is None else decide(case, subject)
            if isinstance(decided, Change):
                changes.append(decided)
            else:
                answers[activity_id] = decided
        written = await _write(uow, case, changes, now)
        answers |= {one.subject.activity_id: Decided(one.subject.activity_id, one.decision) for one in written}
        uow.record(*[change.event for change in written if change.event is not None])
        left = [activity_id for activity_id in left if activity_id not in answers]
    return [answers[activity_id] for activity_id in ids]


async def _write(uow: UnitOfWork, case: Case, changes: Sequence[Change], now: datetime) -> Sequence[Change]:
    """Those of the changes that were written; the others' activities are not any more what was decided on."""
    if not changes:
        return []
    written = set(await uow.session.scalars(_WRITE, _values(uow.tenant_id, case, changes, now)))
    if len(written) == len(changes):
        return changes
    return [change for change in changes if change.subject.activity_id in written]


def _values(tenant_id: str, case: Case, changes: Sequence[Change], now: datetime) -> dict[str, object]:
    first = changes[0]  # of one request, all become the same for the same reason
    return {
        "tenant_id": tenant_id,
        "decided_by": case.actor,
        "now": now,
        "state": first.state,
        "facts": 1 if first.event else 0,
        "reason": first.reason,
        "ids": [change.subject.activity_id for change in changes],
        "seen": [change.subject.seen for change in changes],
        "capacities": [case.capacity(change.subject) for change in changes],
        "leaves": [change.leaf for change in changes],
    }
