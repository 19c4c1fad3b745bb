"""Closing a run: its control totals, its root, and the digest that the region's payroll system will check."""

import hashlib

from sqlalchemy import text

from services.payroll.commands.history import lock_run, take
from services.payroll.commands.runs import count_set_aside, totals_of
from services.payroll.rules.lifecycle import Act
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
_STATEMENTS = text(
    """
    SELECT employee_id, leaf, statement_hash FROM statements
    WHERE tenant_id = :tenant_id AND run_id = :run_id ORDER BY employee_id
    """
)
_ACCOUNTS = text(
    """
    SELECT employee_id, payee -> 'bank' ->> 'number' FROM run_inputs
    WHERE tenant_id = :tenant_id AND run_id = :run_id
    """
)


async def close(uow: UnitOfWork, run: RunRow, chunk: RunChunkRow) -> Stage:
    """All chunks are committed: count and sum what they came to, and state it."""
    run = await lock_run(uow, run.run_id)
    given = {"tenant_id": uow.tenant_id, "run_id": run.run_id}
    count, gross, deductions, net = (await uow.session.execute(_SUMS, given)).one()
    run.count, run.gross, run.deductions, run.net = count, int(gross), int(deductions), int(net)
    # as they come: the rows of everybody at once are most of what a worker has left at 100,000 people
    accounts = {person: account async for person, account in await uow.session.stream(_ACCOUNTS, given)}
    leaves, digest, paid = RunningRoot(), hashlib.sha256(), list[str | None]()
    async for employee_id, leaf, statement_hash in await uow.session.stream(_STATEMENTS, given):
        leaves.add(leaf)
        digest.update(statement_hash.encode())
        paid.append(accounts[employee_id])
    run.root, run.digest, run.hash_total = leaves.root(), digest.hexdigest(), hash_total(paid)
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
