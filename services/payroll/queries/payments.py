"""What became of a run's money: files, payments by state, and what must be chased."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.payroll.exports.bank import BankFile, Instruction, write_bank_file
from services.payroll.exports.bank.writing import About
from services.payroll.exports.records import Account
from services.payroll.inputs.export_documents import settings_of, template_of
from services.payroll.inputs.reading import region_workdays
from services.payroll.queries.runs import run_row
from services.payroll.rules.chasing import Chase, Standing, chase_of
from services.payroll.rules.payments import PaymentState
from services.payroll.tables import BankFileRow, ExportDocumentRow, PaymentRow
from shared.clock import local_date
from shared.directory.queries import tenant
from shared.errors import NotFound
from shared.period import period_of

SATURDAY = 5


@dataclass(frozen=True)
class Payments:
    """A run's money by what became of it; `states` and `sums` add up to the run's statements with a net amount."""

    run_id: UUID
    count: int
    net: int
    states: dict[str, int]
    sums: dict[str, int]
    files: Sequence[BankFileRow]

    @property
    def wholly_paid(self) -> bool:
        return self.sums.get(PaymentState.PAID, 0) == self.net


# by each statement's newest instruction; nothing is sent where nothing is owed
_STATES = """
    SELECT s.employee_id, s.statement_id, s.net, i.payee ->> 'nip' AS nip, i.payee ->> 'name' AS name,
           coalesce(p.state, 'unsent') AS state, p.reason, p.number, p.line, p.bank_code, p.account, p.answered_at
    FROM statements s
    JOIN run_inputs i ON i.tenant_id = s.tenant_id AND i.run_id = s.run_id AND i.employee_id = s.employee_id
    LEFT JOIN LATERAL (
        SELECT state, reason, number, line, bank_code, account, answered_at FROM payments
        WHERE tenant_id = s.tenant_id AND run_id = s.run_id AND employee_id = s.employee_id
        ORDER BY number DESC LIMIT 1) p ON true
    WHERE s.tenant_id = :tenant_id AND s.run_id = :run_id AND s.net > 0
"""
_COUNTED = text(f"SELECT state, count(*) AS count, sum(net)::bigint AS net FROM ({_STATES}) of GROUP BY state")
_LISTED = text(
    f"""
    SELECT * FROM ({_STATES}) of
    WHERE (CAST(:state AS text) IS NULL OR state = CAST(:state AS text))
      AND (CAST(:after AS uuid) IS NULL OR employee_id > CAST(:after AS uuid))
    ORDER BY employee_id LIMIT :limit
    """
)


async def payments_of_run(session: AsyncSession, tenant_id: str, run_id: UUID) -> Payments:
    """Raises NotFound."""
    run = await run_row(session, tenant_id, run_id)
    rows = (await session.execute(_COUNTED, {"tenant_id": tenant_id, "run_id": run_id})).mappings().all()
    files = await session.scalars(
        select(BankFileRow)
        .where(BankFileRow.tenant_id == tenant_id, BankFileRow.run_id == run_id)
        .order_by(BankFileRow.number)
    )
    return Payments(
        run_id=run_id,
        count=sum(row["count"] for row in rows),
        net=run.net or 0,
        states={row["state"]: row["count"] for row in rows},
        sums={row["state"]: int(row["net"]) for row in rows},
        files=files.all(),
    )


async def payment_rows(
    session: AsyncSession, tenant_id: str, run_id: UUID, *, state: str | None, after: UUID | None, limit: int
) -> Sequence[RowMapping]:
    """Statements with what became of their money, by employee id. Raises NotFound."""
    await run_row(session, tenant_id, run_id)
    given = {"tenant_id": tenant_id, "run_id": run_id, "state": state, "after": after, "limit": limit}
    return (await session.execute(_LISTED, given)).mappings().all()


async def bank_file(session: AsyncSession, tenant_id: str, run_id: UUID, number: int) -> tuple[BankFileRow, BankFile]:
    """A file as it was made, byte for byte. Raises NotFound."""
    row = await session.get(BankFileRow, (tenant_id, run_id, number))
    if row is None:
        raise NotFound(f"run {run_id} has no bank file {number}")
    payments = await session.scalars(
        select(PaymentRow)
        .where(PaymentRow.tenant_id == tenant_id, PaymentRow.run_id == run_id, PaymentRow.number == number)
        .order_by(PaymentRow.line)
    )
    instructions = [
        Instruction(
            number=one.line,
            reference=one.reference,
            nip=one.nip,
            name=one.name,
            unit=one.unit,
            account=Account(one.bank_code, one.bank_name, one.account, one.holder),
            amount=one.amount,
        )
        for one in payments
    ]
    return row, write_bank_file(template_of(row.template), instructions, About(number, row.words, row.made_at))


async def export_documents(session: AsyncSession, tenant_id: str) -> Sequence[ExportDocumentRow]:
    """A region's templates and settings, newest first."""
    found = await session.scalars(
        select(ExportDocumentRow)
        .where(ExportDocumentRow.tenant_id == tenant_id)
        .order_by(ExportDocumentRow.set_at.desc(), ExportDocumentRow.hash)
        .limit(500)
    )
    return found.all()


