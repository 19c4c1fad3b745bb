"""Approved circumstances of a period, and the TPP of earlier months that is postponed or held, as facts take them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from services.payroll.rules.circumstances import CircumstanceKind, Stated
from services.payroll.rules.facts import Carried, Held
from services.payroll.rules.lifecycle import FINAL_STATES
from shared.period import Period

_STATED = text(
    """
    SELECT c.circumstance_id, c.kind, c.employee_id, c.unit_code, c.valid_from, c.valid_to, c.content
    FROM circumstances c
    JOIN circumstance_files f ON f.tenant_id = c.tenant_id AND f.file_id = c.file_id AND f.state = 'approved'
    WHERE c.tenant_id = :tenant_id AND c.valid_from <= :until AND (c.valid_to IS NULL OR c.valid_to >= :first_day)
      AND (c.employee_id IS NULL OR c.employee_id = ANY(CAST(:employees AS uuid[])))
    """
)
# A later run has settled what an earlier one left when it was started after it (inputs.reading). What is held until
# cleared is settled by the released line that names it.
_WITHHELD = text(
    f"""
    SELECT s.employee_id, s.statement_id, s.period, line ->> 'rule' AS rule, line -> 'inputs' ->> 'until' AS until,
           -(line ->> 'amount')::bigint AS amount
    FROM statements s
    JOIN runs r ON r.tenant_id = s.tenant_id AND r.run_id = s.run_id AND r.state IN {FINAL_STATES}
    CROSS JOIN LATERAL jsonb_array_elements(convert_from(s.body, 'UTF8')::jsonb -> 'lines') AS line
    WHERE s.tenant_id = :tenant_id AND s.employee_id = ANY(CAST(:employees AS uuid[])) AND s.suspended > 0
      AND s.period < :period AND line ->> 'kind' = 'suspended' AND line ->> 'amount' <> '0'
      AND (line -> 'inputs' ->> 'until' = 'cleared' OR line -> 'inputs' ->> 'until' <= :period)
      AND NOT EXISTS (
          SELECT 1 FROM statements later
          JOIN runs q ON q.tenant_id = later.tenant_id AND q.run_id = later.run_id AND q.state IN {FINAL_STATES}
          WHERE later.tenant_id = s.tenant_id AND later.employee_id = s.employee_id AND q.created_at > r.created_at
            AND CASE WHEN line -> 'inputs' ->> 'until' = 'cleared' THEN EXISTS (
                    SELECT 1 FROM jsonb_array_elements(convert_from(later.body, 'UTF8')::jsonb -> 'lines') AS paid
                    WHERE paid ->> 'kind' = 'released'
                      AND paid ->> 'rule' = s.statement_id || ':' || (line ->> 'rule'))
                ELSE q.period >= line -> 'inputs' ->> 'until' END)
    ORDER BY s.employee_id, s.statement_id, line ->> 'rule'
    """
)


class Withheld(NamedTuple):
    """Of one employee: TPP of earlier months due now, and TPP still held until cleared."""

    carried: tuple[Carried, ...] = ()
    held: tuple[Held, ...] = ()


class Circumstances(NamedTuple):
    """Rows by employee, by unit's code, and of everybody."""

    of_employee: dict[UUID, list[Stated]]
    of_unit: dict[str, list[Stated]]
    of_all: list[Stated]

    def about(self, employee_id: UUID, unit_code: str) -> list[Stated]:
        """All that is about one employee."""
        own = self.of_employee.get(employee_id, [])
        return [*self.of_all, *self.of_unit.get(unit_code, []), *own]


async def circumstances(
    session: AsyncSession, tenant_id: str, period: Period, employees: Sequence[UUID], until: date
) -> Circumstances:
    """What is approved and reaches into the period, up to a day of it."""
    given = {"tenant_id": tenant_id, "employees": list(employees), "first_day": period.first_day, "until": until}
    found = Circumstances(defaultdict(list), defaultdict(list), [])
    for circumstance_id, kind, employee_id, unit_code, start, end, content in await session.execute(_STATED, given):
        nearness = 2 if employee_id else 1 if unit_code else 0
        one = Stated(str(circumstance_id), CircumstanceKind(kind), start, end, nearness, content)
        if employee_id:
            found.of_employee[employee_id].append(one)
        elif unit_code:
            found.of_unit[unit_code].append(one)
        else:
            found.of_all.append(one)
    return found


async def withheld(
    session: AsyncSession, tenant_id: str, period: str, employees: Sequence[UUID]
) -> dict[UUID, Withheld]:
    """What earlier final runs kept back and no later one has settled, by employee."""
    given = {"tenant_id": tenant_id, "employees": list(employees), "period": period}
    due: dict[UUID, dict[tuple[str, str], int]] = defaultdict(lambda: defaultdict(int))
    held: dict[UUID, list[Held]] = defaultdict(list)
    rows: Sequence[Any] = (await session.execute(_WITHHELD, given)).all()
    for employee_id, statement_id, of, rule, until, amount in rows:
        if until == "cleared":
            one = Held(id=f"{statement_id}:{rule}", rule=rule, period=of, amount=amount)
            held[employee_id].append(one)
        else:
            due[employee_id][str(statement_id), of] += amount
    return {
        one: Withheld(
            tuple(Carried(id=id_, period=of, amount=amount) for (id_, of), amount in due.get(one, {}).items()),
            tuple(held.get(one, ())),
        )
        for one in {*due, *held}
    }
