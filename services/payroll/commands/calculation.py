"""Calculating a chunk of a run: frozen facts in, explained statements out, by the one function `evaluate`."""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple, TypeVar
from uuid import UUID, uuid5

import structlog
from sqlalchemy import text

from services.payroll.commands.freezing import set_aside
from services.payroll.inputs import Unbuildable
from services.payroll.inputs.leaves import statement_leaf
from services.payroll.inputs.policies import policy_by_hash
from services.payroll.rules import Line, Policy, Statement, canonical, evaluate
from services.payroll.rules.frozen import frozen_facts
from services.payroll.tables import RunChunkRow, RunRow, Stage
from shared.clock import now
from shared.events.payroll import AllowanceCalculated, CorrectionPaid
from shared.unit_of_work import UnitOfWork
from shared.words import RunKind

TOGETHER = 50  # people of a chunk, whose facts and statements are held at once

Given = TypeVar("Given")
Made = TypeVar("Made")

log = structlog.get_logger()


class Calculated(NamedTuple):
    """A statement's bytes, its figures, and the hashes that go with it.

    Of its lines only those for earlier months are kept beside the body: a chunk's thousands would be walked through
    by each collection of garbage.
    """

    employee_id: UUID
    inputs_hash: str
    statement: Statement
    body: bytes
    hash: str


async def calculate(uow: UnitOfWork, run: RunRow, chunk: RunChunkRow) -> Stage:
    """Evaluate and store a chunk's statements, and state each one; who cannot be evaluated is set aside."""
    policy = await policy_by_hash(uow.session, uow.tenant_id, run.policy_hash)
    done: list[Calculated] = []
    aside: dict[UUID, Unbuildable] = {}
    frozen = await _frozen(uow, run.run_id, chunk.employees)
    for at in range(0, len(frozen), TOGETHER):
        group = frozen[at : at + TOGETHER]
        statements = evaluated(policy, [facts for _, facts, _ in group])
        for (employee_id, _, inputs_hash), found in zip(group, statements, strict=True):
            if isinstance(found, Exception):
                # whatever it is, one person's facts must not hold up the others' pay
                log.error("not calculated", run=str(run.run_id), employee=str(employee_id), exc_info=found)
                aside[employee_id] = Unbuildable(f"the calculation failed: {found}", "report it with the run's number")
            elif found.blocked:
                aside[employee_id] = _blocked(found)
            else:
                done.append(_calculated(employee_id, inputs_hash, found))
    await _store(uow, run, done)
    await _store_corrections(uow, run, done)
    await set_aside(uow, run.run_id, aside)
    uow.record(*_events(uow.tenant_id, run, policy, done))
    return Stage.DONE


def evaluated(policy: Policy, frozen: Sequence[bytes]) -> list[Statement | Exception]:
    """A statement for each one's facts, or the error.

    Step by step for all of them, not person by person: a step that is done again and again stays in the processor's
    caches, and all of it takes three quarters of the time.
    """
    facts = [_tried(frozen_facts, one) for one in frozen]
    of_policy = partial(evaluate, policy)
    return [one if isinstance(one, Exception) else _tried(of_policy, one) for one in facts]


def _tried(step: Callable[[Given], Made], given: Given) -> Made | Exception:
    try:
        return step(given)
    except Exception as error:
        return error


def _calculated(employee_id: UUID, inputs_hash: str, statement: Statement) -> Calculated:
    body = canonical(statement)
    kept = statement._replace(results=[], lines=correction_lines(statement), warnings=[])
    return Calculated(employee_id, inputs_hash, kept, body, hashlib.sha256(body).hexdigest())


_FROZEN = text(
    """
    SELECT employee_id, facts, inputs_hash FROM run_inputs
    WHERE tenant_id = :tenant_id AND run_id = :run_id AND employee_id = ANY(CAST(:employees AS uuid[]))
    ORDER BY employee_id
    """
)


async def _frozen(uow: UnitOfWork, run_id: UUID, employees: Sequence[UUID]) -> list[tuple[UUID, bytes, str]]:
    given = {"tenant_id": uow.tenant_id, "run_id": run_id, "employees": list(employees)}
    rows = await uow.session.execute(_FROZEN, given)
    return [(employee_id, facts, inputs_hash) for employee_id, facts, inputs_hash in rows.all()]


def _blocked(statement: Statement) -> Unbuildable:
    reasons = "; ".join(warning["message"] for warning in statement.warnings if warning["blocking"])
    return Unbuildable(reasons, "put right what is missing, then resume the run")