_OPEN = text(
    """
    SELECT r.run_id, r.period, r.kind, r.state, r.count, r.net,
           (SELECT max(h.at) FROM run_history h WHERE h.tenant_id = r.tenant_id AND h.run_id = r.run_id
              AND h.act = 'published') AS published_at,
           (SELECT max(h.at) FROM run_history h WHERE h.tenant_id = r.tenant_id AND h.run_id = r.run_id
              AND h.act IN ('acknowledged', 'differs')) AS answered_at,
           (SELECT count(*) FROM bank_files f WHERE f.tenant_id = r.tenant_id AND f.run_id = r.run_id) AS files,
           coalesce((SELECT sum(p.amount) FROM payments p WHERE p.tenant_id = r.tenant_id AND p.run_id = r.run_id
              AND p.state = 'paid'), 0)::bigint AS paid
    FROM runs r
    WHERE r.tenant_id = :tenant_id AND r.state IN ('published', 'differs', 'acknowledged', 'paid')
      AND (CAST(:period AS text) IS NULL OR r.period = CAST(:period AS text))
    ORDER BY r.period, r.created_at
    """
)


async def chases(session: AsyncSession, tenant_id: str, now: datetime, *, period: str | None = None) -> list[Chase]:
    """What the region waits for after its runs were stated: each with the working day by which it should be there."""
    zone = (await tenant(session, tenant_id)).zone
    today = local_date(now, zone)
    within = (await settings_of(session, tenant_id)).settings.chasing
    rows = (await session.execute(_OPEN, {"tenant_id": tenant_id, "period": period})).mappings().all()
    found: list[Chase] = []
    workdays: dict[date, bool] = {}
    for row in rows:
        standing = _standing(row, zone)
        if standing.since is None:
            continue
        workdays |= await _workdays(session, tenant_id, standing.since, today, known=workdays)
        chase = chase_of(standing, today, workdays, acknowledged=within.acknowledged_within, paid=within.paid_within)
        if chase is not None:
            found.append(chase)
    return found


def _standing(row: RowMapping, zone: str) -> Standing:
    at: datetime | None = row["answered_at"] or row["published_at"]
    given: dict[str, Any] = {name: row[name] for name in ("run_id", "period", "kind", "state", "count", "net", "paid")}
    return Standing(**given, by_bank=row["files"] > 0, since=local_date(at, zone) if at else None)


async def _workdays(
    session: AsyncSession, tenant_id: str, first: date, last: date, *, known: dict[date, bool]
) -> dict[date, bool]:
    """Working days between two days: as the region's attendance had them, else Monday to Friday."""
    days = [first + timedelta(days=n) for n in range(max(0, (last - first).days) + 62)]
    if all(day in known for day in days):
        return {}
    settled: dict[date, bool] = {}
    for code in sorted({period_of(day).code for day in days if day <= last}):
        settled |= await region_workdays(session, tenant_id, code)
    return {day: settled.get(day, day.weekday() < SATURDAY) for day in days}
