"""The work of corrections: whose turn it is, which piece is next, who is looked at; what fails goes last."""

from uuid import UUID

import structlog
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert

from services.payroll.commands.causes import RANK
from services.payroll.commands.chunks import storable
from services.payroll.commands.recomputing import recompute
from services.payroll.inputs.beside import READY, kinds_of, paying
from services.payroll.inputs.policies import compiled, in_force
from services.payroll.rules.kinds import first_day
from services.payroll.rules.retroactive import PaidMonth
from services.payroll.tables import CauseKind, CorrectionCauseRow, CorrectionChunkRow, CorrectionStage
from shared.clock import now
from shared.db import Sessions, is_transient
from shared.ledger.commands import lock_key
from shared.unit_of_work import UnitOfWork, unit_of_work

CHUNK = 250
LOCK_SPACE = 4717  # first key of the advisory lock on a month being computed again: one correction after another

log = structlog.get_logger()

_NEXT = text(
    f"""
    SELECT c.cause_id, c.chunk FROM correction_chunks c
    WHERE c.tenant_id = :tenant_id AND c.stage <> 'done' AND {READY}
    ORDER BY c.failures, c.rank, c.period, c.cause_id, c.chunk LIMIT 1 FOR UPDATE OF c SKIP LOCKED
    """
)
_TENANTS = text("SELECT DISTINCT tenant_id FROM correction_chunks WHERE stage <> 'done' ORDER BY tenant_id")
_ALONE = text("SELECT pg_advisory_xact_lock(:space, :key)")


async def correct_round(sessions: Sessions) -> int:
    """The worker's loop: one piece of work of every region that has some; how many were done."""
    async with sessions() as session:
        tenants = (await session.scalars(_TENANTS)).all()
    return sum([await _try_one(sessions, tenant_id) for tenant_id in tenants])


async def _try_one(sessions: Sessions, tenant_id: str) -> bool:
    """One region's failure must not hold up the others, unless it is the database that is gone."""
    taken: list[tuple[UUID, int]] = []
    try:
        async with unit_of_work(sessions, tenant_id) as uow:
            return await look_again(uow, taken)
    except Exception as error:
        if is_transient(error):
            raise
        log.error("a paid month could not be computed again; it is tried again", tenant=tenant_id, exc_info=error)
        for key in taken:
            async with unit_of_work(sessions, tenant_id) as uow:
                await _note_failure(uow, key, f"{type(error).__name__}: {error}")
        return False


async def _note_failure(uow: UnitOfWork, key: tuple[UUID, int], reason: str) -> None:
    """What failed lets the others go first, and says why to who asks."""
    chunk = await uow.session.get(CorrectionChunkRow, (uow.tenant_id, *key), with_for_update=True)
    if chunk is not None:
        chunk.failures += 1
        chunk.failure = storable(reason)


async def look_again(uow: UnitOfWork, taken: list[tuple[UUID, int]]) -> bool:
    """Take the region's next piece of work that nobody does (its key goes into `taken`), and do it, if one is ready."""
    row = (await uow.session.execute(_NEXT, {"tenant_id": uow.tenant_id})).one_or_none()
    if row is None:
        return False
    taken.append((row[0], row[1]))
    chunk = await uow.session.get_one(CorrectionChunkRow, (uow.tenant_id, *row), populate_existing=True)
    await uow.session.execute(_ALONE, {"space": LOCK_SPACE, "key": lock_key(uow.tenant_id, chunk.period)})
    if chunk.stage == CorrectionStage.EXPAND:
        await _expand(uow, chunk)
    else:
        await recompute(uow, chunk)
    chunk.stage, chunk.done_at, chunk.failures, chunk.failure = CorrectionStage.DONE, now(), 0, None
    return True


_PAID_FOR = text(
    """
    SELECT DISTINCT s.employee_id FROM statements s
    JOIN runs r ON r.tenant_id = s.tenant_id AND r.run_id = s.run_id
    WHERE s.tenant_id = :tenant_id AND s.period = :period AND r.kind = ANY(CAST(:kinds AS text[]))
      AND r.state <> 'cancelled' ORDER BY s.employee_id
    """
)


async def _expand(uow: UnitOfWork, chunk: CorrectionChunkRow) -> None:
    """Hand out all who were paid; where cuts count from January, the year's later months as well."""
    month = PaidMonth(chunk.period, chunk.kind)
    given = {"tenant_id": uow.tenant_id, "period": month.period, "kinds": kinds_of(month)}
    employees = (await uow.session.scalars(_PAID_FOR, given)).all()
    pieces = [list(employees[at : at + CHUNK]) for at in range(0, len(employees), CHUNK)]
    work = [(month, piece, CorrectionStage.RECOMPUTE) for piece in pieces]
    if chunk.chunk == 0 and chunk.rank == RANK[CauseKind.CLOSING]:
        cause = await uow.session.get_one(CorrectionCauseRow, (uow.tenant_id, chunk.cause_id))
        later = await _later_of_the_year(uow, str(cause.reference["period"]))
        work += [(one, [], CorrectionStage.EXPAND) for one in later]
    last = await uow.session.scalar(_LAST, {"tenant_id": uow.tenant_id, "cause_id": chunk.cause_id})
    rows = [
        {
            "tenant_id": uow.tenant_id,
            "cause_id": chunk.cause_id,
            "chunk": (last or 0) + 1 + number,
            "period": one.period,
            "kind": one.kind,
            "rank": chunk.rank,
            "employees": piece,
            "stage": stage,
        }
        for number, (one, piece, stage) in enumerate(work)
    ]
    if rows:
        await uow.session.execute(insert(CorrectionChunkRow), rows)


_LAST = text("SELECT max(chunk) FROM correction_chunks WHERE tenant_id = :tenant_id AND cause_id = :cause_id")


async def _later_of_the_year(uow: UnitOfWork, code: str) -> list[PaidMonth]:
    """What was paid by the work of later months whose policy counts since January: this month is in their count."""
    found: dict[PaidMonth, None] = {}
    for one in await paying(uow.session, uow.tenant_id):
        if not one.by_work or not code < one.of <= f"{code[:4]}-12":
            continue
        row = await in_force(uow.session, uow.tenant_id, first_day(one.of))
        if row and any(rule.over == "year" for rule in compiled(row.document).document.deductions):
            found[one.paid] = None
    return list(found)
