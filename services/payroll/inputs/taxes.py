"""What taxes and contributions rest on beside TPP: the salary side, the year so far, consents, what is still owed."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.payroll.rules.facts import Consent, Earlier, Recovery, Salary, TaxYear
from services.payroll.rules.lifecycle import FINAL_STATES
from shared.money import parse_percent
from shared.period import Period, period

JANUARY, DECEMBER = 1, 12

# whose year is settled in the month: everybody's in December, else theirs whose employment ends in it
_SETTLING = text(
    """
    SELECT e.employee_id, (SELECT min(a.valid_from) FROM identity_assignments a
                           WHERE a.tenant_id = e.tenant_id AND a.employee_id = e.employee_id) AS joined
    FROM identity_employees e
    WHERE e.tenant_id = :tenant_id AND e.employee_id = ANY(CAST(:employees AS uuid[]))
      AND (CAST(:december AS boolean) OR (e.left_on > :first_day AND e.left_on <= CAST(:last_day AS date) + 1))
    """
)
_YEAR = text(
    f"""
    SELECT employee_id, sum(gross)::bigint AS gross, sum(tax)::bigint AS tax, sum(tpp_tax)::bigint AS tpp_tax,
           sum(pension)::bigint AS pension, sum(zakat)::bigint AS zakat,
           array_agg(period) FILTER (WHERE salary) AS known
    FROM (
        SELECT employee_id, period, gross + tpp_elsewhere AS gross, tax + tpp_elsewhere_tax AS tax,
               tpp_elsewhere_tax AS tpp_tax, pension, zakat, true AS salary
        FROM salaries
        WHERE tenant_id = :tenant_id AND period >= :january AND period < :period
          AND employee_id = ANY(CAST(:employees AS uuid[]))
        UNION ALL
        SELECT s.employee_id, s.period, s.taxable, s.year_tax, s.year_tax, 0, 0, false
        FROM statements s JOIN runs r ON r.tenant_id = s.tenant_id AND r.run_id = s.run_id
        WHERE s.tenant_id = :tenant_id AND s.period >= :january AND s.period < :period
          AND s.employee_id = ANY(CAST(:employees AS uuid[])) AND r.state IN {FINAL_STATES}
    ) AS paid GROUP BY employee_id
    """
)
# only of those who have consented: reading a year of statements for the others would be for nothing
_ZAKAT = text(
    f"""
    SELECT s.employee_id, -sum((line ->> 'amount')::bigint)::bigint
    FROM statements s
    JOIN runs r ON r.tenant_id = s.tenant_id AND r.run_id = s.run_id AND r.state IN {FINAL_STATES}
    CROSS JOIN LATERAL jsonb_array_elements(convert_from(s.body, 'UTF8')::jsonb -> 'lines') AS line
    WHERE s.tenant_id = :tenant_id AND s.period >= :january AND s.period < :period
      AND s.employee_id IN (SELECT c.employee_id FROM consents c WHERE c.tenant_id = :tenant_id
                            AND c.employee_id = ANY(CAST(:employees AS uuid[])) AND c.kind = 'zakat')
      AND line -> 'inputs' ->> 'column' = 'zakat'
    GROUP BY s.employee_id
    """
)
_SALARY_NOW = text(
    """
    SELECT employee_id FROM salaries
    WHERE tenant_id = :tenant_id AND period = :period AND employee_id = ANY(CAST(:employees AS uuid[]))
    """
)
_CONSENTS = text(
    """
    SELECT employee_id, consent_id, kind, percent, valid_from, valid_to FROM consents
    WHERE tenant_id = :tenant_id AND employee_id = ANY(CAST(:employees AS uuid[]))
      AND valid_from <= :last_day AND (valid_to IS NULL OR valid_to >= :last_day)
    ORDER BY employee_id, valid_from, consent_id
    """
)
# the status at the start of the tax year: the first one the salary side says in it
_PTKP = text(
    """
    SELECT DISTINCT ON (employee_id) employee_id, ptkp FROM salaries
    WHERE tenant_id = :tenant_id AND period >= :january AND period <= :period
      AND employee_id = ANY(CAST(:employees AS uuid[])) AND ptkp IS NOT NULL
    ORDER BY employee_id, period
    """
)


async def tax_years(
    session: AsyncSession, tenant_id: str, of: Period, employees: Sequence[UUID]
) -> dict[UUID, TaxYear]:
    """The year before this month of those whose year is settled in it; a month without salary side is `missing`."""
    given = {"tenant_id": tenant_id, "employees": list(employees)}
    days = {"first_day": of.first_day, "last_day": of.last_day, "december": of.first_day.month == DECEMBER}
    joined = {row[0]: row[1] for row in (await session.execute(_SETTLING, given | days)).all()}
    if not joined:
        return {}
    within = {"tenant_id": tenant_id, "employees": list(joined), "period": of.code}
    of_year = within | {"january": f"{of.code[:4]}-01"}
    rows = {row["employee_id"]: row for row in (await session.execute(_YEAR, of_year)).mappings()}
    zakat = {employee_id: amount for employee_id, amount in (await session.execute(_ZAKAT, of_year)).all()}
    now_known = set((await session.scalars(_SALARY_NOW, within)).all())
    years = {}
    for employee_id, first_day in joined.items():
        row = rows.get(employee_id)
        known = {*(row["known"] or () if row else ()), *([of.code] if employee_id in now_known else [])}
        started = period(f"{of.code[:4]}-01").first_day if first_day is None else first_day
        months = list(_months(of, started.month if started.year == of.first_day.year else JANUARY))
        missing = tuple(code for code in months if code not in known)
        years[employee_id] = _year(row, zakat.get(employee_id, 0), max(1, len(months)), missing)
    return years


def _months(of: Period, first: int) -> Iterator[str]:
    year = of.code[:4]
    return (f"{year}-{month:02d}" for month in range(first, of.first_day.month + 1))


def _year(row: RowMapping | None, zakat: int, months: int, missing: tuple[str, ...]) -> TaxYear:
    if row is None:
        return TaxYear(gross_before=0, tax_before=0, zakat=zakat, months=months, missing=missing)
    return TaxYear(
        gross_before=row["gross"],
        tax_before=row["tax"],
        tpp_tax_before=row["tpp_tax"],
        pension=row["pension"],
        zakat=row["zakat"] + zakat,
        months=months,
        missing=missing,
    )


async def consents(
    session: AsyncSession, tenant_id: str, of: Period, employees: Sequence[UUID]
) -> dict[UUID, tuple[Consent, ...]]:
    """The consents in force on the month's last day."""
    given = {"tenant_id": tenant_id, "employees": list(employees), "last_day": of.last_day}
    found: dict[UUID, list[Consent]] = defaultdict(list)
    for row in (await session.execute(_CONSENTS, given)).mappings():
        percent = parse_percent(row["percent"]) if row["percent"] else None
        found[row["employee_id"]].append(
            Consent(
                id=str(row["consent_id"]),
                kind=row["kind"],
                percent=percent,
                valid_from=row["valid_from"],
                valid_to=row["valid_to"],
            )
        )
    return {employee_id: tuple(held) for employee_id, held in found.items()}


