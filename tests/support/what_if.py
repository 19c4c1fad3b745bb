"""A calculated run of many different people, put straight into payroll's tables: for what-if and its speed."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID, uuid4

from sqlalchemy import insert

from services.payroll.commands.runs import CHUNK, CONTROL
from services.payroll.inputs.policies import compiled
from services.payroll.rules import Policy, facts_from
from services.payroll.rules.frozen import Frozen, frozen_bytes
from services.payroll.rules.lifecycle import RunState
from services.payroll.tables import PolicyRow, PolicyState, RunChunkRow, RunInputRow, RunRow, Stage
from shared.db import Sessions
from shared.unit_of_work import unit_of_work
from shared.words import RunKind
from tests.payroll.people import plain_facts
from tests.support.payroll import AT, PERIOD, work_all
from tests.support.service import TENANT, an_id, nip_of, seed_tenant

WEEKDAYS = [day for day in (date(2026, 10, 1) + timedelta(days=at) for at in range(31)) if day.weekday() < 5]


@dataclass(frozen=True)
class CalculatedRun:
    run_id: UUID
    policy_hash: str
    facts: list[bytes]


def somebody(number: int, chance: random.Random) -> Frozen:
    """Frozen facts of one of many: another class, unit, salary, another month's work and lateness."""
    days = [
        {
            "work_date": day.isoformat(),
            "minutes": chance.randint(180, 420),
            "count": 5,
        }
        for day in WEEKDAYS
    ]
    ids = chance.randbytes(16 * 5 * len(WEEKDAYS))
    late = [
        {"work_date": day.isoformat(), "late_minutes": chance.choice([4, 12, 31, 45, 70])}
        for day in chance.sample(WEEKDAYS, chance.choice([0, 0, 1, 2, 4]))
    ]
    position = {
        "position": f"Jabatan {number % 40}",
        "kelas": chance.choice([5, 6, 7, 7, 7, 8, 9, 11]),
        "unit": f"Dinas {number % 30:02d}",
        "start": "2026-10-01",
        "end": "2026-10-31",
        "workdays": len(WEEKDAYS),
    }
    person = {
        "id": str(an_id("what-if", number)),
        "nip": nip_of(number),
        "name": f"Pegawai {number}",
        "golongan": chance.choice(["II/c", "III/a", "III/c", "IV/a"]),
        "ptkp": chance.choice(["TK/0", "K/0", "K/1", "K/2"]),
    }
    gross = chance.randint(30, 65) * 100_000
    facts = plain_facts(
        employee=person,
        workdays=len(WEEKDAYS),
        segments=[position],
        predikat=chance.choice(["sangat_baik", "baik", "baik", "baik", "butuh_perbaikan", "kurang"]),
        activities=days,
        attendance=late,
        salary={"gross": str(gross), "tax": "0", "bpjs_base": str(gross)},
    )
    return Frozen(frozen_bytes(facts_from(facts)), ids)


async def calculated_run(sessions: Sessions, document: str, size: int, *, seed: int = 7) -> CalculatedRun:
    """An induk run of so many people under a document, calculated by the worker. Use the worker's sessions."""
    chance, policy, run_id = random.Random(seed), compiled(document), uuid4()
    facts = {an_id("what-if", number): somebody(number, chance) for number in range(1, size + 1)}
    employees = sorted(facts)
    await seed_tenant(sessions)
    async with unit_of_work(sessions, TENANT) as uow:
        uow.session.add(_policy(policy, document))
        uow.session.add(_run(run_id, policy.hash, size))
        await uow.session.flush()
        mine = {"tenant_id": TENANT, "run_id": run_id}
        inputs = [
            mine
            | {
                "employee_id": one,
                "facts": facts[one].facts,
                "activity_ids": facts[one].activity_ids,
                "inputs_hash": facts[one].hash,
                "payee": {
                    "nip": nip_of(1),
                    "name": "Pegawai",
                    "unit": "Sekretariat",  # of two OPD
                    "unit_code": f"1.0{1 + place % 2}.1",
                    "bank": None,
                },
            }
            for place, one in enumerate(employees)
        ]
        await uow.session.execute(insert(RunInputRow), inputs)
        chunks = [
            mine | {"chunk": at // CHUNK, "stage": Stage.CALCULATE, "employees": employees[at : at + CHUNK]}
            for at in range(0, size, CHUNK)
        ]
        control = mine | {"chunk": CONTROL, "stage": Stage.CLOSE, "employees": []}
        await uow.session.execute(insert(RunChunkRow), [*chunks, control])
    await work_all(sessions)
    return CalculatedRun(run_id, policy.hash, [facts[one].facts for one in employees])


def _policy(policy: Policy, document: str) -> PolicyRow:
    return PolicyRow(
        tenant_id=TENANT,
        hash=policy.hash,
        name=policy.document.name,
        effective_from=policy.document.effective_from,
        effective_to=None,
        document=document,
        state=PolicyState.APPROVED,
        drafted_by=uuid4(),
        drafted_at=AT,
        approved_by=uuid4(),
        approved_at=AT,
    )


def _run(run_id: UUID, policy_hash: str, size: int) -> RunRow:
    return RunRow(
        tenant_id=TENANT,
        run_id=run_id,
        period=PERIOD,
        kind=RunKind.INDUK,
        state=RunState.RECONCILED,
        policy_hash=policy_hash,
        activity_close_seq=1,
        appraisal_close_seq=1,
        employees=size,
        workdays={},
        created_by=uuid4(),
        created_at=AT,
    )
