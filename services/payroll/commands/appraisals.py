"""Taking appraisal's facts, and comparing them with what appraisal closed a period on."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import structlog
from pydantic_core import to_json
from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert

from services.payroll.tables import AppraisalPeriodRow, AppraisalResultRow
from shared.db import Sessions
from shared.directory.commands import newest
from shared.events.appraisal import BERAKHLAK, AppraisalFinalized, AppraisalPeriodClosed, EmployeeCount
from shared.events.payroll import PayrollReconciliationRequested
from shared.ledger.commands import last_of_each, lock_key
from shared.ledger.leaves import leaf_of
from shared.ledger.reconciliation import DIFFERENCES, WAIT_S, requests_for
from shared.ledger.tables import LedgerState
from shared.ledger.writing import lists, newer
from shared.merkle import root
from shared.unit_of_work import UnitOfWork, unit_of_work

ASKED_AT_MOST = 5
LOCK_SPACE = 4714  # first key of advisory locks on a period's appraisals: shared by writers, alone for who compares

log = structlog.get_logger()

_RESULT = {
    "period": "text",
    "employee_id": "uuid",
    "predikat": "text",
    "ratings": "jsonb",
    "evaluator_id": "uuid",
    "version": "bigint",
    "leaf": "bytea",
}
_NOTE_RESULTS = newer("appraisal_results", ["period", "employee_id"], _RESULT)
_LOCK_SHARED = text("SELECT pg_advisory_xact_lock_shared(:space, key) FROM unnest(CAST(:keys AS integer[])) AS key")
_LOCK_ALONE = text("SELECT pg_advisory_xact_lock(:space, :key)")
_COMPARE_AGAIN = text(
    """
    UPDATE appraisal_periods SET state = 'announced'
    WHERE tenant_id = :tenant_id AND period = ANY(CAST(:periods AS text[])) AND state IN ('reconciled', 'differs')
    """
)


async def note_appraisals(uow: UnitOfWork, facts: list[AppraisalFinalized]) -> None:
    """The newest version of each employee's predikat; one that changes a compared period has it compared again."""
    rows = [
        fact.model_dump(include={"period", "employee_id", "predikat", "evaluator_id", "version"})
        | {"leaf": leaf_of(fact), "ratings": to_json(ratings_of(fact)).decode()}
        for fact in newest(facts)
    ]
    rows.sort(key=lambda row: (row["period"], row["employee_id"]))
    keys = sorted({lock_key(uow.tenant_id, row["period"]) for row in rows})
    await uow.session.execute(_LOCK_SHARED, {"space": LOCK_SPACE, "keys": keys})
    written = await uow.session.scalars(_NOTE_RESULTS, {"tenant_id": uow.tenant_id} | lists(_RESULT, rows))
    if periods := list(written):
        await uow.session.execute(_COMPARE_AGAIN, {"tenant_id": uow.tenant_id, "periods": periods})


def ratings_of(fact: AppraisalFinalized) -> dict[str, str]:
    """An appraisal's words by the names a document asks for them: both axes, and the values of BerAKHLAK rated."""
    values = {name: getattr(fact, name) for name in BERAKHLAK}
    named = {"hasil": fact.hasil_kerja, "perilaku": fact.perilaku_kerja} | values
    return {name: str(rating) for name, rating in named.items() if rating is not None}


async def note_appraisal_closings(uow: UnitOfWork, facts: list[AppraisalPeriodClosed]) -> None:
    """The closing with the highest close_seq holds; it is compared by `reconcile_appraisal`."""
    rows = [
        {
            "tenant_id": uow.tenant_id,
            "period": fact.period,
            "close_seq": fact.close_seq,
            "activity_close_seq": fact.activity_close_seq,
            "state": LedgerState.ANNOUNCED,
            "employees": fact.totals.employees,
            "appraisals": fact.totals.appraisals,
            "by_predikat": {str(name): count for name, count in fact.totals.by_predikat.items() if count},
            "root": bytes.fromhex(fact.root),
            "evaluators_in_default": list(fact.evaluators_in_default),
            "asked": 0,
            "asked_at": None,
        }
        for fact in last_of_each(facts)
    ]
    statement = insert(AppraisalPeriodRow)
    said = {name: statement.excluded[name] for name in rows[0] if name not in {"tenant_id", "period"}}
    statement = statement.on_conflict_do_update(
        index_elements=["tenant_id", "period"],
        set_=said | {"announced_at": func.clock_timestamp()},
        where=AppraisalPeriodRow.close_seq < statement.excluded.close_seq,
    )
    await uow.session.execute(statement, rows)


