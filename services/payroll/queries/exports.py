"""What exports are made from, read from a run: its totals, its statements, and whom it pays as frozen with it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic_core import from_json
from sqlalchemy import RowMapping, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.payroll.exports.pdf.statement import Explained
from services.payroll.exports.records import Account, Exported, Item, Paid, Totals, in_order, totals_of
from services.payroll.inputs.checkpoints import checkpoint_of_run
from services.payroll.inputs.policies import policy_by_hash
from services.payroll.queries.explanations import computed
from services.payroll.queries.runs import run_row
from services.payroll.rules.lifecycle import FINAL_STATES, Act
from services.payroll.rules.receipts import printed_heads, qr_text
from services.payroll.rules.settlement.months import whole_base
from services.payroll.rules.warned import warning_of
from services.payroll.tables import RunHistoryRow, RunRow, StatementRow
from shared.directory.queries import tenant
from shared.errors import Refused

_ITEMS = frozenset({"contribution", "tax", "tax_allowance", "recovery"})
# the frozen facts hold every activity: the few fields that lists need are taken out of them by the database
_PAID = text(
    """
    SELECT s.employee_id, s.statement_id, s.statement_hash, s.payable, s.gross, s.deductions, s.net, s.body, i.payee,
           CAST(convert_from(i.facts, 'UTF8') AS json) -> 'employee' AS employee,
           CAST(convert_from(i.facts, 'UTF8') AS json) -> 'segments' -> -1 AS segment
    FROM statements s
    JOIN run_inputs i ON i.tenant_id = s.tenant_id AND i.run_id = s.run_id AND i.employee_id = s.employee_id
    WHERE s.tenant_id = :tenant_id AND s.run_id = :run_id
      AND (CAST(:only AS uuid) IS NULL OR s.employee_id = CAST(:only AS uuid))
    """
)


async def exported(session: AsyncSession, tenant_id: str, run_id: UUID) -> Exported:
    """A calculated run as its exports need it.

    Raises NotFound; Refused while it is being calculated, and where its statements do not add up to its totals.
    """
    run = await run_row(session, tenant_id, run_id)
    if run.count is None or run.digest is None or run.root is None:
        raise Refused(f"the run is {run.state}: it has no totals yet; wait until it is calculated", state=run.state)
    stream = await session.stream(_PAID, {"tenant_id": tenant_id, "run_id": run_id, "only": None})
    paid = in_order([_paid(row) async for row in stream.mappings()])
    totals = Totals(run.count, run.gross or 0, run.deductions or 0, run.net or 0, run.hash_total or "0")
    return await _exported(session, run, paid, totals)


async def explained_statement(session: AsyncSession, row: StatementRow) -> tuple[Exported, Explained]:
    """A statement with its explanation, and the run it belongs to as if it paid nobody else. Raises NotFound."""
    run = await run_row(session, row.tenant_id, row.run_id)
    given = {"tenant_id": row.tenant_id, "run_id": row.run_id, "only": row.employee_id}
    paid = _paid((await session.execute(_PAID, given)).mappings().one())
    of = await computed(session, row)
    alone = await _exported(session, run, [paid], totals_of([paid]))
    checkpoint = await checkpoint_of_run(session, row.tenant_id, row.run_id)
    qr: str | None = None
    proof: tuple[tuple[str, str], ...] = ()
    if checkpoint is not None:
        qr = qr_text(
            tenant_id=row.tenant_id,
            period=run.period,
            statement_id=row.statement_id,
            leaf=row.leaf,
            size=checkpoint.size,
            key_id=checkpoint.key_id,
        )
        proof = printed_heads(checkpoint.size, checkpoint.key_id, checkpoint.root, checkpoint.entry)
    return alone, Explained(
        paid=paid,
        tree=of.tree(),
        totals=of.body["totals"],
        warnings=[warning_of(warning).id for warning in of.body["warnings"]],
        leaf=row.leaf.hex(),
        inputs_hash=row.inputs_hash,
        qr=qr,
        proof=proof,
    )


async def _exported(session: AsyncSession, run: RunRow, paid: list[Paid], totals: Totals) -> Exported:
    region = await tenant(session, run.tenant_id)
    policy = (await policy_by_hash(session, run.tenant_id, run.policy_hash)).document
    return Exported(
        tenant_id=run.tenant_id,
        region=region.name,
        run_id=run.run_id,
        period=run.period,
        kind=run.kind,
        state=run.state,
        final=run.state in FINAL_STATES,
        policy=policy.name,
        policy_hash=run.policy_hash,
        made_at=(await _made_at(session, run)).astimezone(ZoneInfo(region.zone)),
        totals=totals,
        digest=run.digest or "",
        root=run.root.hex() if run.root else "",
        criteria={criterion.code: criterion.name for criterion in policy.criteria},
        paid=paid,
    )


async def _made_at(session: AsyncSession, run: RunRow) -> datetime:
    """When the run was approved, before that when it was started: what its documents are dated by."""
    approved = await session.scalar(
        select(RunHistoryRow.at)
        .where(RunHistoryRow.tenant_id == run.tenant_id, RunHistoryRow.run_id == run.run_id)
        .where(RunHistoryRow.act == Act.APPROVE)
        .order_by(RunHistoryRow.number.desc())
        .limit(1)
    )
    return approved or run.created_at


def _paid(row: RowMapping) -> Paid:
    payee, employee, segment = row["payee"], row["employee"], row["segment"]
    body = from_json(row["body"])
    bank = payee["bank"]
    return Paid(
        employee_id=row["employee_id"],
        statement_id=row["statement_id"],
        statement_hash=row["statement_hash"],
        nip=payee["nip"],
        name=payee["name"],
        nik=payee.get("nik", ""),
        npwp=payee.get("npwp", ""),
        birth_date=date.fromisoformat(payee["birth_date"]) if payee.get("birth_date") else None,
        address=payee.get("address", ""),
        status_asn=employee["status_asn"],
        golongan=employee["golongan"],
        masa_kerja=payee.get("masa_kerja", ""),
        ptkp=employee["ptkp"],
        position=segment["position"],
        kelas=segment["kelas"],
        jenis_jabatan=payee.get("jenis_jabatan", ""),
        eselon=payee.get("eselon", ""),
        unit_code=payee.get("unit_code", ""),
        unit=payee["unit"],
        opd_code=payee.get("opd_code", ""),
        opd=payee.get("opd", ""),
        account=Account(bank["bank_code"], bank["bank_name"], bank["number"], bank["holder"]) if bank else None,
        criteria={code: int(amount) for code, amount in body["criteria"].items()},
        items=tuple(_item(line) for line in body["lines"] if line["kind"] in _ITEMS),
        payable=row["payable"],
        gross=row["gross"],
        deductions=row["deductions"],
        net=row["net"],
    )


def _item(line: Mapping[str, Any]) -> Item:
    inputs = line["inputs"]
    return Item(
        kind=line["kind"],
        rule=line["rule"],
        name=line["name"],
        amount=int(line["amount"]),
        payer=inputs.get("payer") or "",
        scheme=inputs.get("scheme") or "",
        column=inputs.get("column") or "",
        base=whole_base(inputs),
        used=int(inputs.get("used_on_salary") or 0),
    )