async def ptkp_of_year(session: AsyncSession, tenant_id: str, of: Period, employees: Sequence[UUID]) -> dict[UUID, str]:
    """PTKP status at the start of the tax year, of those whose salary side says it."""
    given = {"tenant_id": tenant_id, "employees": list(employees), "period": of.code, "january": f"{of.code[:4]}-01"}
    return {employee_id: status for employee_id, status in (await session.execute(_PTKP, given)).all()}


SALARY_COLUMNS = "gross, tax, bpjs_base, gaji_pokok, pension_base, pension, zakat, tpp_elsewhere, tpp_elsewhere_tax"


def salary_of(row: RowMapping | None) -> Salary:
    """The salary side as it was imported. `row`: the SALARY_COLUMNS."""
    if row is None:
        return Salary()
    return Salary(
        gross=row["gross"],
        tax=row["tax"],
        bpjs_base=row["bpjs_base"],
        gaji_pokok=row["gaji_pokok"],
        pension_base=row["pension_base"],
        pension=row["pension"],
        zakat=row["zakat"],
    )


def earlier_of(salary: RowMapping | None, paid: RowMapping | None) -> Earlier:
    """TPP paid in the same month already: by other runs, and outside Takar as the salary file says."""
    return Earlier(
        gross=(paid["gross"] if paid else 0) + (salary["tpp_elsewhere"] if salary else 0),
        tax=(paid["tax"] if paid else 0) + (salary["tpp_elsewhere_tax"] if salary else 0),
        bpjs_base=paid["contributed"] if paid else 0,
    )


def recoveries_of(rows: Sequence[RowMapping], of: Period) -> Iterator[Recovery]:
    """What earlier months could not take; tax of the same year stays tax. `rows`: amount, and tax of it."""
    for row in rows:
        name, cause = str(row["statement_id"]), f"belum terpotong dari TPP {row['period']}"
        tax = row["tax"] if row["period"][:4] == of.code[:4] else 0
        if row["amount"] > tax:
            yield Recovery(id=name, cause=cause, amount=row["amount"] - tax)
        if tax:
            yield Recovery(id=f"{name}/pph21", cause=f"PPh 21 {cause}", amount=tax, kind="tax")
