"""A calculated run beside the one before it, and what a person must have seen before it is approved."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from services.payroll.inputs.spending import Overspent, above_class_ceiling, over_office_budget
from services.payroll.rules.comparing import Basis, reasons
from services.payroll.rules.frozen import frozen_facts
from services.payroll.rules.lifecycle import FINAL_STATES
from services.payroll.rules.words import Said
from services.payroll.tables import RunRow

MOST_CHANGED = 50  # who changed most are told with the reasons; how many changed at all is told beside it


class Person(NamedTuple):
    """Whom a finding is about, as the run has them."""

    employee_id: UUID
    nip: str
    name: str
    unit: str


class Changed(NamedTuple):
    """Net amounts in whole rupiah, and what of the facts or the rules is not the same."""

    person: Person
    before: int
    now: int
    reasons: tuple[Said, ...]


class SharedAccount(NamedTuple):
    """Several people paid into one bank account."""

    bank: str
    account: str
    people: tuple[Person, ...]


@dataclass(frozen=True)
class Comparison:
    """`against`: the run before, of the same kind; None where there is none. Money in whole rupiah.

    new and gone: paid now and not then, and the other way about. changed: those who changed most; changed_count: all.
    """

    run_id: UUID
    against: UUID | None
    against_period: str | None
    net_before: int
    net_now: int
    changed_count: int
    changed: tuple[Changed, ...]
    new: tuple[Person, ...]
    gone: tuple[Person, ...]
    zero: tuple[Person, ...]
    above_ceiling: tuple[Overspent, ...]
    over_budget: tuple[Overspent, ...]
    shared_accounts: tuple[SharedAccount, ...]
    without_account: tuple[Person, ...]
    without_npwp: tuple[Person, ...]

    @property
    def digest(self) -> str:
        """SHA-256 in hex of all that is told: who approves names what they have seen by it."""
        return hashlib.sha256(to_json(vars(self))).hexdigest()


class _Paid(NamedTuple):
    """A statement's net, and of whom."""

    person: Person
    net: int
    npwp: str
    bank: str
    account: str


async def comparison_of(session: AsyncSession, tenant_id: str, run: RunRow) -> Comparison:
    """The findings about a calculated run, as things stand."""
    now = await _paid(session, tenant_id, run.run_id)
    before_run = await _before(session, tenant_id, run)
    before = await _paid(session, tenant_id, before_run.run_id) if before_run else {}
    changed = [key for key in now if key in before and now[key].net != before[key].net]
    people = {key: one.person for key, one in now.items()}
    return Comparison(
        run_id=run.run_id,
        against=before_run.run_id if before_run else None,
        against_period=before_run.period if before_run else None,
        net_before=sum(one.net for one in before.values()),
        net_now=sum(one.net for one in now.values()),
        changed_count=len(changed),
        changed=await _told(session, tenant_id, (before_run, run), before, {key: now[key] for key in changed})
        if before_run
        else (),
        new=_people(now[key] for key in now if key not in before) if before_run else (),
        gone=_people(before[key] for key in before if key not in now),
        zero=_people(one for one in now.values() if one.net == 0),
        above_ceiling=await above_class_ceiling(session, tenant_id, run, people),
        over_budget=await over_office_budget(session, tenant_id, run),
        shared_accounts=_shared(now.values()),
        without_account=_people(one for one in now.values() if not one.account),
        without_npwp=_people(one for one in now.values() if not one.npwp),
    )


def _people(paid: Iterable[_Paid]) -> tuple[Person, ...]:
    return tuple(sorted((one.person for one in paid), key=lambda person: (person.unit, person.name, person.nip)))


_PAID = text(
    """
    SELECT s.employee_id, i.payee ->> 'nip', i.payee ->> 'name', i.payee ->> 'unit', s.net,
           coalesce(i.payee ->> 'npwp', ''), coalesce(i.payee #>> '{bank,bank_code}', ''),
           coalesce(i.payee #>> '{bank,number}', '')
    FROM statements s
    JOIN run_inputs i ON i.tenant_id = s.tenant_id AND i.run_id = s.run_id AND i.employee_id = s.employee_id
    WHERE s.tenant_id = :tenant_id AND s.run_id = :run_id ORDER BY s.employee_id
    """
)


async def _paid(session: AsyncSession, tenant_id: str, run_id: UUID) -> dict[UUID, _Paid]:
    rows = await session.execute(_PAID, {"tenant_id": tenant_id, "run_id": run_id})
    return {row[0]: _Paid(Person(*row[:4]), *row[4:]) for row in rows.all()}


class _Run(NamedTuple):
    run_id: UUID
    period: str
    policy_hash: str


_BEFORE = text(
    f"""
    SELECT run_id, period, policy_hash FROM runs
    WHERE tenant_id = :tenant_id AND kind = :kind AND run_id <> :run_id AND created_at < :created_at
      AND state IN {FINAL_STATES}
    ORDER BY period DESC, created_at DESC LIMIT 1
    """
)


async def _before(session: AsyncSession, tenant_id: str, run: RunRow) -> _Run | None:
    """The last approved run of the same kind that was started earlier."""
    given = {"tenant_id": tenant_id, "kind": run.kind, "run_id": run.run_id, "created_at": run.created_at}
    row = (await session.execute(_BEFORE, given)).first()
    return _Run(*row) if row else None


async def _told(
    session: AsyncSession,
    tenant_id: str,
    runs: tuple[_Run, RunRow],
    before: Mapping[UUID, _Paid],
    changed: Mapping[UUID, _Paid],
) -> tuple[Changed, ...]:
    """Those who changed most, with the reasons."""
    most = sorted(changed, key=lambda key: (-abs(changed[key].net - before[key].net), key))[:MOST_CHANGED]
    old, new = [await _bases(session, tenant_id, run.run_id, run.policy_hash, most) for run in runs]
    return tuple(
        Changed(changed[key].person, before[key].net, changed[key].net, tuple(reasons(old[key], new[key])))
        for key in most
    )


_FACTS = text(
    """
    SELECT employee_id, facts FROM run_inputs
    WHERE tenant_id = :tenant_id AND run_id = :run_id AND employee_id = ANY(CAST(:employees AS uuid[]))
    """
)


async def _bases(
    session: AsyncSession, tenant_id: str, run_id: UUID, policy_hash: str, employees: Sequence[UUID]
) -> dict[UUID, Basis]:
    given: dict[str, Any] = {"tenant_id": tenant_id, "run_id": run_id, "employees": list(employees)}
    rows = await session.execute(_FACTS, given)
    return {employee_id: Basis(frozen_facts(facts), policy_hash) for employee_id, facts in rows.all()}


def _shared(paid: Iterable[_Paid]) -> tuple[SharedAccount, ...]:
    by_account: dict[tuple[str, str], list[_Paid]] = defaultdict(list)
    for one in paid:
        if one.account:
            by_account[one.bank, one.account].append(one)
    return tuple(SharedAccount(*key, _people(some)) for key, some in sorted(by_account.items()) if len(some) > 1)