async def reconcile_appraisal(uow: UnitOfWork, period: str, *, wait_s: float = WAIT_S) -> LedgerState:
    """Compare our copies with the period's newest closing; ask appraisal again where some stay away."""
    await uow.session.execute(_LOCK_ALONE, {"space": LOCK_SPACE, "key": lock_key(uow.tenant_id, period)})
    row = await uow.session.get_one(
        AppraisalPeriodRow, (uow.tenant_id, period), with_for_update=True, populate_existing=True
    )
    if row.state != LedgerState.ANNOUNCED:
        return LedgerState(row.state)
    held = await _held(uow, period)
    if _equal(row, held):
        row.state = LedgerState.RECONCILED
    elif len(held) > row.appraisals or row.asked >= ASKED_AT_MOST:
        row.state = LedgerState.DIFFERS
        DIFFERENCES.labels(uow.tenant_id).inc()
        log.error(
            "appraisals differ from their closing: a person must look",
            tenant=uow.tenant_id,
            period=period,
            held=len(held),
            stated=row.appraisals,
        )
    else:
        await _ask_when_due(uow, row, [employee_id for employee_id, _, _ in held], wait_s)
    await uow.session.flush()
    return LedgerState(row.state)


async def _held(uow: UnitOfWork, period: str) -> Sequence[tuple[UUID, str, bytes]]:
    rows = await uow.session.execute(
        select(AppraisalResultRow.employee_id, AppraisalResultRow.predikat, AppraisalResultRow.leaf)
        .where(AppraisalResultRow.tenant_id == uow.tenant_id, AppraisalResultRow.period == period)
        .order_by(AppraisalResultRow.employee_id)
    )
    return [(employee_id, predikat, leaf) for employee_id, predikat, leaf in rows.all()]


def _equal(row: AppraisalPeriodRow, held: Sequence[tuple[UUID, str, bytes]]) -> bool:
    counted = Counter(predikat for _, predikat, _ in held)
    return (
        len(held) == row.appraisals
        and dict(counted) == row.by_predikat
        and root(leaf for _, _, leaf in held) == row.root
    )


async def _ask_when_due(uow: UnitOfWork, row: AppraisalPeriodRow, employees: Sequence[UUID], wait_s: float) -> None:
    moment: datetime = (await uow.session.execute(select(func.clock_timestamp()))).scalar_one()
    since = moment - (row.asked_at or row.announced_at)
    if since.total_seconds() < wait_s * 2**row.asked:
        return
    row.asked, row.asked_at = row.asked + 1, moment
    uow.record(
        *requests_for(
            PayrollReconciliationRequested,
            uow.tenant_id,
            owner="appraisal",
            period=row.period,
            close_seq=row.close_seq,
            asked=row.asked,
            counts=[EmployeeCount(employee_id=one, records=1, amount=0) for one in employees],
        )
    )


async def reconcile_announced_appraisals(sessions: Sessions) -> int:
    """The worker's loop: every region's announced closings, each in a transaction of its own."""
    async with sessions() as session:
        waiting = await session.execute(
            select(AppraisalPeriodRow.tenant_id, AppraisalPeriodRow.period)
            .where(AppraisalPeriodRow.state == LedgerState.ANNOUNCED)
            .order_by(AppraisalPeriodRow.announced_at)
        )
        announced = waiting.all()
    done = 0
    for tenant_id, period in announced:
        async with unit_of_work(sessions, tenant_id) as uow:
            done += await reconcile_appraisal(uow, period) is not LedgerState.ANNOUNCED
    return done
