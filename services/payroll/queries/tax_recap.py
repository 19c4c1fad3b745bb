"""The year's tax of a person, as form A2 asks for it: pay, deductions, PTKP, tax due and tax withheld."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.payroll.rules.lifecycle import FINAL_STATES
from services.payroll.rules.national import Annual, Table, Untaxed, annual, book, income_tax


@dataclass(frozen=True, slots=True)
class TaxMonth:
    """Whole rupiah of one month. gross_tpp and tax_tpp count to the year; final ones do not."""

    period: str
    gross_salary: int = 0
    gross_tpp: int = 0
    tax_salary: int = 0
    tax_tpp: int = 0
    final_gross: int = 0
    final_tax: int = 0
    pension: int = 0
    zakat: int = 0
    settled: bool = False


@dataclass(frozen=True, slots=True)
class TaxRecap:
    """A person's year, in whole rupiah. taxable is PKP; difference = tax_due - withheld, 0 once the year is settled.

    ptkp is the status used, None where the months disagree with the law's table; then what follows from it is 0.
    biaya_jabatan is exact in law and rounded up here, so that gross less deductions is net_income.
    """

    employee_id: UUID
    year: int
    nip: str
    name: str
    npwp: str | None
    nik: str | None
    golongan: str
    ptkp: str | None
    months: tuple[TaxMonth, ...]
    first_month: str
    last_month: str
    settled: bool
    gross_salary: int
    gross_tpp: int
    gross: int
    biaya_jabatan: int
    pension: int
    zakat: int
    net_income: int
    ptkp_amount: int
    taxable: int
    tax_due: int
    withheld_salary: int
    withheld_tpp: int
    withheld: int
    difference: int
    final_gross: int
    final_tax: int
    table_hash: str


_SALARIES = text(
    """
    SELECT employee_id, period, gross, tax, pension, zakat, tpp_elsewhere, tpp_elsewhere_tax FROM salaries
    WHERE tenant_id = :tenant_id AND period >= :january AND period <= :december
      AND (CAST(:employees AS uuid[]) IS NULL OR employee_id = ANY(CAST(:employees AS uuid[])))
    """
)
# the bodies and facts are long: what the recap needs of them is taken out by the database
_STATEMENTS = text(
    f"""
    SELECT s.employee_id, s.period, s.payable, s.tax, s.taxable, s.year_tax,
           said -> 'tables' ? 'final_tax' AS final, (said -> 'totals' ->> 'tax_allowance')::bigint AS tax_allowance,
           (SELECT max((line -> 'inputs' ->> 'months')::integer) FROM jsonb_array_elements(said -> 'lines') AS line
            WHERE line ->> 'kind' = 'tax' AND line -> 'inputs' ? 'year_tax') AS months,
           (SELECT -sum((line ->> 'amount')::bigint)::bigint FROM jsonb_array_elements(said -> 'lines') AS line
            WHERE line -> 'inputs' ->> 'column' = 'zakat') AS zakat,
           employee ->> 'ptkp' AS ptkp, employee ->> 'golongan' AS golongan, employee ->> 'nip' AS nip
    FROM statements s
    JOIN runs r ON r.tenant_id = s.tenant_id AND r.run_id = s.run_id AND r.state IN {FINAL_STATES}
    JOIN run_inputs i ON i.tenant_id = s.tenant_id AND i.run_id = s.run_id AND i.employee_id = s.employee_id
    CROSS JOIN LATERAL (SELECT convert_from(s.body, 'UTF8')::jsonb AS said,
                               convert_from(i.facts, 'UTF8')::jsonb -> 'employee' AS employee) AS held
    WHERE s.tenant_id = :tenant_id AND s.period >= :january AND s.period <= :december
      AND (CAST(:employees AS uuid[]) IS NULL OR s.employee_id = ANY(CAST(:employees AS uuid[])))
    ORDER BY s.employee_id, s.period, r.created_at
    """
)
_PEOPLE = text(
    """
    SELECT employee_id, name, nip, state ->> 'ptkp' AS ptkp, state ->> 'npwp' AS npwp, state ->> 'nik' AS nik,
           state -> 'statuses' -> -1 ->> 'golongan' AS golongan
    FROM identity_employees WHERE tenant_id = :tenant_id AND employee_id = ANY(CAST(:employees AS uuid[]))
    """
)


async def tax_recap(
    session: AsyncSession, tenant_id: str, year: int, employees: Sequence[UUID] | None = None
) -> list[TaxRecap]:
    """Everybody with pay in the year (or those given), by employee id; of TPP what approved runs paid.

    Zakat of the settling month's own TPP is left out, as the settlement leaves it: it is taken of what tax leaves.
    """
    within = {"tenant_id": tenant_id, "january": f"{year:04d}-01", "december": f"{year:04d}-12"}
    given = within | {"employees": None if employees is None else list(employees)}
    months: dict[UUID, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(int)))
    last: dict[UUID, RowMapping] = {}
    for row in (await session.execute(_SALARIES, given)).mappings():
        _add_salary(months[row["employee_id"]][row["period"]], row)
    for row in (await session.execute(_STATEMENTS, given)).mappings():
        last[row["employee_id"]] = row
        _add_statement(months[row["employee_id"]][row["period"]], row)
    asked = {"tenant_id": tenant_id, "employees": sorted(months)}
    people = {row["employee_id"]: row for row in (await session.execute(_PEOPLE, asked)).mappings()}
    return [
        _recap(year, employee_id, people.get(employee_id), last.get(employee_id), months[employee_id])
        for employee_id in sorted(months)
    ]


def _add_salary(month: dict[str, int], row: RowMapping) -> None:
    month["gross_salary"] += row["gross"]
    month["tax_salary"] += row["tax"]
    month["pension"] += row["pension"]
    month["zakat"] += row["zakat"]
    month["gross_tpp"] += row["tpp_elsewhere"]
    month["tax_tpp"] += row["tpp_elsewhere_tax"]


def _add_statement(month: dict[str, int], row: RowMapping) -> None:
    month["gross_tpp"] += row["taxable"]
    month["tax_tpp"] += row["year_tax"]
    if row["final"]:
        month["final_gross"] += row["payable"] + row["tax_allowance"]
        month["final_tax"] += row["tax"] - row["year_tax"]
    if row["months"] is None:
        month["zakat"] += row["zakat"] or 0
    else:
        month["employed"] = max(month["employed"], row["months"])


def _recap(
    year: int,
    employee_id: UUID,
    person: RowMapping | None,
    last: RowMapping | None,
    by_period: Mapping[str, Mapping[str, int]],
) -> TaxRecap:
    told = tuple(_month(code, by_period[code]) for code in sorted(by_period))
    employed = max((of["employed"] for of in by_period.values() if "employed" in of), default=len(told))
    sums = {name: sum(getattr(month, name) for month in told) for name in _SUMMED}
    gross = sums["gross_salary"] + sums["gross_tpp"]
    status = last["ptkp"] if last else person["ptkp"] if person else None
    of_year, table = _annual(year, gross, employed, Untaxed(sums["pension"], sums["zakat"]), status)
    withheld = sums["tax_salary"] + sums["tax_tpp"]
    cost = -int(-of_year.biaya_jabatan // 1)
    return TaxRecap(
        employee_id=employee_id,
        year=year,
        nip=(last["nip"] if last else "") or (person["nip"] if person else ""),
        name=person["name"] if person else "",
        npwp=person["npwp"] if person else None,
        nik=person["nik"] if person else None,
        golongan=(last["golongan"] if last else person["golongan"] if person else "") or "",
        ptkp=status if table else None,
        months=told,
        first_month=told[0].period,
        last_month=told[-1].period,
        settled=any(month.settled for month in told),
        gross_salary=sums["gross_salary"],
        gross_tpp=sums["gross_tpp"],
        gross=gross,
        biaya_jabatan=cost,
        pension=sums["pension"],
        zakat=sums["zakat"],
        net_income=gross - cost - sums["pension"] - sums["zakat"],
        ptkp_amount=of_year.ptkp,
        taxable=of_year.taxable,
        tax_due=int(of_year.tax),
        withheld_salary=sums["tax_salary"],
        withheld_tpp=sums["tax_tpp"],
        withheld=withheld,
        difference=int(of_year.tax) - withheld,
        final_gross=sums["final_gross"],
        final_tax=sums["final_tax"],
        table_hash=table.hash if table else "",
    )


_SUMMED = ("gross_salary", "gross_tpp", "tax_salary", "tax_tpp", "final_gross", "final_tax", "pension", "zakat")


def _month(code: str, of: Mapping[str, int]) -> TaxMonth:
    return TaxMonth(period=code, settled="employed" in of, **{name: of.get(name, 0) for name in _SUMMED})


_UNKNOWN = Annual(cost=0, cost_of=1, ptkp=0, taxable=0, due=0, due_of=1)


def _annual(year: int, gross: int, months: int, untaxed: Untaxed, status: str | None) -> tuple[Annual, Table | None]:
    """By the table in force in December; whole thousands at whole percentages come to whole rupiah."""
    held = income_tax(book(date(year, 12, 1)))
    if held is None or status not in held[1].ptkp:
        return _UNKNOWN, None
    table, law = held
    return annual(table, law, gross, months=months, untaxed=untaxed, status=status), table