_STORE = text(
    """
    INSERT INTO statements (tenant_id, run_id, period, employee_id, statement_id, payable, gross, deductions, net,
                            tax, suspended, suspended_until, unrecovered, taxable, year_tax, inputs_hash,
                            statement_hash, salt, leaf, body)
    SELECT :tenant_id, :run_id, :period, given.* FROM unnest(
        CAST(:employee_id AS uuid[]), CAST(:statement_id AS uuid[]), CAST(:payable AS bigint[]),
        CAST(:gross AS bigint[]), CAST(:deductions AS bigint[]), CAST(:net AS bigint[]), CAST(:tax AS bigint[]),
        CAST(:suspended AS bigint[]), CAST(:suspended_until AS text[]), CAST(:unrecovered AS bigint[]),
        CAST(:taxable AS bigint[]), CAST(:year_tax AS bigint[]),
        CAST(:inputs_hash AS text[]), CAST(:statement_hash AS text[]), CAST(:salt AS bytea[]), CAST(:leaf AS bytea[]),
        CAST(:body AS bytea[])
    ) AS given
    """
)


async def _store(uow: UnitOfWork, run: RunRow, done: Sequence[Calculated]) -> None:
    """A run's key with its employee's is unique: a chunk done twice by mistake fails and pays nobody twice."""
    salts = [secrets.token_bytes(32) for _ in done]
    statements = [one.statement for one in done]
    await uow.session.execute(
        _STORE,
        {
            "tenant_id": uow.tenant_id,
            "run_id": run.run_id,
            "period": run.period,
            "employee_id": [one.employee_id for one in done],
            "statement_id": [uuid5(run.run_id, str(one.employee_id)) for one in done],
            "payable": [statement.payable for statement in statements],
            "gross": [statement.gross for statement in statements],
            "deductions": [statement.deductions for statement in statements],
            "net": [statement.net for statement in statements],
            "tax": [statement.tax for statement in statements],
            "suspended": [statement.suspended for statement in statements],
            "suspended_until": [statement.suspended_until for statement in statements],
            "unrecovered": [statement.unrecovered for statement in statements],
            "taxable": [statement.taxable for statement in statements],
            "year_tax": [statement.year_tax for statement in statements],
            "inputs_hash": [one.inputs_hash for one in done],
            "statement_hash": [one.hash for one in done],
            "salt": salts,
            "leaf": [statement_leaf(salt, one.body) for salt, one in zip(salts, done, strict=True)],
            "body": [one.body for one in done],
        },
    )


_STORE_CORRECTIONS = text(
    """
    INSERT INTO correction_lines (tenant_id, run_id, correction_id, employee_id, amount)
    SELECT :tenant_id, :run_id, given.* FROM unnest(
        CAST(:corrections AS uuid[]), CAST(:employees AS uuid[]), CAST(:amounts AS bigint[])) AS given
    """
)


async def _store_corrections(uow: UnitOfWork, run: RunRow, done: Sequence[Calculated]) -> None:
    """What the statements pay or take back of corrections; it counts once the run is approved."""
    taken = [(one.employee_id, line) for one in done for line in correction_lines(one.statement)]
    if not taken:
        return
    given = {
        "tenant_id": uow.tenant_id,
        "run_id": run.run_id,
        "corrections": [UUID(line["rule"]) for _, line in taken],
        "employees": [employee_id for employee_id, _ in taken],
        "amounts": [int(line["amount"]) for _, line in taken],
    }
    await uow.session.execute(_STORE_CORRECTIONS, given)


def correction_lines(statement: Statement) -> list[Line]:
    """The statement's lines for earlier months that move money."""
    return [line for line in statement.lines if line["kind"] == "correction" and line["amount"] != "0"]


def _events(tenant_id: str, run: RunRow, policy: Policy, done: Sequence[Calculated]) -> list[AllowanceCalculated]:
    moment, kind = now(), RunKind(run.kind)
    return [
        AllowanceCalculated(
            tenant_id=tenant_id,
            occurred_at=moment,
            run_id=run.run_id,
            period=run.period,
            kind=kind,
            employee_id=one.employee_id,
            gross=one.statement.gross,
            deductions=one.statement.deductions,
            net=one.statement.net,
            policy_hash=policy.hash,
            inputs_hash=one.inputs_hash,
            statement_hash=one.hash,
            corrections=tuple(
                CorrectionPaid(
                    correction_id=UUID(line["rule"]),
                    period=line["inputs"]["period"],
                    kind=RunKind(line["inputs"].get("kind", RunKind.INDUK)),
                    cause=line["inputs"]["cause"],
                    amount=int(line["amount"]),
                )
                for line in correction_lines(one.statement)
            ),
        )
        for one in done
    ]
