"""Consents to be contributed for: given by the employee, or recorded from a letter; ended, never rewritten."""

from datetime import date, datetime
from fractions import Fraction
from uuid import UUID, uuid4

from sqlalchemy import or_, select

from services.payroll.tables import ConsentRow
from shared.directory.tables import EmployeeRow
from shared.errors import Fault, Forbidden, Invalid, NotFound, Refused
from shared.money import percent_text
from shared.unit_of_work import UnitOfWork


async def give_consent(
    uow: UnitOfWork,
    *,
    employee_id: UUID,
    kind: str,
    percent: Fraction | None,
    days: tuple[date, date | None],
    reference: str | None,
    by: UUID,
    now: datetime,
) -> ConsentRow:
    """Keep a consent of an employee for these days, both included. `percent`: else the policy's.

    Somebody else records it only from a letter (`reference`). Raises Invalid, NotFound, or Refused where one of the
    kind is in force already.
    """
    first, last = days
    if last is not None and last < first:
        fault = Fault("valid_to", "it ends before it begins", "give it a day from valid_from on", str(last))
        raise Invalid("the consent cannot be kept", (fault,))
    if by != employee_id and not reference:
        fault = Fault("reference", "the employee's letter is missing", "name the letter it was given by")
        raise Invalid("somebody else's consent is recorded from their letter", (fault,))
    if await uow.session.get(EmployeeRow, (uow.tenant_id, employee_id), with_for_update={"read": True}) is None:
        raise NotFound(f"there is no employee {employee_id}")
    held = await _overlapping(uow, employee_id, kind, first, last)
    if held is not None:
        message = (
            f"a consent for {kind} is in force from {held.valid_from} to {held.valid_to or 'any day'}: end it first"
        )
        raise Refused(message, consent_id=str(held.consent_id))
    row = ConsentRow(
        tenant_id=uow.tenant_id,
        consent_id=uuid4(),
        employee_id=employee_id,
        kind=kind,
        percent=None if percent is None else percent_text(percent.numerator, percent.denominator),
        valid_from=first,
        valid_to=last,
        reference=reference,
        recorded_by=by,
        recorded_at=now,
    )
    uow.session.add(row)
    await uow.session.flush()
    return row


async def end_consent(
    uow: UnitOfWork, *, consent_id: UUID, last_day: date, by: UUID, of_anybody: bool, now: datetime
) -> ConsentRow:
    """Let a consent end after a day; one on or before its first day takes it back whole.

    What was paid while it held stays. Raises NotFound, or Refused when it ends by then already.
    """
    row = await uow.session.get(ConsentRow, (uow.tenant_id, consent_id), with_for_update=True)
    if row is None or (row.employee_id != by and not of_anybody):
        # whether somebody else's consent exists is not told either
        raise NotFound(f"there is no consent {consent_id}")
    if row.valid_to is not None and row.valid_to <= last_day:
        raise Refused(f"this consent ends on {row.valid_to} already")
    row.valid_to, row.ended_by, row.ended_at = last_day, by, now
    await uow.session.flush()
    return row


async def _overlapping(
    uow: UnitOfWork, employee_id: UUID, kind: str, first: date, last: date | None
) -> ConsentRow | None:
    asked = select(ConsentRow).where(
        ConsentRow.tenant_id == uow.tenant_id,
        ConsentRow.employee_id == employee_id,
        ConsentRow.kind == kind,
        or_(ConsentRow.valid_to.is_(None), ConsentRow.valid_to >= first),
        or_(ConsentRow.valid_to.is_(None), ConsentRow.valid_to >= ConsentRow.valid_from),
    )
    if last is not None:
        asked = asked.where(ConsentRow.valid_from <= last)
    row: ConsentRow | None = await uow.session.scalar(asked.limit(1))
    return row


def may_give(employee_id: UUID, caller: UUID | None, *, for_anybody: bool) -> None:
    """Raises Forbidden for a consent in somebody else's name."""
    if not for_anybody and employee_id != caller:
        raise Forbidden("a consent is given for oneself; the treasurer records others' letters", action="consent.give")
