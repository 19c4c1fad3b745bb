"""Closing a run: its control totals, its root, and the digest that the region's payroll system will check."""

import hashlib

from sqlalchemy import text

from services.payroll.commands.history import lock_run, take
from services.payroll.commands.runs import count_set_aside, totals_of
from services.payroll.lifecycle import Act
from services.payroll.tables import RunChunkRow, RunRow, Stage
from shared.clock import now
from shared.control import hash_total
from shared.events.payroll import RunClosed
from shared.merkle import RunningRoot
from shared.unit_of_work import UnitOfWork
from shared.words import RunKind

_SUMS = text(
    """
    SELECT count(*), coalesce(sum(gross), 0), coalesce(sum(deductions), 0), coalesce(sum(net), 0)
    FROM statements WHERE tenant_id = :tenant_id AND run_id = :run_id
    """
)
_EACH = text(
    """
    SELECT s.leaf, s.statement_hash, i.payee -> 'bank' ->> 'number'
    FROM statements s
    JOIN run_inputs i ON i.tenant_id = s.tenant_id AND i.run_id = s.run_id AND i.employee_id = s.employee_id
    WHERE s.tenant_id = :tenant_id AND s.run_id = :run_id ORDER BY s.employee_id
    """
)


async def close(uow: UnitOfWork, run: RunRow, chunk: RunChunkRow) -> Stage:
    """All chunks are committed: count and sum what they came to, and state it."""
    run = await lock_run(uow, run.run_id)
    given = {"tenant_id": uow.tenant_id, "run_id": run.run_id}
    count, gross, deductions, net = (await uow.session.execute(_SUMS, given)).one()
    run.count, run.gross, run.deductions, run.net = count, int(gross), int(deductions), int(net)
    leaves, digest, accounts = RunningRoot(), hashlib.sha256(), []
    async for leaf, statement_hash, account in await uow.session.stream(_EACH, given):
        leaves.add(leaf)
        digest.update(statement_hash.encode())
        accounts.append(account)
    run.root, run.digest, run.hash_total = leaves.root(), digest.hexdigest(), hash_total(accounts)
    run.closings += 1
    aside = await count_set_aside(uow, run.run_id)
    note = f"{aside} of {run.employees} employees were set aside" if aside else None
    await take(uow, run, Act.CALCULATE, by=None, at=now(), note=note)
    uow.record(
        RunClosed(
            tenant_id=uow.tenant_id,
            occurred_at=now(),
            version=run.closings,
            run_id=run.run_id,
            period=run.period,
            kind=RunKind(run.kind),
            totals=totals_of(run),
            root=run.root.hex(),
            set_aside=aside,
            activity_close_seq=run.activity_close_seq,
            appraisal_close_seq=run.appraisal_close_seq,
        )
    )
    return Stage.DONE
